# SPDX-License-Identifier: MIT
"""Memory stays flat however many posts there are. DBR_TEST_POSTS sets how many; scripts/soak takes 100,000."""
import os
import subprocess
import unittest

import harness

POSTS = int(os.environ.get("DBR_TEST_POSTS", "5000"))
LIMIT = 150 << 20


def run_measured(args):
    """Exit code and the most memory the process itself held, in bytes."""
    process = harness.start([harness.DBR, *args], env=harness.environment(), stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return process.returncode, usage.ru_maxrss * 1024


class Scale(harness.Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.site = cls.start_site("--metadata-only", posts=POSTS)
        cls.data = harness.Dataset(cls.scratch / "root", cls.site)

    def test_memory_stays_flat(self):
        args = ["--root", self.data.root, "--site", self.site.url, "--tps", "100000"]
        for command in (["fetch-metadata", *args], ["status", *args[:2], "--json"]):
            code, memory = run_measured(command)
            self.assertEqual(code, 0, command)
            print(f"{command[0]} of {POSTS:,} posts: {memory / (1 << 20):.0f} MB at most", flush=True)
            if not harness.IS_SANITIZED:
                self.assertLess(memory, LIMIT, command)
        self.assertEqual(self.data.status()["ids"], max(self.site.truth()))


if __name__ == "__main__":
    unittest.main()
