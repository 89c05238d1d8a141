# SPDX-License-Identifier: MIT
"""posts-legacy/: the posts in the shape of 2017 to 2020, each made anew from its record and compared."""
import collections
import json

import databases
import reading
import records

FOLDER = "posts-legacy"
LINES_A_FILE = 100_000
NUMBER, TIME, BOOLEAN, TEXT = range(4)
# After `id`, in order. md5, rating and file_ext are apart.
FIELDS = {
    "created_at": TIME, "uploader_id": NUMBER, "score": NUMBER, "source": TEXT, "md5": None, "last_commented_at": TIME,
    "rating": None, "image_width": NUMBER, "image_height": NUMBER, "is_note_locked": BOOLEAN, "file_ext": None,
    "last_noted_at": TIME, "is_rating_locked": BOOLEAN, "parent_id": NUMBER, "has_children": BOOLEAN,
    "approver_id": NUMBER, "file_size": NUMBER, "is_status_locked": BOOLEAN, "up_score": NUMBER, "down_score": NUMBER,
    "is_pending": BOOLEAN, "is_flagged": BOOLEAN, "is_deleted": BOOLEAN, "updated_at": TIME, "is_banned": BOOLEAN,
    "pixiv_id": NUMBER}


def check(release, problems):
    check_names(release, problems)
    pools = pools_of_posts(release)
    tags = databases.right_tags(release)
    found = reading.in_order(FOLDER, rows(release, problems), problems)
    for key, row, facts in reading.merge(found, release.posts()):
        if problems.check(row, FOLDER, "lacks a post", key) and problems.check(facts, FOLDER, "an unknown post", key):
            right = legacy_row(key, facts, tags, pools[key])
            problems.equal(FOLDER, f"keys of {key}", list(row), list(right))
            for name, value in right.items():
                problems.equal(FOLDER, f"{name} of post {key}", row.get(name), value)


def files(release):
    return sorted((release.folder / FOLDER).iterdir())


def check_names(release, problems):
    year = records.in_utc_of(records.moment(release.cutoff) - 1)[:4]
    names = [path.name for path in files(release)]
    problems.equal(FOLDER, "names of files", names, [f"{year}{n:012}" for n in range(len(names))])


def rows(release, problems):
    for number, path in enumerate(files(release), 1):
        lines = path.read_bytes().decode("utf-8").split("\n")
        problems.check(lines.pop() == "", f"{FOLDER}/{path.name}", "the last line has no end")
        is_full = len(lines) == LINES_A_FILE or (number == len(files(release)) and len(lines) < LINES_A_FILE)
        problems.check(is_full, f"{FOLDER}/{path.name}", "number of lines", len(lines))
        for line in lines:
            row = json.loads(line)
            yield int(row["id"]), row


def pools_of_posts(release):
    found = collections.defaultdict(set)
    for pool, row in release.rows("pools"):
        value = row.get("post_ids") or []
        for post in value.split() if isinstance(value, str) else value:
            found[int(post)].add(pool)
    return found


def legacy_row(key, facts, tags, pools):
    record, original = facts["record"], facts["original"]
    row = {"id": str(key)}
    for name, kind in FIELDS.items():
        row[name] = value_of(record.get(name), kind)
    row["md5"] = record.get("md5") or (original and original.md5)
    row["rating"] = {"g": "s", "s": "s", "e": "e"}.get(facts["rating"], "q")
    row["file_ext"] = original and original.extension
    row["tags"] = [{"id": str(tags[name][0]), "name": name, "category": str(tags[name][1])}
                   for name in sorted((name for name, _ in facts["tags"]), key=str.encode)]
    row["pools"] = [str(pool) for pool in sorted(pools)]
    row["favs"] = []
    return row


def value_of(value, kind):
    if kind == NUMBER:
        number = records.column_value(value, "", "INTEGER")
        return str(number if isinstance(number, int) else 0)
    if kind == BOOLEAN:
        return bool(value)
    if kind == TIME:
        return old_time(value)
    return value if isinstance(value, str) else ""


def old_time(value):
    """2008-06-10 03:08:07.34 UTC, with no more decimals than there are."""
    if not isinstance(value, str):
        return "1970-01-01 00:00:00 UTC"
    text = records.in_utc(value)
    seconds = text[11:23].rstrip("0") if not text[11:23].endswith(".000") else text[11:19]
    return f"{text[:10]} {seconds} UTC"
