# SPDX-License-Identifier: MIT
"""NAME.sqlite, and what NAME.sql.zst loads to: every table, row by row, against the records they were made from."""
import check_views
import databases
import reading

OF_THE_SITE = ("tag_aliases", "tag_implications", "pools", "notes", "artist_commentaries", "artists", "artist_urls",
               "users")
# What dbr adds to the site's columns, from the file list.
OF_THE_RELEASE = {
    "set_name": lambda original, form: original.set_name,
    "original_path": lambda original, form: original.path,
    "original_size": lambda original, form: original.size,
    "original_sha256": lambda original, form: original.sha256,
    "ml_path": lambda original, form: form.path if form else None,
}
BOX = ("ml_box_x", "ml_box_y", "ml_box_width", "ml_box_height")


def check(release, where, database, problems, is_portable=False):
    """`is_portable`: it was made of SQL that PostgreSQL reads too, which has no word for the schema's version."""
    databases.check_soundness(database, where, problems)
    version = int(dict(database.execute("SELECT key, value FROM info"))["schema_version"])
    if not is_portable:
        problems.equal(where, "user_version", database.execute("PRAGMA user_version").fetchone()[0], version)
    check_info(release, where, database, problems)
    check_posts(release, where, database, problems)
    databases.check_tags(database, where, release, problems, "id, name, category, post_count")
    databases.check_post_tags(database, where, "post_tags", "post_id", release, problems)
    for table in OF_THE_SITE:
        check_table(release, where, database, table, problems)
    check_pool_posts(release, where, database, problems)
    check_other_names(release, where, database, problems)
    if version >= 2:
        views = set(check_views.CHECKS) - ({"posts_with_tags"} if is_portable else set())
        check_views.check(release, where, database, views, problems)


def check_info(release, where, database, problems):
    found = dict(database.execute("SELECT key, value FROM info"))
    problems.equal(where, "info: keys", sorted(found), ["cutoff", "release", "schema_version", "set_rule"])
    for key, right in (("release", release.name), ("cutoff", release.cutoff), ("set_rule", release.rule)):
        problems.equal(where, f"info: {key}", found.get(key), right)


def check_posts(release, where, database, problems):
    kinds = databases.columns(database, "posts")
    names = [name for name in kinds if name != "id"]
    of_site = [i for i, name in enumerate(names) if name not in OF_THE_RELEASE and name not in BOX]
    query = f"SELECT id, {', '.join(names)} FROM posts ORDER BY id"
    for key, row, facts in reading.merge(databases.rows(database, query), release.posts()):
        is_there = problems.check(row, where, "posts: lacks", key)
        if not (problems.check(facts, where, "posts: unknown", key) and is_there):
            continue
        databases.check_columns(where, "posts", [names[i] for i in of_site], kinds, [row[i] for i in of_site],
                                facts["record"], problems)
        said = dict(zip(names, row))
        for name in OF_THE_RELEASE.keys() & said.keys() if facts["original"] else ():
            right = OF_THE_RELEASE[name](facts["original"], facts["form"])
            problems.equal(where, f"posts.{name} of {key}", said[name], right)
        check_box(where, key, [said[name] for name in BOX if name in said], facts["form"], problems)


def check_box(where, key, box, form, problems):
    """The place of the picture in its ML form: how large that is depends on settings, so only the form of it."""
    if box:
        is_box = form and all(isinstance(n, int) for n in box) and min(box[:2]) >= 0 and min(box[2:]) > 0
        problems.check(is_box if form else box == [None] * 4, where, "posts: content box", f"{key}: {box}")


def check_table(release, where, database, table, problems):
    kinds = databases.columns(database, table)
    names = [name for name in kinds if name != "id"]
    query = f"SELECT id, {', '.join(names)} FROM {table} ORDER BY id"
    for key, row, record in reading.merge(databases.rows(database, query), release.rows(table)):
        is_there = problems.check(row, where, f"{table}: lacks", key)
        if problems.check(record, where, f"{table}: unknown", key) and is_there:
            databases.check_columns(where, table, names, kinds, row, record, problems)


def numbers(value):
    """A pool's posts, which some dumps have as text."""
    return [int(n) for n in (value.split() if isinstance(value, str) else value or [])]


def check_pool_posts(release, where, database, problems):
    right = {(pool, position, post) for pool, row in release.rows("pools")
             for position, post in enumerate(numbers(row.get("post_ids")), 1) if post in release.originals}
    found = set(database.execute("SELECT pool_id, position, post_id FROM pool_posts"))
    databases.compare_sets(where, "pool_posts", found, right, problems)


def check_other_names(release, where, database, problems):
    right = {(artist, position, name) for artist, row in release.rows("artists")
             for position, name in enumerate(row.get("other_names") or [], 1) if isinstance(name, str)}
    found = set(database.execute("SELECT artist_id, position, name FROM artist_other_names"))
    databases.compare_sets(where, "artist_other_names", found, right, problems)
