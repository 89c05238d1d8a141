# SPDX-License-Identifier: MIT
"""What `dbr torrent plan` says an update costs is what libtorrent lacks once it has re-checked the old data: to the byte,
the piece and the file."""
import pathlib
import random
import shutil
import tempfile
import unittest

import libtorrent

import harness
import torrent_clients

SIZES = (0, 1, 700, 5_000, 16_384, 20_000, 40_000)
PIECE = 32 << 10


def number(path):
    return int(pathlib.PurePath(path).stem)


class Plan(harness.Case):
    """Two years of 300 files. In the second, 6 have shrunk, 6 have grown, and 60 are new."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.chance = random.Random(harness.SEED)
        paths = [f"{i % 10:04}/{i}.jpg" for i in range(360)]
        files = {path: cls.chance.randbytes(SIZES[i % 7] + i) for i, path in enumerate(paths)}
        cls.old = dict(list(files.items())[:300])
        cls.changed = cls.chance.sample([path for path, content in cls.old.items() if len(content) > 1], 12)
        cls.new = dict(files)
        for i, path in enumerate(cls.changed):
            size = len(cls.old[path])
            cls.new[path] = cls.chance.randbytes(size // 2 if i < 6 else size + 5000)
        cls.old_torrent = cls.make_torrent(cls.old, sorted(cls.old))

    @classmethod
    def make_torrent(cls, files, order, piece=PIECE, name="danbooru"):
        """By libtorrent, in this order. The files lie beside it."""
        folder = pathlib.Path(tempfile.mkdtemp(dir=cls.scratch))
        storage = libtorrent.file_storage()
        for path in order:
            place = folder / name / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(files[path])
            storage.add_file(f"{name}/{path}", len(files[path]))
        maker = libtorrent.create_torrent(storage, piece, libtorrent.create_torrent.v1_only)
        libtorrent.set_piece_hashes(maker, str(folder))
        torrent = folder / "made.torrent"
        torrent.write_bytes(libtorrent.bencode(maker.generate()))
        listed = libtorrent.torrent_info(str(torrent)).files()
        assert [listed.file_path(i) for i in range(listed.num_files())] == [f"{name}/{path}" for path in order]
        return torrent

    def first_appearance(self):
        """What is unchanged first, as it was listed; all that is new or changed last."""
        return sorted(self.new, key=lambda path: (self.new[path] != self.old.get(path), path))

    def plan(self, *args, code=0):
        return self.assertCode(code, harness.dbr("torrent", "plan", *args))

    def recheck(self, torrents, *olds):
        """What libtorrent lacks that finds the old torrents' data."""
        folder = self.scratch / "client"
        for old in olds:
            shutil.copytree(old.parent, folder, dirs_exist_ok=True)
        client = torrent_clients.Libtorrent(folder, torrents)
        bytes_missing, pieces = client.missing()
        found = {"bytes": bytes_missing, "pieces": pieces, "files": len(client.incomplete())}
        client.close()
        shutil.rmtree(folder)
        return found

    def assert_found(self, found, *args):
        report = self.plan(*args, "--json").json()
        self.assertEqual({key: report[key] for key in found}, found, args)
        return report

    def assert_planned(self, new):
        """From the torrents alone, and from the data."""
        found = self.recheck([new], self.old_torrent)
        report = self.assert_found(found, new, "--against", self.old_torrent)
        data = self.old_torrent.parent
        by_data = self.assert_found(found, new, "--against", self.old_torrent, "--data", data)
        self.assertEqual(by_data["assumed_unchanged"], 0)
        self.assertEqual(by_data["removed_files"], report["removed_files"])
        return report

    def unavoidable(self):
        return sum(len(content) for path, content in self.new.items() if content != self.old.get(path))

    def test_path_order(self):
        report = self.assert_planned(self.make_torrent(self.new, sorted(self.new)))
        self.assertEqual(report["unavoidable_bytes"], self.unavoidable())
        self.assertGreater(report["bytes"], 1.1 * report["unavoidable_bytes"], "such an order has its price")
        self.assertEqual(report["torrents"][0]["total_files"], len(self.new))
        self.assertEqual(report["torrents"][0]["total_bytes"], sum(map(len, self.new.values())))

    def test_changed_in_place_and_the_new_last(self):
        self.assert_planned(self.make_torrent(self.new, sorted(self.new, key=number)))

    def test_first_appearance(self):
        report = self.assert_planned(self.make_torrent(self.new, self.first_appearance()))
        self.assertEqual(report["unavoidable_bytes"], self.unavoidable())
        self.assertLess(report["bytes"], report["unavoidable_bytes"] + PIECE)

    def test_removal_alone_costs_nothing(self):
        left = {path: content for path, content in self.old.items() if number(path) % 10}
        report = self.assert_planned(self.make_torrent(left, sorted(left)))
        self.assertEqual((report["bytes"], report["removed_files"]), (0, 30))
        self.assertGreater(report["assumed_unchanged"], 0)

    def test_shuffled(self):
        for year in (self.old, self.new):
            report = self.assert_planned(self.make_torrent(year, self.chance.sample(sorted(year), len(year))))
        self.assertGreater(report["bytes"], 0)

    def test_another_piece_length(self):
        for piece in (16 << 10, 64 << 10):
            self.assert_planned(self.make_torrent(self.new, sorted(self.new), piece))

    def test_another_name(self):
        new = self.make_torrent(self.old, sorted(self.old), name="danbooru2018")
        report = self.assert_planned(new)
        self.assertEqual(report["bytes"], sum(map(len, self.old.values())))
        self.assertIn("is the torrents' name another one", self.plan(new, "--against", self.old_torrent).err)
        self.assertIn("no folder danbooru2018", self.plan(new, "--data", self.old_torrent.parent).err)

    def test_other_bytes_of_the_same_number(self):
        """The old torrent's hashes tell where the pieces are made of the same; elsewhere only the data does."""
        same_size = {**self.old, **{path: self.chance.randbytes(len(self.old[path])) for path in self.changed}}
        report = self.assert_planned(self.make_torrent(same_size, sorted(same_size)))
        self.assertEqual(report["assumed_unchanged"], 0)
        shifted = self.make_torrent(same_size, sorted(same_size, reverse=True))
        found = self.recheck([shifted], self.old_torrent)
        self.assert_found(found, shifted, "--data", self.old_torrent.parent)
        report = self.plan(shifted, "--against", self.old_torrent, "--json").json()
        self.assertLess(report["bytes"], found["bytes"])
        self.assertGreaterEqual(report["assumed_unchanged"], 12, "and it says what it does not know")

    def test_what_was_appended_to(self):
        """The pieces before the end of the old file are there; so are those of a file that was cut."""
        old = self.make_torrent({"a": self.old["0009/299.jpg"] * 20, "b": b"b" * 200_000}, ["a", "b"])
        new = self.make_torrent({"a": self.old["0009/299.jpg"] * 24, "b": b"b" * 100_000}, ["a", "b"])
        found = self.recheck([new], old)
        self.assert_found(found, new, "--data", old.parent)
        self.assertLess(found["bytes"], 250_000)

    def test_volumes(self):
        """Several old torrents are one tree; the new ones are counted each."""
        order = sorted(self.old)
        olds = [self.make_torrent(self.old, order[:120]), self.make_torrent(self.old, order[120:], 16 << 10)]
        order = self.first_appearance()
        news = [self.make_torrent(self.new, order[:200]), self.make_torrent(self.new, order[200:])]
        found = self.recheck(news, *olds)
        report = self.assert_found(found, *news, "--against", *olds)
        self.assertEqual([torrent["bytes"] for torrent in report["torrents"]], [0, found["bytes"]])
        self.assertEqual([torrent["infohash"] for torrent in report["torrents"]],
                         [str(libtorrent.torrent_info(str(new)).info_hash()) for new in news])

    def test_a_torrent_of_one_file(self):
        new = self.scratch / "one.torrent"
        storage = libtorrent.file_storage()
        storage.add_file("one.bin", 100_000)
        (self.scratch / "one").mkdir()
        (self.scratch / "one/one.bin").write_bytes(b"1" * 100_000)
        maker = libtorrent.create_torrent(storage, PIECE, libtorrent.create_torrent.v1_only)
        libtorrent.set_piece_hashes(maker, str(self.scratch / "one"))
        new.write_bytes(libtorrent.bencode(maker.generate()))
        self.assert_found({"bytes": 0}, new, "--data", self.scratch / "one")
        self.assert_found({"bytes": 0}, new, "--against", new)
        self.assert_found({"bytes": 100_000}, new, "--data", self.scratch)

    def test_people_read_it(self):
        new = self.make_torrent(self.new, self.first_appearance())
        out = self.plan(new, "--against", self.old_torrent).out
        self.assertRegex(out, rf"(?m)^  to fetch +(at least )?\S+ kB \([\d,]+ bytes\), \d+ files, \d+ pieces$")
        self.assertRegex(out, r"(?m)^  overhead +1\.0\d bytes are fetched for each of these$")
        self.assertRegex(out, r"(?m)^  left over +0 files")

    def test_what_cannot_be_planned(self):
        new = self.make_torrent(self.old, sorted(self.old))
        self.assertIn("--against", self.plan(new, code=2).err)
        self.assertIn("no such file", self.plan(new, "--against", self.scratch / "none.torrent", code=2).err)
        self.assertIn("not a folder", self.plan(new, "--data", new, code=2).err)
        self.assertIn("--draft", self.plan("--data", self.scratch, code=2).err)
        self.assertIn("not a dataset", self.plan("--root", self.scratch, "--against", new, code=8).err)
        broken = self.scratch / "broken.torrent"
        broken.write_bytes(new.read_bytes()[:-30])
        self.assertIn("broken.torrent", self.plan(broken, "--against", new, code=4).err)
        self.assertIn("broken.torrent", self.plan(new, "--against", new, broken, code=4).err)


if __name__ == "__main__":
    unittest.main()
