#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Reads a release the way the programs written for older data sets do, and fails where one of them would.

    tests/consumers/legacy.py ROOT NAME      ROOT: a dataset; NAME: a release laid out in it, as danbooru2017

Each reader here does in our own words what the program named in its docstring does with each key: the same keys, by
name, of the same types. It ends with how many posts and tags each one got; a missing key or a wrong type ends in a
traceback.
"""
import csv
import io
import json
import pathlib
import re
import sqlite3
import subprocess
import sys

OLD_KEYS = ("id created_at uploader_id score source md5 last_commented_at rating image_width image_height "
            "is_note_locked file_ext last_noted_at is_rating_locked parent_id has_children approver_id file_size "
            "is_status_locked up_score down_score is_pending is_flagged is_deleted updated_at is_banned pixiv_id").split()
NUMBERS = ("id uploader_id score image_width image_height parent_id approver_id file_size up_score down_score "
           "pixiv_id").split()
TIMES = ("created_at", "last_commented_at", "last_noted_at", "updated_at")
OLD_TIME = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})? UTC")


def need(condition, *what):
    if not condition:
        raise ValueError(" ".join(map(str, what)))


def old_rows(folder):
    """Every file of the folder, whatever its name, as lines of JSON in the locale's encoding, ASCII at the least."""
    for path in sorted(folder.iterdir()):
        with open(path, encoding="ascii") as file:
            for line in file:
                yield json.loads(line)


def unzstd(path):
    return subprocess.run(["zstd", "-dcq", path], check=True, stdout=subprocess.PIPE).stdout.decode()


def site_rows(release, table):
    return (json.loads(line) for line in unzstd(release / f"{table}.jsonl.zst").split("\n")[:-1])


def texts(value):
    """Numbers become texts, keys without a value go."""
    if isinstance(value, dict):
        return {key: texts(item) for key, item in value.items() if item is not None}
    if isinstance(value, list):
        return [texts(item) for item in value]
    return str(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else value


def rows_of_2021(release, table):
    """As docs/dataset-format.md has jq make them."""
    for row in site_rows(release, table):
        if table == "posts" and row["has_active_children"] is None:
            row["has_active_children"] = False
        yield texts(row)


def sql(statements):
    database = sqlite3.connect(":memory:")
    database.executescript(statements)
    return database


def danbooru2018_metadata(release):
    """jxu/danbooru2018-metadata, read_json.py: 27 keys into one table, tags, pools and favs into others."""
    database = sql(f"CREATE TABLE images (image_id INT PRIMARY KEY, {', '.join(OLD_KEYS[1:])});"
                   "CREATE TABLE tags (image_id INT, tag_id INT, name TEXT, category INT, PRIMARY KEY (image_id, tag_id));"
                   "CREATE TABLE pools (image_id INT, pool TEXT, PRIMARY KEY (image_id, pool));"
                   "CREATE TABLE favs (image_id INT, faver_id TEXT, PRIMARY KEY (image_id, faver_id));")
    for row in old_rows(release / "posts-legacy"):
        image = row["id"]
        database.execute(f"INSERT INTO images VALUES ({', '.join('?' * 27)})", [row[key] for key in OLD_KEYS])
        database.executemany("INSERT OR IGNORE INTO tags VALUES (?, ?, ?, ?)",
                             ((image, tag["id"], tag["name"], tag["category"]) for tag in row["tags"]))
        database.executemany("INSERT OR IGNORE INTO pools VALUES (?, ?)", ((image, pool) for pool in row["pools"]))
        database.executemany("INSERT OR IGNORE INTO favs VALUES (?, ?)", ((image, user) for user in row["favs"]))
    return database


def old_types(release):
    """Whole numbers are texts, booleans are not, tags have three texts; and the words of the old files."""
    for row in old_rows(release / "posts-legacy"):
        need(set(row) == {*OLD_KEYS, "tags", "pools", "favs"}, "keys", row)
        for key in OLD_KEYS:
            if key in NUMBERS:
                need(isinstance(row[key], str) and str(int(row[key])) == row[key], key, row)
            elif key.startswith("is_") or key == "has_children":
                need(isinstance(row[key], bool), key, row)
            elif key in TIMES:
                need(OLD_TIME.fullmatch(row[key]), key, row)
            else:
                need(isinstance(row[key], str), key, row)
        need(row["rating"] in ("s", "q", "e"), "rating", row)
        for tag in row["tags"]:
            need(set(tag) == {"id", "name", "category"} and all(isinstance(value, str) for value in tag.values()), tag)
            int(tag["id"]), int(tag["category"])
        need(all(int(pool) > 0 for pool in row["pools"]), "pools", row)


def fire_eggs(release):
    """fire-eggs/Danbooru2021, database/makedb.py: one row a tag, counted; posts beyond its last ID are skipped."""
    database = sql(f"CREATE TABLE images (image_id INT PRIMARY KEY, {', '.join(OLD_KEYS[1:])}, hidden INT DEFAULT 0);"
                   "CREATE TABLE tags (tag_id INT PRIMARY KEY, name TEXT, category INT, count INT DEFAULT 0);"
                   "CREATE TABLE imageTags (image_id INT, tag_id INT, PRIMARY KEY (image_id, tag_id));")
    for row in old_rows(release / "posts-legacy"):
        if int(row["id"]) > 3734659:
            continue
        database.execute(f"INSERT INTO images VALUES ({', '.join('?' * 28)})", [row[key] for key in OLD_KEYS] + [0])
        for tag in row["tags"]:
            database.execute("INSERT OR IGNORE INTO tags VALUES (?, ?, ?, 0)", (tag["id"], tag["name"], tag["category"]))
            database.execute("INSERT OR IGNORE INTO imageTags VALUES (?, ?)", (row["id"], tag["id"]))
    database.execute("UPDATE tags SET count = (SELECT count(*) FROM imageTags t WHERE t.tag_id = tags.tag_id)")
    return database


def danbooru_utility(release, shared):
    """reidsanders/danbooru-utility: filters by tag names, rating and score; opens original/BUCKET/ID.EXT."""
    found = 0
    for row in old_rows(release / "posts-legacy"):
        names = {tag["name"] for tag in row["tags"]}
        need(len(names) == len(row["tags"]), "a tag twice", row)
        if row["rating"] in "s,q,e" and -999999999 <= int(row["score"]) <= 999999999:
            name = row["id"] + "." + row["file_ext"]
            path = pathlib.Path("original", f"{int(row['id']) % 1000:04d}", name)
            found += (shared / "sfw" / path).is_file() or (shared / "nsfw" / path).is_file()
    return found


def danbooru_pretrained(release, shared):
    """RF5/danbooru-pretrained, data_preparation.ipynb: a CSV of file names and tags, of the pictures that are there."""
    out = io.StringIO()
    table = csv.writer(out)
    table.writerow(("filename", "tags"))
    for row in old_rows(release / "posts-legacy"):
        folder = "sfw" if row["rating"] == "s" else "nsfw"
        path = shared / folder / "original" / f"{int(row['id']) % 1000:04d}" / f"{row['id']}.{row['file_ext']}"
        need(path.is_file(), path, "is not there")
        if row["file_ext"] not in ("jpg", "png"):
            continue
        tags = [tag["name"] for tag in row["tags"] if tag["name"] != "?"] + ["age_rating_" + row["rating"]]
        if len(row["score"]) == 1:
            tags.append("meta_score_" + row["score"])
        table.writerow((path, " ".join(tags)))
    out.seek(0)
    return sum(1 for _ in csv.DictReader(out))


def fire_eggs_2021(release):
    """fire-eggs/Danbooru2021, database2021/make_db.py: rows with tag_string and its parts; numbers or texts of them."""
    tag_ids = {}
    for tag in rows_of_2021(release, "tags"):
        if int(tag["post_count"]) != 0:
            tag_ids[tag["name"], int(tag["category"])] = tag["id"]
    posts = pairs = 0
    for post in rows_of_2021(release, "posts"):
        if "id" not in post:
            continue
        int(post["id"]), post.get("pixiv_id", "0"), post.get("parent_id", "0")
        for key in ("rating source image_width image_height created_at updated_at uploader_id file_ext file_size "
                    "md5").split():
            need(post[key] is not None, key, post)
        for key in "is_banned is_deleted is_flagged has_children has_visible_children has_active_children".split():
            int(post[key])
        for category, part in ((4, "character"), (3, "copyright"), (5, "meta"), (0, "general"), (1, "artist")):
            pairs += sum((name, category) in tag_ids for name in set(post["tag_string_" + part].split()))
        posts += 1
    for artist in rows_of_2021(release, "artists"):
        artist["id"], artist["name"], int(artist["is_banned"]), int(artist["is_deleted"]), list(artist["other_names"])
    for note in rows_of_2021(release, "notes"):
        int(note["is_active"]), [note[key] for key in ("id", "post_id", "body", "x", "y", "width", "height")]
    for pool in rows_of_2021(release, "pools"):
        int(pool["is_active"]), int(pool["is_deleted"]), len(pool["post_ids"]), pool["name"], pool["description"]
    return posts, pairs


def strict_2021(release):
    """topazape/danbooru2021_metadata2sqlite: whole numbers must be texts of unsigned 32 bits, booleans booleans."""
    shapes = {
        "posts": ("id image_width image_height uploader_id file_size", "is_banned is_deleted is_flagged has_children "
                  "has_visible_children has_active_children", "rating source created_at updated_at file_ext "
                  "tag_string_character tag_string_copyright tag_string_meta tag_string_general tag_string_artist"),
        "tags": ("id category post_count", "", "name"),
        "pools": ("id", "is_active is_deleted", "name description"),
    }
    for table, (numbers, booleans, words) in shapes.items():
        for row in rows_of_2021(release, table):
            for key in numbers.split() + [key for key in ("pixiv_id", "parent_id") if key in row]:
                need(isinstance(row[key], str) and 0 <= int(row[key]) < 1 << 32, key, row)
            need(all(isinstance(row[key], bool) for key in booleans.split()), row)
            need(all(isinstance(row[key], str) for key in words.split()), row)
            need(all(isinstance(post, str) for post in row.get("post_ids", [])), row)


def model_zoo(release, shared):
    """SmilingWolf/SW-CV-ModelZoo: labels from tags.csv, a picture's tags from imageTags(image_id, tag_id), pictures at
    512px/BUCKET/ID.jpg."""
    with open(release / "tags.csv", encoding="utf-8", newline="") as file:
        table = csv.reader(file)
        need(next(table) == ["tag_id", "name", "category", "count"], "the header of tags.csv")
        labels = {int(tag): (name, int(category), int(count)) for tag, name, category, count in table}
    database = sqlite3.connect(f"file:{release / release.name}.sqlite?mode=ro&immutable=1", uri=True)
    uses = dict.fromkeys(labels, 0)
    for tag, in database.execute("SELECT tag_id FROM imageTags"):
        uses[tag] += 1
    need(uses == {tag: count for tag, (_, _, count) in labels.items()}, "tags.csv and imageTags disagree")
    pictures = sorted(shared.glob("*/512px/*/*.jpg"))
    for path in pictures:
        number = int(path.stem)
        need(path.parent.name == f"{number % 1000:04d}", path)
        database.execute("SELECT tag_id FROM imageTags WHERE image_id = ?", (number,)).fetchall()
    return len(labels), len(pictures)


def count(database, table):
    return database.execute(f"SELECT count(*) FROM {table}").fetchone()[0]


def read_all(root, name):
    """What each reader got; they agree where they read the same."""
    shared = pathlib.Path(root) / "danbooru"
    release = shared / "metadata" / name
    old_types(release)
    strict_2021(release)
    first, second = danbooru2018_metadata(release), fire_eggs(release)
    labels, pictures = model_zoo(release, shared)
    posts_2021, pairs_2021 = fire_eggs_2021(release)
    got = {"posts": count(first, "images"), "pairs": count(first, "tags"), "pool entries": count(first, "pools"),
           "tags": labels, "512px pictures": pictures, "posts found as files": danbooru_utility(release, shared),
           "pictures with tags": danbooru_pretrained(release, shared), "posts in the shape of 2021": posts_2021,
           "pairs in the shape of 2021": pairs_2021}
    posts = got["posts"]
    need(posts == got["posts found as files"] == posts_2021, "posts", got)
    if count(second, "images") == posts:  # no post beyond what that reader takes
        need(got["pairs"] == count(second, "imageTags") and labels == count(second, "tags"), "tags", got)
    return got


if __name__ == "__main__":
    for what, number in read_all(*sys.argv[1:3]).items():
        print(f"{number:>10,} {what}")
