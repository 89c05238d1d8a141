# SPDX-License-Identifier: MIT
"""What each change moves, what it does not, and the rows it leaves in the feeds."""
import datetime
import unittest

import sim


class ChangesTest(sim.SimTest):
    ARGUMENTS = ["--posts", "300"]

    def post(self, number):
        return next(post for post in self.truth() if post["id"] == number)

    def served(self, number, table="posts"):
        return next(row for row in self.request(f"/sim/served?table={table}").json() if row["id"] == number)

    def newest(self, table):
        return self.get(f"/{table}.json", limit=1)[0]

    def any_live(self, index=0):
        live = [post["id"] for post in self.truth() if post["state"] == "live" and not post["is_pending"] and
                not post["is_flagged"] and not post["absent"]]
        return live[index]

    def moved(self, verb, number):
        before = self.post(number)["updated_at"]
        self.assertEqual(self.change(**{verb: [number]}), {verb: [number]})
        return self.post(number)["updated_at"] > before

    def test_new_posts_are_pending_at_the_end(self):
        highest = self.truth()[-1]["id"]
        new = self.change(new_posts=2)["new_posts"]
        self.assertEqual(new, [highest + 1, highest + 2])
        self.assertTrue(self.get(f"/posts/{new[0]}.json")["is_pending"])
        self.assertEqual((self.newest("post_versions")["post_id"], self.newest("post_versions")["version"]), (new[1], 1))
        self.assertEqual(self.request(self.get(f"/posts/{new[0]}.json")["file_url"]).status, 200)

    def test_edit(self):
        number = self.any_live(1)
        tags = self.post(number)["tag_string"].split()
        self.assertTrue(self.moved("edit", number))
        version, now = self.newest("post_versions"), self.post(number)["tag_string"].split()
        self.assertEqual((version["post_id"], version["version"]), (number, 2))
        self.assertEqual(set(version["added_tags"]), set(now) - set(tags))
        self.assertEqual(set(version["removed_tags"]), set(tags) - set(now))

    def test_replacement_keeps_the_old_file(self):
        number = self.any_live(2)
        before = self.get(f"/posts/{number}.json")
        self.assertTrue(self.moved("replace", number))
        after, row = self.get(f"/posts/{number}.json"), self.newest("post_replacements")
        self.assertEqual((row["post_id"], row["old_md5"], row["md5"]), (number, before["md5"], after["md5"]))
        self.assertNotEqual(before["md5"], after["md5"])
        self.assertEqual(self.request(before["file_url"]).status, 200)
        self.assertEqual(self.request(after["file_url"]).status, 200)

    def test_delete_and_undelete(self):
        number = self.any_live(3)
        self.assertTrue(self.moved("delete", number))
        self.assertEqual((self.newest("post_flags")["post_id"], self.newest("post_flags")["status"]), (number, "succeeded"))
        self.assertTrue(self.get(f"/posts/{number}.json")["is_deleted"])
        self.assertTrue(self.moved("undelete", number))
        self.assertEqual(self.newest("post_approvals")["post_id"], number)

    def test_ban_and_unban_move_nothing(self):
        number = self.any_live(4)
        self.assertFalse(self.moved("ban", number))
        self.assertNotIn("md5", self.get(f"/posts/{number}.json"))
        row = self.newest("mod_actions")
        self.assertEqual((row["category"], row["subject_id"]), ("post_ban", number))
        self.assertFalse(self.moved("unban", number))
        self.assertEqual(self.newest("mod_actions")["category"], "post_unban")
        self.assertIn("md5", self.get(f"/posts/{number}.json"))

    def test_flags_votes_and_comments_move_nothing(self):
        number = self.any_live(5)
        for verb in ("flag", "vote", "comment"):
            self.assertFalse(self.moved(verb, number), verb)
        self.assertEqual(self.newest("post_flags")["status"], "pending")

    def test_expunge_leaves_a_gap_and_a_mod_action(self):
        pool = next(pool for pool in self.truth("pools") if pool["post_ids"] and
                    any(p["state"] == "live" and p["id"] == pool["post_ids"][0] for p in self.truth()))
        number = pool["post_ids"][0]
        before = self.get(f"/posts/{number}.json")
        self.change(expunge=[number])
        self.assertEqual(self.request(f"/posts/{number}.json").status, 404)
        self.assertEqual(self.request(before["file_url"]).status, 404)
        self.assertEqual(self.post(number)["state"], "expunged")
        row = self.newest("mod_actions")
        self.assertEqual((row["category"], row["subject_id"]), ("post_permanent_delete", None))
        self.assertEqual(row["description"], f"permanently deleted post #{number} (md5={before['md5']})")
        after = self.get(f"/pools/{pool['id']}.json")
        self.assertNotIn(number, after["post_ids"])
        self.assertEqual(self.get("/notes.json", search__post_id=number), [])
        self.assertEqual(self.get("/artist_commentaries.json", search__post_id=number), [])
        self.assertGreater(after["updated_at"], pool["updated_at"])
        self.assertEqual(self.newest("pool_versions")["updated_at"], after["updated_at"])

    def test_vanishing_tells_nobody(self):
        number, actions = self.any_live(6), self.truth("mod_actions")
        self.change(vanish=[number])
        self.assertEqual(self.request(f"/posts/{number}.json").status, 404)
        self.assertEqual(self.post(number)["state"], "expunged")
        self.assertEqual(self.truth("mod_actions"), actions)

    def test_expunging_a_parent_is_an_edit_of_its_children(self):
        child = next(post for post in self.truth() if post["parent_id"] and post["state"] == "live" and
                     self.post(post["parent_id"])["state"] == "live")
        self.change(expunge=[child["parent_id"]])
        after = self.post(child["id"])
        self.assertEqual((after["parent_id"], after["updated_at"] > child["updated_at"]), (None, True))
        versions = self.get("/post_versions.json", search__post_id=child["id"], limit=1)
        self.assertTrue(versions[0]["parent_changed"])
        self.assertIsNone(versions[0]["parent_id"])

    def test_parents_follow_their_children(self):
        child = next(post for post in self.truth() if post["parent_id"] and post["state"] == "live" and
                     sum(other["parent_id"] == post["parent_id"] for other in self.truth()) == 1 and
                     self.post(post["parent_id"])["state"] != "expunged")
        parent = self.served(child["parent_id"])
        self.assertTrue(parent["has_children"])
        self.assertTrue(self.moved("delete", child["id"]))
        after = self.served(parent["id"])
        self.assertEqual((after["has_children"], after["has_active_children"]), (True, False))
        self.assertGreater(after["updated_at"], parent["updated_at"])
        self.assertTrue(self.moved("reparent", child["id"]))
        self.assertEqual(self.newest("post_versions")["post_id"], child["id"])
        self.assertTrue(self.newest("post_versions")["parent_changed"])
        self.assertFalse(self.served(parent["id"])["has_children"])

    def test_new_rows(self):
        for name, table in (("new_pools", "pools"), ("new_notes", "notes"), ("new_commentaries", "artist_commentaries"),
                            ("new_artists", "artists"), ("new_aliases", "tag_aliases"),
                            ("new_implications", "tag_implications"), ("new_users", "users")):
            before = {row["id"] for row in self.truth(table)}
            new = self.change(**{name: 2})[name]
            self.assertEqual({row["id"] for row in self.truth(table)} - before, set(new), name)
            self.assertEqual(set(self.ids(f"/{table}.json", search__id=",".join(map(str, new)))), set(new), name)

    def test_edits_make_new_tags_and_uploads_new_users(self):
        tags, users = len(self.truth("tags")), len(self.truth("users"))
        self.change(edits=100, new_posts=30)
        self.assertGreater(len(self.truth("tags")), tags)
        self.assertGreater(len(self.truth("users")), users)
        uploaders = {post["uploader_id"] for post in self.get("/posts.json", limit=30)}
        self.assertLessEqual(uploaders, {row["id"] for row in self.truth("users")})

    def test_nothing_is_yet_to_come_after_the_answer(self):
        self.change(edits=100)
        newest = max(post["updated_at"] for post in self.truth())
        self.assertLessEqual(newest, datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z"))

    def test_recategorised_tag_splits_its_posts_anew(self):
        tag = next(tag for tag in self.truth("tags") if tag["name"] == "smile")
        times = {post["id"]: post["updated_at"] for post in self.truth()}
        before = self.get("/posts.json", tags="smile", limit=1)[0]
        self.change(recategorise=[tag["id"]])
        self.assertEqual({post["id"]: post["updated_at"] for post in self.truth()}, times)
        self.assertEqual(self.get(f"/tags/{tag['id']}.json")["category"], 4)
        found = self.get("/posts.json", tags="smile", limit=1)[0]
        self.assertIn("smile", found["tag_string_character"].split())
        self.assertEqual(found["tag_count_character"], before["tag_count_character"])
        with_it = [post["id"] for post in self.truth() if "smile" in post["tag_string"].split() and post["state"] != "expunged"]
        self.assertEqual(self.change(category_jobs=1)["category_jobs"], with_it)
        moved = [post["id"] for post in self.truth() if post["updated_at"] != times[post["id"]]]
        self.assertEqual(moved, with_it)
        found = self.get("/posts.json", tags="smile", limit=1)[0]
        self.assertEqual(found["tag_count_character"], before["tag_count_character"] + 1)
        self.assertEqual(found["tag_count_character"], len(found["tag_string_character"].split()))

    def test_other_tables_show_up_after_their_change(self):
        since = self.newest("pools")["updated_at"]  # anything before now
        for name, table in (("pool_edits", "pools"), ("note_edits", "notes"), ("commentary_edits", "artist_commentaries"),
                            ("artist_edits", "artists"), ("alias_flips", "tag_aliases"), ("implication_flips", "tag_implications")):
            times = {row["id"]: row["updated_at"] for row in self.truth(table)}
            ids = self.change(**{name: 2})[name]
            moved = [row["id"] for row in self.truth(table) if row["updated_at"] != times[row["id"]]]
            self.assertEqual(ids, moved, name)
            self.assertLessEqual(set(ids), set(self.ids(f"/{table}.json", search__updated_at=f">={since}", limit=1000)), name)

    def test_many_by_number_at_a_given_time(self):
        touched = self.change(at="2019-01-02T03:04:05Z", edits=5, replacements=3, votes=4)
        self.assertEqual([len(ids) for ids in touched.values()], [5, 3, 4])

    def test_impossible_changes_are_refused(self):
        for body in ('{"no_such":1}', '{"edit":[99999999]}', '{"unban":[1e9]}', "["):
            self.assertEqual(self.request("/sim/changes", method="POST", body=body).status, 400, body)


if __name__ == "__main__":
    unittest.main()
