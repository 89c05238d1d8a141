# SPDX-License-Identifier: MIT
"""A year with real clients: they hold the release of 2017, load the torrents of 2018 over it, and fetch what is new."""
import unittest

import harness
import torrent_clients

PIECES = "16K"  # small ones, since there is little data: every torrent may cost a piece more than what is new


def bytes_of(folder):
    """Path -> digest, of files."""
    return {path: content for path, content in harness.checksums(folder).items() if content != "folder"}


def times_of(folder):
    """What a client that leaves a file alone does not change: inode and time."""
    return {path: (path.stat().st_ino, path.stat().st_mtime_ns) for path in folder.rglob("*") if path.is_file()}


class Year(harness.Case):
    """One story, told in order."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.site = cls.start_site(posts=120)
        cls.data = harness.Dataset(cls.scratch / "root", cls.site)
        cls.folders = {client: cls.scratch / client for client in ("libtorrent", "transmission")}
        for folder in cls.folders.values():
            folder.mkdir()
        cls.transmission = torrent_clients.Transmission(cls.scratch / "config", cls.folders["transmission"])
        cls.addClassCleanup(cls.transmission.close)

    def build(self, year):
        self.assertCode(0, self.data.run("build", "--year", year, "--piece-size", PIECES))
        return sorted((self.data.torrents / f"danbooru{year}").rglob("*.torrent"))

    def year_goes_by(self):
        plain = iter([i for i, post in sorted(self.site.truth().items()) if post["state"] == "live"
                      and post["kind"] in ("baseline_jpeg", "rgb_png") and not post["stored_md5_is_wrong"]])
        self.site.change(at="2018-07-01", new_posts=80)
        self.site.change(replace=[next(plain) for _ in range(6)], ban=[next(plain) for _ in range(2)],
                         expunge=[next(plain)], edits=10)

    def fetch(self, torrents):
        """Both clients, from one seeder; what each had to fetch by its own re-check, and what it did fetch."""
        seeder = torrent_clients.Libtorrent(self.data.root, torrents)
        self.assertTrue(seeder.is_done())
        moved = {}
        client = torrent_clients.Libtorrent(self.folders["libtorrent"], torrents)
        self.incomplete = client.incomplete()
        missing = client.missing()[0]
        seeder.call(client.port)
        harness.until(client.is_done, "libtorrent has everything")
        moved["libtorrent"] = (missing, client.downloaded())
        self.assertEqual(seeder.uploaded(), client.downloaded())
        client.close()
        self.transmission.load(torrents)
        missing = self.transmission.missing()
        self.transmission.begin()
        seeder.call(self.transmission.port)
        harness.until(self.transmission.is_done, "Transmission has everything")
        moved["transmission"] = (missing, self.transmission.downloaded())
        self.assertEqual(seeder.uploaded() - moved["libtorrent"][1], moved["transmission"][1])
        seeder.close()
        return moved

    def test_1_the_first_year_is_fetched_whole(self):
        Year.old_torrents = self.build(2017)
        Year.old = bytes_of(self.data.shared)
        Year.old_sizes = {path: (self.data.shared / path).stat().st_size for path in self.old}
        moved = self.fetch(self.old_torrents)
        for client, folder in self.folders.items():
            self.assertEqual(moved[client], (sum(self.old_sizes.values()),) * 2, client)
            self.assertSameTrees(bytes_of(folder / "danbooru"), self.old)

    def test_2_the_second_costs_what_is_new(self):
        for folder in self.folders.values():
            (folder / "danbooru/sfw/notes.txt").write_text("mine")
            (folder / "other.txt").write_text("mine, too")
        before = {client: times_of(folder) for client, folder in self.folders.items()}
        self.year_goes_by()
        torrents = self.build(2018)
        # What the last release says of itself stays on people's disks and is in no torrent any more.
        new = {path: content for path, content in bytes_of(self.data.shared).items()
               if not path.startswith("metadata/danbooru2017/")}
        sizes = {path: (self.data.shared / path).stat().st_size for path in new}
        changed = {path for path, content in new.items() if self.old.get(path) != content}
        shrunken = {path for path in changed & self.old.keys() if sizes[path] < self.old_sizes[path]}
        removed = self.old.keys() - new.keys()
        self.assertTrue(shrunken and removed and changed & self.old.keys() - shrunken, "the year has some of each")
        unavoidable = sum(sizes[path] for path in changed)
        moved = self.fetch(torrents)
        for client, folder in self.folders.items():
            missing, downloaded = moved[client]
            self.assertEqual(missing, downloaded, client)
            self.assertLessEqual(downloaded, 1.02 * unavoidable, client)
            kept = {path: content for path, content in self.old.items() if path in removed}
            self.assertSameTrees(bytes_of(folder / "danbooru"),
                                 {**new, **kept, "sfw/notes.txt": harness.digest(folder / "danbooru/sfw/notes.txt")})
            touched = {str(path.relative_to(folder)) for path, facts in times_of(folder).items()
                       if before[client].get(path) != facts}
            self.assertLessEqual(touched, self.incomplete, client)
            # At most the file before what is new, which shares a piece with it.
            self.assertLessEqual(len(touched - {f"danbooru/{path}" for path in changed}), len(torrents), client)
            print(client, missing, downloaded, unavoidable, downloaded / unavoidable, len(touched), len(changed), len(shrunken))


if __name__ == "__main__":
    unittest.main()
