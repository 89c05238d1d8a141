# SPDX-License-Identifier: MIT
"""A year with real clients: they hold the release of 2017, load the torrents of 2018 over it, and fetch what is new."""
import pathlib
import shutil
import unittest

import harness
import torrent_clients

# Small, since there is little data: every torrent may cost a piece more than what is new.
SHAPE = ("--piece-size", "16K", "--volume-files", 60)
MOST = 1.02  # times what is new


def files_of(folder):
    """Path -> digest."""
    return {path: content for path, content in harness.checksums(folder).items() if content != "folder"}


def traces_of(folder):
    """What changes when somebody writes to a file."""
    return {str(path.relative_to(folder)): (path.stat().st_ino, path.stat().st_mtime_ns)
            for path in folder.rglob("*") if path.is_file()}


class Year(harness.Case):
    """One story, told in order."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.site = cls.start_site(posts=120)
        cls.data = harness.Dataset(cls.scratch / "root", cls.site)
        cls.data.export_only("slim-tsv")
        cls.folders = {client: cls.scratch / client for client in ("libtorrent", "transmission")}
        outcome = cls.data.run("build", "--year", 2017, *SHAPE)
        assert outcome.code == 0, outcome
        cls.old_torrents = cls.torrents_of("danbooru2017")
        cls.old = files_of(cls.data.shared)
        cls.old_sizes = {path: (cls.data.shared / path).stat().st_size for path in cls.old}

    @classmethod
    def torrents_of(cls, release):
        return sorted((cls.data.torrents / release).rglob("*.torrent"))

    @classmethod
    def year_goes_by(cls):
        plain = iter([i for i, post in sorted(cls.site.truth().items()) if post["state"] == "live"
                      and post["kind"] in ("baseline_jpeg", "rgb_png") and not post["stored_md5_is_wrong"]])
        cls.site.change(at="2018-07-01", new_posts=80)
        cls.site.change(replace=[next(plain) for _ in range(6)], ban=[next(plain) for _ in range(2)],
                        expunge=[next(plain)], edit=[next(plain) for _ in range(4)])

    def seed(self, torrents):
        """A seeder of the release's own files."""
        seeder = torrent_clients.Libtorrent(self.data.root, torrents)
        self.addCleanup(seeder.close)
        self.assertTrue(seeder.is_done())
        return seeder

    def fetch(self, torrents):
        """libtorrent: what it lacks by its re-check, and what it then receives."""
        seeder = self.seed(torrents)
        client = torrent_clients.Libtorrent(self.folders["libtorrent"], torrents)
        missing, self.incomplete = client.missing()[0], client.incomplete()
        seeder.serve(client)
        harness.until(client.is_done, "libtorrent has everything")
        received = client.downloaded()
        client.close()
        self.assertLessEqual(seeder.uploaded(), received, "nothing was moved that is not counted")
        return missing, received

    def test_1_the_first_year_is_fetched_whole(self):
        self.folders["libtorrent"].mkdir()
        self.assertEqual(self.fetch(self.old_torrents), (sum(self.old_sizes.values()),) * 2)
        self.assertSameTrees(files_of(self.folders["libtorrent"] / "danbooru"), self.old)

    def test_2_a_year_goes_by(self):
        for path in ("other.txt", "danbooru/sfw/notes.txt"):
            (self.folders["libtorrent"] / path).write_text("mine")
        shutil.copytree(self.folders["libtorrent"], self.folders["transmission"])
        Year.before = {client: traces_of(folder) for client, folder in self.folders.items()}
        self.year_goes_by()
        self.make_release()
        # What the last release says of itself is in no torrent any more, and stays on people's disks.
        Year.new = {path: content for path, content in files_of(self.data.shared).items()
                    if not path.startswith("metadata/danbooru2017/")}
        sizes = {path: (self.data.shared / path).stat().st_size for path in self.new}
        Year.changed = {path for path, content in self.new.items() if self.old.get(path) != content}
        Year.unavoidable = sum(sizes[path] for path in self.changed)
        replaced = self.changed & self.old.keys()
        shrunken = {path for path in replaced if sizes[path] < self.old_sizes[path]}
        self.assertTrue(shrunken and replaced - shrunken, "the year has some of each")
        self.assertTrue(self.old.keys() - self.new.keys())

    def make_release(self):
        """Of 2018; what the draft is said to cost is what its torrents cost."""
        for command in ("fetch-metadata", "fetch-images", "downscale", "bucket", "export-db"):
            self.assertCode(0, self.data.run(command, "--year", 2018))
        plan = ("torrent", "plan", "--root", self.data.root, *SHAPE, "--json", "--against", *self.old_torrents)
        draft = harness.dbr(*plan).json()
        self.assertCode(0, self.data.run("make-torrent", "--year", 2018, *SHAPE))
        Year.new_torrents = self.torrents_of("danbooru2018")
        finished = harness.dbr(*plan).json()
        Year.planned = harness.dbr(*plan, "--", *self.new_torrents).json()
        counts = ("bytes", "pieces", "files", "unavoidable_bytes", "removed_files")
        for report in (draft, finished):
            self.assertEqual({key: report[key] for key in counts}, {key: self.planned[key] for key in counts})
            self.assertEqual(report["assumed_unchanged"], 0)
        names = {pathlib.Path(torrent["torrent"]).name: torrent["infohash"] for torrent in self.planned["torrents"]}
        self.assertEqual({torrent["torrent"]: torrent["infohash"] for torrent in finished["torrents"]}, names)
        self.assertEqual({torrent["torrent"] for torrent in draft["torrents"]}, set(names))

    def assert_updated(self, client, missing, received, makes_empty_files=True):
        folder = self.folders[client]
        self.assertEqual(missing, received)
        self.assertLessEqual(received, MOST * self.unavoidable)
        mine = harness.digest(folder / "other.txt")
        left = {path: content for path, content in self.old.items() if path not in self.new}
        expected = {f"danbooru/{path}": content for path, content in {**self.new, **left}.items()}
        changed = {f"danbooru/{path}" for path in self.changed}
        if not makes_empty_files:
            for path in [path for path in changed if (self.data.root / path).stat().st_size == 0]:
                del expected[path]
                changed.remove(path)
        self.assertSameTrees(files_of(folder), {**expected, "other.txt": mine, "danbooru/sfw/notes.txt": mine})
        before = self.before[client]
        touched = {path for path, trace in traces_of(folder).items() if before.get(path) != trace}
        self.assertLessEqual(changed, touched)
        # A client writes whole pieces: the file before the new ones in a torrent may share one with them.
        self.assertLessEqual(len(touched - changed), len(self.new_torrents))
        self.assertLessEqual(touched - changed, self.incomplete)

    def test_3_libtorrent_fetches_what_is_new(self):
        missing, received = self.fetch(self.new_torrents)
        Year.incomplete = self.incomplete
        self.assert_updated("libtorrent", missing, received)
        self.assertEqual((self.planned["bytes"], self.planned["files"]), (missing, len(self.incomplete)))

    def test_4_so_does_transmission(self):
        client = torrent_clients.Transmission(self.scratch / "config", self.folders["transmission"])
        self.addCleanup(client.close)
        client.load(self.old_torrents)
        self.assertTrue(client.is_done(), "it knows the data for its own")
        client.load(self.new_torrents)
        missing = client.missing()
        seeder = self.seed(self.new_torrents)
        client.begin()
        seeder.serve(client)
        harness.until(client.is_done, "Transmission has everything")
        received = client.downloaded()
        self.assertLessEqual(seeder.uploaded(), received, "nothing was moved that is not counted")
        client.load([])
        self.assert_updated("transmission", missing, received, makes_empty_files=False)


if __name__ == "__main__":
    unittest.main()
