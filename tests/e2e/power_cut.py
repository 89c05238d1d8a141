# SPDX-License-Identifier: MIT
"""What a power cut leaves of a directory, built from the journal that tests/shim/power_cut.cpp writes.

What is sure to survive: a file's bytes as they were at its last sync, and a name as it was at the last sync of its
directory (of the file alone does not do: POSIX promises no more). Of everything else a seeded choice survives: names in
their order up to some point, or any of them, or none; of a file's bytes none, all, those up to some point, or some pages,
the others being zeros. A rename is one step unless a sync of one of its two directories has made half of it sure.
"""
import collections
import contextlib
import copy
import hashlib
import os
import pathlib
import random
import shutil
import sqlite3
import struct
import tempfile

import harness

SHIM = harness.SHIMS / "libpower_cut.so"
HEAD = struct.Struct("<4sc3xIIQQ")
Record = collections.namedtuple("Record", "operation first second inode number")
PAGE, SECTOR = 4096, 512


class File:
    def __init__(self, content=b"", mode=0o644):
        self.sure, self.pending, self.mode = bytearray(content), [], mode

    @staticmethod
    def apply(content, change):
        offset, data = change
        if data is None:  # a truncation
            if offset < len(content):
                del content[offset:]
            else:
                content.extend(bytes(offset - len(content)))
            return
        if len(content) < offset:
            content.extend(bytes(offset - len(content)))
        content[offset:offset + len(data)] = data

    def now(self):
        content = bytearray(self.sure)
        for change in self.pending:
            self.apply(content, change)
        return content

    def sync(self):
        for change in self.pending:
            self.apply(self.sure, change)
        self.pending = []

    def after_cut(self, dice):
        if not self.pending:
            return self.sure
        how = dice.choice(("nothing", "everything", "begun", "pages", "pages", "zeros"))
        if how == "nothing":
            return self.sure
        whole = self.now()
        if how == "everything":
            return whole
        if how == "begun":
            return self.torn(dice)
        content, unit = bytearray(len(whole)), dice.choice((PAGE, PAGE, SECTOR))
        content[:len(self.sure)] = self.sure[:len(whole)]
        for begin in range(0, len(whole), unit):
            if how == "pages" and dice.random() < 0.5:
                content[begin:begin + unit] = whole[begin:begin + unit]
        return content

    def torn(self, dice):
        """The changes up to one of them, which is itself written up to some sector."""
        count = dice.randrange(len(self.pending))
        content = bytearray(self.sure)
        for change in self.pending[:count]:
            self.apply(content, change)
        offset, data = self.pending[count]
        if data:
            self.apply(content, (offset, data[:dice.randrange(len(data) + 1) // SECTOR * SECTOR]))
        return content


class Directory:
    def __init__(self):
        self.sure, self.now = {}, {}


class Disk:
    """The files below a directory: what is there, and what would still be there after a power cut."""

    def __init__(self, root):
        """Begins with what lies there; all of that is sure."""
        self.root, self.top = pathlib.Path(root), Directory()
        self.by_inode, self.names = {}, []  # pending changes of names: lists of (directory, name, what or None)
        self.read(self.root, self.top)

    def read(self, path, directory):
        for entry in os.scandir(path):
            inode = entry.inode()
            if entry.is_dir(follow_symlinks=False):
                what = Directory()
                self.read(entry.path, what)
            else:
                what = self.by_inode.get(inode) or File(pathlib.Path(entry.path).read_bytes(), entry.stat().st_mode & 0o7777)
            self.by_inode[inode] = what
            directory.sure[entry.name] = directory.now[entry.name] = what

    def find(self, path):
        """The directory a path is in, and its name there."""
        *folders, name = pathlib.Path(path).relative_to(self.root).parts
        directory = self.top
        for folder in folders:
            directory = directory.now[folder]
        return directory, name

    def change(self, *steps):
        for directory, name, what in steps:
            if what is None:
                directory.now.pop(name)
            else:
                directory.now[name] = what
        self.names.append(list(steps))

    def play(self, record):
        first, second = record.first.decode(), record.second
        operation = record.operation.decode()
        if operation == "c":
            what = self.by_inode[record.inode] = File(mode=record.number)
            self.change((*self.find(first), what))
        elif operation == "m":
            what = self.by_inode[record.inode] = Directory()
            self.change((*self.find(first), what))
        elif operation == "w":
            self.by_inode[record.inode].pending.append((record.number, second))
        elif operation == "t":
            self.by_inode[record.inode].pending.append((record.number, None))
        elif operation == "x":
            self.by_inode[record.inode].mode = record.number
        elif operation == "u":
            self.change((*self.find(first), None))
        elif operation == "l":
            directory, name = self.find(first)
            self.change((*self.find(second.decode()), directory.now[name]))
        elif operation == "r":
            directory, name = self.find(first)
            what = directory.now[name]
            self.change((directory, name, None), (*self.find(second.decode()), what))
        elif operation == "s" and record.number == 1:
            folder = pathlib.Path(first)
            directory, name = self.find(first) if folder != self.root else (None, None)
            self.sync_names(directory.now[name] if directory else self.top)
        elif operation == "s":
            self.by_inode[record.inode].sync()
        elif operation == "y":
            for what in self.by_inode.values():
                if isinstance(what, File):
                    what.sync()
            self.sync_names(None)
        else:
            raise AssertionError(f"unknown operation {operation}")

    @staticmethod
    def settle(steps):
        for directory, name, what in steps:
            if what is None:
                directory.sure.pop(name, None)
            else:
                directory.sure[name] = what

    def sync_names(self, directory):
        """Makes the names in a directory sure; all of them for None."""
        for steps in self.names:
            self.settle([step for step in steps if directory in (None, step[0])])
            steps[:] = [step for step in steps if directory not in (None, step[0])]
        self.names = [steps for steps in self.names if steps]

    def cut(self, dice):
        """The power fails: chooses what else of the names survives."""
        how = dice.choice(("none", "all", "first", "first", "any", "any"))
        count = {"none": 0, "first": dice.randrange(len(self.names) + 1)}.get(how, len(self.names))
        for steps in self.names[:count]:
            if how != "any" or dice.random() < 0.5:
                self.settle(steps)
        self.names = []

    def write(self, target, dice):
        """Makes the directory as it is after cut(), in an empty one."""
        self.written = {}
        self.write_directory(self.top, pathlib.Path(target), dice)

    def write_directory(self, directory, path, dice):
        for name, what in sorted(directory.sure.items()):
            place = path / name
            if isinstance(what, Directory):
                place.mkdir()
                self.write_directory(what, place, dice)
            elif what in self.written:
                os.link(self.written[what], place)
            else:
                place.write_bytes(what.after_cut(dice))
                place.chmod(what.mode)
                self.written[what] = place

    def present(self):
        """Path -> bytes of what is there without any power cut."""
        found = {}

        def visit(directory, path):
            for name, what in directory.now.items():
                if isinstance(what, Directory):
                    visit(what, path / name)
                else:
                    found[str(path / name)] = bytes(what.now())
        visit(self.top, pathlib.Path())
        return found


def read_journal(path):
    """The records; one that was being written when the program died is not among them."""
    data, at, records = pathlib.Path(path).read_bytes() if pathlib.Path(path).exists() else b"", 0, []
    while at + HEAD.size <= len(data):
        magic, operation, first_size, second_size, inode, number = HEAD.unpack_from(data, at)
        assert magic == b"pcut", f"{path}: no record at {at}"
        first = at + HEAD.size
        second = first + first_size
        at = second + second_size
        if at > len(data):
            break
        records.append(Record(operation, data[first:second], data[second:at], inode, number))
    return records


class Session:
    """A directory whose every change is written down from now on, until the power is cut."""

    def __init__(self, root):
        self.root = pathlib.Path(os.path.realpath(root))
        self.disk = Disk(self.root)
        handle, self.journal = tempfile.mkstemp(prefix="dbr-journal-")
        os.close(handle)

    def environment(self, kill_at=None, ignore=""):
        """For the programs that work in it, one after the other."""
        return {"LD_PRELOAD": str(SHIM), "POWER_CUT_ROOT": str(self.root), "POWER_CUT_LOG": self.journal,
                "POWER_CUT_AT": str(kill_at or 0), "POWER_CUT_IGNORE": ignore}

    def records(self):
        return read_journal(self.journal)

    def cut(self, target, seed, after=None):
        """What is left, in the empty folder `target`, when the power fails now or after so many operations."""
        disk = copy.deepcopy(self.disk)
        for record in self.records()[:after]:
            disk.play(record)
        dice = random.Random(seed)
        disk.cut(dice)
        disk.write(target, dice)

    def end(self):
        os.unlink(self.journal)


def replace(root, other):
    """Puts the folder `other` where `root` is."""
    shutil.rmtree(root)
    os.rename(other, root)


def untrue_rows(root):
    """What a manifest says that its files do not bear out, as texts; looked at without changing anything."""
    root = pathlib.Path(root)
    if not (root / "manifest.sqlite").exists():
        return []
    with tempfile.TemporaryDirectory(prefix="dbr-manifest-") as folder:
        for name in ("manifest.sqlite", "manifest.sqlite-wal"):
            if (root / name).exists():
                shutil.copy(root / name, folder)
        with contextlib.closing(sqlite3.connect(pathlib.Path(folder) / "manifest.sqlite")) as database:
            try:
                return list(_untrue(root, database))
            except sqlite3.DatabaseError as error:
                return [f"manifest: {error}"]


def _untrue(root, database):
    tables = {name for name, in database.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    for line, in database.execute("PRAGMA integrity_check"):
        if line != "ok":
            yield f"manifest: {line}"
    if not {"post", "original", "ml"} <= tables:
        return
    held = database.execute("SELECT o.post_id, o.file_ext, o.size, lower(o.md5), lower(o.sha256) FROM original o "
                            "JOIN post p ON p.id = o.post_id WHERE p.original IN (1, 2)")
    for number, ext, size, md5, sha256 in held:
        yield from _unlike(root / f"store/original/{number % 1000:04}/{number}.{ext}", size, sha256, md5)
    made = database.execute("SELECT post_id, size, lower(sha256) FROM ml WHERE state = 2")
    for number, size, sha256 in made:
        yield from _unlike(root / f"store/512px/{number % 1000:04}/{number}.jpg", size, sha256)


def _unlike(path, size, sha256, md5=None):
    if not path.exists():
        yield f"{path}: missing"
        return
    data = path.read_bytes()
    if len(data) != size:
        yield f"{path}: {len(data)} bytes instead of {size}"
    elif hashlib.sha256(data).hexdigest() != sha256 or md5 not in (None, hashlib.md5(data).hexdigest()):
        yield f"{path}: other bytes, {data.count(0)} of {size} are zero"
