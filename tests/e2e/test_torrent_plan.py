# SPDX-License-Identifier: MIT
"""What `dbr torrent plan` says an update costs is what libtorrent says is missing once it has re-checked the old data: to
the byte, the piece and the file."""
import pathlib
import random
import shutil
import unittest

import libtorrent

import harness
import torrent_clients

SIZES = (0, 1, 700, 5_000, 16_384, 20_000, 40_000, 90_000)
PIECE = 32 << 10


def make_bytes(chance, size):
    return chance.randbytes(size)


class Tree:
    """Files and the order in which a torrent lists them."""

    def __init__(self, files):
        self.files = dict(files)  # path -> bytes

    def write(self, folder):
        for path, content in self.files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(content)


class Plan(harness.Case):
    """Two years of 300 files: some were removed, shrank, grew, changed in place or by bytes of the same number."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.chance = random.Random(harness.SEED)
        cls.old = {cls.path(i): cls.bytes(i) for i in range(300)}
        cls.new = dict(cls.old)
        cls.by_id = lambda _, paths: sorted(paths, key=lambda path: int(pathlib.PurePath(path).stem))
        for i in range(300, 360):
            cls.new[cls.path(i)] = cls.bytes(i)
        changed = cls.chance.sample([path for path, content in cls.old.items() if len(content) > 1], 12)
        for path in changed[:6]:
            cls.new[path] = cls.chance.randbytes(len(cls.old[path]) // 2)
        for path in changed[6:]:
            cls.new[path] = cls.chance.randbytes(len(cls.old[path]) + 5000)
        cls.changed = set(changed)
        cls.old_torrent = cls.torrent("old", cls.old, sorted(cls.old))

    @classmethod
    def path(cls, i):
        return f"{i % 10:04}/{i}.jpg"

    @classmethod
    def bytes(cls, i):
        return cls.chance.randbytes(SIZES[i % 7] + i)

    @classmethod
    def torrent(cls, label, files, order, piece=PIECE, name="danbooru"):
        """A .torrent of these files in this order, by libtorrent."""
        folder = cls.scratch / label / name
        storage = libtorrent.file_storage()
        for path in order:
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(files[path])
            storage.add_file(f"{name}/{path}", len(files[path]))
        maker = libtorrent.create_torrent(storage, piece, libtorrent.create_torrent.v1_only)
        libtorrent.set_piece_hashes(maker, str(folder.parent))
        made = cls.scratch / f"{label}.torrent"
        made.write_bytes(libtorrent.bencode(maker.generate()))
        listed = libtorrent.torrent_info(str(made)).files()
        assert [listed.file_path(i) for i in range(listed.num_files())] == [f"{name}/{path}" for path in order]
        return made

    def plan(self, *args, code=0):
        return self.assertCode(code, harness.dbr("torrent", "plan", *args))

    def recheck(self, torrents, *olds):
        """What libtorrent lacks that finds the old data."""
        folder = pathlib.Path(self.enterContext_folder())
        for old in olds:
            shutil.copytree(old, folder, dirs_exist_ok=True)
        client = torrent_clients.Libtorrent(folder, torrents)
        missing, pieces = client.missing()
        incomplete = client.incomplete()
        client.close()
        return {"bytes": missing, "pieces": pieces, "files": len(incomplete)}

    def assert_planned(self, new, old_data, *args):
        report = self.plan(*new, *args, "--json").json()
        found = self.recheck(new, old_data)
        self.assertEqual({key: report[key] for key in found}, found)
        return report


if __name__ == "__main__":
    unittest.main()
