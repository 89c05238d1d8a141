# SPDX-License-Identifier: MIT
"""The default site has everything an archive can meet, often enough, and is the same every time."""
import collections
import unittest

import sim


class WorldTest(sim.SimTest):
    ARGUMENTS = ["--posts", "2000", "--metadata-only"]

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.posts = cls.truth()

    def share(self, test):
        return sum(map(bool, map(test, self.posts))) / len(self.posts)

    def test_ids_ascend_with_gaps(self):
        ids = [post["id"] for post in self.posts]
        self.assertEqual(ids, sorted(set(ids)))
        self.assertTrue(0.03 < (ids[-1] - len(ids)) / len(ids) < 0.12)

    def test_times(self):
        times = [post["created_at"] for post in self.posts]
        self.assertEqual(times, sorted(times))
        self.assertAlmostEqual(self.share(lambda post: post["created_at"] >= "2018"), 0.1, delta=0.01)
        for moment in ("2017-12-31T23:59:59.999Z", "2018-01-01T00:00:00.000Z", "2018-01-01T05:00:00.000Z"):
            self.assertIn(moment, times)
        self.assertTrue(any(a == b for a, b in zip(times, times[1:])), "no two posts in one millisecond")
        self.assertTrue(all(post["updated_at"] >= post["created_at"] for post in self.posts))

    def test_daylight_saving(self):
        for post in self.get("/posts.json", limit=200):
            month = int(post["created_at"][5:7])
            if month in (1, 2, 4, 5, 6, 7, 8, 9, 10, 12):
                self.assertTrue(post["created_at"].endswith("-05:00" if month in (1, 2, 12) else "-04:00"), post["created_at"])

    def test_every_kind_of_file(self):
        kinds = collections.Counter(self.request("/sim/kinds").json().values())
        self.assertEqual(len(kinds), 29)
        self.assertGreaterEqual(min(kinds.values()), 8, kinds)
        self.assertEqual(kinds.most_common(2)[0][0], "baseline_jpeg")

    def test_states(self):
        states = collections.Counter(post["state"] for post in self.posts)
        self.assertEqual(set(states), {"live", "deleted", "withheld"})
        self.assertAlmostEqual(self.share(lambda post: post["is_deleted"]), 0.04, delta=0.015)
        self.assertAlmostEqual(self.share(lambda post: post["is_banned"]), 0.02, delta=0.012)
        for name in ("absent", "stored_md5_is_wrong", "is_flagged", "is_pending", "parent_id"):
            self.assertTrue(self.share(lambda post, name=name: post[name]) > 0, name)
        self.assertEqual({post["rating"] for post in self.posts}, set("gsqe"))

    def test_tags(self):
        tags = self.truth("tags")
        self.assertEqual({tag["category"] for tag in tags}, {0, 1, 3, 4, 5})
        self.assertTrue(any(tag["post_count"] == 0 for tag in tags))
        used = collections.Counter(name for post in self.posts for name in post["tag_string"].split())
        self.assertEqual({tag["name"]: tag["post_count"] for tag in tags if tag["post_count"]}, dict(used))
        for name in ('"quoted"', "$(rm_-rf)", ";", "'", "back\\slash", "-rf", "%s", "<b>", "re:zero", 't-34_"tiger"'):
            self.assertGreater(used[name], 0, name)
        self.assertTrue(14 < sum(used.values()) / len(self.posts) < 30)
        self.assertTrue(any(not post["tag_string"] for post in self.posts))

    def test_one_name_leads_to_one_tag(self):
        active = [row["antecedent_name"] for row in self.truth("tag_aliases") if row["status"] == "active"]
        self.assertEqual(len(active), len(set(active)))
        self.assertGreater(len(active), 10)

    def test_tables(self):
        for table in ("pools", "notes", "artist_commentaries", "artists", "artist_urls", "tag_aliases", "tag_implications",
                      "users", "post_versions", "post_replacements", "post_flags", "post_approvals", "mod_actions",
                      "media_assets", "post_events", "note_versions", "pool_versions", "artist_commentary_versions"):
            self.assertGreater(len(self.get(f"/{table}.json", limit=5)), 0, table)
        self.assertNotIn("updated_at", self.get("/users.json")[0])
        users = {row["id"] for row in self.truth("users")}
        posts = self.request("/sim/served").json()
        self.assertLessEqual({post[key] for post in posts for key in ("uploader_id", "approver_id")} - {None}, users)

    def test_served_rows_are_the_api_s(self):
        for table, limit in (("posts", 200), ("tags", 1000), ("pools", 1000), ("notes", 1000), ("users", 1000),
                             ("artist_urls", 1000), ("artist_commentaries", 1000), ("tag_implications", 1000)):
            rows, last = [], 0
            while page := self.get(f"/{table}.json", page=f"a{last}", limit=limit):
                rows += reversed(page)
                last = page[0]["id"]
            self.assertEqual(self.request(f"/sim/served?table={table}").json(), rows, table)
            self.assertEqual(self.request(f"/sim/served?table={table}&after={rows[4]['id']}&limit=3").json(), rows[5:8], table)

    def test_the_same_twice(self):
        class Again(sim.SimTest):
            ARGUMENTS = self.ARGUMENTS

        Again.setUpClass()
        try:
            self.assertEqual(Again.truth(), self.posts)
            self.assertEqual(Again.truth("pools"), self.truth("pools"))
        finally:
            Again.tearDownClass()


class MadeFilesTest(sim.SimTest):
    """The same with files behind it."""

    ARGUMENTS = ["--posts", "1000"]

    def test_wrong_md5s_and_absent_files_are_few(self):
        posts = self.truth()
        self.assertTrue(1 <= sum(post["stored_md5_is_wrong"] for post in posts) <= 20)
        self.assertTrue(1 <= sum(post["absent"] for post in posts) <= 15)
        self.assertEqual(len({post["md5"] for post in posts}), len(posts))


if __name__ == "__main__":
    unittest.main()
