# SPDX-License-Identifier: MIT
"""Generated rows have the real shapes: their keys, their kinds of values, about their sizes."""
import functools
import json
import os
import re
import statistics
import subprocess
import unittest

ROWS = 1500
URLS = "file_url large_file_url preview_file_url"

KEYS_2017 = """id created_at uploader_id score source md5 last_commented_at rating image_width image_height is_note_locked
    file_ext last_noted_at is_rating_locked parent_id has_children approver_id file_size is_status_locked up_score
    down_score is_pending is_flagged is_deleted updated_at is_banned pixiv_id tags pools favs""".split()
KEYS_SINCE_2021 = f"""id created_at uploader_id score source md5 last_comment_bumped_at rating image_width image_height
    tag_string fav_count file_ext last_noted_at parent_id has_children approver_id tag_count_general tag_count_artist
    tag_count_character tag_count_copyright file_size up_score down_score is_pending is_flagged is_deleted tag_count
    updated_at is_banned pixiv_id last_commented_at has_active_children bit_flags tag_count_meta has_large
    has_visible_children tag_string_general tag_string_character tag_string_copyright tag_string_artist tag_string_meta
    {URLS}""".split()
KEYS_API = KEYS_SINCE_2021[:]
KEYS_API.insert(KEYS_API.index("tag_string_general"), "media_asset")
KEYS_ASSET = """id created_at updated_at md5 file_ext file_size image_width image_height duration status file_key is_public
    pixel_hash variants""".split()
NULLABLE = {"last_comment_bumped_at", "last_noted_at", "parent_id", "approver_id", "pixiv_id", "last_commented_at"}
CATEGORIES = {"general": 0, "artist": 1, "copyright": 3, "character": 4, "meta": 5}

UTC = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{0,5}[1-9])? UTC")
EASTERN = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}-0[45]:00")


@functools.cache
def output(shape, rows=ROWS, *more):
    command = [os.environ["MAKE_ROWS"], "--rows", str(rows), "--shape", shape, *more]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout


@functools.cache
def rows(shape):
    return [json.loads(line) for line in output(shape).splitlines()]


def names_of(row):
    return [tag["name"] for tag in row["tags"]] if "tags" in row else row["tag_string"].split()


class Rows(unittest.TestCase):
    def check_keys(self, row, keys, absent_when_hidden, may_be_absent=()):
        hidden = set(absent_when_hidden if row["is_banned"] else ())
        expected = [key for key in keys if key not in hidden and (key not in may_be_absent or key in row)]
        self.assertEqual(list(row), expected)

    def test_2017(self):
        for row in rows("2017"):
            self.check_keys(row, KEYS_2017, ["md5", "file_ext"])
            for key, value in row.items():
                kind = list if key in ("tags", "pools", "favs") else bool if key[:3] in ("is_", "has") else str
                self.assertIsInstance(value, kind, key)
            for key in ("created_at", "updated_at", "last_commented_at", "last_noted_at"):
                self.assertRegex(row[key], UTC)
            self.assertIn(row["rating"], "sqe")
            self.assertIn(len(row["pools"]), (0, 2, 4))
        self.assertIn("1970-01-01 00:00:00 UTC", {row["last_noted_at"] for row in rows("2017")})
        self.assertIn("0", {row["parent_id"] for row in rows("2017")})

    def test_2021(self):
        for row in rows("2021"):
            self.check_keys(row, KEYS_SINCE_2021, ["id", "md5", "file_ext", *URLS.split()], NULLABLE)
            for key, value in row.items():
                self.assertIsInstance(value, bool if key[:3] in ("is_", "has") else str, key)
            self.assertRegex(row["created_at"], UTC)
            self.assertIn(row["rating"], "sqe")

    def test_api(self):
        for row in rows("api"):
            self.check_keys(row, KEYS_API, ["md5", *URLS.split()])
            asset = row["media_asset"]
            self.assertEqual(list(asset), [key for key in KEYS_ASSET
                                           if not row["is_banned"] or key not in ("md5", "file_key", "variants")])
            self.assertRegex(row["updated_at"], EASTERN)
            self.assertIn(row["rating"], "gsqe")
            nulls = {key for key, value in row.items() if value is None}
            self.assertLessEqual(nulls, NULLABLE | {"has_active_children"})
            if not row["is_banned"]:
                self.assertEqual(asset["variants"][-1]["url"], row["file_url"])
                self.assertIn(row["large_file_url"], [variant["url"] for variant in asset["variants"]])

    def test_one_post_in_three_shapes(self):
        for old, middle, new in zip(rows("2017"), rows("2021"), rows("api")):
            self.assertEqual(old["id"], str(new["id"]))
            self.assertEqual([old.get("md5"), middle.get("md5")], [new.get("md5")] * 2)
            self.assertEqual(list(dict.fromkeys(names_of(old))), names_of(new))
            self.assertEqual(names_of(middle), names_of(new))

    def test_tags(self):
        table = output("tags")
        known = set(re.findall(rb'^{"id":(\d+),"name":"(\S+?)","post_count":\d+,"category":(\d)', table, re.M))
        self.assertEqual(len(known), 400_000)
        self.assertEqual({len(json.loads(line)) for line in table.splitlines()[::100]}, {8})
        used = set(re.findall(rb'{"id":"(\d+)","name":"(\S+?)","category":"(\d)"}', output("2017")))
        self.assertLessEqual(used, known)
        for row in rows("api"):
            names = names_of(row)
            self.assertEqual(names, sorted(set(names)))
            self.assertEqual(len(names), row["tag_count"])
            split = {category: row[f"tag_string_{category}"].split() for category in CATEGORIES}
            self.assertEqual(names, sorted(sum(split.values(), [])))
            for category, part in split.items():
                self.assertEqual(len(part), row[f"tag_count_{category}"])

    def test_families_and_pools(self):
        posts = {row["id"]: row for row in rows("api")}
        parents = {row["parent_id"] for row in posts.values()} - {None}
        self.assertEqual(parents, {row["id"] for row in posts.values() if row["has_children"]})
        members = {(pool["id"], post) for pool in rows("pools") for post in pool["post_ids"]}
        said = {(int(pool), int(row["id"])) for row in rows("2017") for pool in row["pools"][:len(row["pools"]) // 2]}
        self.assertEqual(members, said)
        categories = {pool["id"]: pool["category"] for pool in rows("pools")}
        for row in rows("2017"):
            half = len(row["pools"]) // 2
            self.assertEqual([categories[int(pool)] for pool in row["pools"][:half]], row["pools"][half:])

    def test_sizes(self):
        ids = [row["id"] for row in rows("api")]
        self.assertEqual(ids, sorted(set(ids)))
        self.assertLess(ids[-1], ROWS * 1.05)
        counts = [len(names_of(row)) for row in rows("api")]
        self.assertAlmostEqual(statistics.mean(counts), 30, delta=2)
        self.assertTrue(5 <= min(counts) < 10 and 70 < max(counts) <= 80)
        for shape in ("2017", "2021", "api"):
            self.assertTrue(1500 <= len(output(shape)) / ROWS <= 3100, shape)

    def test_equal_seeds_make_equal_rows(self):
        self.assertEqual(output("2017", 200), b"".join(output("2017").splitlines(keepends=True)[:200]))
        other = output("2017", 200, "--seed", "2")
        self.assertNotEqual(output("2017", 200), other)
        self.assertEqual(json.loads(output("api", 1, "--first-id", "5000000"))["id"] // 10, 500_000)


if __name__ == "__main__":
    unittest.main()
