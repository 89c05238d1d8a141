# SPDX-License-Identifier: MIT
"""tools/bench/downscale measures what it says: the corpus is the same each time, every contestant makes every picture, and
who does not is out; the judge knows a good picture from a bad one. How fast anything is, no test says."""
import importlib.util
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

TOOLS = pathlib.Path(__file__).resolve().parents[2] / "tools/bench"
PICTURES = 8
sys.path.insert(0, str(TOOLS))


def bench(scratch, *arguments, **environment):
    """stdout and stderr. The scratch folder may be memory here."""
    return subprocess.run([TOOLS / "downscale", "--scratch", scratch, "--pictures", str(PICTURES), "--largest", "700",
                           "--rounds", "1", *arguments], env=os.environ | environment, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True)


class Downscale(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(dir=os.environ.get("DBR_TEST_DIR", "/var/tmp"))
        cls.addClassCleanup(cls.folder.cleanup)
        cls.scratch = pathlib.Path(cls.folder.name)
        cls.done = bench(cls.scratch)

    def test_everybody_makes_every_picture(self):
        self.assertEqual(self.done.returncode, 0, self.done.stderr)
        self.assertNotIn("FAILED", self.done.stderr)
        rows = dict(re.findall(r"^(\S.*?)  +(\d+/\d+)  +[\d.]+  ", self.done.stdout, re.M))
        for name in ("dbr -j1", "dbr -j2", "floor, JPEG", "floor, PNG"):
            self.assertIn(name, rows, self.done.stdout)
        for name, made in rows.items():
            self.assertEqual(*made.split("/"), name)
        self.assertEqual(sorted(path.name for path in self.scratch.iterdir()), ["corpus"], "outputs are left")

    def test_every_promise_is_answered(self):
        self.assertRegex(self.done.stdout, r"CPU in the floor's, JPEG and PNG +[\d.]+ +<= 1.25 +(held|NOT HELD)\n")
        answers = re.findall(r" [<>]= [\d.]+  +(held|NOT HELD|not measured)$", self.done.stdout, re.M)
        self.assertGreaterEqual(len(answers), 10, self.done.stdout)

    def test_the_corpus_is_the_same_each_time(self):
        import downscale_corpus
        again = downscale_corpus.load_or_make(self.scratch / "again", PICTURES, 2017, 700)
        self.addCleanup(lambda: [path.unlink() for path in (self.scratch / "again").iterdir()] and
                        (self.scratch / "again").rmdir())
        known = json.loads((self.scratch / "corpus/index.json").read_text())["pictures"]
        self.assertEqual(known, again)
        self.assertEqual(len({picture["md5"] for picture in again}), PICTURES)

    def test_who_makes_nothing_is_out(self):
        liar = self.scratch / "liar"
        self.addCleanup(liar.unlink)
        liar.write_text(f'#!/bin/sh\n[ "$1" = downscale ] || exec {os.environ["DBR"]} "$@"\n')
        liar.chmod(0o755)
        done = bench(self.scratch, "--no-quality", "--only", "dbr", DBR=str(liar))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn(f"*** FAILED dbr -j1: it made none of {PICTURES} pictures", done.stderr)
        self.assertNotIn("  held", done.stdout)


class Judge(unittest.TestCase):
    def test_knows_the_error_of_noise(self):
        import downscale_quality
        import numpy
        dice = numpy.random.default_rng(1)
        right = dice.uniform(40, 200, (64, 80)).astype(numpy.float32)
        self.assertEqual(downscale_quality.ssim(right, right), 1)
        self.assertEqual(downscale_quality.psnr(right, right), downscale_quality.EXACT)
        off = right + numpy.float32(16)
        self.assertAlmostEqual(downscale_quality.psnr(right, off), 24.05, places=2)
        noisy = [downscale_quality.ssim(right, right + dice.normal(0, sigma, right.shape)) for sigma in (2, 10, 40)]
        self.assertEqual(sorted(noisy, reverse=True), noisy)

    def test_a_picture_turned_or_shifted_is_no_likeness(self):
        import downscale_quality
        import numpy
        from PIL import Image
        x, y = numpy.meshgrid(numpy.arange(300), numpy.arange(200))
        pixels = numpy.stack([x * 255 / 300, y * 255 / 200, (x * y) % 256], 2).astype(numpy.float32)
        good = Image.fromarray(pixels.astype(numpy.uint8), "RGB").resize((150, 100), Image.LANCZOS)
        self.assertGreater(downscale_quality.compare(pixels, good)[1], 0.99)
        self.assertLess(downscale_quality.compare(pixels, good.transpose(Image.ROTATE_180))[1], 0.9)


if __name__ == "__main__":
    missing = [name for name in ("numpy", "PIL") if not importlib.util.find_spec(name)]
    if missing:
        print(f"*** SKIPPED: {', '.join(missing)} not installed (scripts/setup bench)", file=sys.stderr)
        sys.exit(77)
    unittest.main()
