# SPDX-License-Identifier: MIT
"""search[...] on tables, and that posts ignore it."""
import unittest
import urllib.parse

import sim


class SearchTest(sim.SimTest):
    ARGUMENTS = ["--posts", "400", "--metadata-only"]

    def tags(self, **search):
        return [tag["name"] for tag in self.get("/tags.json", limit=1000, **search)]

    def test_posts_ignore_search(self):
        self.assertEqual(len(self.ids("/posts.json", search__updated_at=">2030-01-01")), 20)

    def test_unknown_keys_are_ignored(self):
        self.assertEqual(len(self.ids("/tags.json", search__nmae="x")), 20)

    def test_unreadable_values_find_nothing(self):
        self.assertEqual(self.ids("/tags.json", search__id="five"), [])

    def test_id_ranges_and_lists(self):
        ids = [tag["id"] for tag in self.truth("tags")]
        a, b, c = ids[10], ids[20], ids[5]
        self.assertEqual(self.ids("/tags.json", search__id=f"{a},{b},{c}"), sorted([a, b, c], reverse=True))
        self.assertEqual(self.ids("/tags.json", search__id=f"{a},{b},{c}", search__order="custom"), [a, b, c])
        self.assertEqual(self.ids("/tags.json", search__id=f"{a}..{b}", limit=100), ids[10:21][::-1])
        self.assertEqual(self.ids("/tags.json", search__id=f"{a}...{b}", limit=100), ids[10:20][::-1])
        self.assertEqual(self.ids("/tags.json", search__id=f"<{c}", limit=100), ids[:5][::-1])
        self.assertEqual(self.ids("/tags.json", search__id_lteq=c, limit=100), ids[:6][::-1])

    def test_updated_at(self):
        for table in ("tags", "pools", "notes", "artist_commentaries", "artists", "tag_aliases", "post_versions",
                      "media_assets"):
            rows = self.truth(table)
            since = sorted(row["updated_at"] for row in rows)[len(rows) // 2]
            wanted = {row["id"] for row in rows if row["updated_at"] >= since}
            found, last = set(), 0
            while page := self.ids(f"/{table}.json", search__updated_at=f">={since}", page=f"a{last}", limit=200):
                found |= set(page)
                last = page[0]
            self.assertEqual(found, wanted, table)

    def test_bare_number_is_an_age(self):
        self.assertEqual(self.ids("/tags.json", search__updated_at=">1514764800"),
                         [])  # older than 48 years, not later than 2018

    def test_names(self):
        self.assertEqual(self.tags(search__name="$(rm_-rf)"), ["$(rm_-rf)"])
        self.assertEqual(set(self.tags(search__name_comma="solo,hat")), {"solo", "hat"})
        self.assertIn('t-34_"tiger"', self.tags(search__name_matches="T-34*"))
        self.assertEqual({tag["category"] for tag in self.get("/tags.json", search__category="1", limit=1000)}, {1})

    def test_booleans_and_statuses(self):
        statuses = {row["status"] for row in self.get("/tag_aliases.json", limit=1000)}
        self.assertEqual(statuses, {"active", "deleted", "retired"})
        found = self.get("/tag_aliases.json", search__status="deleted,retired", limit=1000)
        self.assertEqual({row["status"] for row in found}, {"deleted", "retired"})
        self.assertTrue(all(pool["is_deleted"] for pool in self.get("/pools.json", search__is_deleted="true")))
        self.assertFalse(any(note["is_active"] for note in self.get("/notes.json", search__is_active="false")))

    def test_post_id(self):
        note = self.truth("notes")[3]
        found = self.get("/notes.json", search__post_id=note["post_id"])
        self.assertIn(note["id"], [row["id"] for row in found])

    def test_blank_value_redirects(self):
        answer = self.request("/tags.json?limit=3&" + urllib.parse.quote("search[name]") + "=")
        self.assertEqual((answer.status, answer.headers["Location"]), (302, "/tags.json?limit=3"))

    def test_rows_by_id(self):
        tag = self.truth("tags")[7]
        self.assertEqual(self.get(f"/tags/{tag['id']}.json")["name"], tag["name"])
        self.assertEqual(self.request("/tags/999999999.json").status, 404)
        self.assertEqual(self.request("/nothing.json").status, 404)

    def test_only(self):
        artist = self.truth("artists")[0]
        rows = self.get("/artists.json", search__id=artist["id"], only="id,urls[url,is_active],nonsense")
        self.assertEqual(list(rows[0]), ["id", "urls"])
        self.assertTrue(all(set(url) == {"url", "is_active"} for url in rows[0]["urls"]))
        asset = self.get("/media_assets.json", limit=1, only="id,md5,updated_at,post[id]")[0]
        self.assertEqual(list(asset["post"]), ["id"])


if __name__ == "__main__":
    unittest.main()
