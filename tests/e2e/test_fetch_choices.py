# SPDX-License-Identifier: MIT
"""Which originals are fetched, in which order, how many of them, and what is done about those that failed."""
import shutil
import unittest

import harness


class FetchChoices(harness.Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.site = cls.start_site(posts=200)
        cls.harvested = harness.Dataset(cls.scratch / "harvested", cls.site)
        outcome = cls.harvested.run("fetch-metadata")
        assert outcome.code == 0, outcome
        cls.posts = {number: post for number, post in cls.harvested.posts().items() if "md5" in post}
        cls.truth = cls.site.truth()
        cls.good = {n for n in cls.posts if not cls.truth[n]["absent"] and not cls.truth[n]["stored_md5_is_wrong"]}

    def setUp(self):
        """A copy of the harvested dataset, and a site without faults."""
        self.site.faults()
        self.site.clear_log()
        self.data = self.dataset(self.site)
        shutil.copytree(self.harvested.root, self.data.root, dirs_exist_ok=True)

    def fetch(self, *args, code=0):
        return self.assertCode(code, self.data.run("fetch-images", *args))

    def stored(self):
        return set(self.data.originals().values())

    def asked(self):
        """Posts whose files were asked for, in this order; each once."""
        number_of = {post["md5"]: number for number, post in self.posts.items()}
        asked = [number_of[entry["path"].rsplit("/", 1)[1].split(".")[0]] for entry in self.site.log()
                 if harness.is_file_request(entry)]
        return list(dict.fromkeys(asked))

    def reasons(self, state):
        return self.data.status()["stages"]["fetch-images"]["reasons"].get(state, {})

    def test_the_order_is_the_users(self):
        self.fetch("--order", "new", "-j", 1)
        self.assertEqual(self.asked(), sorted(self.posts, reverse=True))
        self.setUp()
        self.fetch("--order", "small", "-j", 1)
        self.assertEqual(self.asked(), sorted(self.posts, key=lambda n: (self.posts[n]["file_size"], n)))
        self.setUp()
        self.fetch("-j", 1)
        self.assertEqual(self.asked(), sorted(self.posts))

    def test_what_is_left_out_is_not_asked_for_and_comes_when_wanted_again(self):
        sfw = {n for n, post in self.posts.items() if post["rating"] in "gs"}
        still = {n for n, post in self.posts.items() if post["file_ext"] in ("jpg", "png", "gif", "webp", "avif")}
        size = sorted(post["file_size"] for post in self.posts.values())[100]
        small = {n for n, post in self.posts.items() if post["file_size"] <= size}
        related = {row[end] for table in ("tag_aliases", "tag_implications") for row in self.data.records(table).values()
                   for end in ("antecedent_name", "consequent_name")}
        tag = next(t for n in sorted(sfw) for t in self.posts[n]["tag_string"].split()
                   if t not in related and sum(t in post["tag_string"].split() for post in self.posts.values()) in range(2, 100))
        untagged = {n for n, post in self.posts.items() if tag not in post["tag_string"].split()}
        self.assertTrue(sfw and still and small and untagged and untagged != set(self.posts))
        wishes = ("--only", "sfw", "--skip-non-images", "--max-file-size", size, "--exclude-tags", tag)
        plan = self.data.run("fetch-images", *wishes, "-n", "--json").json()
        wanted = sfw & still & small & untagged
        self.assertEqual(plan["items"], len(wanted))
        self.assertEqual(plan["bytes"], sum(self.posts[n]["file_size"] for n in wanted))
        self.fetch(*wishes)
        self.assertEqual(set(self.asked()), wanted)
        self.assertEqual(sum(self.reasons("excluded").values()), len(self.posts) - len(wanted))
        self.assertLessEqual(set(self.reasons("excluded")), {"rating", "size", "tag", "not_an_image"})
        self.fetch()
        self.assertLessEqual(self.good, self.stored())
        self.assertEqual(self.data.states("fetch-images").get("excluded", 0), 0)

    def test_max_transfer_is_never_exceeded(self):
        limit = sum(post["file_size"] for post in self.posts.values()) // 3
        outcome = self.fetch("--max-transfer", limit, code=10)
        self.assertIn("stopped by a limit", outcome.out)
        sent = sum(entry["bytes"] for entry in self.site.log() if harness.is_file_request(entry))
        self.assertLessEqual(sent, limit)
        self.assertGreater(sent, limit // 3)
        before = self.stored()
        self.site.clear_log()
        self.fetch()
        self.assertTrue(before.isdisjoint(self.asked()), "what was stored is not fetched again")
        self.assertLessEqual(self.good, self.stored())

    def test_what_cannot_fit_is_refused_with_the_numbers(self):
        outcome = self.fetch("--reserve", "900T", code=6)
        self.assertRegex(outcome.err, r"cannot fetch \d+ files: no space left on .*: they take .*B, .* are free")
        self.assertEqual(self.asked(), [])
        plan = self.data.run("fetch-images", "--reserve", "900T", "-n", "--json").json()
        self.assertFalse(plan["fits"])

    def test_a_dry_run_plans(self):
        before = harness.checksums(self.data.root / "store")
        outcome = self.fetch("-n", "--json", "--limit-rate", "1M", "--cdn-tps", "0.001")
        plan = outcome.json()
        self.assertEqual((plan["items"], plan["fits"]), (len(self.posts), True))
        self.assertAlmostEqual(plan["days"], len(self.posts) * 1000 / 86400, places=3)
        self.assertIsNone(self.fetch("-n", "--json").json()["days"])
        self.assertEqual((self.asked(), harness.checksums(self.data.root / "store")), ([], before))

    def test_what_failed_is_retried_and_nothing_else(self):
        lost = sorted(self.good)[10:13]
        paths = [self.posts[n]["file_url"].split("/", 3)[3] for n in lost]
        self.site.faults(*(f"404:1:scope=cdn:path=/{path}" for path in paths))
        self.fetch()
        truly_absent = sum(self.truth[n]["absent"] for n in self.posts)
        self.assertEqual(self.reasons("absent"), {"not_found": truly_absent + 3})
        self.site.faults()
        (self.data.root / "ids").write_text("\n".join(map(str, lost)))
        report = self.assertCode(0, self.data.run("retry", "--reason", "absent", "--ids", self.data.root / "ids",
                                                  "--json")).json()
        self.assertEqual(report["originals"], {"absent: not_found": 3})
        self.site.clear_log()
        self.fetch()
        self.assertEqual(sorted(self.asked()), lost)
        self.assertLessEqual(set(lost), self.stored())
        self.assertEqual(self.data.run("retry", "--reason", "no_such_reason", "--json").json()["originals"], {})

    def test_a_host_gone_wrong_settles_nothing(self):
        """Every way of going wrong, before anything is stored and after."""
        for ids in (None, sorted(self.good)[:40]):
            if ids:
                (self.data.root / "ids").write_text("\n".join(map(str, ids)))
                self.fetch("--ids", self.data.root / "ids")
            before = self.data.states("fetch-images")
            for fault in ("404:1", "corrupt:1:at=100", "elsewhere:1"):
                with self.subTest(fault=fault, stored=len(self.stored())):
                    self.site.faults(fault + ":scope=cdn")
                    self.fetch(code=5)
                    self.assertEqual(self.data.states("fetch-images"), before)
            self.site.faults("challenge:1:scope=cdn")
            self.fetch(code=9)
            self.assertEqual(self.data.states("fetch-images"), before)
            self.site.faults()
        self.fetch()
        self.assertLessEqual(self.good, self.stored())

    def test_nor_do_the_last_few_files(self):
        """A nightly run wants a handful; the CDN has lost everything, or refuses just these."""
        *most, a, b, c, d = sorted(self.good)
        (self.data.root / "ids").write_text("\n".join(map(str, most)))
        self.fetch("--ids", self.data.root / "ids")
        (self.data.root / "ids").write_text("\n".join(map(str, (a, b, c, d))))
        self.site.faults("404:1:scope=cdn")
        self.fetch("--ids", self.data.root / "ids", code=5)
        self.assertEqual(self.data.states("fetch-images").get("absent", 0), 0)
        paths = [self.posts[n]["file_url"].split("/", 3)[3] for n in (a, b, c)]
        self.site.faults(*(f"challenge:1:scope=cdn:path=/{path}" for path in paths))
        self.fetch("--ids", self.data.root / "ids", code=3)
        self.assertEqual(self.stored() & {a, b, c, d}, {d})

    def test_max_errors_does_not_count_what_is_only_looked_for_again(self):
        lost = sorted(self.good)[10:16]
        paths = [self.posts[n]["file_url"].split("/", 3)[3] for n in lost]
        self.site.faults(*(f"404:1:scope=cdn:path=/{path}" for path in paths))
        self.fetch("--max-errors", 5)
        self.assertEqual(len(self.stored()), len(self.good - set(lost)) + self.data.states("fetch-images").get("mismatch", 0))

    def test_a_wrong_extension_is_noticed_and_the_name_stays_the_sites(self):
        misnamed = [n for n in self.good if self.truth[n]["kind"] == "png_named_jpg"]
        self.assertTrue(misnamed, "the site has a file with the wrong extension")
        self.fetch()
        self.assertGreaterEqual(self.reasons("stored").get("extension", 0), len(misnamed))
        names = {path.name for path in self.data.originals()}
        self.assertLessEqual({f"{n}.{self.posts[n]['file_ext']}" for n in misnamed}, names)


if __name__ == "__main__":
    unittest.main()
