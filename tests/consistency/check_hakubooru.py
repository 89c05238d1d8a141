# SPDX-License-Identifier: MIT
"""hakubooru.sqlite: the posts, tags and paths in the names and codes of another tool's database."""
import databases
import reading
import records

NAME = "hakubooru.sqlite"
TEXTS = ("created_at", "source", "md5", "file_ext", "file_url", "large_file_url", "preview_file_url", "updated_at")
NUMBERS = ("uploader_id", "has_children", "is_deleted", "is_banned", "has_active_children", "bit_flags", "has_large",
           "has_visible_children", "image_width", "image_height", "file_size", "score", "up_score", "down_score",
           "fav_count")
NONE_IS_NULL = ("parent_id", "pixiv_id")
TYPES = {0: 0, 1: 1, 4: 2, 3: 3, 5: 4}


def check(release, problems):
    with databases.opened(release.folder / NAME) as database:
        databases.check_soundness(database, NAME, problems)
        check_posts(release, database, problems)
        check_tags(release, database, problems)
        found = databases.lists(database, "SELECT post_id, name FROM posttagrelation JOIN tag ON tag.id = tag_id "
                                          "ORDER BY post_id")
        for key, names, facts in reading.merge(found, release.posts()):
            right = sorted(name for name, _ in facts["tags"]) if facts else None
            problems.equal(NAME, f"posttagrelation of post {key}", sorted(names or []), right)
        rows = set(database.execute("SELECT id, filepath, latentpath, post_id FROM localpost"))
        right = {(key, file.path, None, key) for key, file in release.originals.items()}
        databases.compare_sets(NAME, "localpost", rows, right, problems)
        order = database.execute("SELECT post_id, tag_id FROM posttagrelation ORDER BY id").fetchall()
        problems.check(order == sorted(order), NAME, "posttagrelation: not by post and tag")


def check_posts(release, database, problems):
    names = [*TEXTS, *NUMBERS, *NONE_IS_NULL, "rating"]
    found = databases.rows(database, f"SELECT id, {', '.join(names)} FROM post ORDER BY id")
    for key, row, facts in reading.merge(found, release.posts()):
        is_there = problems.check(row, NAME, "post: lacks", key)
        if problems.check(facts, NAME, "post: unknown", key) and is_there:
            right = right_post(facts)
            for name, value in zip(names, row):
                problems.equal(NAME, f"post.{name} of {key}", value, right[name])


def right_post(facts):
    record, original = facts["record"], facts["original"]
    right = {name: records.column_value(record.get(name), name, "TEXT") for name in TEXTS}
    right |= {name: records.column_value(record.get(name), name, "INTEGER") or 0 for name in NUMBERS}
    right |= {name: records.column_value(record.get(name), name, "INTEGER") or None for name in NONE_IS_NULL}
    right["source"] = right["source"] or ""
    right["file_size"] = right["file_size"] or original.size
    right["file_ext"] = right["file_ext"] or original.extension
    right["rating"] = {"g": 0, "s": 1, "q": 2}.get(facts["rating"], 3)
    return right


def check_tags(release, database, problems):
    rows = database.execute("SELECT name, id, type, popularity FROM tag")
    found = {name: entry for name, *entry in rows}
    right = {name: [key, TYPES.get(category, 0), posts] for name, (key, category, posts) in
             databases.right_tags(release).items()}
    for name in found.keys() | right.keys():
        problems.equal(NAME, f"tag: {name}", found.get(name), right.get(name))
