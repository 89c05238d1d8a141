# SPDX-License-Identifier: MIT
"""A row the site cannot send costs that row, not the page and not the harvest."""
import contextlib
import sqlite3
import unittest

import harness


class Narrowing(harness.Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.site = cls.start_site("--metadata-only", posts=450)

    def tearDown(self):
        self.site.faults()

    def harvest(self, data, code):
        self.site.clear_log()
        return self.assertCode(code, data.run("fetch-metadata", "--json")).json()

    def skipped(self, data):
        with contextlib.closing(sqlite3.connect(data.manifest)) as manifest:
            return manifest.execute("SELECT kind, id FROM skipped ORDER BY kind, id").fetchall()

    def shown(self):
        return [number for number, post in self.site.truth().items() if post["state"] != "expunged"]

    def test_a_post_that_breaks_its_page_is_asked_for_alone(self):
        data = self.dataset(self.site)
        self.site.faults(f"bad_row:{self.shown()[100]}")
        report = self.harvest(data, 0)
        self.assertEqual(self.skipped(data), [])
        self.assertEqual(report["posts"], len(self.shown()))
        self.assertEqual(data.status()["stages"]["fetch-metadata"]["states"].get("unread", 0), 0)

    def test_posts_that_cannot_be_read_at_all_wait_for_the_next_run(self):
        """Two beside each other, one alone, and the last one."""
        data = self.dataset(self.site)
        shown = self.shown()
        bad = [shown[100], shown[101], shown[300], shown[-1]]
        self.site.faults(*(f"bad_row:{number}" for number in bad),
                         *({"kind": "500", "path": f"/posts/{number}.json"} for number in bad))
        report = self.harvest(data, 3)
        self.assertEqual(report["unread"], 4)
        self.assertEqual(self.skipped(data), [(0, number) for number in bad])
        self.assertEqual(data.status()["stages"]["fetch-metadata"]["states"]["unread"], 4)
        failed = [entry for entry in self.site.log() if entry["status"] == 500]
        self.assertLess(len(failed), 150, "it halves, it does not try every row")

        self.site.faults()
        report = self.harvest(data, 0)
        self.assertEqual((report["unread"], self.skipped(data)), (0, []))
        self.assertNotIn("unread", data.status()["stages"]["fetch-metadata"]["states"])

    def test_rows_of_a_table(self):
        data = self.dataset(self.site)
        tags = sorted(self.site.truth("tags"))
        bad = [tags[3], tags[-2]]
        self.site.faults(*(f"bad_row:{number}:path=/tags.json" for number in bad))
        report = self.harvest(data, 3)
        self.assertEqual(report["skipped"], 2)
        self.assertEqual(self.skipped(data), [(1, number) for number in bad])
        self.assertEqual(report["tags"], len(tags) - 2)

        self.site.faults()
        report = self.harvest(data, 0)
        self.assertEqual((report["skipped"], report["tags"], self.skipped(data)), (0, 2, []))

    def test_an_outage_is_not_a_bad_row(self):
        data = self.dataset(self.site)
        self.site.faults("500:1:path=/", "bad_row:1")
        self.assertCode(5, data.run("fetch-metadata"))
        self.assertEqual(self.skipped(data), [])
        with contextlib.closing(sqlite3.connect(data.manifest)) as manifest:
            self.assertEqual(manifest.execute("SELECT count(*) FROM post").fetchone(), (0,))

    def test_posts_alone_that_do_not_work_are_an_outage_too(self):
        data = self.dataset(self.site)
        self.site.faults("500:1:path=/posts.json")
        self.assertCode(5, data.run("fetch-metadata"))
        self.assertEqual(self.skipped(data), [])


if __name__ == "__main__":
    unittest.main()
