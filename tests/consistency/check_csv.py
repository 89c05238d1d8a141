# SPDX-License-Identifier: MIT
"""tags.csv, tag_aliases.csv and tag_implications.csv, against the records."""
import csv

import databases
import reading
import records

TAGS = "tags.csv"
RELATIONS = ("tag_aliases", "tag_implications")


def rows(release, name):
    with open(release.folder / name, encoding="utf-8", newline="") as file:
        yield from csv.reader(file)


def check(release, problems):
    check_tags(release, problems)
    for table in RELATIONS:
        if problems.check(release.has(f"{table}.csv"), f"{table}.csv", "missing, though tags.csv is there"):
            check_relation(release, table, problems)


def check_tags(release, problems):
    found = rows(release, TAGS)
    problems.equal(TAGS, "columns", next(found, None), ["tag_id", "name", "category", "count"])
    right = sorted(((-posts, key, name, category) for name, (key, category, posts) in
                    databases.right_tags(release).items()))
    right = [[str(key), name, str(category), str(-posts)] for posts, key, name, category in right]
    found = list(found)
    if problems.equal(TAGS, "lines", len(found), len(right)):
        for number, (a, b) in enumerate(zip(found, right), 2):
            problems.equal(TAGS, f"line {number}", a, b)


def check_relation(release, table, problems):
    where = f"{table}.csv"
    found = rows(release, where)
    names = next(found, [])
    problems.equal(where, "first column", names[:1], ["id"])
    for key, row, record in reading.merge(((int(row[0]), row) for row in found), release.rows(table)):
        if problems.check(row, where, "lacks", key) and problems.check(record, where, "unknown", key):
            right = [cell(records.column_value(record.get(name), name, kind_of(name))) for name in names]
            problems.equal(where, f"row {key}", row, right)


def kind_of(name):
    return "INTEGER" if name == "id" or name.endswith("_id") else "TEXT"


def cell(value):
    return "" if value is None else str(value)
