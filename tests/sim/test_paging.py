# SPDX-License-Identifier: MIT
"""Numbered and keyset pages, limits, the cap and its quirk."""
import unittest

import sim


class PagingTest(sim.SimTest):
    ARGUMENTS = ["--posts", "1500", "--metadata-only"]

    def setUp(self):
        super().setUp()
        self.all = [post["id"] for post in self.truth()]

    def test_limits_are_clamped_in_silence(self):
        self.assertEqual(len(self.ids("/posts.json")), 20)
        self.assertEqual(len(self.ids("/posts.json", limit=1000)), 200)
        self.assertEqual(len(self.ids("/posts.json", limit=0)), 1)
        self.assertEqual(len(self.ids("/tags.json", limit=1000)), len(self.truth("tags")))
        self.assertEqual(len(self.ids("/media_assets.json", limit=1000)), 200)

    def test_first_page_is_id_descending(self):
        self.assertEqual(self.ids("/posts.json"), self.all[::-1][:20])

    def test_below_and_above_are_both_descending(self):
        middle = self.all[700]
        self.assertEqual(self.ids("/posts.json", page=f"b{middle}", limit=5), self.all[695:700][::-1])
        self.assertEqual(self.ids("/posts.json", page=f"A{middle}", limit=5), self.all[701:706][::-1])

    def test_keyset_sweep_meets_every_post_once(self):
        seen, last = [], 0
        while page := self.ids("/posts.json", page=f"a{last}", limit=200):
            seen += reversed(page)
            last = page[0]
        self.assertEqual(seen, self.all)
        tags, last = [], 10**9
        while page := self.ids("/tags.json", page=f"b{last}", limit=100):
            tags += page
            last = page[-1]
        self.assertEqual(tags[::-1], [tag["id"] for tag in self.truth("tags")])

    def test_keyset_replaces_any_order(self):
        self.assertEqual(self.ids("/posts.json", page="a0", limit=3, tags="order:change"), self.all[:3][::-1])

    def test_odd_pages_are_page_one(self):
        for page in ("0", "-3", "x", "a", ""):
            self.assertEqual(self.ids("/posts.json", page=page), self.all[::-1][:20], page)

    def test_past_the_end_is_empty(self):
        self.assertEqual(self.ids("/posts.json", page=900), [])

    def test_cap(self):
        answer = self.request("/posts.json?page=1001")
        self.assertEqual(answer.status, 410)
        self.assertEqual(answer.json()["error"], "PaginationExtension::PaginationError")
        self.assertEqual(self.request("/tags.json?page=1001").status, 410)

    def test_page_at_the_cap_is_reversed(self):
        self.assertEqual(self.ids("/posts.json", page=1000, limit=1), [self.all[-1000]])
        full = self.all[::-1]
        self.assertEqual(self.ids("/posts.json", page=999, limit=1), [full[998]])
        self.assertEqual(self.ids("/tags.json", page=1000, limit=1000), [])

    def test_events_have_no_id(self):
        rows = self.get("/post_events.json", limit=5)
        self.assertNotIn("id", rows[0])
        self.assertEqual(rows, sorted(rows, key=lambda row: row["event_at"], reverse=True))
        self.assertEqual(self.request("/post_events.json?page=a1").status, 500)

    def test_pools_come_by_update(self):
        pools = sorted(self.truth("pools"), key=lambda pool: pool["updated_at"], reverse=True)
        self.assertEqual([pool["id"] for pool in pools], self.ids("/pools.json", limit=1000))


if __name__ == "__main__":
    unittest.main()
