# SPDX-License-Identifier: MIT
"""A copy of a release to plant faults in: hard links, and a file of its own only for what is altered."""
import hashlib
import json
import os
import pathlib
import re
import shutil
import sqlite3
import subprocess
import tempfile
from contextlib import closing

import reading


class AlteredCopy:
    def __init__(self, shared, name, scratch):
        self.shared = pathlib.Path(tempfile.mkdtemp(dir=scratch, prefix="altered-")) / "danbooru"
        for tree in (shared, shared.parent / "exports"):
            if tree.is_dir():
                shutil.copytree(tree, self.shared.parent / tree.name, copy_function=os.link)
        self.name, self.folder = name, self.shared / "metadata" / name
        self.trees = self.shared.parent / "exports" / name

    def remove(self):
        shutil.rmtree(self.shared.parent)

    def write(self, path, data):
        """Replaces a file by another one: never writes into what the original has too."""
        path.unlink(missing_ok=True)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)

    def flip(self, path, at=0.5):
        """One bit of one byte."""
        data = bytearray(path.read_bytes())
        if not data:
            return self.write(path, b"x")
        data[min(int(len(data) * at), len(data) - 1)] ^= 1
        return self.write(path, bytes(data))

    def lines(self, name):
        path = self.folder / name
        text = reading.unzstd(path).decode() if name.endswith(".zst") else path.read_text()
        return text.removesuffix("\n").split("\n") if text else []

    def write_lines(self, name, lines):
        data = "".join(line + "\n" for line in lines).encode()
        if name.endswith(".zst"):
            data = subprocess.run(["zstd", "-cq", "--check"], input=data, capture_output=True, check=True).stdout
        self.write(self.folder / name, data)

    def edit(self, name, change):
        """`change` gets the list of lines, and may return another one."""
        lines = self.lines(name)
        self.write_lines(name, change(lines) or lines)

    def replace(self, name, pattern, by):
        """The first match in a text; a fault that is not there would prove nothing."""
        text, count = re.subn(pattern, by, "\n".join(self.lines(name)), count=1, flags=re.MULTILINE)
        assert count, f"{name} has no {pattern}"
        self.write_lines(name, text.split("\n"))

    def edit_json(self, name, change):
        """`change` gets the document, numbers with a point as texts behind a '#', to be written as they were."""
        document = json.loads((self.folder / name).read_text(), parse_float=lambda digits: f"#{digits}")
        change(document)
        text = re.sub(r'"#([-0-9.]+)"', r"\1", json.dumps(document, indent=2, ensure_ascii=False))
        self.write(self.folder / name, (text + "\n").encode())

    def sql(self, name, *statements):
        """Alters a database. Foreign keys are off, and a statement that changes nothing would prove nothing."""
        path = self.folder / name
        self.write(path, path.read_bytes())
        with closing(sqlite3.connect(path)) as database:
            for statement in statements:
                changed = database.execute(statement).rowcount
                assert changed != 0, f"{name}: no row to alter: {statement}"
            database.commit()

    def file_row(self, pattern):
        """The first row of the file list that matches, as a list."""
        return next(line for line in self.lines("files.tsv.zst") if re.search(pattern, line)).split("\t")

    def relist(self, path, row):
        """Replaces (or, without a row, removes) a file's line in the file list, and keeps its order otherwise."""
        def change(lines):
            i = next(i for i, line in enumerate(lines) if line.split("\t")[0] == path)
            lines[i:i + 1] = ["\t".join(map(str, row))] if row else []
        self.edit("files.tsv.zst", change)

    def move(self, path, to):
        (self.shared / to).parent.mkdir(parents=True, exist_ok=True)
        (self.shared / path).rename(self.shared / to)

    def rewrite_everywhere(self, old, new):
        """One text for another in every list and table of the release, so that they still agree."""
        for path in sorted(path for path in self.folder.rglob("*") if path.is_file()):
            name = str(path.relative_to(self.folder))
            if name.endswith(".sqlite"):
                self._rewrite_database(path, old, new)
            elif name.endswith((".zst", ".txt", ".tsv", ".csv")):
                text = "\n".join(self.lines(name))
                if old in text:
                    self.write_lines(name, text.replace(old, new).split("\n"))

    def _rewrite_database(self, path, old, new):
        self.write(path, path.read_bytes())
        with closing(sqlite3.connect(path)) as database:
            for (table,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
                for _, column, *_ in database.execute(f'PRAGMA table_info("{table}")').fetchall():
                    database.execute(f'UPDATE "{table}" SET "{column}" = ? WHERE "{column}" = ?', (new, old))
            database.commit()

    def seal(self):
        """Makes SHA256SUMS right again: then the checksums are no help, and what a file says must give it away."""
        names = sorted((str(path.relative_to(self.folder)) for path in self.folder.rglob("*")
                        if path.is_file() and path.name != "SHA256SUMS"), key=os.fsencode)
        sums = (hashlib.sha256((self.folder / name).read_bytes()).hexdigest() for name in names)
        self.write(self.folder / "SHA256SUMS", "".join(f"{a}  {b}\n" for a, b in zip(sums, names)).encode())
