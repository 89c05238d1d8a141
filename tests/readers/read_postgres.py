# SPDX-License-Identifier: MIT
"""PostgreSQL loads NAME.sql.zst with psql into a cluster of its own: in a scratch folder, on a socket, no port."""
import contextlib
import glob
import os
import pathlib
import pwd
import shutil
import sqlite3
import subprocess
import tempfile

from reader import Missing, by_rating, need, output

COUNTS = ("posts", "tags", "post_tags", "tag_aliases", "tag_implications", "pools", "pool_posts", "notes",
          "artist_commentaries", "artists", "artist_other_names", "artist_urls", "users")


def as_somebody(folder):
    """Words before a command: PostgreSQL refuses to run as root, so root lends it to `nobody`."""
    if os.getuid() != 0:
        return []
    nobody = pwd.getpwnam("nobody")
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    return [need("setpriv"), f"--reuid={nobody.pw_uid}", f"--regid={nobody.pw_gid}", "--clear-groups"]


@contextlib.contextmanager
def cluster():
    """Yields the words that run psql in it."""
    places = sorted(glob.glob("/usr/lib/postgresql/*/bin/initdb"))
    if not places:
        raise Missing("PostgreSQL is not here (scripts/setup readers)")
    programs = pathlib.Path(places[-1]).parent
    folder = pathlib.Path(tempfile.mkdtemp(prefix="dbr-pg-", dir="/tmp"))
    who = as_somebody(folder)
    env = {**os.environ, "HOME": str(folder), "LC_ALL": "C.UTF-8"}
    try:
        output(*who, programs / "initdb", "-D", folder / "data", "-U", "reader", "-A", "trust", "-E", "UTF8",
               "--no-sync", env=env, cwd=folder)
        options = f"-k {folder} -c listen_addresses='' -c fsync=off"
        control = [*who, programs / "pg_ctl", "-D", folder / "data", "-w"]
        # Its own output would keep a pipe open for as long as the server runs.
        subprocess.run([*control, "-l", folder / "log", "-o", options, "start"], env=env, cwd=folder, check=True,
                       stdout=subprocess.DEVNULL)
        try:
            yield [*who, programs / "psql", "-h", folder, "-U", "reader", "-d", "postgres", "-qAtX",
                   "-v", "ON_ERROR_STOP=1"]
        finally:
            output(*control, "-m", "immediate", "stop", env=env, cwd=folder)
    finally:
        shutil.rmtree(folder)


def sqlite_counts(release):
    path = release.file(f"{release.name}.sqlite")
    with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)) as database:
        return {table: database.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in COUNTS}


def read(release):
    sql, said = release.file(f"{release.name}.sql.zst"), release.statistics
    with cluster() as psql:
        yield "version", output(*psql, "-c", "SHOW server_version", cwd="/").split()[0], None
        with subprocess.Popen(["zstd", "-dcq", sql], stdout=subprocess.PIPE) as text:
            done = subprocess.run([str(word) for word in psql], stdin=text.stdout, stdout=subprocess.DEVNULL, cwd="/",
                                  stderr=subprocess.PIPE, text=True, check=False)
        yield "loads without an error", done.stderr.strip()[-500:], ""

        def ask(query):
            return [line.split("|") for line in output(*psql, "-c", query, cwd="/").splitlines()]
        yield "posts", int(ask("SELECT count(*) FROM posts")[0][0]), said["posts"]
        yield "tag instances", int(ask("SELECT count(*) FROM post_tags")[0][0]), said["tags"]["instances"]
        yield "unique tags", int(ask("SELECT count(DISTINCT name) FROM tags")[0][0]), said["tags"]["unique"]
        ratings = ask("SELECT rating, count(*) FROM posts GROUP BY rating")
        yield "posts by rating", {rating: int(count) for rating, count in ratings}, by_rating(said)
        counts = {table: int(ask(f"SELECT count(*) FROM {table}")[0][0]) for table in COUNTS}
        yield "rows of every table, and in SQLite", counts, sqlite_counts(release)
