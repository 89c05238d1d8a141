#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Proves a release right from its files alone: nothing here shares code with what wrote them, or asks a manifest.

Usage: check_release.py [--json] DIR NAME        DIR holds sfw/, nsfw/ and metadata/NAME/

One line for each contradiction, and 1; or 0. Python 3.11 and the `zstd` program. The files of a release are only in DIR
for the newest one; of an earlier one its metadata is checked.
"""
import argparse
import json
import pathlib
import sqlite3
import sys
import time

import check_csv
import check_excluded
import check_files
import check_hakubooru
import check_jsonl
import check_left_out
import check_legacy
import check_lists
import check_pages
import check_removed
import check_slim
import check_sqlite
import check_statistics
import check_sums
import check_trees
import check_tsv
import databases
from problems import Problems
from release import Release


def check_database(release, problems):
    name = f"{release.name}.sqlite"
    with databases.opened(release.folder / name) as database:
        check_sqlite.check(release, name, database, problems)


def check_sql(release, problems):
    name = f"{release.name}.sql.zst"
    with databases.loaded(release.folder / name) as database:
        check_sqlite.check(release, name, database, problems, is_portable=True)


def checks(release):
    """(the file or folder it is about, what checks it); those of formats that were not chosen have no file."""
    return (("files.tsv.zst", lambda r, p: check_files.check(r, p, r.is_newest())),
            ("left-out.tsv.zst", check_left_out.check),
            ("SHA256SUMS", check_sums.check),
            ("posts.jsonl.zst", check_jsonl.check),
            (f"{release.name}.sqlite", check_database),
            (f"{release.name}.sql.zst", check_sql),
            ("filename-tags.sqlite", check_slim.check),
            ("filename-tags.tsv.zst", check_tsv.check),
            ("tags.csv", check_csv.check),
            ("posts-legacy", check_legacy.check),
            ("hakubooru.sqlite", check_hakubooru.check),
            ("exports", check_trees.check),
            ("lists", check_lists.check),
            ("excluded.txt", check_excluded.check),
            ("removed.txt", check_removed.check),
            ("statistics.json", check_statistics.check),
            ("report.html", check_pages.check))


# posts.jsonl.zst is a format one may leave out, but then there is nothing to compare the others with.
ALWAYS = {"files.tsv.zst", "left-out.tsv.zst", "removed.txt", "SHA256SUMS", "posts.jsonl.zst", "lists",
          "statistics.json", "report.html"}


def check_release(shared, name, only=None):
    """Everything that is contradictory about it, and how long each check took; `only` names the parts wanted."""
    problems, seconds = Problems(), {}
    release = Release(pathlib.Path(shared), name, problems)
    for what, check in checks(release):
        if only and what not in only:
            continue
        begin = time.monotonic()
        if not release.has(what):
            problems.check(what not in ALWAYS, what, "missing")
            continue
        try:
            check(release, problems)
        except (OSError, ValueError, KeyError, TypeError, AttributeError, sqlite3.Error) as error:
            problems.add(what, "cannot be checked to its end", f"{type(error).__name__}: {error}")
        seconds[what] = time.monotonic() - begin
    return release, problems, seconds


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--json", action="store_true", help="one JSON document instead of lines")
    parser.add_argument("dir", type=pathlib.Path)
    parser.add_argument("name")
    options = parser.parse_args()
    if not (options.dir / "metadata" / options.name).is_dir():
        sys.exit(f"check_release.py: there is no {options.dir / 'metadata' / options.name}")
    release, problems, seconds = check_release(options.dir, options.name)
    if options.json:
        print(json.dumps({"release": options.name, "files": len(release.files), "posts": len(release.originals),
                          "problems": problems.documents(), "seconds": seconds}, indent=2, default=str))
    else:
        print("\n".join(problems.lines()) or f"{options.name}: {len(release.files)} files, {len(release.originals)} "
              f"posts, {len(seconds)} parts checked: no contradiction")
        if not release.is_newest():
            print(f"{options.name}: its files were not looked at, for sfw/ and nsfw/ are those of a newer release")
    sys.exit(1 if len(problems) else 0)


if __name__ == "__main__":
    main()
