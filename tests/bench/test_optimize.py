# SPDX-License-Identifier: MIT
"""tools/bench/optimize measures what it says, on pictures that gain and pictures that do not. How fast, no test says."""
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

from PIL import Image

TOOL = pathlib.Path(__file__).resolve().parents[2] / "tools/bench/optimize"


class Optimize(unittest.TestCase):
    def test_every_promise_is_answered(self):
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            (folder / "in").mkdir()
            picture = Image.linear_gradient("L").convert("RGB")
            picture.save(folder / "in/default.jpg", comment=b"kept")
            picture.save(folder / "in/optimal.jpg", optimize=True)
            picture.save(folder / "in/progressive.jpg", progressive=True)
            (folder / "in/tail.jpg").write_bytes((folder / "in/default.jpg").read_bytes() + b"tail")
            done = subprocess.run([TOOL, "--rounds", "2", "--scratch", folder / "scratch", folder / "in"],
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertRegex(done.stdout, r"bytes saved in jpegoptim's +1.0000 +>= 0.999 +held\n")
            self.assertRegex(done.stdout, r"CPU in jpegoptim's +[\d.]+ +<= 0.9 +(held|NOT HELD)\n")
            self.assertRegex(done.stdout, r"same pixels and segments +1/1 +all +held\n")
            self.assertIn("1 with bytes after their end", done.stderr)
            self.assertEqual(list((folder / "scratch").iterdir()), [], "outputs are left")


if __name__ == "__main__":
    if not shutil.which("jpegoptim"):
        sys.exit(77)
    unittest.main()
