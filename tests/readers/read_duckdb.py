# SPDX-License-Identifier: MIT
"""DuckDB reads the compressed tables where they lie."""
from reader import Missing, by_rating


def read(release):
    try:
        import duckdb
    except ImportError:
        raise Missing("duckdb is not here (pip)") from None
    said, database = release.statistics, duckdb.connect()
    table = (f"read_csv('{release.file('filename-tags.tsv.zst')}', delim='\t', quote='', escape='', header=true, "
             "compression='zstd', all_varchar=true)")
    rows, tags = database.execute(f"SELECT count(*), sum(len(list_filter(string_split(tags, ' '), lambda x: x <> ''))) "
                                  f"FROM {table}").fetchone()
    yield "filename-tags.tsv.zst: lines", rows, said["posts"]
    yield "filename-tags.tsv.zst: tags", int(tags), said["tags"]["instances"]
    yield "filename-tags.tsv.zst: ratings", dict(database.execute(f"SELECT rating, count(*) FROM {table} GROUP BY 1")
                                                 .fetchall()), by_rating(said)
    records = (f"read_ndjson('{release.file('posts.jsonl.zst')}', compression='zstd', columns={{'id': 'BIGINT', "
               "'rating': 'VARCHAR', 'score': 'BIGINT', 'tag_string': 'VARCHAR'})")
    posts, mean = database.execute(f"SELECT count(*), avg(score) FROM {records}").fetchone()
    yield "posts.jsonl.zst: lines", posts, said["posts"]
    yield "posts.jsonl.zst: mean score", round(mean, 2), round(said["scores"]["mean"], 2)
    yield from read_csv(release, database)


def read_csv(release, database):
    """The CSV of tags, whatever it is packed with."""
    for name in ("tags.csv", "tags.csv.zst", "csv/tags.csv", "csv/tags.csv.zst"):
        if (release.folder / name).exists():
            query = f"SELECT count(*) FROM read_csv('{release.folder / name}', header=true)"
            yield f"{name}: lines", database.execute(query).fetchone()[0], release.statistics["tags"]["unique"]
