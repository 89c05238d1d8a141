# SPDX-License-Identifier: MIT
"""Faults that no checksum tells: SHA256SUMS is made right again, so what the files say must give them away.

Each is (what plants it, a part of a line that the checker must print)."""
from plants import (FILES, LEFT_OUT, POSTS, TSV, appended, counted, dropped, in_a_tree, in_legacy, left_out_too,
                    other_bytes, q_in_sfw, q_moved_to_sfw, relisted, replaced, swapped, text_replaced, unlisted,
                    wrong_bucket)

NOTES, HAKU = "notes.jsonl.zst", "hakubooru.sqlite"

FAULTS = {
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
    "a left-out state nobody knows": (replaced(LEFT_OUT, "expunged", "lost"), "no state of original"),
    "a left-out reason gone": (replaced(LEFT_OUT, "(still_image)\t.+", r"\1\t"), "no reason"),
    "a record missing": (dropped(POSTS, 4), f"{POSTS}: lacks a post"),
    "a record with another tag": (replaced(POSTS, '"tag_string":"', '"tag_string":"no_tag '), "tags of post"),
    "a record created later": (replaced(POSTS, '"created_at":"20..', '"created_at":"2031'), "after the cut-off"),
    "a note of a foreign post": (replaced(NOTES, '"post_id":[0-9]+', '"post_id":99999999'),
                                 "of a post that is not in the release"),
    "a tag's name": (replaced("tags.jsonl.zst", '"name":"solo"', '"name":"Solo"'), "tags: "),
    "a wrong tag in the TSV": (replaced(TSV, r"\bsolo\b", "duo"), f"{TSV}: tags of post"),
    "tags of the TSV in another order": (replaced(TSV, r"\t(\S+) (\S+)(.*)$", r"\t\2 \1\3"), f"{TSV}: tags of"),
    "a rating in the TSV": (replaced(TSV, r"\te\t", r"\tq\t"), f"{TSV}: rating of post"),
    "a row of the TSV removed": (dropped(TSV, 5), f"{TSV}: lacks a post"),
    "a row of the TSV added": (appended(TSV, "sfw/original/0001/9000001.png\ts\tsolo"), f"{TSV}: an unknown post"),
}

STATISTICS = "statistics.json"
for path, number in (("posts", lambda d: d.update(posts=d["posts"] + 1)),
                     ("last.id", lambda d: d["last"].update(id=d["last"]["id"] - 1)),
                     ("tags.mean", lambda d: d["tags"].update(mean=d["tags"]["mean"] + "1")),
                     ("tags.categories[0].unique", lambda d: d["tags"]["categories"][0].update(unique=1)),
                     ("bytes.total", lambda d: d["bytes"].update(total=d["bytes"]["total"] + 1)),
                     ("pixels.total", lambda d: d["pixels"].update(total=d["pixels"]["total"] - 1)),
                     ("ratings[1].percent", lambda d: d["ratings"][1].update(percent="#12.300")),
                     ("audit.checked", lambda d: d["audit"].update(checked=0)),
                     ("years[0].posts", lambda d: d["years"][0].update(posts=0)),
                     ("left_out.original", lambda d: d["left_out"].update(original=0)),
                     ("comparison[0].labels_ratio", lambda d: d["comparison"][0].update(labels_ratio="#1.000"))):
    FAULTS[f"{path} of the statistics"] = (counted(number), f"{STATISTICS}: {path}: ")

SQL = "danbooru2017.sql.zst"
FAULTS |= {
    "a number of the README": (replaced("README.md", r"^(\| in all .*)\d bytes\)", r"\1x bytes)"), "README.md: "),
    "a text in the SQL": (replaced(SQL, r"'solo',", "'sola',"), f"{SQL}: tags: lacks: solo"),
    "a row of the SQL removed": (replaced(SQL, r"^\(1,'[^\n]*\),\n", ""), f"{SQL}: "),
    "a count in tags.csv": (replaced("tags.csv", r",(\d+)$", r",7\1"), "tags.csv: line"),
    "a line of tags.csv removed": (dropped("tags.csv", 3), "tags.csv: lines"),
    "an alias in the CSV": (dropped("tag_aliases.csv", 2), "tag_aliases.csv: lacks"),
    "a legacy score": (in_legacy('"score":"', '"score":"9'), "posts-legacy: score of post"),
    "a legacy tag": (in_legacy('"name":"solo"', '"name":"duo"'), "posts-legacy: tags of post"),
    "a post in the list of deleted ones": (appended("lists/deleted.txt", "9000001"), "lists/deleted.txt: "),
    "a caption": (in_a_tree("sd-scripts/sfw/*/*.txt", text_replaced(",", ", more,")), "caption file"),
    "a tree's picture missing": (in_a_tree("imagefolder/train/nsfw/*/*.jpg", lambda c, p: p.unlink()),
                                 "imagefolder/train/nsfw/"),
    "a tree's picture": (in_a_tree("deepdanbooru/images/*/*.jpg", lambda c, p: c.flip(p)), ": sha256: "),
    "a file of no post in a tree": (in_a_tree("imagefolder/train/sfw/metadata.jsonl", lambda c, p: c.write(
        p.with_name("x.jpg"), b"x")), "does not belong there"),
    "a row of a tree": (in_a_tree("imagefolder/train/sfw/metadata.jsonl", text_replaced(
        '"rating":"s"', '"rating":"g"')), ": rating: "),
    "a rating's code": (lambda c: c.sql(HAKU, "UPDATE post SET rating = 1 WHERE rating = 3"),
                        "hakubooru.sqlite: post.rating"),
    "a path of hakubooru.sqlite": (lambda c: c.sql(
        HAKU, "UPDATE localpost SET filepath = 'x' WHERE id = (SELECT max(id) FROM localpost)"), "localpost"),
    "a file of the release in removed.txt": (lambda c: c.edit(
        "removed.txt", lambda lines: sorted([*lines, c.file_row("sfw/original")[0]], key=str.encode)),
                                             "names a file that is in the release"),
    "a path in removed.txt that leaves the folder": (appended("removed.txt", "../../notes.txt"), "no file of a release"),
    "a list's line removed": (dropped("lists/non-images.txt", 1), "lists/non-images.txt: lacks the line"),
}
