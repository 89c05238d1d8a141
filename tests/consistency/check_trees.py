# SPDX-License-Identifier: MIT
"""exports/NAME: trees of links for trainers. Each has every ML form of the release, what is said of it, and no more."""
import collections
import json
import os

import databases
import reading
import records

# Characters first: an encoder that takes only the beginning loses the least.
CAPTION_ORDER = (4, 3, 1, 0, 5)
LEAST_POSTS = 500


def check(release, problems):
    for name, check_tree in (("sd-scripts", check_sd_scripts), ("imagefolder", check_imagefolder),
                             ("deepdanbooru", check_deepdanbooru)):
        folder = release.trees / name
        if folder.is_dir():
            files = {os.path.relpath(os.path.join(at, file), folder)
                     for at, _, names in os.walk(folder) for file in names}
            expected = set(check_tree(release, folder, problems))
            for path in sorted(files - expected):
                problems.add(f"{name}/{path}", "does not belong there")
            for path in sorted(expected - files):
                problems.add(f"{name}/{path}", "missing")


def caption(tags):
    ordered = [name for category in CAPTION_ORDER for name, own in tags if own == category]
    return ", ".join(name.replace("_", " ") if len(name) > 3 else name for name in ordered
                     if not any(c in name for c in ",\r\n"))


def stills(release):
    """(ID, facts, 0123/1000123) of posts that have an ML form."""
    for key, facts in release.posts():
        if facts["form"]:
            yield key, facts, f"{facts['form'].bucket}/{key}"


def check_link(release, where, path, form, problems):
    """A link to the ML form, or at least its bytes."""
    if path.exists() and not os.path.samefile(path, release.shared / form.path):
        problems.equal(where, "sha256", reading.digests(path, "sha256")[0], form.sha256)


def check_box(where, box, size, problems):
    is_box = len(box) == 4 and min(box[:2]) >= 0 and min(box[2:]) > 0
    is_within = not size or (is_box and box[0] + box[2] <= size[0] and box[1] + box[3] <= size[1])
    problems.check(is_box and is_within, where, "content box", box)


def check_sd_scripts(release, folder, problems):
    entries = json.loads((folder / "metadata.json").read_text(encoding="utf-8"))
    rows = {row["image_path"]: row for row in json_lines(folder / "metadata.jsonl")}
    expected = {"metadata.json", "metadata.jsonl"}
    names = set()
    for _, facts, place in stills(release):
        name, where = f"{facts['form'].set_name}/{place}", f"sd-scripts/{facts['form'].set_name}/{place}"
        names.add(f"{name}.jpg")
        expected |= {f"{name}.jpg", f"{name}.txt"}
        text, entry, row = caption(facts["tags"]), entries.get(f"{name}.jpg", {}), rows.get(f"{name}.jpg", {})
        check_link(release, where, folder / f"{name}.jpg", facts["form"], problems)
        problems.equal(where, "caption file", read_text(folder / f"{name}.txt"), text + "\n")
        problems.equal(where, "tags in metadata.json", entry.get("tags"), text)
        problems.equal(where, "caption in metadata.jsonl", row.get("caption"), text)
        for key in ("image_size", "content_box"):
            problems.check(entry.get(key) == row.get(key), where, f"{key} of the two lists", entry.get(key))
        check_box(where, entry.get("content_box", []), entry.get("image_size"), problems)
    databases.compare_sets("sd-scripts/metadata.json", "entries", set(entries), names, problems)
    databases.compare_sets("sd-scripts/metadata.jsonl", "lines", set(rows), names, problems)
    return expected


def check_imagefolder(release, folder, problems):
    rows = {}
    for set_name in ("sfw", "nsfw"):
        path = folder / "train" / set_name / "metadata.jsonl"
        for row in json_lines(path) if path.exists() else ():
            rows[f"train/{set_name}/{row['file_name']}"] = row
    expected, sets = set(), set()
    for key, facts, place in stills(release):
        set_name = facts["form"].set_name
        name = f"train/{set_name}/{place}.jpg"
        sets.add(set_name)
        expected.add(name)
        row, where = rows.get(name, {}), f"imagefolder/{name}"
        check_link(release, where, folder / name, facts["form"], problems)
        for column, value in right_columns(key, facts).items():
            problems.equal(where, column, row.get(column), value)
        check_box(where, row.get("content_box", []), None, problems)
    databases.compare_sets("imagefolder", "rows", set(rows), expected, problems)
    return expected | {f"train/{name}/metadata.jsonl" for name in sets}


def right_columns(key, facts):
    record = facts["record"]
    right = {name: record.get(name) if type(record.get(name)) is int else 0
             for name in ("score", "fav_count", "image_width", "image_height")}
    for name, category in records.CATEGORIES.items():
        right[f"tag_string_{name}"] = " ".join(tag for tag, own in facts["tags"] if own == category)
    return right | {"id": key, "set": facts["form"].set_name, "rating": facts["rating"] or "",
                    "created_at": records.in_utc(record.get("created_at")), "text": caption(facts["tags"])}


def check_deepdanbooru(release, folder, problems):
    name = f"{release.name}.sqlite"
    where, expected, used = f"deepdanbooru/{name}", {name, "tags.txt"}, set()
    with databases.opened(folder / name) as database:
        databases.check_soundness(database, where, problems)
        query = ("SELECT id, md5, file_ext, tag_string, tag_count_general, rating, score, is_deleted FROM posts "
                 "ORDER BY id")
        right = ((key, facts) for key, facts in release.posts() if facts["form"])
        for key, row, facts in reading.merge(databases.rows(database, query), right):
            is_there = problems.check(row, where, "lacks", key)
            if problems.check(facts, where, "unknown", key) and is_there:
                md5, extension, tags, general, rating, score, is_deleted = row
                record = facts["record"]
                problems.check(md5 not in used, where, "an md5 twice", key)
                used.add(md5)
                names = (record.get("md5"), facts["original"].md5, f"{key:032}")
                problems.check(md5 in names, where, "no name of the post", f"{key}: {md5}")
                expected.add(f"images/{md5[:2]}/{md5}.jpg")
                check_link(release, where, folder / f"images/{md5[:2]}/{md5}.jpg", facts["form"], problems)
                problems.equal(where, f"tags of {key}", sorted(tags.split()), sorted(n for n, _ in facts["tags"]))
                said = (extension, general, rating, score, is_deleted)
                problems.equal(where, f"row of {key}", said, (
                    "jpg", sum(1 for _, own in facts["tags"] if own == 0), facts["rating"], record.get("score") or 0,
                    int(bool(record.get("is_deleted")))))
    check_tags_to_learn(release, folder / "tags.txt", problems)
    return expected


def check_tags_to_learn(release, path, problems):
    counts = collections.Counter(name for _, facts, _ in stills(release) for name, _ in facts["tags"])
    often = {name: entry[1] for name, entry in databases.right_tags(release).items() if counts[name] >= LEAST_POSTS}
    lines = path.read_text(encoding="utf-8").removesuffix("\n").split("\n")
    general = sorted(name for name, category in often.items() if category == 0)
    right = [general, sorted(name for name, category in often.items() if category == 4),
             [f"rating:{word}" for word in ("general", "sensitive", "questionable", "explicit")]]
    found = [sorted(lines[:len(general)]), sorted(lines[len(general):-4]), lines[-4:]]
    problems.equal("deepdanbooru/tags.txt", "general tags, characters, ratings", found, right)


def json_lines(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]


def read_text(path):
    try:
        return path.read_text(encoding="utf-8")
    except OSError:
        return None
