# SPDX-License-Identifier: MIT
"""The programs whose imports of one file of posts are compared: each a function from file and folder to a command."""
import os
import pathlib
import shlex
import shutil
import subprocess

import measure

# Scalars in the order of the old dumps; the later shapes have no locks, but counts and strings of tags.
SCALARS_2017 = """id created_at uploader_id score source md5 last_commented_at rating image_width image_height
    is_note_locked file_ext last_noted_at is_rating_locked parent_id has_children approver_id file_size is_status_locked
    up_score down_score is_pending is_flagged is_deleted updated_at is_banned pixiv_id""".split()
SCALARS_2021 = """id created_at uploader_id score source md5 last_comment_bumped_at rating image_width image_height
    tag_string fav_count file_ext last_noted_at parent_id has_children approver_id tag_count_general tag_count_artist
    tag_count_character tag_count_copyright file_size up_score down_score is_pending is_flagged is_deleted tag_count
    updated_at is_banned pixiv_id last_commented_at has_active_children bit_flags tag_count_meta has_large
    has_visible_children tag_string_general tag_string_character tag_string_copyright tag_string_artist tag_string_meta
    file_url large_file_url preview_file_url""".split()
LISTS_2017 = {"tags": '([.tags[].name]|join(" "))', "pools": '(.pools|join(" "))', "favs": '(.favs|join(" "))'}
# Of the asset what is not in the post already.
ASSET = {"asset_" + key: f".media_asset.{key}" for key in "id created_at updated_at duration status file_key pixel_hash".split()}


def flattened(shape):
    """Column names, and what jq takes each from."""
    columns = {key: "." + key for key in (SCALARS_2017 if shape == "2017" else SCALARS_2021)}
    return columns | (LISTS_2017 if shape == "2017" else ASSET if shape == "api" else {})


def dbr(rows, folder, shape):
    return [measure.program("dbr", "DBR", "dbr"), "fetch-metadata", "--quiet", "--root", folder, "--from", rows,
            *shlex.split(os.environ.get("DBR_ARGUMENTS", ""))]


def jq_and_sqlite3(rows, folder, shape):
    """CSV, which costs jq what TSV does: sqlite3 takes a source that begins with a quote for a quoted field."""
    columns = flattened(shape)
    # Hidden posts of 2021 have no ID.
    names = ", ".join(name + (" INTEGER PRIMARY KEY" if name == "id" and shape != "2021" else "") for name in columns)
    jq = shlex.quote(f"[{','.join(columns.values())}]|@csv")
    return (f"jq -r {jq} {shlex.quote(str(rows))} | sqlite3 {shlex.quote(str(folder / 'posts.db'))} "
            f"'CREATE TABLE post ({names})' '.mode csv' '.import /dev/stdin post'")


def sqlite_utils(rows, folder, shape):
    key = ["--alter"] if shape == "2021" else ["--pk", "id"]
    return [find_sqlite_utils(), "insert", folder / "posts.db", "post", rows, "--nl", *key]


def venv():
    return measure.ROOT / "build" / "bench-venv"


def find_sqlite_utils():
    named = os.environ.get("SQLITE_UTILS")
    for candidate in [named] if named else [str(venv() / "bin" / "sqlite-utils"), "sqlite-utils"]:
        if shutil.which(candidate):
            return candidate
    return None


def install_sqlite_utils():
    pathlib.Path(venv()).parent.mkdir(exist_ok=True)
    subprocess.run(["/usr/bin/python3", "-m", "venv", venv()], check=True)
    subprocess.run([venv() / "bin" / "pip", "install", "--quiet", "sqlite-utils"], check=True)


def can_import(program):
    """Whether this dbr has --from yet."""
    return b"--from" in subprocess.run([program, "fetch-metadata", "--help"], stdout=subprocess.PIPE).stdout
