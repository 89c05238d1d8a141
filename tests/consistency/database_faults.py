# SPDX-License-Identifier: MIT
"""Faults in the databases, which no checksum tells either; as in semantic_faults.py."""

SLIM = "filename-tags.sqlite"
A_POST = "(SELECT id FROM posts LIMIT 1 OFFSET 3)"


def full(*statements):
    return lambda copy: copy.sql(f"{copy.name}.sqlite", *statements)


def slim(*statements):
    return lambda copy: copy.sql(SLIM, *statements)


def set_info(key, value):
    return full(f"UPDATE info SET value = '{value}' WHERE key = '{key}'")


DATABASE_FAULTS = {
    "a post of the database removed": (full(f"DELETE FROM posts WHERE id = {A_POST}"), "posts: lacks"),
    "a post of the database added": (full("CREATE TEMP TABLE one AS SELECT * FROM posts LIMIT 1",
                                          "UPDATE one SET id = 9000001", "INSERT INTO posts SELECT * FROM one"),
                                     "posts: unknown"),
    "a score in the database": (full(f"UPDATE posts SET score = score + 1 WHERE id = {A_POST}"), "posts.score"),
    "a source in the database": (full(f"UPDATE posts SET source = source || ' ' WHERE id = {A_POST}"), "posts.source"),
    "a path of the database": (full("UPDATE posts SET ml_path = NULL WHERE id = (SELECT max(id) FROM posts WHERE "
                                    "ml_path IS NOT NULL)"), "posts.ml_path"),
    "a tag of a post removed": (full(f"DELETE FROM post_tags WHERE post_id = {A_POST} AND tag_id = (SELECT max(tag_id) "
                                     f"FROM post_tags WHERE post_id = {A_POST})"), "post_tags of post"),
    "a tag's count": (full("UPDATE tags SET post_count = post_count + 1 WHERE name = 'solo'"), "tags: solo"),
    "a tag's category": (full("UPDATE tags SET category = 5 WHERE name = 'solo'"), "tags: solo"),
    "an alias": (full("UPDATE tag_aliases SET consequent_name = consequent_name || '_' WHERE id = (SELECT max(id) FROM "
                      "tag_aliases)"), "tag_aliases.consequent_name"),
    "the cut-off": (set_info("cutoff", "2019-01-01T00:00:00.000Z"), "cutoff"),
    "the set rule": (set_info("set_rule", "1: sfw = rating g; everything else is nsfw"), "set_rule"),
    "an image of the slim database removed": (
        slim("DELETE FROM images WHERE image_id = (SELECT max(image_id) FROM images)"), f"{SLIM}: images: lacks"),
    "a tag of an image added": (
        slim("INSERT INTO imageTags SELECT i.image_id, t.tag_id FROM images i, tags t WHERE NOT EXISTS (SELECT 1 FROM "
             "imageTags u WHERE u.image_id = i.image_id AND u.tag_id = t.tag_id) LIMIT 1"),
        f"{SLIM}: imageTags of post"),
    "a rating in the slim database": (slim("UPDATE images SET rating = 'g' WHERE rating = 'e'"), f"{SLIM}: images"),
}
