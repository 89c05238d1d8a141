# SPDX-License-Identifier: MIT
"""tools/bench/fetch measures what it says: every contestant fetches every file, and who does not is out. How fast
anything is, no test says."""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

FETCH = pathlib.Path(__file__).resolve().parents[2] / "tools/bench/fetch"
NEEDED = ("nginx", "openssl", "curl")


def fetch(scratch, *arguments, **environment):
    """stdout and stderr. The scratch folder may be memory here."""
    return subprocess.run([FETCH, "--scratch", scratch, "--small", "30", "--medium", "3", "--large", "3", *arguments],
                          env=os.environ | environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


class Fetch(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory(dir=os.environ.get("DBR_TEST_DIR", "/var/tmp"))
        self.addCleanup(self.folder.cleanup)
        self.scratch = pathlib.Path(self.folder.name)

    def test_measures_everybody(self):
        done = fetch(self.scratch, "--schemes", "http", "--repeat", "2")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertNotIn("FAILED", done.stderr)
        for name in ("dbr", "xargs curl", "curl --parallel", "floor: curl multi to null"):
            row = re.search(rf"^{re.escape(name)}  +[\d.]+  +\d", done.stdout, re.M)
            self.assertTrue(row, f"no {name} in\n{done.stdout}")
        self.assertEqual(len(re.findall(r"  (held|NOT HELD)$", done.stdout, re.M)), 4, done.stdout)
        self.assertEqual([path.name for path in self.scratch.iterdir()], ["files"], "outputs are left")

    def test_who_fetches_nothing_is_out(self):
        liar = self.scratch / "liar"
        liar.write_text("#!/bin/sh\nexit 0\n")
        liar.chmod(0o755)
        done = fetch(self.scratch, "--schemes", "http", "--only", "dbr,curl --parallel", DBR=str(liar))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("*** FAILED dbr, 30 files of 30 KB, HTTP: 0 of 30 files are there", done.stderr)
        self.assertNotIn("  held", done.stdout)


if __name__ == "__main__":
    missing = [name for name in NEEDED if not shutil.which(name, path=os.environ["PATH"] + ":/usr/sbin")]
    if missing:
        print(f"*** SKIPPED: {', '.join(missing)} not installed (scripts/setup soak)", file=sys.stderr)
        sys.exit(77)
    unittest.main()
