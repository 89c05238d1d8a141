# SPDX-License-Identifier: MIT
"""`dbr posts` and `dbr records` answer as the site's own rows say, worked out here the slow way."""
import datetime
import itertools
import unittest

import harness


def moment(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


class Reading(harness.Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.site = cls.start_site("--metadata-only", posts=600)
        cls.data = harness.Dataset(cls.scratch / "root", cls.site)
        # Relations between tags that posts have, beside those the site drew.
        cls.common = sorted(cls.site.served("tags").values(), key=lambda tag: -tag["post_count"])
        cls.site.change(new_aliases=30, new_implications=30)
        outcome = cls.data.run("fetch-metadata")
        assert outcome.code == 0, outcome
        cls.posts, cls.states = cls.site.served(), {n: post["state"] for n, post in cls.site.truth().items()}
        active = [[row for row in cls.site.served(table).values() if row["status"] == "active"]
                  for table in ("tag_aliases", "tag_implications")]
        cls.aliases = {row["antecedent_name"]: row["consequent_name"] for row in active[0]}
        cls.implied_by = {}
        for row in active[1]:
            cls.implied_by.setdefault(row["consequent_name"], set()).add(row["antecedent_name"])

    def names_for(self, name):
        """What satisfies a word: the tag it is another name for, and all that imply that. Posts may have the old name
        still."""
        found, waiting = set(), [self.aliases.get(name, name), name]
        while waiting:
            tag = waiting.pop()
            if tag not in found:
                found.add(tag)
                waiting += self.implied_by.get(tag, ())
        return found

    def with_tags(self, query):
        def holds(post):
            tags = set(post["tag_string"].split())
            return all(bool(tags & self.names_for(word.removeprefix("-"))) != word.startswith("-")
                       for word in query.split())
        return [number for number, post in self.posts.items() if holds(post)]

    def listed(self, *args):
        return list(self.data.posts(*args))

    def test_tags(self):
        # Of those that nothing implies: half of the others is more than half of the site.
        a, b, c = [tag["name"] for tag in self.common if len(self.names_for(tag["name"])) == 1][:3]
        for query in (a, f"{a} {b}", f"{a} -{b}", f"{a} {b} -{c}", f"-{a} -{b}", f"-{a}"):
            wanted = self.with_tags(query)
            self.assertEqual(self.listed("--tags", query), wanted, query)
            self.assertTrue(0 < len(wanted) < len(self.posts), query)
        for tag in self.common[3:40]:
            if not tag["name"].startswith("-"):
                self.assertEqual(self.listed("--tags", tag["name"]), self.with_tags(tag["name"]), tag["name"])
        self.assertEqual(self.listed("--tags", "there_is_no_such_tag"), [])
        self.assertEqual(self.listed("--tags", f"{a} there_is_no_such_tag"), [])

    def test_aliases_and_implications(self):
        tried = 0
        for alias in itertools.islice((name for name in self.aliases if not name.startswith("-")), 20):
            self.assertEqual(self.listed("--tags", alias), self.with_tags(alias), alias)
            tried += bool(self.with_tags(alias))
        self.assertGreater(tried, 5)
        grown = [name for name in self.implied_by if not name.startswith("-") and
                 len(self.with_tags(name)) > sum(name in post["tag_string"].split() for post in self.posts.values())]
        self.assertGreater(len(grown), 0)
        for name in grown[:20]:
            self.assertEqual(self.listed("--tags", name), self.with_tags(name), name)

    def test_ratings(self):
        for ratings in ("g", "g,s", "q,e"):
            self.assertEqual(self.listed("--rating", ratings),
                             [number for number, post in self.posts.items() if post["rating"] in ratings.split(",")])

    def test_states(self):
        for states in ("live", "deleted", "withheld", "live,withheld"):
            self.assertEqual(self.listed("--state", states),
                             [number for number in self.posts if self.states[number] in states.split(",")])

    def test_dates(self):
        """Days are whole days in UTC, both ends included; daylight saving and zones are no matter."""
        for first, last in (("2017-12-31", "2017-12-31"), ("2017-12-31", "2018-01-01"), ("2010-01-01", "2012-06-30"),
                            ("", "2009-12-31"), ("2018-01-01", "")):
            begin = moment((first or "0001-01-01") + "T00:00:00Z")
            end = moment((last or "9998-01-01") + "T00:00:00Z") + datetime.timedelta(days=1)
            wanted = [n for n, post in self.posts.items() if begin <= moment(post["created_at"]) < end]
            self.assertEqual(self.listed("--created", f"{first}..{last}"), wanted, f"{first}..{last}")
            self.assertGreater(len(wanted), 0)

    def test_all_together(self):
        tag = self.common[0]["name"]
        wanted = [n for n in self.with_tags(tag) if self.posts[n]["rating"] in "sq" and self.states[n] == "live" and
                  moment(self.posts[n]["created_at"]) < moment("2016-01-01T00:00:00Z")]
        self.assertEqual(self.listed("--tags", tag, "--rating", "s,q", "--state", "live", "--created", "..2015-12-31"), wanted)
        self.assertGreater(len(wanted), 0)

    def test_what_is_not_there(self):
        outcome = self.data.run("posts", min(self.posts), max(self.posts) + 1000)
        self.assertCode(3, outcome)
        self.assertEqual(len(outcome.out.splitlines()), 1)
        self.assertCode(3, self.data.run("records", "tags", 999_999_999))

    def test_records(self):
        for table in harness.TABLES:
            if table != "users":
                self.assertSameRows(self.data.records(table), self.site.served(table), table)


if __name__ == "__main__":
    unittest.main()
