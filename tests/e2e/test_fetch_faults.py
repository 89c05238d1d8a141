# SPDX-License-Identifier: MIT
"""Whatever a file host does: what it can serve is stored right in the end, the rest is known for what it is, and no wrong
byte ever has a final name. DBR_TEST_POSTS makes it a campaign (scripts/soak)."""
import contextlib
import os
import sqlite3
import unittest

import harness
from watcher import Watcher

POSTS = int(os.environ.get("DBR_TEST_POSTS", "60"))
IS_CAMPAIGN = POSTS > 500
CONNECTIONS = 8
RUNS = 12
PATIENCE = harness.PATIENCE * (10 if IS_CAMPAIGN else 1)
RATE = 0.2
# Each of these stops everything for a second, and makes all that follows slower for a while.
PAUSING = f"{RATE}:count={15 if IS_CAMPAIGN else 2}"
# In the campaign it is the client that ends each of these, when its patience does.
STALLING = 0.01 if IS_CAMPAIGN else 0.1
# What has to go on from somewhere; where it cannot, each costs some waiting.
CUT = f"truncated:{RATE}" + ("" if IS_CAMPAIGN else ":count=4")
ELSEWHERE = "http://169.254.169.254/latest/meta-data/"

# By name; each is a list, of which the first that fits a request happens to it. `once` where twice would be the truth:
# who answers 404 again, or the same wrong bytes again and again, is believed.
ALONE = {
    "429": [f"429:{PAUSING}"],
    "429 with seconds": [f"429:{PAUSING}:retry=seconds:retry_after=1"],
    "503 with seconds": [f"503:{PAUSING}:retry_after=1"],
    "503 with a date": [f"503:{PAUSING}:retry=date:retry_after=1"],
    "500": [f"500:{RATE}"],
    "502": [f"502:{RATE}"],
    "reset before the head": [f"reset:{RATE}:stage=before"],
    "reset in the head": [f"reset:{RATE}:stage=head"],
    "reset in the body": [f"reset:{RATE}:stage=body"],
    "reset after the body": [f"reset:{RATE}:stage=after"],
    "truncated": [f"truncated:{RATE}"],
    "truncated, a weak validator": [f"truncated:{RATE}:validators=weak"],
    "truncated, no validators": [f"truncated:{RATE}:validators=none"],
    "a flipped byte": [f"corrupt:{RATE}"],
    "the same flipped byte": [f"corrupt:{RATE}:at=700:once=1"],
    "slow": [f"slow:{RATE}:ms=5:chunk=8000"],
    "stalled": [f"stall:{STALLING}:ms={60_000 if IS_CAMPAIGN else 200}"],
    "html": [f"html200:{RATE}"],
    "404": [f"404:{RATE}:once=1"],
    "308": ["308:1"],
    "elsewhere": [f"elsewhere:{RATE}:once=1"],
    "a length too long": [f"wrong_length:{RATE}:length=longer"],
    "a length too short": [f"wrong_length:{RATE}:length=shorter"],
    "changed": [f"changed:{RATE * 2}"],
    "changed, If-Range ignored": [f"changed:{RATE * 2}:if_range=0"],
    "416": ["416:1", CUT],
    "no ranges": ["no_range:1", CUT],
    "another range": ["wrong_range:1", CUT],
    "206 unasked": [f"206:{RATE}"],
}


def on_files(rule):
    return f"{rule}:scope=cdn"


def mixed():
    """All of them at once, which together hit one request in five; those that need a request with Range, as they are."""
    share = RATE / (len(ALONE) + 2)
    rules = []
    for rule in (rules[-1] for rules in ALONE.values()):
        kind, _, *keys = (word for word in rule.split(":") if not word.startswith("count="))
        rules.append(":".join([kind, f"{share:.5f}", *keys]))
    return [*(f"{kind}:0.2" for kind in ("416", "no_range", "wrong_range")), *rules]


def states(data):
    """ID -> the state of its original, and why."""
    with contextlib.closing(sqlite3.connect(f"file:{data.manifest}?mode=ro", uri=True)) as database:
        rows = database.execute("SELECT p.id, p.original, coalesce(o.reason, '') FROM post p "
                                "LEFT JOIN original o ON o.post_id = p.id ORDER BY p.id")
        names = ("wanted", "stored", "mismatch", "absent", "withheld", "expunged", "refused", "quarantined", "excluded")
        return {number: (names[state] if state < len(names) else str(state), reason) for number, state, reason in rows}


def truth_of(post):
    """What has to become of a post's file in the end."""
    if post is None:  # a gap
        return "expunged"
    if post["state"] in ("withheld", "expunged"):
        return post["state"]
    if post["absent"]:
        return "absent"
    return "mismatch" if post["stored_md5_is_wrong"] else "stored"


class FetchFaults(harness.Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.site = cls.start_site(posts=POSTS)
        cls.truth = cls.site.truth()
        cls.right = {number: {post["served_md5"]} for number, post in cls.truth.items()}
        cls.faultless = harness.Dataset(cls.scratch / "faultless", cls.site)
        outcome = cls.faultless.run("fetch-metadata", "--year", 2017)
        assert outcome.code == 0, outcome
        cls.harvested = cls.faultless.manifest.read_bytes()
        outcome = cls.faultless.run("fetch-images", "-j", CONNECTIONS)
        assert outcome.code == 0, outcome
        cls.expected = states(cls.faultless)

    def setUp(self):
        self.site.faults()
        self.site.clear_log()

    def harvested_dataset(self):
        data = self.dataset(self.site)
        data.manifest.write_bytes(self.harvested)
        return data

    def path_of(self, state="stored", position=0):
        """A post of that fate, and where its file is."""
        post = [post for number, post in self.truth.items() if self.expected.get(number, [""])[0] == state][position]
        return post["id"], f"/original/{post['md5'][:2]}/{post['md5'][2:4]}/{post['md5']}"

    def fetch(self, data):
        """As often as a user would, as long as it says that something is left; codes and what was said."""
        outcomes = []
        with Watcher(data.root, self.right) as watcher:
            while not outcomes or outcomes[-1].code in (3, 5):
                self.assertLess(len(outcomes), RUNS, f"never done: {outcomes and outcomes[-1]}")
                outcomes.append(data.start("fetch-images", "-j", CONNECTIONS).finish(PATIENCE))
        self.assertEqual(watcher.wrong, [], "under a final name")
        return outcomes, watcher

    def assertPolite(self, log):
        """While the host is closed nothing is asked for. It takes a moment until that is known on all connections: what
        comes in the first quarter of the time does not count."""
        files = [entry for entry in log if harness.is_file_request(entry)]
        for closing in (entry for entry in files if entry["closed_until_us"]):
            known = closing["end_us"] + (closing["closed_until_us"] - closing["end_us"]) / 4
            late = [entry for entry in files if known < entry["begin_us"] < closing["closed_until_us"]]
            self.assertLess(len(late), CONNECTIONS, f"after {closing}")

    def check(self, *rules):
        """One fault, or a mixture: the end is what it would be without."""
        data = self.harvested_dataset()
        self.site.clear_log()
        self.site.faults(*(on_files(rule) for rule in rules))
        outcomes, watcher = self.fetch(data)
        self.site.faults()
        log = self.site.log()
        self.assertEqual(outcomes[-1].code, 0, outcomes[-1])
        self.assertGreater(sum(entry["fault"] != "" for entry in log), 0, "nothing went wrong")
        self.assertEqual(states(data), self.expected)
        originals = {path: harness.digest(path, "md5") for path in data.originals()}
        self.assertEqual(len(originals), sum(state in ("stored", "mismatch") for state, _ in self.expected.values()))
        wrong = [str(path) for path, md5 in originals.items() if md5 not in self.right[int(path.stem)]]
        self.assertEqual(wrong, [])
        self.assertGreaterEqual(watcher.seen, len(originals))
        self.assertEqual(data.leftovers(), [])
        self.assertPolite(log)
        return log

    def test_expectations_are_the_truth(self):
        """What the others are compared with is right by the site's own account."""
        ours = {number: state for number, (state, _) in self.expected.items()}
        self.assertEqual(ours, {number: truth_of(self.truth.get(number)) for number in ours})
        self.assertTrue({"stored", "mismatch", "absent", "withheld"} <= set(ours.values()) or POSTS < 200)

    def test_mixed(self):
        log = self.check(*mixed())
        hit = {entry["fault"] for entry in log} - {""}
        self.assertGreater(len(hit), 2 if POSTS < 200 else 12, hit)

    def test_the_same_wrong_bytes_for_ever(self):
        """Not the line's fault: kept, with what they are and what the site says they are; not asked for for ever."""
        number, path = self.path_of()
        data = self.harvested_dataset()
        self.site.faults({"kind": "corrupt", "path": path, "at": 700})
        self.assertCode(0, data.run("fetch-images", "-j", CONNECTIONS))
        self.assertEqual(states(data)[number][0], "mismatch")
        stored = next(path for path, post in data.originals().items() if post == number)
        self.assertNotIn(harness.digest(stored, "md5"), self.right[number])
        self.site.clear_log()
        self.assertCode(0, data.run("fetch-images"))
        self.assertEqual(self.site.log(), [])

    def test_a_file_that_is_not_there(self):
        """404 is believed when it is said again, and the site still knows the post."""
        number, path = self.path_of()
        data = self.harvested_dataset()
        self.site.faults({"kind": "404", "path": path})
        outcomes, _ = self.fetch(data)
        self.assertEqual(outcomes[-1].code, 0, outcomes[-1])
        self.assertEqual(states(data)[number], ("absent", "not_found"))
        log = self.site.log()
        self.assertGreaterEqual(sum(entry["path"].startswith(path) for entry in log), 2)
        self.assertEqual(sum(entry["path"].startswith(f"/posts/{number}.json") for entry in log), 1)

    @unittest.skipIf(harness.IS_SANITIZED, "a sanitizer's runtime has to be the first library")
    def test_nobody_is_followed_to_another_host(self):
        """Refused, recorded, and not even connected to."""
        targets = (ELSEWHERE, "file:///etc/passwd", "http://10.255.255.1/x.jpg", "http://[fe80::1]/x.jpg",
                   "http://192.168.0.1:8080/x.jpg", "ftp://127.0.0.1/x.jpg", "https://files.example.invalid/x.jpg")
        data = self.harvested_dataset()
        sent = dict(zip((self.path_of(position=i) for i in range(len(targets))), targets))
        self.site.faults(*({"kind": "elsewhere", "path": path, "to": target} for (_, path), target in sent.items()))
        log = data.root / "connections"
        outcome = data.run("fetch-images", "-j", CONNECTIONS,
                           env={"LD_PRELOAD": str(harness.SHIMS / "libconnections.so"), "CONNECTIONS_LOG": str(log)})
        self.assertIn(outcome.code, (0, 3), outcome)
        found = states(data)
        for (number, _), target in sent.items():
            self.assertEqual(found[number][0], "refused", target)
        self.assertEqual(set(log.read_text().split()), {self.site.host})
        # Nothing is lost by it: what is served again can be fetched.
        self.site.faults()
        self.assertCode(0, data.run("retry", "--reason", "refused"))
        self.fetch(data)
        self.assertEqual(states(data), self.expected)


def add_test(name, rules):
    setattr(FetchFaults, "test_alone_" + name.replace(" ", "_").replace(",", ""), lambda self: self.check(*rules))


for each, its_rules in ALONE.items():
    add_test(each, its_rules)


if __name__ == "__main__":
    unittest.main()
