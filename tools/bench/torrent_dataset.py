# SPDX-License-Identifier: MIT
"""A dataset of small files for tools/bench/torrent: posts imported by the real `fetch-metadata`, their originals
written as if they had been fetched, releases placed and exported by the real `bucket` and `export-db`."""
import concurrent.futures
import contextlib
import ctypes
import hashlib
import json
import random
import shutil
import sqlite3

import measure

MEAN_SIZE = 130_000
# IDs are chosen so that paths (bucket/ID) sort as IDs do: then whoever sorts by path lists the files in dbr's order and
# has to come to the same infohash.
FIRST_ID, BUCKETS = 100_000_000, 1000
POOL = 4 << 20  # small, since a program's peak memory counts from what this one had when it started it


def witness(path):
    """As base/file_witness.hpp: fetch-images records it, and what has none is read for its SHA-256 by make-torrent."""
    status, mask, mixed = path.lstat(), (1 << 64) - 1, 0
    for value in (status.st_size, status.st_ino, *divmod(status.st_mtime_ns, 10**9), *divmod(status.st_ctime_ns, 10**9)):
        mixed = (mixed + value + 0x9e3779b97f4a7c15) & mask
        mixed = ((mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9) & mask
        mixed = ((mixed ^ (mixed >> 27)) * 0x94d049bb133111eb) & mask
        mixed ^= mixed >> 31
    return ctypes.c_int64(mixed or 1).value


class Dataset:
    def __init__(self, root, seed):
        self.root = root
        self.dbr = measure.program("dbr", "DBR", "dbr")
        self._years = {}  # of each post
        self._per_bucket = 0
        self._dice = random.Random(seed)
        self._pool = self._dice.randbytes(POOL)
        self._steps = 0
        root.mkdir(parents=True)

    def run(self, *words, stdout=None):
        return measure.run([self.dbr, *words, "--root", self.root], stdout=stdout)

    def add(self, count, year):
        """New posts, made in `year`; returns their bytes. The first ones fill the buckets evenly, in order."""
        self._per_bucket = self._per_bucket or -(-count // BUCKETS)
        first = len(self._years)
        ids = [FIRST_ID + number * BUCKETS + number // self._per_bucket % BUCKETS
               for number in range(first, first + count)]
        self._years.update(dict.fromkeys(ids, year))
        return self._store(ids)

    def replace_middle(self):
        """The site has other bytes for a post; returns how many."""
        return self._store([list(self._years)[len(self._years) // 2]])

    def release(self, year):
        """Placed and exported: ready for make-torrent."""
        self.run("bucket", "-q", "--year", year)
        self.run("export-db", "-q", "--year", year, "--format", "slim-tsv")

    def _store(self, ids):
        self._steps += 1
        draws = [(post, int(self._dice.triangular(20_000, 300_000, 70_000)), self._dice.randrange(POOL // 2))
                 for post in ids]
        with concurrent.futures.ThreadPoolExecutor() as pool:  # one hashes while another writes
            rows = list(pool.map(self._write, draws))
        dump = self.root / "rows.jsonl"
        with dump.open("w") as out:
            for post, size, md5, *_ in rows:
                out.write(json.dumps({
                    "id": post, "uploader_id": 1, "created_at": f"{self._years[post]}-06-01T00:00:00.000-04:00",
                    "updated_at": f"2020-01-{self._steps:02}T00:00:00.000-05:00", "md5": md5, "file_ext": "jpg",
                    "file_size": size, "rating": "g", "tag_string": "solo", "tag_string_general": "solo"}) + "\n")
        self.run("fetch-metadata", "-q", "--from", dump)
        dump.unlink()
        with contextlib.closing(sqlite3.connect(self.root / "manifest.sqlite")) as manifest:
            manifest.executemany("INSERT OR REPLACE INTO original (post_id, file_ext, size, md5, sha256, witness) "
                                 "VALUES (?, 'jpg', ?, ?, ?, ?)", rows)
            manifest.execute("UPDATE post SET original = 1 WHERE original = 0")
            manifest.commit()
        return sum(size for _, size, *_ in rows)

    def _write(self, draw):
        post, size, at = draw
        content = b"".join([b"%016d%016d" % (post, self._steps), memoryview(self._pool)[at:at + size - 32]])
        path = self.root / f"store/original/{post % BUCKETS:04}/{post}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part")
        part.write_bytes(content)
        part.chmod(0o444)
        part.rename(path)
        return post, size, hashlib.md5(content).hexdigest(), hashlib.sha256(content).hexdigest(), witness(path)


class Snapshot:
    """The manifest before make-torrent, so that it can make the same torrents again from nothing."""

    def __init__(self, dataset):
        self._dataset = dataset
        self._copy = dataset.root.with_suffix(".manifest")
        shutil.copy(dataset.root / "manifest.sqlite", self._copy)

    def restore(self):
        for name in ("-wal", "-shm"):
            (self._dataset.root / ("manifest.sqlite" + name)).unlink(missing_ok=True)
        shutil.copy(self._copy, self._dataset.root / "manifest.sqlite")
        shutil.rmtree(self._dataset.root / "torrents", ignore_errors=True)
