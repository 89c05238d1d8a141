# SPDX-License-Identifier: MIT
"""Faults to plant in a copy of a release, and what a checker must say of each. Those of SEMANTIC are sealed: the lists of
checksums are made right again, so only what the files say can give them away."""
import pathlib

FILES, LEFT_OUT, SUMS, POSTS = "files.tsv.zst", "left-out.tsv.zst", "SHA256SUMS", "posts.jsonl.zst"
TSV, SLIM = "filename-tags.tsv.zst", "filename-tags.sqlite"
A_STILL = "sfw/512px/.*\t"


def flipped(pattern):
    return lambda copy: copy.flip(copy.shared / copy.file_row(pattern)[0])


def missing(pattern):
    return lambda copy: (copy.shared / copy.file_row(pattern)[0]).unlink()


def cut(copy):
    path = copy.shared / copy.file_row("nsfw/original")[0]
    copy.write(path, path.read_bytes()[:-1])


def linked(copy):
    """The right bytes, but only on the machine that made it."""
    path = copy.shared / copy.file_row("sfw/original")[0]
    copy.write(path.with_name("target"), path.read_bytes())
    path.unlink()
    path.symlink_to("target")


def wrong_sum(copy):
    copy.edit(SUMS, lambda lines: [lines[0].replace(lines[0][:8], "0" * 8, 1), *lines[1:]])


# name: (what plants it, a part of a line that the checker must print)
OF_BYTES = {
    "a byte of an original": (flipped("sfw/original"), "md5"),
    "a byte of an ML form": (flipped(A_STILL), "sha256"),
    "an original cut by one byte": (cut, ": size: "),
    "an original missing": (missing("nsfw/original"), "missing, or no file"),
    "an ML form missing": (missing(A_STILL), "missing, or no file"),
    "a symbolic link instead of a file": (linked, "missing, or no file"),
    "an extra file in a bucket": (lambda c: c.write(c.shared / "sfw/original/0001/99999001.png", b"x"), "not in the file list"),
    "an extra folder in the shared tree": (lambda c: c.write(c.shared / "extra/1.txt", b"x"), "does not belong"),
    "a wrong line of SHA256SUMS": (wrong_sum, "the hash in SHA256SUMS"),
    "a line of SHA256SUMS missing": (lambda c: c.edit(SUMS, lambda lines: lines[1:]), "does not list"),
    "SHA256SUMS out of order": (lambda c: c.edit(SUMS, lambda lines: lines[::-1]), "not sorted by name"),
    "a file beside the exports": (lambda c: c.write(c.folder / "notes.txt", b"x"), "does not list: notes.txt"),
    "an export missing": (lambda c: (c.folder / TSV).unlink(), "lists what is not there: " + TSV),
    "the file list cut short": (lambda c: c.write(c.folder / FILES, (c.folder / FILES).read_bytes()[:-9]), FILES),
}


def q_in_sfw(copy):
    """A post of another rating in every export, where it lies is as it was."""
    path = copy.file_row("sfw/original")[0]
    number = pathlib.Path(path).stem
    copy.replace(POSTS, rf'^(\{{"id":{number},.*"rating":)"[gs]"', r'\1"q"')
    copy.replace(TSV, rf"^({path})\t[gs]\t", r"\1\tq\t")
    copy.sql(f"{copy.name}.sqlite", f"UPDATE posts SET rating = 'q' WHERE id = {number}")
    copy.sql(SLIM, f"UPDATE images SET rating = 'q' WHERE id = {number}")


def q_moved_to_sfw(copy):
    """A file of the other set, moved with every mention of it."""
    old = copy.file_row("nsfw/original")[0]
    copy.move(old, old.replace("nsfw", "sfw", 1))
    copy.rewrite_everywhere(old, old.replace("nsfw", "sfw", 1))


def wrong_bucket(copy):
    old = copy.file_row("sfw/original")[0]
    new = f"sfw/original/0999/{pathlib.Path(old).name}"
    copy.move(old, new)
    copy.rewrite_everywhere(old, new)


def unlisted(copy):
    """A post that is not in the file list any more, nor in the tree, but in the exports."""
    path = copy.file_row("sfw/original.*swf|sfw/original")[0]
    (copy.shared / path).unlink()
    copy.relist(path, None)


def relisted(column, value):
    def change(copy):
        row = copy.file_row("sfw/original")
        row[column] = value
        copy.relist(row[0], row)
    return change


def other_bytes(copy):
    """Other bytes of another size, listed as if they had always been so: the record says what the site sent."""
    row = copy.file_row("sfw/original")
    path = copy.shared / row[0]
    copy.write(path, path.read_bytes() + b"more")
    row[2] = str(int(row[2]) + 4)
    copy.relist(row[0], row)


def swapped(name, i, j):
    def change(lines):
        lines[i], lines[j] = lines[j], lines[i]
    return lambda copy: copy.edit(name, change)


def dropped(name, i):
    return lambda copy: copy.edit(name, lambda lines: lines[:i] + lines[i + 1:])


def left_out_too(copy):
    number = copy.file_row("original")[1]
    row = f"{number}\toriginal\texpunged\t"
    copy.edit(LEFT_OUT, lambda lines: [lines[0], *sorted([*lines[1:], row], key=lambda line: int(line.split("\t")[0]))])


def in_full(*statements):
    return lambda copy: copy.sql(f"{copy.name}.sqlite", *statements)


def in_slim(*statements):
    return lambda copy: copy.sql(SLIM, *statements)


ANY_POST = "(SELECT id FROM posts LIMIT 1 OFFSET 3)"
SEMANTIC = {
    "a q post in sfw, rated so everywhere": (q_in_sfw, "the set of post"),
    "a q post moved to sfw with every path": (q_moved_to_sfw, "the set of post"),
    "a file in another bucket, with every path": (wrong_bucket, "the bucket of"),
    "a post without a file": (unlisted, "not in the file list"),
    "editions out of order": (relisted(5, "9"), "not in the order series, edition, ID"),
    "an edition of 0": (relisted(5, "0"), "an edition below 1"),
    "a wrong md5 in the file list": (relisted(3, "0" * 32), ": md5: "),
    "a wrong size in the file list": (relisted(2, "7"), ": size: "),
    "other bytes, of another size": (other_bytes, ": md5: "),
    "two lines of the file list swapped": (swapped(FILES, 3, 4), "not in the order series, edition, ID"),
    "a left-out row removed": (dropped(LEFT_OUT, 2), LEFT_OUT),
    "a left-out row of a post that is there": (left_out_too, "left out, and in the file list"),
    "a left-out state nobody knows": (lambda c: c.replace(LEFT_OUT, "expunged", "lost"), "no state of original"),
    "a left-out reason gone": (lambda c: c.replace(LEFT_OUT, "not_a_still_image\t.+", "not_a_still_image\t"), "no reason"),
    "a record missing": (dropped(POSTS, 4), f"{POSTS}: lacks a post"),
    "a record with another tag": (lambda c: c.replace(POSTS, '"tag_string":"', '"tag_string":"not_a_tag '), "tags of post"),
    "a record created later": (lambda c: c.replace(POSTS, '"created_at":"20..', '"created_at":"2031'), "after the cut-off"),
    "a note of a foreign post": (lambda c: c.replace("notes.jsonl.zst", '"post_id":[0-9]+', '"post_id":99999999'),
                                 "of a post that is not in the release"),
    "a tag's name changed": (lambda c: c.replace("tags.jsonl.zst", '"name":"solo"', '"name":"Solo"'), "tags: "),
    "an alias changed": (in_full("UPDATE tag_aliases SET consequent_name = consequent_name || '_' WHERE id = "
                                 "(SELECT max(id) FROM tag_aliases)"), "tag_aliases.consequent_name"),
    "a wrong tag in the TSV": (lambda c: c.replace(TSV, r"\bsolo\b", "duo"), f"{TSV}: tags of post"),
    "tags of the TSV in another order": (lambda c: c.replace(TSV, r"\t(\S+) (\S+)(.*)$", r"\t\2 \1\3"), f"{TSV}: tags of"),
    "a rating in the TSV": (lambda c: c.replace(TSV, r"\te\t", r"\tq\t"), f"{TSV}: rating of post"),
    "a row of the TSV removed": (dropped(TSV, 5), f"{TSV}: lacks a post"),
    "a row of the TSV added": (lambda c: c.edit(TSV, lambda lines: lines + ["sfw/original/0001/9000001.png\ts\tsolo"]),
                               f"{TSV}: an unknown post"),
    "a post of the database removed": (in_full(f"DELETE FROM posts WHERE id = {ANY_POST}"), "posts: lacks"),
    "a post of the database added": (in_full("INSERT INTO posts (id, set_name, original_path) VALUES (9000001, 'sfw', 'x')"),
                                     "posts: unknown"),
    "a score in the database": (in_full(f"UPDATE posts SET score = score + 1 WHERE id = {ANY_POST}"), "posts.score"),
    "a source in the database": (in_full(f"UPDATE posts SET source = source || ' ' WHERE id = {ANY_POST}"), "posts.source"),
    "a path of the database": (in_full("UPDATE posts SET ml_path = NULL WHERE id = (SELECT max(id) FROM posts WHERE ml_path IS "
                                       "NOT NULL)"), "posts: the paths of"),
    "a tag of a post removed": (in_full(f"DELETE FROM post_tags WHERE post_id = {ANY_POST} AND tag_id = (SELECT max(tag_id) "
                                        f"FROM post_tags WHERE post_id = {ANY_POST})"), "post_tags of post"),
    "a tag's count": (in_full("UPDATE tags SET post_count = post_count + 1 WHERE name = 'solo'"), "tags: solo"),
    "a tag's category": (in_full("UPDATE tags SET category = 5 WHERE name = 'solo'"), "tags: solo"),
    "the cut-off in the database": (in_full("UPDATE info SET value = '2019-01-01T00:00:00.000Z' WHERE key = 'cutoff'"), "cutoff"),
    "the set rule in the database": (in_full("UPDATE info SET value = '1: sfw = rating g; everything else is nsfw' "
                                             "WHERE key = 'set_rule'"), "set_rule"),
    "an image of the slim database removed": (in_slim("DELETE FROM images WHERE id = (SELECT max(id) FROM images)"),
                                              f"{SLIM}: images: lacks"),
    "a tag of an image added": (in_slim("INSERT INTO image_tags SELECT i.id, t.id FROM images i, tags t WHERE NOT EXISTS "
                                        "(SELECT 1 FROM image_tags WHERE image_id = i.id AND tag_id = t.id) LIMIT 1"),
                                f"{SLIM}: image_tags of post"),
    "a rating in the slim database": (in_slim("UPDATE images SET rating = 'g' WHERE rating = 'e'"), f"{SLIM}: images"),
}
