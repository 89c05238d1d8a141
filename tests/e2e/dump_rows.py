# SPDX-License-Identifier: MIT
"""Rows as dumps have them, in the three shapes that circulate, and the files they come in."""
import gzip
import io
import json
import lzma
import pathlib
import subprocess
import tarfile

SAMPLES = pathlib.Path(__file__).resolve().parents[1] / "data/samples"
NAMES = ("1girl", "solo", "t-34_\"tiger\"", "初音ミク", "café", "back\\slash", ":d", "<b>", "🐺_emoji", "long_hair", "smile",
         "tag,with,commas", "&amp;", "re:zero", "o_o", "null", "0", "-rf", "striped_hat", "blue_eyes")


def sample(name):
    return json.loads((SAMPLES / name).read_text())


def md5_of(number):
    return f"{number * 0x9E3779B97F4A7C15 % (1 << 128):032x}"


def utc(number, decimals=3):
    """BigQuery's way to write a moment."""
    fraction = f"{number * 7919 % 1000000:06}"[:decimals]
    day = f"20{8 + number % 8:02}-{1 + number % 12:02}-{1 + number % 28:02}"
    return f"{day} {number % 24:02}:{number % 60:02}:{number * 7 % 60:02}.{fraction} UTC"


def tag_objects_row(number):
    """Danbooru2017 to 2020: numbers are texts, "0" and 1970 mean nothing, tags are objects and may be there twice."""
    row = sample("metadata-row-danbooru2017-2020.json")
    tags = [{"id": str(100 + i), "name": name, "category": str((0, 0, 4, 4, 1, 3, 5)[i % 7])}
            for i, name in enumerate(NAMES) if (number + i) % 3]
    if number % 7 == 1:
        tags.append(dict(tags[2]))
    if number % 11 == 2:
        tags = []
    row.update(id=str(number), md5=md5_of(number), created_at=utc(number, 1 + number % 6), updated_at=utc(number + 5, 5),
               tags=tags, rating="sqe"[number % 3], source="" if number % 4 else "http://example.org/?a=\\\"ü\t",
               parent_id=str(number - 1) if number % 5 == 0 else "0", pixiv_id=str(number * 77) if number % 3 else "0",
               approver_id="0" if number % 2 else "1309", is_deleted=number % 10 == 4, score=str(number % 30 - 5),
               down_score=str(-(number % 4)), favs=[str(number + i) for i in range(number % 5)],
               last_noted_at=utc(number + 1) if number % 6 == 0 else "1970-01-01 00:00:00 UTC",
               pools=["10152", str(number), "series", "collection"] if number % 4 == 1 else [])
    if number % 13 == 3:
        row["is_banned"] = True
        del row["md5"], row["file_ext"]
    if number % 9 == 0:
        row["keeper_data"] = {"uid": "1", "nothing": None, "deep": [{"x": []}]}
    return row


def number_texts_row(number):
    """Danbooru2021, BigQuery's JSON export: integers are texts, what is null is absent; hidden posts have no ID."""
    tags = [name for i, name in enumerate(NAMES) if (number + i) % 4]
    row = {"id": str(number), "created_at": utc(number), "uploader_id": "65792", "score": str(number % 9 - 2),
           "source": f"https://i.pximg.net/img-original/{number}_p0.png", "md5": md5_of(number),
           "last_comment_bumped_at": utc(number), "rating": "sqe"[number % 3], "image_width": "797", "image_height": "794",
           "tag_string": " ".join(sorted(tags)), "is_note_locked": False, "fav_count": str(number % 50), "file_ext": "jpg",
           "is_rating_locked": False, "parent_id": str(number - 1), "has_children": number % 8 == 0, "approver_id": "1309",
           "tag_count_general": str(len(tags)), "tag_count_artist": "0", "tag_count_character": "0",
           "tag_count_copyright": "0", "file_size": str(110256 + number), "is_status_locked": False, "up_score": "1",
           "down_score": "0", "is_pending": False, "is_flagged": False, "is_deleted": number % 10 == 4,
           "tag_count": str(len(tags)), "updated_at": utc(number + 3), "is_banned": False, "pixiv_id": str(number * 3),
           "last_commented_at": utc(number + 2), "has_active_children": False, "bit_flags": "2", "tag_count_meta": "0",
           "pool_string": "pool:1 pool:series", "has_large": False, "has_visible_children": False, "is_favorited": False,
           "tag_string_general": " ".join(sorted(tags)), "tag_string_character": "", "tag_string_copyright": "",
           "tag_string_artist": "", "tag_string_meta": "",
           "file_url": f"https://danbooru.donmai.us/data/{md5_of(number)}.jpg"}
    for i, key in enumerate(("parent_id", "pixiv_id", "approver_id", "last_comment_bumped_at", "has_active_children")):
        if (number + i) % 3 == 0:
            del row[key]
    return row


def hidden_2021_row(number):
    row = {**number_texts_row(number), "is_banned": True}
    for key in ("id", "md5", "file_url"):
        del row[key]
    return row


def site_row(number):
    """The API's, and the GCS dumps'."""
    row = sample("post-2025-active-9969513.json")
    by_category = [[name for i, name in enumerate(NAMES) if i % 5 == category and (number + i) % 3]
                   for category in range(5)]
    kinds = ("general", "artist", "character", "copyright", "meta")
    everything = [] if number % 17 == 5 else [name for names in by_category for name in names]
    row.update(id=number, md5=md5_of(number), rating="gsqe"[number % 4], tag_string=" ".join(sorted(everything)),
               tag_count=len(everything), parent_id=number - 1 if number % 5 == 0 else None,
               pixiv_id=None if number % 2 else number * 977, score=number % 40 - 10, down_score=-(number % 3),
               source=("", "file://絵 (1).jpg", "a \"b\" \\ \u2028 \u0001", "https://example.org/" + "x" * 1100)[number % 4],
               has_active_children=(False, True, None)[number % 3], is_deleted=number % 10 == 4,
               created_at=f"20{6 + number % 17:02}-0{1 + number % 9}-11T05:06:07.{number % 1000:03}-0{4 + number % 2}:00")
    for kind, names in zip(kinds, by_category):
        row["tag_count_" + kind] = len(names) if everything else 0
        row["tag_string_" + kind] = " ".join(sorted(names)) if everything else ""
    asset = row["media_asset"]
    asset.update(id=number + 500000, md5=md5_of(number), duration=(None, 1.5, 0.033, 12.0)[number % 4])
    row["file_url"] = f"https://cdn.donmai.us/original/{row['md5'][:2]}/{row['md5'][2:4]}/{row['md5']}.jpg"
    if number % 6 == 1:  # hidden from everyone
        row["is_banned"] = True
        for key in ("md5", "file_url", "large_file_url", "preview_file_url"):
            del row[key]
        for key in ("md5", "file_key", "variants"):
            del asset[key]
    if number % 12 == 3:
        row["media_asset"] = None
    if number % 12 == 9:
        del row["media_asset"]
    if number % 8 == 0:
        row["a_new_field"] = {"big": 9007199254740993, "small": -0.5, "list": [None, True, "ü", {}], "empty": ""}
    return row


def lines(rows):
    return "".join(json.dumps(row, ensure_ascii=number % 2 == 0) + "\n" for number, row in enumerate(rows)).encode()


def write(path, data):
    """The bytes at that path, packed as its name says; a tar holds one member."""
    if path.name.endswith(".tar.gz"):
        with tarfile.open(path, "w:gz") as tar:
            member = tarfile.TarInfo("metadata/" + path.name.replace(".tar.gz", ".json"))
            member.size = len(data)
            tar.addfile(member, io.BytesIO(data))
        return path
    if path.suffix == ".gz":
        data = gzip.compress(data, 1)
    elif path.suffix == ".xz":
        data = lzma.compress(data, preset=0)
    elif path.suffix == ".zst":
        data = subprocess.run(["zstd", "-q", "-c"], input=data, capture_output=True, check=True).stdout
    path.write_bytes(data)
    return path


def sources(*paths):
    """Arguments that name dumps."""
    return [word for path in paths for word in ("--from", path)]


def refused_lines(outcome):
    """The numbers of the rows that a report with --json says were refused; of lines, where the dump is made of lines."""
    return {row["row"] for file in outcome.json()["files"] for row in file["refused_rows"]}
