#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Reads what export-db writes for trainers the way their programs do, field by field, and fails where one would.

    tests/consumers/trainers.py ROOT NAME      ROOT: a dataset; NAME: a release exported with --format all

The schemas are those the programs named below have in their sources; the values are compared with the release's own
posts.jsonl.zst and files.tsv.zst. It ends with how much each reader got.
"""
import json
import os
import pathlib
import sqlite3
import struct
import subprocess
import sys
from contextlib import closing

CATEGORIES = {"general": 0, "artist": 1, "copyright": 3, "character": 4, "meta": 5}
# The extensions sd-scripts tries when a name has none.
EXTENSIONS = (".png", ".jpg", ".jpeg", ".webp", ".bmp", ".PNG", ".JPG", ".JPEG", ".WEBP", ".BMP")


def need(condition, *what):
    if not condition:
        raise ValueError(" ".join(map(str, what)))


def unzstd(path):
    text = subprocess.run(["zstd", "-dcq", path], check=True, stdout=subprocess.PIPE).stdout.decode()
    return text.split("\n")[:-1]


def lines_of(path):
    with open(path, encoding="utf-8") as file:
        return file.readlines()


def tags_of(record):
    """Tag names by category, in the record's order, each once."""
    seen, by_category = set(), {}
    for category in CATEGORIES:
        names = (record.get(f"tag_string_{category}") or "").split()
        by_category[category] = [n for n in names if not (n in seen or seen.add(n))]
    return by_category


def caption_of(record):
    tags = tags_of(record)
    ordered = [n for category in ("character", "copyright", "artist", "general", "meta") for n in tags[category]]
    return ", ".join(n.replace("_", " ") if len(n) > 3 else n for n in ordered if "," not in n)


def number(value):
    """Of an API's or an old dump's field."""
    return int(value) if isinstance(value, (int, str)) and not isinstance(value, bool) and value != "" else 0


def jpeg_size(path):
    """Width and height by the frame header."""
    data, at = path.read_bytes(), 2
    while not 0xC0 <= data[at + 1] <= 0xCF or data[at + 1] in (0xC4, 0xC8, 0xCC):
        at += 2 + struct.unpack(">H", data[at + 2:at + 4])[0]
    height, width = struct.unpack(">HH", data[at + 5:at + 9])
    return [width, height]


class Release:
    def __init__(self, root, name):
        self.name, self.shared = name, root / "danbooru"
        self.folder, self.trees = self.shared / "metadata" / name, root / "exports" / name
        head, *lines = unzstd(self.folder / "files.tsv.zst")
        files = [dict(zip(head.split("\t"), line.split("\t"), strict=True)) for line in lines]
        self.files = {(int(f["id"]), f["path"].split("/")[1]): f for f in files}
        self.posts = {row["id"]: row for row in map(json.loads, unzstd(self.folder / "posts.jsonl.zst"))}
        self.pictured = {i: f["path"] for (i, form), f in self.files.items() if form == "512px"}
        need(self.posts and self.pictured, "an empty release proves nothing")

    def set_of(self, post):
        return self.files[post, "original"]["path"].split("/")[0]

    def need_link(self, path, post):
        """The picture is the shared one, not a copy of it, and nobody can write to it."""
        ours, theirs = path.stat(), (self.shared / self.pictured[post]).stat()
        need((ours.st_dev, ours.st_ino) == (theirs.st_dev, theirs.st_ino), path, "is no link to the picture of", post)
        need(ours.st_mode & 0o222 == 0, path, "can be written to")


def connect(path):
    return closing(sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True))


def hakubooru(release):
    """KohakuBlueleaf/HakuBooru, hakubooru/dataset/db.py: four peewee models, their codes, and what may be NULL."""
    nullable = "md5 parent_id pixiv_id file_url large_file_url preview_file_url updated_at".split()
    texts = ("created_at source md5 file_ext file_url large_file_url preview_file_url updated_at "
             "name filepath latentpath").split()
    tables = {
        "post": "id created_at uploader_id source md5 parent_id has_children is_deleted is_banned pixiv_id "
                "has_active_children bit_flags has_large has_visible_children image_width image_height file_size "
                "file_ext rating score up_score down_score fav_count file_url large_file_url preview_file_url "
                "updated_at",
        "tag": "id name type popularity",
        "posttagrelation": "id post_id tag_id",
        "localpost": "id filepath latentpath post_id",
    }
    indexes = {("tag_name", "tag", 1), ("posttagrelation_post_id", "posttagrelation", 0),
               ("posttagrelation_tag_id", "posttagrelation", 0), ("localpost_post_id", "localpost", 0)}
    with connect(release.folder / "hakubooru.sqlite") as database:
        for table, names in tables.items():
            columns = [(n, "VARCHAR(255)" if n in texts else "INTEGER", int(n not in nullable + ["filepath", "latentpath"]),
                        int(n == "id")) for n in names.split()]
            found = database.execute(f"SELECT name, type, \"notnull\", pk FROM pragma_table_info('{table}')").fetchall()
            need(found == columns, table, found)
        found = {(name, table, unique) for table in tables for _, name, unique, _, _ in
                 database.execute(f"PRAGMA index_list('{table}')")}
        need(found == indexes, found)
        for pragma, fine in (("integrity_check", [("ok",)]), ("foreign_key_check", [])):
            need(database.execute(f"PRAGMA {pragma}").fetchall() == fine, pragma)

        database.row_factory = sqlite3.Row
        posts = {row["id"]: dict(row) for row in database.execute("SELECT * FROM post")}
        need(posts.keys() == release.posts.keys(), "other posts than the release's")
        for i, row in posts.items():
            hakubooru_post(row, release.posts[i], release.files[i, "original"])
        for post, path, latent in map(tuple, database.execute("SELECT post_id, filepath, latentpath FROM localpost")):
            need(path == release.files[post, "original"]["path"] and latent is None, post, path)
            need((release.shared / path).is_file(), path)

        kinds = ["general", "artist", "character", "copyright", "meta"]
        table_says = {row["name"]: row["category"] for row in map(json.loads, unzstd(release.folder / "tags.jsonl.zst"))}
        tags = {row["id"]: row for row in database.execute("SELECT * FROM tag")}
        for tag in tags.values():
            if tag["name"] in table_says:
                need(CATEGORIES[kinds[tag["type"]]] == table_says[tag["name"]], dict(tag))
        uses = {}
        for post, tag in map(tuple, database.execute("SELECT post_id, tag_id FROM posttagrelation")):
            uses.setdefault(post, []).append(tags[tag]["name"])
        for i, record in release.posts.items():
            need(sorted(uses.get(i, [])) == sorted(sum(tags_of(record).values(), [])), "tags of", i)
        counts = {}
        for names in uses.values():
            for name in names:
                counts[name] = counts.get(name, 0) + 1
        need({tag["name"]: tag["popularity"] for tag in tags.values()} == counts, "popularity")
    return f"{len(posts)} posts, {len(tags)} tags, {sum(counts.values())} relations"


def hakubooru_post(row, record, file):
    for key in ("uploader_id", "bit_flags", "image_width", "image_height", "score", "up_score", "down_score", "fav_count"):
        need(type(row[key]) is int and row[key] == number(record.get(key)), key, row)
    for key in ("has_children", "is_deleted", "is_banned", "has_active_children", "has_large", "has_visible_children"):
        need(row[key] == int(bool(record.get(key))), key, row)
    for key in ("parent_id", "pixiv_id"):
        need(row[key] == (number(record.get(key)) or None), key, row)
    for key in ("md5", "file_url", "large_file_url", "preview_file_url"):
        need(row[key] == (record.get(key) or None), key, row)
    need(row["source"] == (record.get("source") or ""), "source", row)
    need(row["rating"] == {"g": 0, "s": 1, "q": 2}.get(record.get("rating"), 3), "rating", row)
    need(row["file_size"] == (number(record.get("file_size")) or int(file["size"])), "file_size", row)
    need(row["file_ext"] == (record.get("file_ext") or file["path"].rpartition(".")[2]), "file_ext", row)
    need(row["created_at"].endswith("Z") and row["created_at"][4] == "-", "created_at", row)


def sd_scripts_picture(release, folder, name, post, caption):
    picture = folder / name
    release.need_link(picture, post)
    # Its reader of sidecars: lines there must be, and the first one counts.
    lines = lines_of(picture.with_suffix(".txt"))
    need(len(lines) == 1 and lines[0].strip() == caption, picture, lines)


def sd_scripts(release):
    """kohya-ss/sd-scripts: sidecars, and metadata as its older and its newer fine-tuning loaders look pictures up."""
    folder = release.trees / "sd-scripts"
    metadata = json.loads((folder / "metadata.json").read_text(encoding="utf-8"))
    need(len(metadata) == len(release.pictured), len(metadata), "pictures")
    posts = {f"{release.set_of(i)}/{pathlib.Path(path).parent.name}/{i}.jpg": i for i, path in release.pictured.items()}
    for key, entry in metadata.items():
        post = posts[key]
        # Joined with image_dir; the older loader takes it as it is, from within the tree.
        need(os.path.splitext(key)[1] in EXTENSIONS and os.path.isfile(os.path.join(folder, key)), key)
        need(entry["tags"] == caption_of(release.posts[post]), key, entry)
        need(entry["image_size"] == jpeg_size(folder / key), key, entry)
        x, y, width, height = entry["content_box"]
        need(width > 0 and height > 0 and x + width <= entry["image_size"][0] and y + height <= entry["image_size"][1],
             key, entry)
        sd_scripts_picture(release, folder, key, post, entry["tags"])
    lines = [json.loads(line) for line in lines_of(folder / "metadata.jsonl")]
    need({line["image_path"]: (line["caption"], line["image_size"], line["content_box"])
          for line in lines} == {k: (e["tags"], e["image_size"], e["content_box"]) for k, e in metadata.items()},
         "metadata.jsonl says something else")
    need(not any("tags" in line for line in lines), "caption and tags are joined: with both, every tag would come twice")
    on_disk = {str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file()}
    named = set(metadata) | {key.removesuffix(".jpg") + ".txt" for key in metadata}
    need(on_disk == named | {"metadata.json", "metadata.jsonl"}, on_disk ^ named)
    return f"{len(metadata)} pictures with captions"


def imagefolder(release):
    """huggingface/datasets, folder_based_builder.py: rows next to their pictures, of one type in every row."""
    folder = release.trees / "imagefolder" / "train"
    types, seen = None, {}
    need({p.name for p in folder.iterdir()} == {release.set_of(i) for i in release.pictured}, "a folder a set")
    for file in folder.glob("*/metadata.jsonl"):
        rows = [json.loads(line) for line in lines_of(file)]
        need(rows, file, "is empty")
        for row in rows:
            shape = {key: type(value) for key, value in row.items()}
            types = types or shape
            need(list(shape.items()) == list(types.items()), "columns or their types differ", row)
            release.need_link(file.parent / row["file_name"], row["id"])
            record = release.posts[row["id"]]
            need(row["set"] == file.parent.name == release.set_of(row["id"]), row)
            need(row["text"] == caption_of(record), row)
            for category, names in tags_of(record).items():
                need(row[f"tag_string_{category}"] == " ".join(names), row)
            need([row[k] for k in ("score", "fav_count", "image_width", "image_height")] ==
                 [number(record.get(k)) for k in ("score", "fav_count", "image_width", "image_height")], row)
            need(row["rating"] == (record.get("rating") or ""), row)
            seen[row["id"]] = row["set"]
        listed = {row["file_name"] for row in rows}
        on_disk = {str(p.relative_to(file.parent)) for p in file.parent.rglob("*.jpg")}
        need(listed == on_disk and len(listed) == len(rows), file, listed ^ on_disk)
    need(types and type(None) not in types.values(), types)
    need(seen.keys() == release.pictured.keys(), "other posts than those with pictures")
    return f"{len(seen)} pictures, {list(seen.values()).count('sfw')} of them sfw, {len(types)} columns"


def deepdanbooru(release):
    """KichangKim/DeepDanbooru, data/dataset.py and commands/make_training_database.py."""
    folder = release.trees / "deepdanbooru"
    found = {}
    with connect(folder / f"{release.name}.sqlite") as database:
        database.row_factory = sqlite3.Row
        trained_on = {}
        for least in (0, 20):
            trained_on[least] = database.execute(
                "SELECT md5, file_ext, tag_string FROM posts WHERE (file_ext = 'png' OR file_ext = 'jpg' OR "
                "file_ext = 'jpeg') AND (tag_count_general >= ?) ORDER BY id", (least,)).fetchall()
        for row in database.execute("SELECT id, md5, file_ext, tag_string, tag_count_general, rating, score, is_deleted "
                                    "FROM posts WHERE id >= 1 ORDER BY id ASC LIMIT 1000000"):
            record, md5 = release.posts[row["id"]], row["md5"]
            release.need_link(folder / "images" / md5[0:2] / f"{md5}.{row['file_ext']}", row["id"])
            tags = tags_of(record)
            need(row["tag_string"] == " ".join(sum((tags[c] for c in CATEGORIES), [])), dict(row))
            need(row["tag_count_general"] == len(tags["general"]), dict(row))
            need(row["rating"] == record.get("rating") and row["score"] == number(record.get("score")), dict(row))
            need(row["is_deleted"] == int(bool(record.get("is_deleted"))), dict(row))
            need(md5 not in found, "two posts of one name", dict(row))
            found[md5] = record.get("md5")
    need(len(found) == len(trained_on[0]) == len(release.pictured), "a row for each picture")
    need(len(list((folder / "images").rglob("*.jpg"))) == len(found), "a picture for each row")
    need(sum(md5 == site for md5, site in found.items()) > len(found) * 0.9, "the site's md5 is the name")
    labels = [tag for tag in (line.strip() for line in lines_of(folder / "tags.txt")) if tag]
    need(labels[-4:] == [f"rating:{r}" for r in ("general", "sensitive", "questionable", "explicit")], labels)
    return f"{len(found)} pictures, {len(trained_on[20])} with 20 general tags or more, {len(labels)} labels"


READERS = (hakubooru, sd_scripts, imagefolder, deepdanbooru)


def check(root, name):
    release = Release(pathlib.Path(root), name)
    return {reader.__name__: reader(release) for reader in READERS}


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    for reader, got in check(*sys.argv[1:]).items():
        print(f"{reader}: {got}")
