# SPDX-License-Identifier: MIT
"""Faults that no checksum tells: SHA256SUMS is made right again, so what the files say must give them away.

Each is (the file it needs, what plants it, a part of a line that the checker must print)."""
import pathlib

FILES, LEFT_OUT, POSTS, TSV = "files.tsv.zst", "left-out.tsv.zst", "posts.jsonl.zst", "filename-tags.tsv.zst"
NOTES = "notes.jsonl.zst"


def q_in_sfw(copy):
    """A post of another rating in every export; where it lies is as it was."""
    path = copy.file_row("sfw/original")[0]
    number = pathlib.Path(path).stem
    copy.replace(POSTS, rf'^(\{{"id":{number},.*"rating":)"[gs]"', r'\1"q"')
    copy.replace(TSV, rf"^({path})\t[gs]\t", r"\1\tq\t")
    copy.sql(f"{copy.name}.sqlite", f"UPDATE posts SET rating = 'q' WHERE id = {number}")
    copy.sql("filename-tags.sqlite", f"UPDATE images SET rating = 'q' WHERE rowid = {number}")


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
    path = copy.file_row("sfw/original")[0]
    (copy.shared / path).unlink()
    copy.relist(path, None)


def relisted(column, value):
    def change(copy):
        row = copy.file_row("sfw/original")
        row[column] = value
        copy.relist(row[0], row)
    return change


def other_bytes(copy):
    """Other bytes of another size, with the size listed."""
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


def appended(name, line):
    return lambda copy: copy.edit(name, lambda lines: lines + [line])


def replaced(name, pattern, by):
    return lambda copy: copy.replace(name, pattern, by)


def left_out_too(copy):
    row = f"{copy.file_row('original')[1]}\toriginal\texpunged\t"
    copy.edit(LEFT_OUT, lambda lines: [lines[0], *sorted([*lines[1:], row], key=lambda line: int(line.split("\t")[0]))])


def counted(change):
    """A number of statistics.json. `change` gets the document."""
    return lambda copy: copy.edit_json("statistics.json", change)


def in_legacy(pattern, by):
    def plant(copy):
        name = next(path.name for path in sorted((copy.folder / "posts-legacy").iterdir()))
        copy.replace(f"posts-legacy/{name}", pattern, by)
    return plant


FAULTS = {
    "a q post in sfw, rated so everywhere": (POSTS, q_in_sfw, "the set of post"),
    "a q post moved to sfw with every path": (POSTS, q_moved_to_sfw, "the set of post"),
    "a file in another bucket, with every path": (FILES, wrong_bucket, "the bucket of"),
    "a post without a file": (FILES, unlisted, "not in the file list"),
    "editions out of order": (FILES, relisted(5, "9"), "not in the order series, edition, ID"),
    "an edition of 0": (FILES, relisted(5, "0"), "an edition below 1"),
    "a wrong md5 in the file list": (FILES, relisted(3, "0" * 32), ": md5: "),
    "a wrong size in the file list": (FILES, relisted(2, "7"), ": size: "),
    "other bytes, of another size": (FILES, other_bytes, ": md5: "),
    "two lines of the file list swapped": (FILES, swapped(FILES, 3, 4), "not in the order series, edition, ID"),
    "a left-out row removed": (LEFT_OUT, dropped(LEFT_OUT, 2), LEFT_OUT),
    "a left-out row of a post that is there": (LEFT_OUT, left_out_too, "left out, and in the file list"),
    "a left-out state nobody knows": (LEFT_OUT, replaced(LEFT_OUT, "expunged", "lost"), "no state of original"),
    "a left-out reason gone": (LEFT_OUT, replaced(LEFT_OUT, "(still_image)\t.+", r"\1\t"), "no reason"),
    "a record missing": (POSTS, dropped(POSTS, 4), f"{POSTS}: lacks a post"),
    "a record with another tag": (POSTS, replaced(POSTS, '"tag_string":"', '"tag_string":"no_tag '), "tags of post"),
    "a record created later": (POSTS, replaced(POSTS, '"created_at":"20..', '"created_at":"2031'), "after the cut-off"),
    "a note of a foreign post": (NOTES, replaced(NOTES, '"post_id":[0-9]+', '"post_id":99999999'),
                                 "of a post that is not in the release"),
    "a tag's name": ("tags.jsonl.zst", replaced("tags.jsonl.zst", '"name":"solo"', '"name":"Solo"'), "tags: "),
    "a wrong tag in the TSV": (TSV, replaced(TSV, r"\bsolo\b", "duo"), f"{TSV}: tags of post"),
    "tags of the TSV in another order": (TSV, replaced(TSV, r"\t(\S+) (\S+)(.*)$", r"\t\2 \1\3"), f"{TSV}: tags of"),
    "a rating in the TSV": (TSV, replaced(TSV, r"\te\t", r"\tq\t"), f"{TSV}: rating of post"),
    "a row of the TSV removed": (TSV, dropped(TSV, 5), f"{TSV}: lacks a post"),
    "a row of the TSV added": (TSV, appended(TSV, "sfw/original/0001/9000001.png\ts\tsolo"), f"{TSV}: an unknown post"),
}

for what, number in (("posts", lambda d: d.update(posts=d["posts"] + 1)),
                     ("a tag mean", lambda d: d["tags"].update(mean=d["tags"]["mean"] + 0.001)),
                     ("a top tag", lambda d: d["tags"]["categories"][0]["top"][3].update(posts=1)),
                     ("pixels.total", lambda d: d["pixels"].update(total=d["pixels"]["total"] - 1)),
                     ("ratings[1].percent", lambda d: d["ratings"][1].update(percent=12.3)),
                     ("left_out.original", lambda d: d["left_out"].update(original=0)),
                     ("audit.checked", lambda d: d["audit"].update(checked=0)),
                     ("a year", lambda d: d["years"][-1].update(posts=0)),
                     ("bytes.total", lambda d: d["bytes"].update(total=d["bytes"]["total"] + 1))):
    FAULTS[f"statistics.json: {what}"] = ("statistics.json", counted(number), f"statistics.json: {what.split('.')[0]}"
                                          if not what.startswith("a ") else "should be")

SQL = "danbooru2017.sql.zst"
FAULTS |= {
    "a text in the SQL": (SQL, replaced(SQL, r"'solo',", "'sola',"), f"{SQL}: tags: lacks: solo"),
    "a row of the SQL removed": (SQL, replaced(SQL, r"^\(1,'[^\n]*\),\n", ""), f"{SQL}: "),
    "a count in tags.csv": ("tags.csv", replaced("tags.csv", r",(\d+)$", r",7\1"), "tags.csv: line"),
    "a line of tags.csv removed": ("tags.csv", dropped("tags.csv", 3), "tags.csv: lines"),
    "an alias in the CSV": ("tags.csv", dropped("tag_aliases.csv", 2), "tag_aliases.csv: lacks"),
    "a legacy score": ("posts-legacy", in_legacy('"score":"', '"score":"9'), "posts-legacy: score of post"),
    "a legacy tag": ("posts-legacy", in_legacy('"name":"solo"', '"name":"duo"'), "posts-legacy: tags of post"),
    "a post in the list of deleted ones": ("lists", appended("lists/deleted.txt", "9000001"), "lists/deleted.txt: "),
    "a list's line removed": ("lists", dropped("lists/non-images.txt", 1), "lists/non-images.txt: lacks the line"),
}
