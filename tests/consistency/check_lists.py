# SPDX-License-Identifier: MIT
"""lists/: the lists of posts that people leave out or look for, made anew from the records and the other lists."""
import collections
import re

FOLDER = "lists"
BY_TAG = {"monochrome.txt": {"monochrome", "greyscale"}, "ai-tagged.txt": {"ai-generated", "ai-assisted"},
          "text-only.txt": {"text-only_page"}}
REPLACED = ("id", "number", "file_ext", "size", "md5", "sha256", "source_md5")


def check(release, problems):
    folder = release.folder / FOLDER
    right = {name: [f"{key}" for key in keys] for name, keys in lists_of_posts(release).items()}
    right["pixel-duplicates.tsv"] = ["pixel_hash\tid", *(f"{pixels}\t{key}" for pixels, key in duplicates(release))]
    for name, lines in right.items():
        if (found := lines_of(folder / name, problems)) is not None:
            problems.check(len(found) == len(set(found)), f"{FOLDER}/{name}", "a line twice")
            for line in sorted(set(found) - set(lines)):
                problems.add(f"{FOLDER}/{name}", "a line too many", line)
            for line in sorted(set(lines) - set(found)):
                problems.add(f"{FOLDER}/{name}", "lacks the line", line)
            problems.check(found == lines or sorted(found) != sorted(lines), f"{FOLDER}/{name}", "out of order")
    check_replaced(release, folder / "replaced.tsv", problems)
    for path in folder.iterdir():
        problems.check(path.name in {*right, "replaced.tsv"}, f"{FOLDER}/{path.name}", "no list that is known")


def lines_of(path, problems):
    where = f"{FOLDER}/{path.name}"
    if not problems.check(path.is_file(), where, "missing"):
        return None
    text = path.read_text(encoding="utf-8")
    problems.check(text.endswith("\n") or not text, where, "the last line has no end")
    return text.split("\n")[:-1]


def lists_of_posts(release):
    found = {name: [] for name in ("deleted.txt", *BY_TAG)}
    for key, facts in release.posts():
        if facts["record"].get("is_deleted") is True:
            found["deleted.txt"].append(key)
        names = {name for name, _ in facts["tags"]}
        for name, tags in BY_TAG.items():
            if names & tags:
                found[name].append(key)
    found["non-images.txt"] = [item.id for item in release.left_out
                               if item.form == "512px" and item.state == "not_a_still_image"]
    return found


def duplicates(release):
    posts = collections.defaultdict(list)
    for key, facts in release.posts():
        asset = facts["record"].get("media_asset")
        pixels = asset.get("pixel_hash") if isinstance(asset, dict) else None
        if isinstance(pixels, str) and re.fullmatch("[0-9a-f]{32}", pixels):
            posts[pixels].append(key)
    return [(pixels, key) for pixels, keys in sorted(posts.items()) if len(keys) > 1 for key in keys]


def check_replaced(release, path, problems):
    where, last = f"{FOLDER}/{path.name}", (0, 0)
    lines = lines_of(path, problems) or [""]
    problems.equal(where, "columns", tuple(lines[0].split("\t")), REPLACED)
    for line in lines[1:]:
        row = line.split("\t")
        is_row = len(row) == len(REPLACED) and row[0].isdigit() and row[1].isdigit()
        if not problems.check(is_row, where, "a line of another form", line):
            continue
        key, number = int(row[0]), int(row[1])
        problems.check((key, number) > last, where, "not in the order of ID and number", line)
        problems.check(number == (last[1] + 1 if key == last[0] else 1), where, "a number is missing", line)
        problems.check(key in release.originals, where, "of a post that is not in the release", line)
        is_file = (re.fullmatch("[a-z0-9]{1,8}", row[2]) and row[3].isdigit() and re.fullmatch("[0-9a-f]{64}", row[5])
                   and all(re.fullmatch("[0-9a-f]{32}", row[i]) for i in (4, 6)))
        problems.check(is_file, where, "no file", line)
        last = (key, number)
