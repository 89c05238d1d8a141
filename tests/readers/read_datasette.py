# SPDX-License-Identifier: MIT
"""Datasette opens the databases as immutable files and answers queries over its HTTP interface, without a port."""
import json
import pathlib
import sys
import urllib.parse

from reader import Missing, by_rating, output

DATASETTE = pathlib.Path(sys.executable).with_name("datasette")


def ask(path, sql):
    query = urllib.parse.urlencode({"sql": sql, "_shape": "arrays"})
    answer = output(DATASETTE, "-i", path, "--get", f"/{urllib.parse.quote(path.stem)}.json?{query}")
    return json.loads(answer)["rows"]


def read(release):
    if not DATASETTE.exists():
        raise Missing("datasette is not here (pip)")
    full, slim = release.file(f"{release.name}.sqlite"), release.file("filename-tags.sqlite")
    said = release.statistics
    top = said["tags"]["categories"][0]["top"][0]
    yield "posts", ask(full, "SELECT count(*) FROM posts")[0][0], said["posts"]
    yield "tag instances", ask(full, "SELECT count(*) FROM post_tags")[0][0], said["tags"]["instances"]
    yield "unique tags", ask(full, "SELECT count(*) FROM tags")[0][0], said["tags"]["unique"]
    yield "posts of the top general tag", ask(full, "SELECT post_count FROM tags WHERE category = 0 "
                                                    "ORDER BY post_count DESC LIMIT 1")[0][0], top["posts"]
    yield "posts by rating", dict(ask(full, "SELECT rating, count(*) FROM posts GROUP BY rating")), by_rating(said)
    tables = [row[0] for row in ask(slim, "SELECT name FROM sqlite_master WHERE name IN ('images', 'posts')")]
    yield "slim: posts", ask(slim, f"SELECT count(*) FROM {tables[0]}")[0][0], said["posts"]
