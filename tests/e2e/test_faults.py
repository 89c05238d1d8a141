# SPDX-License-Identifier: MIT
"""A site where every tenth answer is broken in some way changes how long a build takes, not what comes out of it."""
import threading
import unittest

import harness

# Everything that passes. Those who ask us to slow down are rarer: each costs a pause of a second.
EITHER = ("500:0.015", "502:0.015", "reset:0.015", "truncated:0.015", "wrong_length:0.01", "html200:0.015",
          "503:0.004:retry_after=1", "429:0.003", "slow:0.02:ms=20:chunk=8000")
FAULTS = (*EITHER, "corrupt:0.02:scope=cdn", "short_page:0.3:scope=api", "404:0.005:scope=cdn")


class Watcher(threading.Thread):
    """Looks at the store and the shared tree all the time: a wrong byte there is an error even if it is put right."""

    def __init__(self, data, truth):
        super().__init__()
        self.data = data
        self.right = {post["served_md5"] for post in truth.values()}
        self.right_by_id = {number: post["served_md5"] for number, post in truth.items()}
        self.is_over = threading.Event()
        self.wrong, self.seen = [], {}

    def look(self):
        folders = (self.data.root / "store/original", self.data.shared / "sfw/original",
                   self.data.shared / "nsfw/original")
        for path in (path for folder in folders for path in folder.rglob("*") if path.is_file()):
            try:
                stat = path.stat()
                if self.seen.get(path) == (stat.st_ino, stat.st_size, stat.st_mtime_ns):
                    continue
                md5 = harness.digest(path, "md5")
            except FileNotFoundError:  # renamed or removed just now
                continue
            self.seen[path] = (stat.st_ino, stat.st_size, stat.st_mtime_ns)
            if md5 not in self.right:
                self.wrong.append(f"{path}: {md5}")

    def run(self):
        while not self.is_over.wait(0.02):
            self.look()

    def finish(self):
        self.is_over.set()
        self.join()
        self.look()
        return self.wrong


class Faults(harness.Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.site = cls.start_site(posts=300)
        cls.faultless = harness.Dataset(cls.scratch / "faultless", cls.site)
        outcome = cls.faultless.build()
        assert outcome.code == 0, outcome

    def build_until_done(self, data, runs=8):
        """A site in this state may use up a command's patience: cron would start it again."""
        codes = []
        while not codes or codes[-1] != 0:
            self.assertLess(len(codes), runs, f"not done after {codes}")
            outcome = data.build("-v")
            self.assertIn(outcome.code, (0, 3, 5), outcome)
            codes.append(outcome.code)
        return codes

    def test_a_mix_of_all_faults(self):
        data = self.dataset(self.site)
        watcher = Watcher(data, self.site.truth())
        self.site.clear_log()
        self.site.faults(*FAULTS)
        watcher.start()
        try:
            self.build_until_done(data)
        finally:
            wrong = watcher.finish()
            self.site.faults()
        self.assertEqual(wrong, [])
        self.assertGreater(len(watcher.seen), 500)
        hit = {entry["fault"] for entry in self.site.log()} - {""}
        self.assertGreater(len(hit), 8, "it was really broken")
        self.assertSameTrees(data.published(), self.faultless.published())
        self.assertCode(0, data.run("verify"))

    def test_a_short_maintenance(self):
        """The whole site answers 503 for two seconds, in the middle of the files."""
        data = self.dataset(self.site)
        self.assertCode(0, data.run("fetch-metadata", "--year", 2017))
        self.site.faults({"kind": "503", "rate": 0.02, "count": 1, "site": True, "retry_after": 2})
        self.assertEqual(self.build_until_done(data, runs=1), [0])
        self.assertSameTrees(data.published(), self.faultless.published())

    def test_pages_that_are_never_whole(self):
        data = self.dataset(self.site)
        self.site.faults("short_page:1:scope=api")
        self.assertEqual(self.build_until_done(data, runs=1), [0])
        self.site.faults()
        self.assertSameTrees(data.published(), self.faultless.published())

    def test_posts_that_arrive_meanwhile_are_not_in_the_release(self):
        site = self.start_site(posts=150)
        data = self.dataset(site)
        last = max(site.truth())
        site.faults("arriving:1:scope=api")
        self.assertCode(0, data.build())
        self.assertGreater(max(site.truth()), last)
        released = {int(row["id"]) for row in harness.table(data.release / "files.tsv.zst")}
        self.assertLess(max(released), last)


if __name__ == "__main__":
    unittest.main()
