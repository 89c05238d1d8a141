# SPDX-License-Identifier: MIT
"""A bad day: every tenth answer broken in some way, posts arriving all the time, rows that never can be read. What is
asked stays within the limits, and what comes out is the site, row for row.

DBR_TEST_POSTS sets how many posts.
"""
import os
import unittest

import harness

POSTS = int(os.environ.get("DBR_TEST_POSTS", "4000"))
RATE = 30  # requests a second
# Requests are timed where they arrive. One that was held up on its way, by a busy machine, comes closer to the next one
# than it was sent: a window may seem to hold what was sent within that much more.
HELD_UP = 0.05 * (4 if harness.IS_SANITIZED else 1)
# As long an answer may be on its way before the one who waits for it knows that it is limited.
UNDER_WAY = 0.03 * (4 if harness.IS_SANITIZED else 1)
# A limit without a time: whoever knows nothing waits at least this long.
NOT_AT_ONCE = 0.5
# Each kind of limit at least once, whatever is drawn; then the bad day.
LIMITS = ("429:1:count=1:path=/tags.json:retry=seconds:retry_after=2", "503:1:count=1:path=/pools.json:retry=date",
          "429:1:count=1:path=/artists.json")
MIXED = "mixed:0.1:scope=api"


class BadDay(harness.Case):
    """One story, told in order."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.site = cls.start_site("--metadata-only", posts=POSTS)
        cls.data = harness.Dataset(cls.scratch / "root", cls.site)
        ids = sorted(cls.site.truth())
        # One costs a few seconds of patience.
        cls.bad = [ids[POSTS // 3], ids[POSTS // 2]][:1 if POSTS < 10_000 else 2]
        cls.logs = []

    def run_until_done(self, *faults, runs=8):
        """Such a site may use up a run's patience: cron would start it again. A bad row is left over: 3."""
        # Neither in a page nor alone.
        bad = [fault for number in self.bad
               for fault in (f"bad_row:{number}", {"kind": "500", "path": f"/posts/{number}.json"})]
        self.site.faults(*bad, *faults)
        for _ in range(runs):
            self.site.clear_log()
            outcome = self.data.run("fetch-metadata", "--json", "--tps", RATE)
            self.logs.append(self.site.log())
            if outcome.code != 5:
                break
        self.site.faults(*bad)
        return self.assertCode(3, outcome)

    def test_1_the_harvest(self):
        known = set(self.site.truth())
        outcome = self.run_until_done(*LIMITS, MIXED, "arriving:0.3:scope=api")
        for number in self.bad:
            self.assertRegex(outcome.err + outcome.out, rf"\b{number}\b", "a row that is skipped is named")
        self.assertGreater(len(set(self.site.truth()) - known), 3, "posts arrived meanwhile")
        hit = {(entry["fault"], entry["closed_until_us"] is not None) for log in self.logs for entry in log}
        self.assertGreaterEqual(len(hit), 5, f"it was really broken: {hit}")

    def test_2_one_refresh_later_it_is_the_site(self):
        """With the same faults, only that nothing arrives any more."""
        outcome = self.run_until_done(MIXED)
        self.assertEqual(outcome.json()["unread"], len(self.bad))
        served = self.site.served()
        for number in self.bad:
            del served[number]
        self.assertSameRows(self.data.posts(), served, "posts")
        truth = self.site.truth()
        for state in ("live", "deleted", "withheld"):
            wanted = [number for number in served if truth[number]["state"] == state]
            self.assertEqual(list(self.data.posts("--state", state)), wanted, state)
        for table in harness.TABLES:
            rows, ours = self.site.served(table), self.data.records(table)
            if table == "users":
                named = {post["uploader_id"] for post in served.values()}
                self.assertLessEqual(named, set(ours), "uploaders have names")
                rows = {number: row for number, row in rows.items() if number in ours}
            # A tag's count moves with every post that arrives, and no feed says so: a sweep's business.
            self.assertSameRows(ours, rows, table, but={"post_count"} if table == "tags" else ())

    def test_3_never_while_limited(self):
        limits = 0
        for log in self.logs:
            for answer in log:
                if answer["status"] not in (429, 503):
                    continue
                limits += 1
                end = answer["closed_until_us"] or answer["end_us"] + NOT_AT_ONCE * 1e6
                early = [entry for entry in log if answer["end_us"] + UNDER_WAY * 1e6 < entry["begin_us"] < end - 5000]
                self.assertEqual(early, [], f"limited by {answer}")
        self.assertGreaterEqual(limits, len(LIMITS))

    def test_4_no_window_holds_too_many(self):
        """In any window of W seconds at most R * W + 1."""
        requests = 0
        for log in self.logs:
            times = sorted(entry["begin_us"] / 1e6 for entry in log)
            requests += len(times)
            for i, first in enumerate(times):
                for j in range(i + 1, len(times)):
                    most = RATE * (times[j] - first + HELD_UP) + 1
                    self.assertLessEqual(j - i + 1, most, f"from {first:.3f} to {times[j]:.3f}")
        self.assertGreater(requests, 30)


if __name__ == "__main__":
    unittest.main()
