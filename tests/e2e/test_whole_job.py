# SPDX-License-Identifier: MIT
"""`dbr build --year 2017` against a site of 2,000 posts: what it stores, says and publishes is what the site has."""
import json
import pathlib
import re
import sqlite3
import stat
import statistics
import subprocess
import sys
import unittest
import xml.etree.ElementTree
from collections import Counter
from contextlib import closing

import harness

TESTS = pathlib.Path(__file__).resolve().parent.parent
sys.path += [str(TESTS / "consumers"), str(TESTS / "readers")]
import legacy  # noqa: E402
import postgres  # noqa: E402

CHECK_RELEASE = TESTS / "consistency/check_release.py"
POSTS = 2000
CUTOFF = "2018-01-01T00:00:00.000Z"


def number_of(path):
    """The post ID in the name of a picture file."""
    return int(path.rsplit("/", 1)[1].split(".")[0])


class WholeJob(harness.Case):
    """One build, shared by all tests; they look, and change nothing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.site = cls.start_site(posts=POSTS)
        cls.data = harness.Dataset(cls.scratch / "root", cls.site)
        cls.first = cls.data.build()
        assert cls.first.code == 0, cls.first
        cls.first_log = cls.site.log()
        cls.truth = cls.site.truth()
        cls.report = cls.data.status()
        cls.files = harness.table(cls.data.release / "files.tsv.zst")
        cls.left_out = harness.table(cls.data.release / "left-out.tsv.zst")
        in_range = [i for i, post in cls.truth.items() if post["created_at"] < CUTOFF and post["state"] != "expunged"]
        cls.last = max(in_range)
        cls.shown = {i for i in in_range if cls.truth[i]["state"] in ("live", "deleted")}
        cls.absent = {i for i in cls.shown if cls.truth[i]["absent"]}
        cls.held = cls.shown - cls.absent

    def reported(self, stage):
        return self.report["stages"][stage]["states"]

    def released(self, form=None):
        """Post IDs in the file list."""
        return {int(f["id"]) for f in self.files if form is None or f["path"].split("/")[1] == form}

    def database(self, name):
        return closing(sqlite3.connect(f"file:{self.data.release / name}?mode=ro&immutable=1", uri=True))

    def posts_of(self, name):
        with self.database(name) as database:
            key, table = ("id", "posts") if name == "danbooru2017.sqlite" else ("image_id", "images")
            return {row[0] for row in database.execute(f"SELECT {key} FROM {table}")}

    def jsonl(self, table):
        return {row["id"]: row for row in map(json.loads, harness.unzstd(self.data.release / f"{table}.jsonl.zst"))}

    # what status says

    def test_every_stage_accounts_for_every_id(self):
        self.assertEqual(self.report["ids"], self.last)
        for stage, counts in self.report["stages"].items():
            self.assertEqual(sum(counts["states"].values()), self.last, stage)

    def test_each_failure_has_its_reason(self):
        for stage, state in (("fetch-images", "absent"), ("fetch-images", "mismatch"), ("downscale", "failed"),
                             ("downscale", "not_a_still_image")):
            counts = self.report["stages"][stage]
            self.assertGreater(counts["states"][state], 0, f"the site has none that is {state}")
            self.assertEqual(sum(counts["reasons"][state].values()), counts["states"][state], state)
        for stage in self.report["stages"]:
            for state in ("wanted", "waiting", "refused", "quarantined"):
                self.assertNotIn(state, self.reported(stage), stage)

    def test_metadata_states_are_the_sites(self):
        expected = {}
        for i in range(1, self.last + 1):
            state = self.truth[i]["state"] if i in self.truth else "expunged"
            expected[state] = expected.get(state, 0) + 1
        self.assertEqual(self.reported("fetch-metadata"), expected)

    def test_original_states_are_the_sites(self):
        wrong = {i for i in self.held if self.truth[i]["stored_md5_is_wrong"]}
        self.assertTrue(wrong and self.absent, "the site has posts of every kind")
        states = self.reported("fetch-images")
        self.assertEqual(states["mismatch"], len(wrong))
        self.assertEqual(states["absent"], len(self.absent))
        self.assertEqual(states["stored"], len(self.held - wrong))

    # what is stored

    def test_every_stored_file_has_the_bytes_the_site_has(self):
        originals = self.data.originals()
        self.assertEqual(set(originals.values()), self.held)
        for path, number in originals.items():
            self.assertEqual(harness.digest(path, "md5"), self.truth[number]["served_md5"], path)

    def test_shared_files_are_links_and_read_only(self):
        for entry in self.files:
            shared = self.data.shared / entry["path"]
            stored = self.data.root / "store" / entry["path"].split("/", 1)[1]
            facts = shared.stat()
            self.assertEqual(facts.st_ino, stored.stat().st_ino, entry)
            self.assertEqual((facts.st_nlink, stat.S_IMODE(facts.st_mode)), (2, 0o444), entry)

    # what is released

    def test_file_list_agrees_with_the_tree(self):
        on_disk = {str(path.relative_to(self.data.shared)) for folder in ("sfw", "nsfw")
                   for path in (self.data.shared / folder).rglob("*") if path.is_file()}
        self.assertEqual({f["path"] for f in self.files}, on_disk)
        for entry in self.files:
            path = self.data.shared / entry["path"]
            self.assertEqual((int(entry["size"]), entry["md5"], entry["sha256"], entry["edition"]),
                             (path.stat().st_size, harness.digest(path, "md5"), harness.digest(path), "1"), entry)

    def test_nothing_from_after_the_cut_off(self):
        later = {i for i, post in self.truth.items() if post["created_at"] >= CUTOFF}
        self.assertGreater(len(later), 50, "the site goes on after 2017")
        self.assertEqual(self.released(), self.held)
        self.assertEqual(self.posts_of("danbooru2017.sqlite"), self.held)
        self.assertEqual(self.posts_of("filename-tags.sqlite"), self.held)
        self.assertEqual(set(self.jsonl("posts")), self.held)
        rows = harness.table(self.data.release / "filename-tags.tsv.zst")
        self.assertEqual({number_of(row["path"]) for row in rows}, self.held)
        self.assertEqual(len(rows), len(self.held))

    def test_sfw_holds_only_g_and_s(self):
        sets = {"sfw": set(), "nsfw": set()}
        for entry in self.files:
            sets[entry["path"].split("/")[0]].add(self.truth[int(entry["id"])]["rating"])
        self.assertEqual(sets, {"sfw": {"g", "s"}, "nsfw": {"q", "e"}})

    def test_left_out_lists_every_other_id_with_a_reason(self):
        by_form = {"original": {}, "512px": {}}
        for row in self.left_out:
            by_form[row["form"]][int(row["id"])] = row
        self.assertEqual(set(by_form["original"]), set(range(1, self.last + 1)) - self.released("original"))
        self.assertEqual(set(by_form["512px"]), self.released("original") - self.released("512px"))
        self.assertEqual(len(self.left_out), sum(map(len, by_form.values())), "each ID once")
        for row in self.left_out:
            self.assertTrue(row["state"], row)
            self.assertTrue(row["reason"] or row["state"] in ("withheld", "expunged"), row)

    def test_sha256sums_are_right_and_complete(self):
        subprocess.run(["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"], cwd=self.data.release, check=True)
        listed = {line[66:] for line in (self.data.release / "SHA256SUMS").read_text().splitlines()}
        on_disk = {str(path.relative_to(self.data.release)) for path in self.data.release.rglob("*") if path.is_file()}
        self.assertEqual(listed | {"SHA256SUMS"}, on_disk)
        self.assertIn("lists/deleted.txt", listed)

    # what the exports say

    def test_databases_are_sound_and_agree(self):
        tags = {}
        for name, pairs in (("danbooru2017.sqlite", "SELECT post_id, name FROM post_tags JOIN tags ON id = tag_id"),
                            ("filename-tags.sqlite", "SELECT image_id, name FROM imageTags JOIN tags USING (tag_id)")):
            with self.database(name) as database:
                self.assertEqual(database.execute("PRAGMA integrity_check").fetchall(), [("ok",)], name)
                self.assertEqual(database.execute("PRAGMA foreign_key_check").fetchall(), [], name)
                tags[name] = sorted(database.execute(pairs))
        with self.database("danbooru2017.sqlite") as database:
            view = database.execute("SELECT id, tag_string FROM posts_with_tags").fetchall()
        tags["posts_with_tags"] = sorted((i, tag) for i, text in view for tag in text.split())
        tags["tsv"] = sorted((number_of(row["path"]), tag)
                             for row in harness.table(self.data.release / "filename-tags.tsv.zst")
                             for tag in row["tags"].split(" ") if tag)
        tags["jsonl"] = sorted((i, tag) for i, row in self.jsonl("posts").items() for tag in row["tag_string"].split())
        truth = sorted((i, tag) for i in self.held for tag in self.truth[i]["tag_string"].split())
        for name, found in tags.items():
            self.assertEqual(found, truth, name)

    def test_paths_in_the_databases_are_those_of_the_file_list(self):
        listed = {f["path"] for f in self.files}
        with self.database("danbooru2017.sqlite") as database:
            rows = database.execute("SELECT original_path, ml_path FROM posts").fetchall()
        self.assertEqual({path for row in rows for path in row if path}, listed)

    def test_sql_gives_the_database(self):
        path = self.scratch / "loaded.db"
        subprocess.run(f"zstd -dc {self.data.release}/danbooru2017.sql.zst | sqlite3 -bail {path}", shell=True, check=True)
        with closing(sqlite3.connect(path)) as loaded, self.database("danbooru2017.sqlite") as database:
            tables = [row[0] for row in database.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
            self.assertIn("post_tags", tables)
            for table in tables:
                rows = f"SELECT * FROM {table} ORDER BY 1, 2"
                self.assertEqual(loaded.execute(rows).fetchall(), database.execute(rows).fetchall(), table)

    def test_postgres_takes_the_sql(self):
        programs = postgres.find_postgres()
        if not programs:
            self.skipTest("no PostgreSQL here (apt-get install postgresql)")
        self.assertEqual(postgres.compare(self.data.release, programs)["posts"], len(self.held))

    def test_readers_of_older_data_sets(self):
        got = legacy.read_all(self.data.root, "danbooru2017")
        self.assertEqual(got["posts"], len(self.held))
        self.assertEqual(got["pairs"], sum(len(self.truth[i]["tag_string"].split()) for i in self.held))
        self.assertEqual(got["pairs in the shape of 2021"], got["pairs"])
        self.assertEqual(got["512px pictures"], len(self.released("512px")))
        self.assertGreater(got["pool entries"], 0)
        self.assertGreater(got["pictures with tags"], 0)

    def test_jsonl_rows_are_what_the_api_sent(self):
        api = self.site.rows("posts", 200)
        posts = self.jsonl("posts")
        for i, row in posts.items():
            self.assertEqual(row, api[i])
        for table in ("tags", "tag_aliases", "tag_implications", "pools", "artists"):
            self.assertEqual(self.jsonl(table), self.site.rows(table, 1000), table)
        for table in ("notes", "artist_commentaries"):
            of_the_release = {i: row for i, row in self.site.rows(table, 1000).items() if row["post_id"] in posts}
            self.assertEqual(self.jsonl(table), of_the_release, table)

    def test_the_release_contradicts_itself_nowhere(self):
        """By a program that knows the documented formats only; test_consistency.py proves that it finds faults."""
        checked = subprocess.run([CHECK_RELEASE, self.data.shared, "danbooru2017"], capture_output=True, text=True,
                                 check=False)
        self.assertEqual(checked.returncode, 0, checked.stdout[-4000:] + checked.stderr)

    # what is said of it

    def test_statistics_are_those_of_the_files(self):
        numbers = json.loads((self.data.release / "statistics.json").read_text())
        size = {form: {int(f["id"]): int(f["size"]) for f in self.files if f["path"].split("/")[1] == form}
                for form in ("original", "512px")}
        posts, stills = self.jsonl("posts"), set(size["512px"])
        tags = [len(set(row["tag_string"].split())) for row in posts.values()]
        self.assertEqual((numbers["posts"], numbers["stills"], numbers["files"]),
                         (len(posts), len(stills), len(self.files)))
        self.assertEqual((numbers["first"]["id"], numbers["last"]["id"]), (min(posts), max(posts)))
        self.assertEqual({form: numbers["bytes"][form] for form in size},
                         {form: sum(sizes.values()) for form, sizes in size.items()})
        self.assertEqual(numbers["bytes"]["original_of_stills"], sum(size["original"][i] for i in stills))
        self.assertEqual(numbers["pixels"]["total"], sum(posts[i]["image_width"] * posts[i]["image_height"] for i in stills))
        self.assertEqual(numbers["tags"]["instances"], sum(tags))
        self.assertEqual(numbers["tags"]["median"], statistics.median(tags))
        self.assertAlmostEqual(numbers["tags"]["mean"], statistics.mean(tags), delta=0.0006)
        with self.database("danbooru2017.sqlite") as database:
            counted = {}
            for name, category, count in database.execute("SELECT name, category, post_count FROM tags"):
                counted.setdefault(category, []).append((-count, name.encode(), name))
        self.assertEqual(numbers["tags"]["unique"], sum(map(len, counted.values())))
        for category in numbers["tags"]["categories"]:
            of_it = sorted(counted.get(category["category"], []))
            self.assertEqual(category["instances"], -sum(count for count, _, _ in of_it))
            self.assertEqual([(tag["name"], tag["posts"]) for tag in category["top"]],
                             [(name, -count) for count, _, name in of_it[:20]], category["name"])
        ratings = Counter(row["rating"] for row in posts.values())
        self.assertEqual({row["rating"]: row["posts"] for row in numbers["ratings"] if row["posts"]}, ratings)
        self.assertEqual(round(sum(row["percent"] for row in numbers["ratings"]), 6), 100)
        self.assertEqual({row["extension"]: row["files"] for row in numbers["formats"]},
                         Counter(f["path"].rsplit(".")[-1] for f in self.files if "/original/" in f["path"]))
        self.assertEqual({(row["form"], row["state"], row["reason"]): row["ids"]
                          for row in numbers["left_out"]["by_reason"]},
                         Counter((row["form"], row["state"], row["reason"]) for row in self.left_out))
        self.assertEqual(numbers["audit"], {"checked": len(self.files), "outside": 0})
        self.assertIsNone(numbers["growth"])

    def test_stats_prints_them(self):
        for chosen in ((), ("--year", "2017"), ("--name", "danbooru2017")):
            outcome = self.assertCode(0, self.data.run("stats", "--json", *chosen))
            self.assertEqual(outcome.out, (self.data.release / "statistics.json").read_text())
        self.assertIn(f"{len(self.held):,}", self.assertCode(0, self.data.run("stats")).out)
        self.assertIn("finished releases: danbooru2017", self.assertCode(2, self.data.run("stats", "--year", "2016")).err)

    def test_the_report_is_sound_and_needs_nothing_else(self):
        page = xml.etree.ElementTree.parse(self.data.release / "report.html")
        for element in page.iter():
            for name, value in element.attrib.items():
                self.assertNotRegex(value, "url\\(|javascript:")
                if name in ("src", "href", "data", "srcset"):
                    self.assertTrue((self.data.release / value).is_file(), value)
        self.assertNotRegex((self.data.release / "report.html").read_text(), "<script|<link|@import|url\\(")
        listed = set(re.findall(r"(?m)^\| `([^`]+)` \|", (self.data.release / "README.md").read_text()))
        self.assertEqual(listed | {"README.md"}, {path.name + "/" * path.is_dir()
                                                   for path in self.data.release.iterdir()})

    # what the site saw

    def test_requests_are_polite_and_honest(self):
        agents = {entry["agent"] for entry in self.first_log}
        self.assertEqual(len(agents), 1, agents)
        self.assertRegex(agents.pop(), r"^dbr/\d")
        self.assertFalse(any(entry["has_authorization"] for entry in self.first_log))
        pages = [entry["path"] for entry in self.first_log if entry["path"].startswith("/posts.json")]
        self.assertLess(len(pages), POSTS / 200 + 8, "200 posts a page")
        files = [entry["path"] for entry in self.first_log if harness.is_file_request(entry)]
        wrong = {i for i in self.shown if self.truth[i]["stored_md5_is_wrong"]}
        self.assertEqual(len(set(files)), len(self.shown))
        self.assertLess(len(files), len(self.shown) + 8 * len(wrong | self.absent), "once, but for the odd ones")

    # what a second run does

    def test_second_run_asks_for_no_file_and_changes_nothing(self):
        before = harness.facts(self.data.shared), harness.facts(self.data.torrents)
        self.site.clear_log()
        self.assertCode(0, self.data.build())
        self.assertEqual([entry for entry in self.site.log() if harness.is_file_request(entry)], [])
        after = harness.facts(self.data.shared), harness.facts(self.data.torrents)
        self.assertEqual(before, after)

    def test_verify_finds_nothing_wrong(self):
        outcome = self.assertCode(0, self.data.run("verify", "--json"))
        self.assertEqual(outcome.json()["problems"], [])
        self.assertEqual(outcome.json()["posts"], len(self.held))

    def test_nothing_is_left_lying_about(self):
        self.assertEqual(self.data.leftovers(), [])


if __name__ == "__main__":
    unittest.main()
