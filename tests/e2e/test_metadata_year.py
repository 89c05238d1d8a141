# SPDX-License-Identifier: MIT
"""A year goes by on the site: a refresh finds all that changed, asks little for it, and only new bytes are downloaded.

DBR_TEST_POSTS sets how many posts; above 20,000 there are no files behind them. scripts/soak takes 100,000.
"""
import os
import re
import unittest

import harness

POSTS = int(os.environ.get("DBR_TEST_POSTS", "2000"))
HAS_FILES = POSTS <= 20_000
YEAR = {"edits": 300, "replacements": 40, "deletions": 30, "bans": 10, "expunges": 5, "undeletions": 5, "new_posts": 100,
        "reparentings": 10, "flags": 10, "approvals": 5, "votes": 50, "comments": 20, "pool_edits": 20,
        "pool_deletions": 1, "new_pools": 2, "note_edits": 20, "note_deletions": 3, "new_notes": 5, "commentary_edits": 10,
        "new_commentaries": 5, "artist_edits": 10, "new_artists": 3, "deprecations": 3, "alias_flips": 5,
        "implication_flips": 5, "new_aliases": 3, "new_implications": 3}
# What no feed tells (the contract, 1.4): a sweep finds it.
COUNTERS = {"score", "up_score", "down_score", "fav_count", "last_commented_at", "last_comment_bumped_at",
            "last_noted_at"}
COUNTED = {"posts": COUNTERS, "tags": {"post_count"}}
# A sweep of 100,000 posts takes 500 pages, and more for the other tables. The changes are the same for any number.
MOST_REQUESTS = 100_000 / 200 / 10


class Year(harness.Case):
    """One story, told in order."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.site = cls.start_site(*(() if HAS_FILES else ("--metadata-only",)), posts=POSTS)
        cls.data = harness.Dataset(cls.scratch / "root", cls.site)
        for command in ("fetch-metadata", *(("fetch-images",) if HAS_FILES else ())):
            outcome = cls.data.run(command, "--tps", 100000)
            assert outcome.code == 0, outcome
        cls.before = {table: cls.site.served(table) for table in ("posts", *harness.TABLES)}
        # Neither the commonest tags nor those without posts: a person recategorises what few posts have.
        rare = [tag["id"] for tag in cls.before["tags"].values() if 5 <= tag["post_count"] <= 50]
        cls.recategorised = rare[::max(1, len(rare) // 4)][:4]
        cls.touched = cls.site.change(**YEAR)
        cls.site.change(recategorise_tag=cls.recategorised)
        cls.by_job = cls.site.change(category_jobs=1)["category_jobs"]
        cls.site.clear_log()

    def check_tables(self, but):
        for table in ("posts", *harness.TABLES):
            served = self.site.served(table)
            ours = self.data.posts("--state", "live,deleted,withheld") if table == "posts" else self.data.records(table)
            if table == "users":
                self.assertLessEqual({post["uploader_id"] for post in self.site.served().values()}, set(ours))
                served = {number: row for number, row in served.items() if number in ours}
            if table == "posts" and but:
                # The job that follows a new category moves their updated_at and tells nobody (3.6); what the category
                # changes in them has to be right all the same.
                for row in (rows[number] for rows in (ours, served) for number in self.by_job if number in rows):
                    del row["updated_at"]
            self.assertSameRows(ours, served, table, but=but.get(table, ()))

    def check_states(self):
        truth = self.site.truth()
        for state in ("live", "deleted", "withheld"):
            wanted = [number for number, post in truth.items() if post["state"] == state]
            self.assertEqual(list(self.data.posts("--state", state)), wanted, state)
        there = sum(post["state"] != "expunged" for post in truth.values())
        self.assertEqual(self.data.states("fetch-metadata")["expunged"], max(truth) - there)

    def test_1_a_year_really_went_by(self):
        self.assertEqual({name: len(ids) for name, ids in self.touched.items()}, YEAR)
        after = self.site.served()
        changed = [n for n, row in self.before["posts"].items() if n not in after or
                   harness.exactly(harness.without(row, COUNTERS)) != harness.exactly(harness.without(after[n], COUNTERS))]
        self.assertGreater(len(changed), min(400, POSTS // 5))

    def test_2_a_refresh_finds_it_with_few_requests(self):
        outcome = self.assertCode(0, self.data.run("fetch-metadata", "--json", "--tps", 100000))
        log = self.site.log()
        self.site.clear_log()
        type(self).requests = len(log)
        self.assertEqual(outcome.json()["requests"], len(log))
        print(f"refresh of {POSTS:,} posts: {len(log)} requests", flush=True)
        self.check_tables(but=COUNTED)
        self.check_states()
        # Notes and commentaries go with an expunged post (the contract, 3.6), though their own feeds are silent.
        for table in ("notes", "artist_commentaries"):
            orphans = [row["id"] for row in self.data.records(table).values()
                       if row["post_id"] in self.touched["expunges"]]
            self.assertEqual(orphans, [], table)
        self.assertLess(len(log), MOST_REQUESTS, [entry["path"] for entry in log])

    @unittest.skipUnless(HAS_FILES, "no files at this size")
    def test_3_only_new_bytes_are_downloaded(self):
        served = self.site.served()
        stored = {number: path for path, number in self.data.originals().items()}
        self.assertCode(0, self.data.run("fetch-images"))
        asked = {match[1] for entry in self.site.log()
                 if (match := re.match(r"/original/../../(?:__.*__)?([0-9a-f]{32})\.", entry["path"]))}
        new = [n for n in self.touched["replacements"] + self.touched["new_posts"] if "md5" in served.get(n, {})]
        self.assertEqual(asked, {served[number]["md5"] for number in new})
        now = {number: path for path, number in self.data.originals().items()}
        truth = self.site.truth()
        for number in new:
            self.assertEqual(harness.digest(now[number], "md5"), truth[number]["served_md5"])
        self.assertEqual({number: path for number, path in now.items() if number not in new},
                         {number: path for number, path in stored.items() if number not in new})

    def test_4_the_next_refresh_is_done_at_once(self):
        """What was found need not be found again but for what may have come late."""
        self.site.clear_log()
        before = self.data.metadata()
        self.assertCode(0, self.data.run("fetch-metadata", "--tps", 100000))
        self.assertLess(len(self.site.log()), MOST_REQUESTS)
        self.assertEqual(self.data.metadata(), before)

    def test_5_a_sweep_finds_the_counters_too(self):
        """And what a refresh cannot know: posts that go without a word."""
        self.site.change(vanishings=3, votes=10)
        self.site.clear_log()
        self.assertCode(0, self.data.run("fetch-metadata", "--sweep", "--tps", 100000))
        sweep = len(self.site.log())
        print(f"sweep of {POSTS:,} posts: {sweep} requests", flush=True)
        self.check_tables(but={})
        self.check_states()
        self.assertGreater(sweep, POSTS / 200)
        if POSTS >= 100_000:
            self.assertLess(self.requests, sweep / 10)


if __name__ == "__main__":
    unittest.main()
