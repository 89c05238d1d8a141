#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""NAME.sql.zst, loaded by psql and by the sqlite3 shell as they come, holds what NAME.sqlite holds.

    tests/readers/postgres.py RELEASE      RELEASE: the folder .../metadata/NAME

Makes a PostgreSQL cluster of its own in a scratch folder, on a Unix socket only, and removes it. Without PostgreSQL it
says so and ends with 0: nothing was checked.
"""
import contextlib
import csv
import io
import os
import pathlib
import pwd
import shutil
import sqlite3
import subprocess
import sys
import tempfile

USER = "postgres"  # PostgreSQL does not run as root


def find_postgres():
    found = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return found[-1].parent if found else None


def run(command, **options):
    return subprocess.run(command, shell=isinstance(command, str), check=True, **options)


@contextlib.contextmanager
def cluster(programs):
    """Yields the folder of its socket."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="dbr-postgres-"))
    as_user = []
    if os.geteuid() == 0:
        shutil.chown(folder, USER)
        as_user = ["runuser", "-u", USER, "--"]
    data, control = folder / "data", [*as_user, programs / "pg_ctl", "-D", folder / "data", "-w"]
    try:
        run([*as_user, programs / "initdb", "-D", data, "-U", USER, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"],
            stdout=subprocess.DEVNULL, cwd=folder)
        run([*control, "-l", folder / "log", "-o", f"-c listen_addresses='' -c fsync=off -k {folder}", "start"],
            stdout=subprocess.DEVNULL, cwd=folder)
        try:
            yield folder
        finally:
            run([*control, "-m", "fast", "stop"], stdout=subprocess.DEVNULL, cwd=folder)
    finally:
        shutil.rmtree(folder)


def expression(column, declared):
    """A column as the `sqlite` export writes it."""
    if "TIME ZONE" in declared:
        return f"to_char({column} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"')"
    return f"{column}::int" if declared == "BOOLEAN" else column


def rows_of_postgres(psql, table, columns):
    query = f"SELECT {', '.join(expression(*column) for column in columns)} FROM {table}"
    copy = f"COPY ({query}) TO STDOUT WITH (FORMAT csv, NULL '~null', FORCE_QUOTE *)"
    text = run([*psql, "-c", copy], capture_output=True).stdout.decode()
    return sorted(map(tuple, csv.reader(io.StringIO(text, newline=""))))


def as_texts(rows):
    return sorted(tuple("~null" if value is None else str(value) for value in row) for row in rows)


def compare(release, programs):
    sql = release / f"{release.name}.sql.zst"
    with cluster(programs) as folder, contextlib.closing(
            sqlite3.connect(f"file:{release / release.name}.sqlite?mode=ro&immutable=1", uri=True)) as exported:
        run(f"zstd -dc '{sql}' | sqlite3 -bail {folder}/loaded.db")
        loaded = sqlite3.connect(folder / "loaded.db")
        psql = ["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-h", str(folder), "-U", USER, "postgres"]
        run(f"set -o pipefail; zstd -dc '{sql}' | {' '.join(psql)}", executable="/bin/bash")
        for table, in exported.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").fetchall():
            columns = [row[1:3] for row in loaded.execute(f"PRAGMA table_info({table})")]
            expected = exported.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall()
            assert loaded.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall() == expected, f"SQLite: {table}"
            assert rows_of_postgres(psql, table, columns) == as_texts(expected), f"PostgreSQL: {table}"
            print(f"{len(expected):>12,} {table}")
        run(f"set -o pipefail; zstd -dc '{sql}' | sed -n 's/^-- ALTER/ALTER/p' | {' '.join(psql)}",
            executable="/bin/bash")


if __name__ == "__main__":
    found = find_postgres()
    if not found or (os.geteuid() == 0 and USER not in {user.pw_name for user in pwd.getpwall()}):
        sys.exit(print("SKIPPED: no PostgreSQL here (apt-get install postgresql); nothing was checked") or 0)
    compare(pathlib.Path(sys.argv[1]).absolute(), found)
