# SPDX-License-Identifier: MIT
"""The torrents of a release work in other people's programs; mktorrent gives them the same infohash."""
import os
import pathlib
import re
import subprocess
import unittest
import xml.etree.ElementTree

import libtorrent

import harness
import torrent_clients

SERIES = ("sfw-original", "sfw-512px", "nsfw-original", "nsfw-512px", "metadata")
TRACKERS = ("http://tracker.example.org/announce", "udp://tracker.example.net:6969/announce")
SEEDS = ("http://seed.example.org/data/", "https://seed.example.net/")


def order_of(path):
    """(edition, ID) is (ID) in a first publication."""
    return int(pathlib.PurePath(path).stem)


class Torrents(harness.Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.site = cls.start_site(posts=150)
        cls.data = harness.Dataset(cls.scratch / "root", cls.site)
        outcome = cls.data.build()
        assert outcome.code == 0, outcome

    def path(self, series, folder="danbooru2017"):
        return self.data.torrents / folder / f"danbooru-{series}-000.torrent"

    def info(self, series):
        return libtorrent.torrent_info(str(self.path(series)))

    def names(self, series):
        """Paths in the torrent's order, below its own name."""
        files = self.info(series).files()
        return [files.file_path(i).removeprefix("danbooru/") for i in range(files.num_files())]

    def test_there_is_one_for_each_series(self):
        found = {path.name for path in (self.data.torrents / "danbooru2017").iterdir()}
        self.assertEqual(found - {"volumes.json", "magnets.txt"}, {f"danbooru-{series}-000.torrent" for series in SERIES})
        self.assertEqual({self.info(series).name() for series in SERIES}, {"danbooru"})

    def test_lint_finds_nothing_in_them(self):
        folder = self.data.torrents / "danbooru2017"
        report = self.assertCode(0, harness.dbr("torrent", "lint", "--json", *sorted(folder.glob("*.torrent")))).json()
        self.assertEqual(report["findings"], [])
        for torrent in report["torrents"]:
            self.assertEqual(torrent["findings"], [])
            self.assertEqual({each["verdict"] for each in torrent["clients"]}, {"loads"})

    def test_the_feed_announces_the_release_with_its_torrents(self):
        atom = "{http://www.w3.org/2005/Atom}"
        feed = xml.etree.ElementTree.parse(self.data.torrents / "releases.atom").getroot()
        self.assertEqual(feed.tag, atom + "feed")
        entries = feed.findall(atom + "entry")
        self.assertEqual(len(entries), 1)
        for element in (feed, *entries):  # RFC 4287, sections 4.1.1 and 4.1.2
            for name in ("id", "title", "updated"):
                self.assertTrue(element.findtext(atom + name), name)
            self.assertRegex(element.findtext(atom + "id"), r"^urn:uuid:[0-9a-f-]{36}$")
            self.assertEqual(element.findtext(atom + "updated"), "2018-01-01T00:00:00.000Z")
        self.assertTrue(feed.findtext(f"{atom}author/{atom}name"))
        links = entries[0].findall(atom + "link")
        enclosed = {link.get("href"): int(link.get("length")) for link in links if link.get("rel") == "enclosure"}
        self.assertEqual(enclosed, {f"danbooru2017/{self.path(series).name}": self.path(series).stat().st_size
                                    for series in SERIES})
        magnets = {link.get("href") for link in links if link.get("rel") == "related"}
        self.assertEqual({str(libtorrent.parse_magnet_uri(magnet).info_hash) for magnet in magnets},
                         {str(self.info(series).info_hash()) for series in SERIES})
        content = entries[0].find(atom + "content")
        self.assertEqual(content.get("type"), "html")
        announcement = xml.etree.ElementTree.fromstring(content.text)
        self.assertTrue(announcement.text.startswith("Danbooru2017 is released"), announcement.text)
        self.assertEqual(set(re.findall("magnet:.*", announcement.text)), magnets)

    def test_together_they_hold_the_whole_release(self):
        listed = sorted(name for series in SERIES for name in self.names(series))
        tree = sorted(str(path.relative_to(self.data.shared)) for path in self.data.shared.rglob("*") if path.is_file())
        self.assertEqual(listed, tree)

    def test_files_are_in_order_of_id(self):
        for series in SERIES[:-1]:
            self.assertEqual(self.names(series), sorted(self.names(series), key=order_of), series)

    def test_libtorrent_finds_every_piece(self):
        client = torrent_clients.Libtorrent(self.data.root, [self.path(series) for series in SERIES])
        self.addCleanup(client.close)
        self.assertEqual(client.missing(), (0, 0))
        self.assertTrue(client.is_done())

    def test_transmission_shows_them(self):
        for series in SERIES:
            shown = subprocess.run(["transmission-show", self.path(series)], capture_output=True, text=True, check=True)
            self.assertIn("Name: danbooru\n", shown.stdout)
            self.assertIn(f"Hash: {self.info(series).info_hash()}", shown.stdout)
            self.assertIn(f"danbooru2017 {series}", shown.stdout)

    def test_infohash_is_mktorrents(self):
        """Of fewer than 1,000 posts each has a bucket of its own, so the order by path is the order by ID."""
        for series in SERIES:
            names = self.names(series)
            self.assertEqual(names, sorted(names), "mktorrent sorts by path")
            copy = self.scratch / series / "danbooru"
            for name in names:
                (copy / name).parent.mkdir(parents=True, exist_ok=True)
                os.link(self.data.shared / name, copy / name)
            exponent = self.info(series).piece_length().bit_length() - 1
            theirs = self.scratch / f"{series}.torrent"
            subprocess.run(["mktorrent", "-a", "http://tracker.example.org/", "-l", str(exponent), "-o", theirs, copy],
                           check=True, capture_output=True)
            self.assertEqual(self.info(series).info_hash(), libtorrent.torrent_info(str(theirs)).info_hash(), series)
            for name in names:
                (copy / name).unlink()

    def test_drafts_lie_apart_and_options_are_honoured(self):
        """A release whose cut-off lies ahead stays a draft: torrents only on demand, and in a folder of their own. Options
        change nothing but the torrents."""
        data = self.dataset(self.site)
        outcome = self.assertCode(0, data.run("build", "--year", 2099))
        self.assertIn("stays a draft", outcome.out)
        self.assertEqual(list(data.torrents.rglob("*.torrent")), [])
        self.assertFalse((data.shared / "metadata/danbooru2099/SHA256SUMS").exists())
        before = harness.checksums(data.shared)
        options = [word for tracker in TRACKERS for word in ("--tracker", tracker)]
        options += [word for seed in SEEDS for word in ("--web-seed", seed)]
        options += ["--piece-size", "64K", "--comment", "hello"]
        self.assertCode(0, data.run("make-torrent", "--year", 2099, "--draft", *options))
        self.assertSameTrees(harness.checksums(data.shared), before)
        torrents = list(data.torrents.rglob("*.torrent"))
        self.assertEqual({path.parent for path in torrents}, {data.torrents / "danbooru2099/draft"})
        self.assertEqual(len(torrents), len(SERIES))
        for path in torrents:
            torrent = libtorrent.bdecode(path.read_bytes())
            self.assertEqual(torrent[b"info"][b"piece length"], 65536)
            self.assertEqual(torrent[b"announce"].decode(), TRACKERS[0])
            self.assertEqual(torrent[b"announce-list"], [[tracker.encode()] for tracker in TRACKERS])
            self.assertEqual(torrent[b"url-list"], [seed.encode() for seed in SEEDS])
            self.assertTrue(torrent[b"comment"].decode().endswith(": hello"), torrent[b"comment"])
            self.assertNotIn(b"creation date", torrent, "no clock goes into a release")


if __name__ == "__main__":
    unittest.main()
