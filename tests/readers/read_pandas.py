# SPDX-License-Identifier: MIT
"""pandas with the zstandard module, as docs/dataset-format.md says it."""
import csv

from reader import Missing, by_rating


def read(release):
    try:
        import pandas
        import zstandard  # noqa: F401  pandas asks for it
    except ImportError as error:
        raise Missing(f"{error.name} is not here (pip)") from None
    said = release.statistics
    table = pandas.read_csv(release.file("filename-tags.tsv.zst"), sep="\t", quoting=csv.QUOTE_NONE,
                            keep_default_na=False)
    yield "filename-tags.tsv.zst: lines", len(table), said["posts"]
    yield "filename-tags.tsv.zst: tags", int(table.tags.str.split().str.len().sum()), said["tags"]["instances"]
    yield "filename-tags.tsv.zst: ratings", {k: int(v) for k, v in table.rating.value_counts().items()}, by_rating(said)
    posts = pandas.read_json(release.file("posts.jsonl.zst"), lines=True)
    yield "posts.jsonl.zst: lines", len(posts), said["posts"]
    yield "posts.jsonl.zst: median score", float(posts.score.median()), float(said["scores"]["median"])
    files = pandas.read_csv(release.file("files.tsv.zst"), sep="\t", quoting=csv.QUOTE_NONE)
    yield "files.tsv.zst: files", len(files), said["files"]
    yield "files.tsv.zst: bytes", int(files["size"].sum()), said["bytes"]["total"]
