# SPDX-License-Identifier: MIT
"""Sees every file the moment it gets a final name: a wrong byte there is an error even if it is put right soon."""
import ctypes
import hashlib
import os
import pathlib
import select
import struct
import threading

IN_MODIFY, IN_MOVED_TO, IN_CREATE, IN_ISDIR, IN_Q_OVERFLOW = 0x2, 0x80, 0x100, 0x40000000, 0x4000
HEAD = struct.Struct("iIII")
LIBC = ctypes.CDLL(None, use_errno=True)


class Watcher(threading.Thread):
    """Hashes what appears in store/original below a root; a name's stem is its ID."""

    def __init__(self, root, right):
        """`right` is ID -> the MD5s its bytes may have."""
        super().__init__(daemon=True)
        self.folder, self.right = pathlib.Path(root) / "store/original", right
        self.wrong, self.seen, self.folders = [], 0, {}
        self.inotify = LIBC.inotify_init1(os.O_CLOEXEC | os.O_NONBLOCK)
        assert self.inotify >= 0, os.strerror(ctypes.get_errno())
        self.end = os.eventfd(0)
        self.watch(pathlib.Path(root))

    def watch(self, folder):
        number = LIBC.inotify_add_watch(self.inotify, bytes(folder), IN_MODIFY | IN_MOVED_TO | IN_CREATE)
        if number < 0:
            return
        self.folders[number] = folder
        # What came before the watch did.
        for entry in os.scandir(folder):
            self.look(pathlib.Path(entry.path), entry.is_dir())

    def look(self, path, is_folder):
        if is_folder:
            if self.folder in (path, *path.parents) or path in self.folder.parents:
                self.watch(path)
        elif self.folder in path.parents:
            self.check(path)

    def check(self, path):
        try:
            md5 = hashlib.md5(path.read_bytes()).hexdigest()
        except FileNotFoundError:  # replaced or removed just now
            return
        self.seen += 1
        if not path.stem.isdecimal() or md5 not in self.right.get(int(path.stem), ()):
            self.wrong.append(f"{path}: {md5}, {path.stat().st_size} bytes")

    def handle(self, data):
        at = 0
        while at < len(data):
            number, mask, _, size = HEAD.unpack_from(data, at)
            name = data[at + HEAD.size:at + HEAD.size + size].rstrip(b"\0").decode()
            at += HEAD.size + size
            assert not mask & IN_Q_OVERFLOW, "too much happens for the watcher"
            if number not in self.folders:
                continue
            path = self.folders[number] / name
            if mask & IN_MODIFY and self.folder in path.parents:
                self.wrong.append(f"{path}: written to under its final name")
            self.look(path, bool(mask & IN_ISDIR))

    def run(self):
        while self.end not in (ready := select.select([self.inotify, self.end], [], [])[0]) or self.inotify in ready:
            if self.inotify in ready:
                self.handle(os.read(self.inotify, 1 << 20))

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        os.eventfd_write(self.end, 1)
        self.join()
        os.close(self.inotify)
        os.close(self.end)
