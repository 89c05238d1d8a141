# SPDX-License-Identifier: MIT
"""filename-tags.sqlite: file names, ratings and tags of every post."""
import pathlib

import databases
import reading

NAME = "filename-tags.sqlite"


def check(release, problems):
    with databases.opened(release.folder / NAME) as database:
        databases.check_soundness(database, NAME, problems)
        version = database.execute("PRAGMA user_version").fetchone()[0]
        if version == 1:
            check_images(release, database, "id", ["file_name", "rating"], problems)
            databases.check_tags(database, NAME, release, problems, "id, name, category")
            databases.check_post_tags(database, NAME, "image_tags", "image_id", release, problems)
        elif problems.equal(NAME, "user_version", version, 2):
            check_images(release, database, "image_id", ["file_name", "rating", "file_ext", "hidden"], problems)
            databases.check_tags(database, NAME, release, problems, "tag_id, name, category, count")
            databases.check_post_tags(database, NAME, "imageTags", "image_id", release, problems, "tag_id")


def check_images(release, database, key_name, columns, problems):
    found = databases.rows(database, f"SELECT {key_name}, {', '.join(columns)} FROM images ORDER BY {key_name}")
    for key, row, facts in reading.merge(found, release.posts()):
        if problems.check(row, NAME, "images: lacks", key) and problems.check(facts, NAME, "images: unknown", key):
            path = facts["original"].path if facts["original"] else ""
            right = (path, facts["rating"], pathlib.PurePath(path).suffix[1:], 0)
            problems.equal(NAME, f"images: {key}", row, right[:len(columns)])
