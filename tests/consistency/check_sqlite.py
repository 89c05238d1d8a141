# SPDX-License-Identifier: MIT
"""NAME.sqlite, and what NAME.sql.zst loads to: every table, row by row, against the records they were made from."""
import databases
import reading

OF_THE_SITE = ("tag_aliases", "tag_implications", "pools", "notes", "artist_commentaries", "artists", "artist_urls",
               "users")
OF_THE_RELEASE = {"set_name", "original_path", "ml_path"}


def check(release, where, database, problems, version=1):
    databases.check_soundness(database, where, problems)
    check_info(release, where, database, problems, version)
    check_posts(release, where, database, problems)
    databases.check_tags(database, where, release, problems, with_counts=True)
    databases.check_post_tags(database, where, "post_tags", "post_id", release, problems)
    for table in OF_THE_SITE:
        check_table(release, where, database, table, problems)
    check_pool_posts(release, where, database, problems)
    check_other_names(release, where, database, problems)


def check_info(release, where, database, problems, version):
    found = dict(database.execute("SELECT key, value FROM info"))
    for key, right in (("release", release.name), ("cutoff", release.cutoff), ("set_rule", release.rule),
                       ("schema_version", str(version))):
        problems.equal(where, f"info: {key}", found.get(key), right)


def site_columns(database, table):
    kinds = databases.columns(database, table)
    return kinds, [name for name in kinds if name != "id" and name not in OF_THE_RELEASE]


def check_posts(release, where, database, problems):
    kinds, names = site_columns(database, "posts")
    query = f"SELECT id, set_name, original_path, ml_path, {', '.join(names)} FROM posts ORDER BY id"
    for key, row, facts in reading.merge(databases.rows(database, query), release.posts()):
        if not (problems.check(row, where, "posts: lacks", key) and problems.check(facts, where, "posts: unknown", key)):
            continue
        original, form = facts["original"], facts["form"]
        right = (original.set_name, original.path, form.path if form else None) if original else None
        problems.equal(where, f"posts: the paths of {key}", row[:3], right)
        databases.check_columns(where, "posts", names, kinds, row[3:], facts["record"], problems)


def check_table(release, where, database, table, problems):
    kinds, names = site_columns(database, table)
    query = f"SELECT id, {', '.join(names)} FROM {table} ORDER BY id"
    for key, row, record in reading.merge(databases.rows(database, query), release.rows(table)):
        if problems.check(row, where, f"{table}: lacks", key) and problems.check(record, where, f"{table}: unknown", key):
            databases.check_columns(where, table, names, kinds, row, record, problems)


def numbers(value):
    """A pool's posts, which some dumps have as text."""
    return [int(n) for n in (value.split() if isinstance(value, str) else value or [])]


def check_pool_posts(release, where, database, problems):
    right = {(pool, position, post) for pool, row in release.rows("pools")
             for position, post in enumerate(numbers(row.get("post_ids")), 1) if post in release.originals}
    compare_sets(where, "pool_posts", set(database.execute("SELECT pool_id, position, post_id FROM pool_posts")), right,
                 problems)


def check_other_names(release, where, database, problems):
    right = {(artist, position, name) for artist, row in release.rows("artists")
             for position, name in enumerate(row.get("other_names") or [], 1) if isinstance(name, str)}
    found = set(database.execute("SELECT artist_id, position, name FROM artist_other_names"))
    compare_sets(where, "artist_other_names", found, right, problems)


def compare_sets(where, what, found, right, problems):
    for row in sorted(found - right):
        problems.add(where, f"{what}: a row too many", row)
    for row in sorted(right - found):
        problems.add(where, f"{what}: lacks the row", row)
