# SPDX-License-Identifier: MIT
"""filename-tags.sqlite: file names, ratings and tags of every post."""
import databases
import reading

NAME = "filename-tags.sqlite"


def check(release, problems):
    with databases.opened(release.folder / NAME) as database:
        databases.check_soundness(database, NAME, problems)
        problems.equal(NAME, "user_version", database.execute("PRAGMA user_version").fetchone()[0], 2)
        check_images(release, database, problems)
        databases.check_tags(database, NAME, release, problems, "tag_id, name, category, count")
        databases.check_post_tags(database, NAME, "imageTags", "image_id", release, problems, "tag_id")


def check_images(release, database, problems):
    query = "SELECT image_id, file_name, file_ext, rating, hidden FROM images ORDER BY image_id"
    found = databases.rows(database, query)
    for key, row, facts in reading.merge(found, release.posts()):
        if problems.check(row, NAME, "images: lacks", key) and problems.check(facts, NAME, "images: unknown", key):
            path = facts["original"].path if facts["original"] else ""
            right = (path, path.rsplit(".", 1)[-1], facts["rating"], 0)
            problems.equal(NAME, f"images: {key}", row, right)
