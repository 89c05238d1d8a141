# SPDX-License-Identifier: MIT
"""One writer at a time: a second dbr says who holds the dataset and ends with 7; readers work meanwhile."""
import unittest

import harness


class Locking(harness.Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.site = cls.start_site(posts=60)
        cls.data = harness.Dataset(cls.scratch / "root", cls.site)
        outcome = cls.data.run("fetch-metadata")
        assert outcome.code == 0, outcome
        cls.site.faults("stall:1:scope=cdn:ms=60000")
        cls.site.clear_log()
        cls.holder = cls.data.start("fetch-images")
        cls.addClassCleanup(cls.holder.kill)
        harness.until(lambda: cls.site.log(), "fetch-images works")

    def test_a_second_writer_is_told_who_holds_it(self):
        for command in ("build", "downscale", "fetch-metadata", "verify"):
            outcome = self.assertCode(7, self.data.run(command))
            self.assertIn("locked by dbr fetch-images", outcome.err)
            self.assertIn(f"process {self.holder.pid}", outcome.err)

    def test_the_error_is_json_for_scripts(self):
        outcome = self.assertCode(7, self.data.run("downscale", "--json"))
        self.assertEqual(outcome.json()["error"]["kind"], "locked")

    def test_readers_work_meanwhile(self):
        self.assertGreater(self.data.states("fetch-images")["wanted"], 0)
        self.assertCode(3, self.data.run("path", 1))

    def test_a_killed_holder_holds_nothing(self):
        data = self.dataset(self.site)
        first = data.start("fetch-metadata")
        harness.until(lambda: (data.root / "dbr.lock").exists() or first.process.poll() is not None, "it is locked")
        first.kill()
        self.assertCode(0, data.run("fetch-metadata"))


if __name__ == "__main__":
    unittest.main()
