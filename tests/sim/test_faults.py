# SPDX-License-Identifier: MIT
"""Every fault, as a client sees it."""
import email.utils
import http.client
import time
import unittest

import sim


class FaultsTest(sim.SimTest):
    ARGUMENTS = ["--posts", "300", "--metadata-only"]

    def test_statuses(self):
        for kind, status, content in (("429", 429, "html"), ("503", 503, "html"), ("500", 500, "json"), ("502", 502, "html"),
                                      ("challenge", 403, "html"), ("404", 404, "json"), ("html200", 200, "html")):
            self.faults(f"{kind}:1")
            answer = self.request("/posts.json")
            self.assertEqual(answer.status, status, kind)
            self.assertIn(content, answer.headers["Content-Type"], kind)
            self.assertEqual(answer.headers["Retry-After"], "1" if kind == "503" else None, kind)

    def test_database_timeout_body(self):
        self.faults({"kind": "500", "rate": 1})
        self.assertEqual(self.request("/posts.json").json()["error"], "ActiveRecord::QueryCanceled")

    def test_count_scope_and_path(self):
        self.faults({"kind": "503", "count": 2, "retry_after": 7, "path": "/posts"})
        self.assertEqual(self.request("/tags.json").status, 200)
        statuses = [self.request("/posts.json") for _ in range(3)]
        self.assertEqual([answer.status for answer in statuses], [503, 503, 200])
        self.assertEqual(statuses[0].headers["Retry-After"], "7")
        self.faults("429:1:scope=cdn")
        self.assertEqual(self.request("/posts.json").status, 200)
        self.assertEqual(self.request("/original/00/00/x.jpg").status, 429)

    def test_rate(self):
        self.faults("502:0.3")
        failed = sum(self.request("/posts.json?limit=1").status == 502 for _ in range(100))
        self.assertTrue(15 <= failed <= 45, failed)

    def test_whole_site_is_down_for_a_time(self):
        self.faults({"kind": "503", "rate": 1, "count": 1, "site": True, "retry_after": 1})
        self.assertEqual([self.request(path).status for path in ("/posts.json", "/tags.json", "/original/x/y/z.jpg")], [503] * 3)
        time.sleep(1.1)
        self.assertEqual(self.request("/posts.json").status, 200)

    def test_truncated(self):
        self.faults("truncated:1:at=100")
        with self.assertRaises(http.client.IncompleteRead) as caught:
            self.request("/posts.json")
        self.assertEqual(len(caught.exception.partial), 100)

    def test_reset(self):
        self.faults("reset:1:at=50")
        with self.assertRaises((ConnectionResetError, http.client.IncompleteRead)):
            self.request("/posts.json")
        self.faults("reset:1")
        for _ in range(6):
            with self.assertRaises((ConnectionResetError, http.client.HTTPException)):
                self.request("/posts.json")

    def test_corrupt(self):
        whole = self.request("/posts.json").body
        self.faults("corrupt:1")
        damaged = self.request("/posts.json").body
        self.assertEqual(len(damaged), len(whole))
        self.assertEqual(sum(a != b for a, b in zip(damaged, whole)), 1)

    def test_slow_and_stall(self):
        self.faults("slow:1:ms=20:chunk=20000")
        start = time.monotonic()
        self.assertEqual(self.request("/posts.json?limit=20").status, 200)
        self.assertGreater(time.monotonic() - start, 0.03)
        self.faults("stall:1:ms=100:at=10")
        start = time.monotonic()
        with self.assertRaises(http.client.IncompleteRead):
            self.request("/posts.json")
        self.assertGreater(time.monotonic() - start, 0.1)

    def test_wrong_length(self):
        whole = len(self.request("/posts.json?limit=2").body)
        self.faults("wrong_length:1")
        for _ in range(4):
            head, body = self.raw("/posts.json?limit=2").split(b"\r\n\r\n", 1)
            self.assertNotIn(f"Content-Length: {whole}\r\n".encode(), head + b"\r\n")
            self.assertEqual(len(body), whole)

    def test_short_pages_lose_nothing(self):
        self.faults("short_page:1")
        everything, seen, last = [post["id"] for post in self.truth()], [], 0
        while page := self.ids("/posts.json", page=f"a{last}", limit=30):
            self.assertLess(len(page), 30)
            seen += reversed(page)
            last = page[0]
        self.assertEqual(seen, everything)

    def test_short_pages_with_holes(self):
        whole, seen, answers, inner_holes = self.ids("/posts.json", page="a50", limit=30), set(), set(), 0
        self.faults({"kind": "short_page", "rate": 1, "drop": "any"})
        for _ in range(20):
            page = self.ids("/posts.json", page="a50", limit=30)
            self.assertTrue(0 < len(page) < 30, page)
            self.assertEqual(page, [post for post in whole if post in page], "what is there is as it was")
            inner_holes += len(page) < whole.index(page[-1]) - whole.index(page[0]) + 1
            seen.update(page)
            answers.add(tuple(page))
        self.assertEqual(seen, set(whole), "which rows are missing is drawn anew")
        self.assertGreater(len(answers), 10)
        self.assertGreater(inner_holes, 10)
        self.faults("short_page:1:drop=any")
        self.assertLess(len(self.ids("/posts.json", page=2)), 20, "numbered pages, too")
        self.assertEqual(len(self.ids("/posts.json", page="a50", limit=2)), 1)
        self.assertEqual(len(self.ids("/posts.json", page="a50", limit=1)), 1, "an empty page would be the end")
        self.faults("short_page:1:drop=end")
        self.assertEqual(self.ids("/posts.json", page="a50", limit=30), whole[10:])

    def test_bad_row(self):
        post = self.truth()[50]["id"]
        self.faults(f"bad_row:{post}")
        self.assertEqual(self.request(f"/posts.json?page=a{post - 1}").status, 500)
        self.assertEqual(self.request(f"/posts.json?page=a{post}").status, 200)
        self.assertEqual(self.request(f"/posts.json?tags=id:{post}").status, 500)

    def test_bad_row_of_another_table(self):
        tag = self.truth("tags")[5]["id"]
        self.faults(f"bad_row:{tag}:path=/tags.json")
        self.assertEqual(self.request(f"/tags.json?page=a{tag - 1}").status, 500)
        self.assertEqual(self.request(f"/tags.json?search[id]={tag}").status, 500)
        self.assertEqual(self.request(f"/tags.json?page=a{tag}").status, 200)
        self.assertEqual(self.request("/posts.json?limit=200").status, 200)

    def test_posts_arrive_while_paging(self):
        before = len(self.truth())
        self.faults("arriving:1:count=3")
        for page in (1, 2, 3):
            self.get("/posts.json", page=page)
        self.assertEqual(len(self.truth()), before + 3)

    def test_retry_after_in_every_form(self):
        for fault, form in (("429:1", None), ("429:1:retry=seconds:retry_after=7", "seconds"),
                            ("503:1:retry=date:retry_after=7", "date"), ("503:1:retry=none", None)):
            self.faults(fault)
            before = time.time()
            text = self.request("/posts.json").headers["Retry-After"]
            entry = self.request("/sim/log").json()[-1]
            if form is None:
                self.assertIsNone(text, fault)
                self.assertIsNone(entry["closed_until_us"], fault)
                continue
            wait = (entry["closed_until_us"] - entry["end_us"]) / 1e6
            if form == "seconds":
                self.assertEqual((text, wait), ("7", 7.0))
            else:
                moment = email.utils.parsedate_to_datetime(text).timestamp()
                self.assertTrue(text.endswith(" GMT") and before + 7 <= moment <= time.time() + 8, text)
                self.assertAlmostEqual(before + wait, moment, delta=0.5)

    def test_a_bad_day(self):
        """All of its faults at the rate asked for; never one that would hide or spoil a row for good."""
        self.faults("mixed:0.5")
        for _ in range(200):
            try:
                self.request("/posts.json?limit=5&page=a3")
            except (OSError, http.client.HTTPException):
                pass
        log = self.request("/sim/log").json()
        hit = {(row["fault"], row["closed_until_us"] is not None) for row in log if row["fault"]}
        self.assertEqual(hit, {("429", True), ("429", False), ("503", True), ("500", False), ("502", False),
                               ("truncated", False), ("reset", False), ("html200", False), ("short_page", False)})
        self.assertTrue(60 <= sum(row["fault"] != "" for row in log) <= 140)

    def test_short_pages_of_other_tables(self):
        whole = self.ids("/tags.json", page="a0", limit=30)
        self.faults("short_page:1")
        self.assertEqual(self.ids("/tags.json", page="a0", limit=30), whole[10:])
        self.assertEqual(len(self.ids("/tags.json", limit=30)), 30, "a numbered page ends where it ends")

    def test_nonsense_is_refused(self):
        for text in ("unheard_of:1", "short_page:1:drop=some", "short_page:1:unheard_of=1", "429:1:retry=soon"):
            answer = self.request("/sim/faults", method="POST", body=f'["{text}"]')
            self.assertEqual(answer.status, 400, text)


if __name__ == "__main__":
    unittest.main()
