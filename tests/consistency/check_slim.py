# SPDX-License-Identifier: MIT
"""filename-tags.sqlite: file names, ratings and tags of every post."""
import databases
import reading

NAME = "filename-tags.sqlite"


def check(release, problems):
    with databases.opened(release.folder / NAME) as database:
        databases.check_soundness(database, NAME, problems)
        check_images(release, database, problems)
        databases.check_tags(database, NAME, release, problems, with_counts=False)
        databases.check_post_tags(database, NAME, "image_tags", "image_id", release, problems)


def check_images(release, database, problems):
    found = databases.rows(database, "SELECT id, file_name, rating FROM images ORDER BY id")
    for key, row, facts in reading.merge(found, release.posts()):
        if problems.check(row, NAME, "images: lacks", key) and problems.check(facts, NAME, "images: unknown", key):
            right = (facts["original"] and facts["original"].path, facts["rating"])
            problems.equal(NAME, f"images: {key}", row, right)
