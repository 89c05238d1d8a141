# SPDX-License-Identifier: MIT
"""What the readers share: the release, its statistics, and telling what is missing on this machine."""
import json
import pathlib
import shutil
import subprocess


class Missing(Exception):
    """A program or module that this reader needs is not here."""


class Release:
    def __init__(self, shared, name):
        self.shared, self.name = pathlib.Path(shared), name
        self.folder = self.shared / "metadata" / name
        self.trees = self.shared.parent / "exports" / name
        self.statistics = json.loads((self.folder / "statistics.json").read_text())

    def file(self, name):
        path = self.folder / name
        if not path.exists():
            raise Missing(f"the release has no {name}")
        return path

    def rows(self, name):
        """Of a .tsv.zst, as dictionaries."""
        head, *lines = output("zstd", "-dcq", self.file(name)).removesuffix("\n").split("\n")
        return [dict(zip(head.split("\t"), line.split("\t"))) for line in lines]

    def paths(self, form):
        return [row["path"] for row in self.rows("files.tsv.zst") if row["path"].split("/")[1] == form]


def need(program):
    found = shutil.which(program)
    if not found:
        raise Missing(f"{program} is not here (scripts/setup readers)")
    return found


def output(*command, **options):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False, **options)
    if done.returncode != 0:
        raise RuntimeError(f"{command[0]} ended with {done.returncode}: {done.stderr.strip()[-2000:]}")
    return done.stdout


def by_rating(statistics):
    return {entry["rating"]: entry["posts"] for entry in statistics["ratings"] if entry["posts"]}
