# SPDX-License-Identifier: MIT
"""A refresh finds what changed with few requests and goes on where it was; a sweep finds what no feed tells."""
import collections
import contextlib
import json
import signal
import sqlite3
import unittest

import harness

STATES = ("live", "deleted", "withheld", "expunged", "unread")
TABLES = ("tags", "tag_aliases", "tag_implications", "pools", "notes", "artist_commentaries", "artists", "users",
          "artist_urls")


class RefreshCase(harness.Case):
    def setUp(self):
        self.site = self.start_site("--metadata-only", posts=450)
        self.data = self.dataset(self.site)
        self.run_it()

    def run_it(self, *args, code=0):
        self.site.clear_log()
        return self.assertCode(code, self.data.run("fetch-metadata", "--json", *args)).json()

    def query(self, sql, *values):
        with contextlib.closing(sqlite3.connect(self.data.manifest)) as manifest:
            rows = manifest.execute(sql, values).fetchall()
            manifest.commit()
            return rows

    def settings(self):
        return dict(self.query("SELECT key, value FROM setting"))

    def posts(self):
        """As the manifest has them: ID -> state and record."""
        records = self.data.posts("--state", "live,deleted,withheld,expunged")
        return {number: (STATES[state], records.get(number))
                for number, state in self.query("SELECT id, state FROM post")}

    def assertSameAsSite(self, but=()):
        ours, served = self.posts(), self.site.rows("posts", 200)
        states = {number: post["state"] for number, post in self.site.truth().items()}
        different = {number: (ours.get(number, ("unknown",))[0], states.get(number, "expunged"))
                     for number in ours.keys() | states.keys()
                     if ours.get(number, ("unknown",))[0] != states.get(number, "expunged")}
        self.assertEqual(different, {}, "states, ours and the site's")
        for number, post in served.items():
            self.assertEqual(ours[number][1], post)
        for table in TABLES:
            rows = self.data.records(table)
            expected = self.site.rows(table, 1000)
            if table == "users":  # those that posts name
                expected = {number: user for number, user in expected.items() if number in rows}
            if table in but:
                continue
            self.assertEqual(rows, expected, table)

    def paths(self):
        return [entry["path"] for entry in self.site.log()]


class Refresh(RefreshCase):
    def test_it_finds_every_kind_of_change(self):
        changed = self.site.change(edits=30, replacements=5, deletions=5, undeletions=2, approvals=2, flags=3, bans=3,
                                   unbans=2, expunges=3, regenerations=1, new_posts=12, pool_edits=2, pool_deletions=1,
                                   note_edits=2, note_deletions=1, commentary_edits=2, artist_edits=2, alias_flips=1,
                                   implication_flips=1, deprecations=1)
        self.assertGreater(len(changed["unbans"]), 0)
        report = self.run_it()
        self.assertEqual(report["requests"], len(self.site.log()))
        self.assertLess(report["requests"], 50)
        self.assertGreater(report["useful_rows_per_request"], 1)
        self.assertEqual(report["todo"], 0)
        self.assertSameAsSite(but=("tags",))  # a tag's post_count moves in silence
        wanted = {number for number, in self.query("SELECT id FROM post WHERE original = 0")}
        self.assertLessEqual(set(changed["new_posts"]) & set(self.posts()), wanted | {
            number for number, (state, _) in self.posts().items() if state == "withheld"})

    def test_nothing_new_costs_a_request_a_feed(self):
        report = self.run_it()
        self.assertEqual((report["posts"], report["unread"]), (0, 0))
        self.assertLess(report["requests"], 20)
        self.assertEqual(len(self.paths()), len(set(self.paths())))

    def test_an_interrupted_one_goes_on_with_the_same_todo(self):
        before = int(self.settings()["refreshed_until"])
        self.site.change(edits=350, flags=5, expunges=3, new_posts=5, note_edits=3)
        done, target = [], None
        for last in ("post_flags", "media_assets", "notes", "tags=id:"):
            # Slow from here on, so that the kill comes before the next page.
            self.site.faults({"kind": "slow", "path": "/" + last.split("=")[0].replace("tags", "posts.json"),
                              "ms": 300, "count": 1 if last != "tags=id:" else 3})
            self.site.clear_log()
            running = self.data.start("fetch-metadata")
            harness.until(lambda: any(last in path for path in self.paths()), last)
            running.process.send_signal(signal.SIGKILL)
            running.finish()
            self.site.faults()
            done += self.paths()
            settings = self.settings()
            self.assertEqual(int(settings["refreshed_until"]), before, "only a complete one moves it")
            self.assertEqual(settings["refresh_target"], target or settings["refresh_target"])
            target = settings["refresh_target"]
        self.assertGreater(self.query("SELECT count(*) FROM todo")[0][0], 0)
        dry = self.assertCode(0, self.data.run("fetch-metadata", "--dry-run"))
        self.assertIn("would go on with the refresh", dry.out)
        self.run_it()
        done += self.paths()
        self.assertEqual(self.settings()["refreshed_until"], target)
        self.assertNotIn("refresh_target", self.settings())
        again = {path: count for path, count in collections.Counter(done).items() if count > 1}
        # Short pages of posts are asked for twice; those in flight at one of the four kills as well.
        feeds = sum(count - 1 for path, count in again.items() if not path.startswith("/posts.json?limit=200&page="))
        self.assertLessEqual(feeds, 4, again)
        self.assertSameAsSite(but=("tags",))

    def test_an_old_one_is_followed_by_another(self):
        """What changed after its target is not found before that one."""
        self.query("INSERT OR REPLACE INTO setting VALUES ('refresh_target', ?)",
                   str(int(self.settings()["refreshed_until"]) - 3 * 3600 * 1000))
        self.query("UPDATE setting SET value = CAST(value AS INTEGER) - 5 * 3600000 WHERE key = 'refreshed_until'")
        self.run_it()
        versions = [path for path in self.paths() if path.startswith("/post_versions")]
        self.assertEqual(len(set(versions)), 2, "the old one's question and the new one's")

    def test_a_site_without_a_feed(self):
        """One of the old kind: what is there is used, and the lack is said."""
        self.site.change(bans=2)
        self.site.faults("404:1:path=/post_replacements.json")
        outcome = self.assertCode(0, self.data.run("fetch-metadata"))
        self.assertEqual(outcome.err.count("this site has no post_replacements"), 1)
        self.assertSameAsSite()

    def test_a_site_that_is_never_quiet(self):
        """Every request finds something newer: what appears after the beginning waits for the next refresh."""
        self.site.faults("arriving:1:scope=api")
        self.run_it()
        self.run_it("--sweep")
        self.site.faults()
        self.run_it()
        self.assertSameAsSite(but=("tags",))

    def test_users_that_posts_name(self):
        self.query("INSERT OR IGNORE INTO wanted_user VALUES (3), (5), (999)")
        self.run_it()
        rows = self.data.records("users")
        users = self.site.truth("users")
        for number in (3, 5):
            self.assertEqual(rows[number]["name"], users[number]["name"])
        self.assertNotIn(999, rows)
        self.assertEqual(self.query("SELECT count(*) FROM wanted_user"), [(0,)])


class AfterADump(RefreshCase):
    def test_rows_of_a_dump_hide_no_new_posts(self):
        """A dump may know posts far beyond what the site was asked for, and prove nothing about those between."""
        row = dict(next(iter(self.site.served().values())), id=2_000_000, md5="0" * 32)
        path = self.scratch / "far.json"
        path.write_text(json.dumps(row))
        self.assertCode(0, self.data.run("fetch-metadata", "--from", path))
        new = self.site.change(new_posts=20)["new_posts"]
        self.run_it()
        self.assertEqual([number for number in new if number not in self.posts()], [])


class Sweep(RefreshCase):
    def test_it_finds_what_no_feed_tells(self):
        self.site.change(votes=30, comments=5, recategorise=3)
        last = max(number for number, post in self.site.truth().items() if post["state"] == "live")
        expunged = [*self.site.change(expunges=2)["expunges"], last]
        self.site.change(expunge=[last])
        # As if no feed knew of the expunged posts any more, and a row had gone without a trace.
        self.query("INSERT INTO record (kind, id, snapshot, record) SELECT kind, kind * 1000000, 0, record FROM record "
                   "WHERE kind IN (1, 2) GROUP BY kind")
        complete = int(self.settings()["posts_complete_until"])
        self.site.faults("404:1:path=/mod_actions.json")
        self.run_it("--sweep")
        self.site.faults()
        self.assertSameAsSite()
        for number in expunged:
            self.assertEqual(self.posts()[number][0], "expunged")
        self.assertGreaterEqual(int(self.settings()["posts_complete_until"]), complete)
        self.assertNotIn("sweep_begun", self.settings())

    def test_a_killed_one_is_continued_by_any_run(self):
        dry = self.assertCode(0, self.data.run("fetch-metadata", "--sweep", "--dry-run"))
        self.assertIn("would read everything again", dry.out)
        self.site.change(votes=30)
        self.site.clear_log()
        self.site.faults({"kind": "slow", "path": "/pools.json", "ms": 2000, "count": 1})
        running = self.data.start("fetch-metadata", "--sweep")
        harness.until(lambda: any("tag_implications" in path for path in self.paths()), "it is at the tables")
        running.process.send_signal(signal.SIGKILL)
        running.finish()
        self.site.faults()
        begun = self.settings()["sweep_begun"]
        report = self.run_it()
        self.assertEqual(report["posts"], 0, "posts were done")
        self.assertEqual([path for path in self.paths() if path.startswith("/tags.json") and "search" not in path], [])
        self.assertNotIn("sweep_begun", self.settings())
        self.assertGreater(self.settings()["refreshed_until"], begun)
        self.assertSameAsSite()


if __name__ == "__main__":
    unittest.main()
