# SPDX-License-Identifier: MIT
"""What was received can be written out again, value for value: every sample, every shape of dump, every row of a site."""
import copy
import itertools
import os
import time
import unittest

import dump_rows
import harness

# Rows of the dumps an import is killed in.
ROWS = int(os.environ.get("DBR_TEST_ROWS", "10000"))
PACKINGS = ("json", "json.gz", "json.xz", "json.zst", "tar.gz")


class Importing(harness.Case):
    def imported(self, data, *paths):
        """Imports, which must go well, and gives the outcome."""
        return self.assertCode(0, data.run("fetch-metadata", "--json", *dump_rows.sources(*paths)))


class Samples(Importing):
    """Real rows, in files just as they were captured."""

    def check(self, name, data=None):
        rows = dump_rows.sample(name)
        rows = rows if isinstance(rows, list) else [rows]
        data = data or self.dataset()
        self.imported(data, dump_rows.SAMPLES / name)
        return data, harness.by_id(sorted(rows, key=lambda row: int(row["id"])))

    def test_posts(self):
        data, now = self.check("post-2025-active-9969513.json")
        _, old = self.check("metadata-row-danbooru2017-2020.json", data)
        self.assertSameRows(data.posts(), {**old, **now}, "posts")

    def test_tags(self):
        data, first = self.check("tags-2017-07.json")
        _, second = self.check("tags-2019-12.json", data)
        self.assertSameRows(data.records("tags"), {**first, **second}, "tags")
        some = sorted({**first, **second})[1:3]
        self.assertEqual(list(data.records("tags", *some)), some)

    def test_a_pool_without_its_posts(self):
        data, rows = self.check("pool-7659-partial-no-post_ids.json")
        self.assertSameRows(data.records("pools"), rows, "pools")

    def test_an_artist(self):
        data, rows = self.check("artist-2022-288683.json")
        self.assertSameRows(data.records("artists"), rows, "artists")

    def test_a_media_asset_in_its_post(self):
        post = {**dump_rows.site_row(4), "media_asset": dump_rows.sample("media-asset-2025-35394309.json")}
        data = self.dataset()
        self.imported(data, dump_rows.write(self.scratch / "asset.json", dump_rows.lines([post])))
        self.assertSameRows(data.posts(), {4: post}, "posts")

    def test_an_error_is_no_row(self):
        """Somebody's script saved what the site said when it was tired."""
        error = dump_rows.sample("error-query-canceled-2023.json")
        data = self.dataset()
        path = dump_rows.write(self.scratch / "error.json", dump_rows.lines([dump_rows.site_row(4), error]))
        outcome = self.imported(data, path)
        self.assertEqual(list(data.posts()), [4])
        self.assertEqual(dump_rows.refused_lines(outcome), {2}, outcome)


class Shapes(Importing):
    """Each of the three shapes in each packing."""

    def check(self, make_row, shape):
        data, rows, paths = self.dataset(), {}, []
        for i, packing in enumerate(PACKINGS):
            part = {number: make_row(number) for number in range(1 + 60 * i, 61 + 60 * i)}
            rows.update(part)
            paths.append(dump_rows.write(self.scratch / f"{shape}-{i}.{packing}", dump_rows.lines(part.values())))
        outcome = self.imported(data, *paths)
        self.assertSameRows(data.posts(), rows, shape)
        for path in paths:
            self.assertIn(path.name, outcome.out, "the report names each file")
        self.assertEqual(dump_rows.refused_lines(outcome), set(), outcome)
        before = data.rows("posts")
        self.imported(data, *paths)
        self.assertEqual(data.rows("posts"), before, "once more changes nothing")
        banned = {number for number, row in rows.items() if row["is_banned"]}
        deleted = {number for number, row in rows.items() if row["is_deleted"]} - banned
        self.assertEqual(set(data.posts("--state", "withheld")), banned)
        self.assertEqual(set(data.posts("--state", "deleted")), deleted)

    def test_tag_objects(self):
        self.check(dump_rows.tag_objects_row, "danbooru2018")

    def test_number_texts(self):
        self.check(dump_rows.number_texts_row, "danbooru2021")

    def test_the_site_s_own(self):
        self.check(dump_rows.site_row, "posts")

    def test_hidden_rows_without_an_id_are_refused_by_line(self):
        rows = [dump_rows.hidden_2021_row(i) if i in (3, 7, 8) else dump_rows.number_texts_row(i) for i in range(1, 11)]
        data = self.dataset()
        outcome = self.imported(data, dump_rows.write(self.scratch / "hidden.json", dump_rows.lines(rows)))
        self.assertEqual(list(data.posts()), [1, 2, 4, 5, 6, 9, 10])
        self.assertEqual(dump_rows.refused_lines(outcome), {3, 7, 8}, outcome)


class Site(Importing):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.site = cls.start_site("--metadata-only", posts=400)
        cls.data = harness.Dataset(cls.scratch / "harvested", cls.site)
        outcome = cls.data.run("fetch-metadata")
        assert outcome.code == 0, outcome

    def test_every_row_of_every_table(self):
        self.assertSameRows(self.data.posts(), self.site.served(), "posts")
        for table in harness.TABLES:
            served, ours = self.site.served(table), self.data.records(table)
            if table == "users":  # only those the posts name are asked for
                self.assertLessEqual({post["uploader_id"] for post in self.site.served().values()}, set(ours))
                served = {number: row for number, row in served.items() if number in ours}
            self.assertSameRows(ours, served, table)

    def test_states(self):
        truth = self.site.truth()
        for state in ("live", "deleted", "withheld"):
            wanted = sorted(number for number, post in truth.items() if post["state"] == state)
            self.assertEqual(sorted(self.data.posts("--state", state)), wanted, state)
        self.assertEqual(self.data.states("fetch-metadata").get("expunged", 0), max(truth) - len(truth))

    def test_listed_posts(self):
        some = sorted(self.site.served())[5:60:7]
        self.assertEqual(list(self.data.posts(*some)), some)
        path = self.scratch / "ids"
        path.write_text("\n".join(map(str, some)))
        self.assertEqual(list(self.data.posts("--ids", path)), some)

    def dump_of(self, name, rows):
        return dump_rows.write(self.scratch / name, dump_rows.lines(rows))

    def test_a_dump_seeds_and_the_site_completes(self):
        """The dump is older than what the site says now, and knows posts the site has expunged since."""
        served, data = self.site.served(), self.dataset(self.site)
        old = []
        for number, row in itertools.islice(served.items(), 0, None, 2):
            old.append({**copy.deepcopy(row), "source": "an older one", "updated_at": "2006-01-01T00:00:00.000-05:00"})
        self.imported(data, self.dump_of("older.json", old))
        self.assertSameRows(data.posts(), {row["id"]: row for row in old}, "the dump's posts")
        self.assertCode(0, data.run("fetch-metadata"))
        self.assertSameRows(data.posts(), served, "posts")

    def test_a_dump_never_overwrites_what_the_site_said(self):
        data = self.dataset(name="copied")
        harness.shutil.copytree(self.data.root, data.root)
        before = data.metadata()
        changed = [{**row, "source": "the dump's", "tag_string": "nothing", "updated_at": "2099-01-01T00:00:00.000-05:00"}
                   for row in self.site.served().values()]
        tags = [{**row, "post_count": 0} for row in self.site.served("tags").values()]
        self.imported(data, self.dump_of("newer.json", changed), self.dump_of("tags.json.gz", tags))
        after = data.metadata()
        self.assertSameRows(after["posts"], before["posts"], "posts")
        self.assertSameRows(after["tags"], before["tags"], "tags")
        self.assertEqual(after["states"], before["states"])

    def test_dumps_of_the_other_tables(self):
        """The names are the public bucket's; tables are told apart even where their rows look alike."""
        data = self.dataset()
        paths = [self.dump_of(f"{table}.json", self.site.served(table).values()) for table in harness.TABLES]
        self.imported(data, *paths)
        for table in harness.TABLES:
            self.assertSameRows(data.records(table), self.site.served(table), table)

    def test_reading_while_writing(self):
        served, data = self.site.served(), self.dataset(self.site)
        self.site.faults("slow:1:scope=api:ms=30:chunk=100000")
        try:
            running = data.start("fetch-metadata")
            harness.until(data.manifest.exists, "there is a manifest")
            seen = []
            while running.process.poll() is None:
                outcome = data.run("posts")
                self.assertIn(outcome.code, (0, 8), outcome)  # 8: it is being made just now
                if outcome.code == 0:
                    seen.append(harness.by_id(harness.json_lines(outcome.out)))
            self.assertCode(0, running.finish())
        finally:
            self.site.faults()
        for posts in seen:
            self.assertSameRows(posts, {number: served[number] for number in posts}, "posts so far")
        self.assertTrue(any(0 < len(posts) < len(served) for posts in seen), [len(posts) for posts in seen])


class FilesOfADump(Importing):
    def test_a_dump_without_urls_names_files(self):
        """Rows of 2017 say md5 and extension: the site has the file where it keeps all of them."""
        site = self.start_site(posts=40)
        data = harness.Dataset(self.scratch / "root", site)
        held = [post for post in site.truth().values()
                if post["state"] in ("live", "deleted") and not post["absent"] and not post["stored_md5_is_wrong"]]
        rows = []
        for post in held:
            row = dump_rows.tag_objects_row(post["id"])
            row.pop("is_banned", None)
            row.update(md5=post["md5"], file_ext=post["file_ext"], file_size=str(post["file_size"]), is_banned=False)
            rows.append(row)
        path = self.scratch / "posts.json"
        path.write_bytes(dump_rows.lines(rows))
        self.assertCode(0, data.run("fetch-metadata", "--from", path))
        self.assertCode(0, data.run("fetch-images"))
        self.assertEqual(data.states("fetch-images"), {"stored": len(held)})


class KilledImport(Importing):
    def test_it_goes_on(self):
        """Killed in the second of two dumps: the first stays, what of the second is there is right, and once more brings
        the rest."""
        rows = {number: dump_rows.tag_objects_row(number) for number in range(1, ROWS + 1)}
        first = dict(itertools.islice(rows.items(), ROWS // 10))
        second = {number: row for number, row in rows.items() if number not in first}
        paths = [dump_rows.write(self.scratch / f"metadata-{i}.json", dump_rows.lines(part.values()))
                 for i, part in enumerate((first, second))]
        kills = 0
        for delay in (0, 0.05, 0.2):
            data = self.dataset()
            running = data.start("fetch-metadata", *dump_rows.sources(*paths))
            harness.until(lambda: running.process.poll() is not None or
                          data.run("posts", "--count").out.strip() not in ("", "0"), "the first dump is in")
            time.sleep(delay)
            kills += running.process.poll() is None
            running.kill()
            kept = data.posts()
            self.assertLessEqual(set(first), set(kept))
            self.assertSameRows(kept, {number: rows[number] for number in kept}, "after the kill")
            self.imported(data, *paths)
            self.assertSameRows(data.posts(), rows, "in the end")
        self.assertGreater(kills, 0, "never fast enough to kill it")


if __name__ == "__main__":
    unittest.main()
