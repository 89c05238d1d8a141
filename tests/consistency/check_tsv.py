# SPDX-License-Identifier: MIT
"""filename-tags.tsv.zst: path, rating and tags of every post, the tags in their order."""
import reading
import records

NAME = "filename-tags.tsv.zst"
COLUMNS = ("path", "rating", "tags")


def number_of(path):
    stem = path.rsplit("/", 1)[-1].split(".")[0]
    return int(stem) if stem.isdigit() else 0


def check(release, problems):
    rows = ((number_of(row[0]), row) for row in reading.table(release.folder / NAME, COLUMNS, problems))
    for key, row, facts in reading.merge(reading.in_order(NAME, rows, problems), release.posts()):
        if not (problems.check(row, NAME, "lacks a post", key) and problems.check(facts, NAME, "an unknown post", key)):
            continue
        path, rating, tags = row
        problems.equal(NAME, f"path of post {key}", path, facts["original"] and facts["original"].path)
        problems.equal(NAME, f"rating of post {key}", rating, cell(facts["rating"]))
        right = [name for name, _ in facts["tags"] if not records.NOT_IN_A_CELL.search(name)]
        problems.equal(NAME, f"tags of post {key}", tags.split(" ") if tags else [], right)


def cell(text):
    return "" if text is None or records.NOT_IN_A_CELL.search(text) else text
