# SPDX-License-Identifier: MIT
"""What the checks of the databases share: opening them, their rows in order, and the tag table as it should be."""
import contextlib
import itertools
import sqlite3

import reading
import records


@contextlib.contextmanager
def opened(path):
    """Read-only, and nothing is written beside it."""
    database = sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)
    try:
        yield database
    finally:
        database.close()


@contextlib.contextmanager
def loaded(path):
    """The database that a .sql.zst makes, in a private file of SQLite's that spills to disk by itself."""
    database = sqlite3.connect("")
    try:
        database.executescript(reading.unzstd(path).decode("utf-8"))
        yield database
    finally:
        database.close()


def check_soundness(database, where, problems):
    problems.equal(where, "integrity_check", database.execute("PRAGMA integrity_check").fetchall(), [("ok",)])
    broken = database.execute("PRAGMA foreign_key_check").fetchmany(5)
    problems.equal(where, "foreign_key_check", broken, [])


def rows(database, query):
    """(first column, the others)."""
    return ((row[0], row[1:]) for row in database.execute(query))


def lists(database, query):
    """(first column, [second columns]) of rows that are ordered by the first."""
    for key, group in itertools.groupby(database.execute(query), key=lambda row: row[0]):
        yield key, [row[1] for row in group]


def columns(database, table):
    """Name -> declared type."""
    return {row[1]: row[2] for row in database.execute(f'PRAGMA table_info("{table}")')}


def right_tags(release):
    """Name -> [ID, category, posts of the release] as section 5.1 says, of tags that a post of the release has."""
    known = {}
    for key, row in release.rows("tags"):
        if isinstance(row.get("name"), str):
            known.setdefault(row["name"], [key, row.get("category") if type(row.get("category")) is int else 0, 0])
    unknown = 0
    for _, facts in release.posts():
        for name, category in facts["tags"]:
            if name not in known:
                unknown -= 1
                known[name] = [unknown, category, 0]
            known[name][2] += 1
    return {name: entry for name, entry in known.items() if entry[2]}


def check_tags(database, where, release, problems, columns_of_tags):
    """`columns_of_tags`: what the ID, the name, the category and the count are called."""
    right = right_tags(release)
    for key, name, *entry in database.execute(f"SELECT {columns_of_tags} FROM tags"):
        if problems.check(name in right, where, "tags: a tag no post has", name):
            expected = right.pop(name)
            problems.equal(where, f"tags: {name}", [key, *entry], expected)
    for name in right:
        problems.add(where, "tags: lacks", name)


def check_post_tags(database, where, table, post, release, problems, tag="id"):
    query = f"SELECT {post}, name FROM {table} AS used JOIN tags ON tags.{tag} = used.tag_id ORDER BY {post}"
    found = lists(database, query)
    for key, names, facts in reading.merge(found, release.posts()):
        right = sorted(name for name, _ in facts["tags"]) if facts else None
        if problems.check(right is not None, where, f"{table}: of an unknown post", key):
            problems.equal(where, f"{table} of post {key}", sorted(names or []), right)


def check_columns(where, what, names, kinds, row, record, problems):
    """A row against the record: every column that is the site's."""
    for name, value in zip(names, row):
        right = records.column_value(records.field(record, name), name, kinds[name])
        is_equal = value == right and isinstance(value, str) == isinstance(right, str)
        problems.check(is_equal, where, f"{what}.{name}", f"{record['id']}: {value!r}, should be {right!r}")


def compare_sets(where, what, found, right, problems):
    for row in sorted(found - right):
        problems.add(where, f"{what}: a row too many", row)
    for row in sorted(right - found):
        problems.add(where, f"{what}: lacks the row", row)
