# SPDX-License-Identifier: MIT
"""Runs every reader over a release, prints the numbers each one saw, and compares them with statistics.json.

Usage: readers.py DIR NAME [READER...]        see tests/readers/run
"""
import importlib
import sys
import time

from reader import Missing, Release

READERS = ("datasette", "duckdb", "pandas", "jq", "postgres", "pictures", "rsync", "webdataset", "datasets")


def run(name, release):
    """Numbers that are not what they should be; None when the reader is not here."""
    wrong, begin = 0, time.monotonic()
    try:
        for what, seen, expected in importlib.import_module(f"read_{name}").read(release):
            is_right = expected is None or seen == expected
            wrong += not is_right
            print(f"  {what}: {seen}" + ("" if is_right else f"    WRONG, should be {expected}"), flush=True)
    except Missing as error:
        print(f"  !!! SKIPPED: {error}", flush=True)
        return None
    except Exception as error:  # a library's own errors are what this is about
        print(f"  FAILED: {type(error).__name__}: {error}", flush=True)
        wrong += 1
    print(f"  ({time.monotonic() - begin:.1f} s)")
    return wrong


def main(shared, name, *chosen):
    release = Release(shared, name)
    results = {}
    for reader in chosen or READERS:
        print(f"== {reader}", flush=True)
        results[reader] = run(reader, release)
    print("== summary")
    for reader, wrong in results.items():
        print(f"  {reader:<12}{'SKIPPED' if wrong is None else 'passed' if wrong == 0 else f'FAILED ({wrong})'}")
    sys.exit(1 if any(results.values()) else 0)


if __name__ == "__main__":
    main(*sys.argv[1:])
