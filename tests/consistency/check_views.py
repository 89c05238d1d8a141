# SPDX-License-Identifier: MIT
"""The views of NAME.sqlite and NAME.sql.zst: that they are there, and say what follows from the tables."""
import databases
import reading
import records

NAMES = {0: "general", 1: "artist", 3: "copyright", 4: "character", 5: "meta"}


def check(release, where, database, expected, problems):
    found = {row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'view'")}
    problems.equal(where, "views", sorted(found), sorted(expected))
    for name in found & CHECKS.keys():
        CHECKS[name](release, where, database, problems)


def check_posts_with_tags(release, where, database, problems):
    categories = {name: entry[1] for name, entry in databases.right_tags(release).items()}
    columns = ", ".join(f"tag_string_{name}" for name in records.CATEGORIES)
    query = f"SELECT id, tag_string, {columns} FROM posts_with_tags ORDER BY id"
    for key, row, facts in reading.merge(databases.rows(database, query), release.posts()):
        if row and facts:
            names = sorted((name for name, _ in facts["tags"]), key=str.encode)
            right = [names, *([name for name in names if categories[name] == n] for n in records.CATEGORIES.values())]
            problems.equal(where, f"posts_with_tags of {key}", list(row), [" ".join(part) for part in right])


def check_tags_by_category(release, where, database, problems):
    for name, category in database.execute("SELECT category_name, category FROM tags_by_category"):
        problems.equal(where, f"tags_by_category: the name of {category}", name, NAMES.get(category, "unknown"))


def check_implied_tags(release, where, database, problems):
    direct = {}
    for _, row in release.rows("tag_implications"):
        if row.get("status") == "active":
            direct.setdefault(row["antecedent_name"], set()).add(row["consequent_name"])
    right = set()
    for tag in direct:
        seen, todo = set(), list(direct[tag])
        while todo:
            if (name := todo.pop()) not in seen:
                seen.add(name)
                todo += direct.get(name, ())
        right |= {(tag, name) for name in seen}
    found = database.execute("SELECT antecedent_name, consequent_name FROM implied_tags").fetchall()
    problems.check(len(found) == len(set(found)), where, "implied_tags: a row twice")
    databases.compare_sets(where, "implied_tags", set(found), right, problems)


def same_rows(view, columns, select):
    def check_rows(release, where, database, problems):
        found, right = (set(database.execute(query)) for query in (f"SELECT {columns} FROM {view}", select))
        databases.compare_sets(where, view, found, right, problems)
    return check_rows


CHECKS = {
    "posts_with_tags": check_posts_with_tags,
    "tags_by_category": check_tags_by_category,
    "implied_tags": check_implied_tags,
    "imageTags": same_rows("imageTags", "image_id, tag_id", "SELECT post_id, tag_id FROM post_tags"),
    "post_tag_names": same_rows("post_tag_names", "post_id, tag_id, name, category, post_count",
                                "SELECT post_id, tag_id, name, category, post_count FROM post_tags JOIN tags "
                                "ON id = tag_id"),
}
