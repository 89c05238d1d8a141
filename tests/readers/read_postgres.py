# SPDX-License-Identifier: MIT
"""PostgreSQL loads NAME.sql.zst with psql, in a cluster of its own (postgres.py): numbers, and then every row."""
import subprocess

import postgres
from reader import Missing, by_rating, output


def read(release):
    programs = postgres.find_postgres()
    if not programs:
        raise Missing("PostgreSQL is not here (scripts/setup readers)")
    with postgres.cluster(programs) as folder:
        psql = ["psql", "-h", folder, "-U", postgres.USER, "-d", "postgres", "-qAtX", "-v", "ON_ERROR_STOP=1"]
        yield from read_numbers(release, psql)
    counts = postgres.compare(release.folder, programs)
    yield f"equal to {release.name}.sqlite row by row, and as the sqlite3 shell loads it: {counts}: posts", \
        counts["posts"], release.statistics["posts"]


def read_numbers(release, psql):
    def ask(query):
        return [line.split("|") for line in output(*psql, "-c", query).splitlines()]

    said = release.statistics
    with subprocess.Popen(["zstd", "-dcq", release.file(f"{release.name}.sql.zst")], stdout=subprocess.PIPE) as text:
        done = subprocess.run([str(word) for word in psql], stdin=text.stdout, stdout=subprocess.DEVNULL,
                              stderr=subprocess.PIPE, text=True, check=False)
    yield "version", ask("SHOW server_version")[0][0], None
    yield "what psql complains about", done.stderr.strip()[-500:], ""
    yield "posts", int(ask("SELECT count(*) FROM posts")[0][0]), said["posts"]
    yield "tag instances", int(ask("SELECT count(*) FROM post_tags")[0][0]), said["tags"]["instances"]
    yield "unique tags", int(ask("SELECT count(DISTINCT name) FROM tags")[0][0]), said["tags"]["unique"]
    ratings = ask("SELECT rating, count(*) FROM posts GROUP BY rating")
    yield "posts by rating", {rating: int(count) for rating, count in ratings}, by_rating(said)
