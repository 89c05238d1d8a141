# SPDX-License-Identifier: MIT
"""Torrents made by dbr's library, judged by mktorrent, libtorrent and Transmission.

usage: oracle_test.py MAKE_TORRENT_FOR_TEST. A missing peer fails the test: it is what the test is about.
"""
import hashlib
import os
import random
import subprocess
import sys
import tempfile
import time
import unittest

import libtorrent as lt

HELPER = ""
NAME = "danbooru"
PIECE_LENGTH = 1 << 18  # mktorrent takes the exponent, from 15
SIZES = [0, 1, 16384, 1 << 18, (1 << 18) - 1, 3 << 18, 2_500_001]


def run(*command):
    """stdout of a command that must succeed."""
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    if done.returncode != 0:
        raise AssertionError(f"{command}: exit {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def make_tree(folder):
    """Some 200 files in buckets, of awkward sizes; returns their paths in raw byte order."""
    rng = random.Random(2017)
    sizes = SIZES + [rng.randrange(40_000) for _ in range(200)]
    paths = []
    for number, size in enumerate(sizes):
        path = f"{rng.choice(['sfw', 'nsfw'])}/512px/{number % 10:04}/{number}.jpg"
        paths.append(path)
        os.makedirs(os.path.dirname(f"{folder}/{path}"), exist_ok=True)
        with open(f"{folder}/{path}", "wb") as file:
            file.write(rng.randbytes(size))
    # No two that differ by case only: libtorrent renames one of them when it loads the torrent.
    for extra in ["metadata/東方 list.tsv", "metadata/a-b", "metadata/a/b", "Z", "y"]:
        os.makedirs(os.path.dirname(f"{folder}/{extra}") or folder, exist_ok=True)
        with open(f"{folder}/{extra}", "wb") as file:
            file.write(rng.randbytes(777))
        paths.append(extra)
    return sorted(paths, key=os.fsencode)


class OracleTest(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory(prefix="dbr-oracle-")
        self.addCleanup(scratch.cleanup)
        self.scratch = scratch.name
        self.folder = f"{self.scratch}/{NAME}"
        self.paths = make_tree(self.folder)

    def make(self, paths, threads=3):
        """Path of dbr's torrent, and its infohash."""
        torrent = f"{self.scratch}/ours-{threads}.torrent"
        with open(f"{self.scratch}/list", "w", encoding="utf-8") as out:
            for path in paths:
                out.write(f"{os.path.getsize(f'{self.folder}/{path}')} {path}\n")
        written, parsed = run(HELPER, self.folder, NAME, f"{self.scratch}/list", str(PIECE_LENGTH), str(threads),
                              torrent).split()
        self.assertEqual(written, parsed)
        return torrent, written

    def test_infohash_is_that_of_mktorrent(self):
        run("mktorrent", "-d", "-l", "18", "-n", NAME, "-a", "http://127.0.0.1:9/announce", "-o",
            f"{self.scratch}/theirs.torrent", self.folder)
        theirs = lt.torrent_info(f"{self.scratch}/theirs.torrent")
        # mktorrent's order is what this comparison rests on, so a difference there is told apart.
        files = theirs.files()
        self.assertEqual([files.file_path(i) for i in range(files.num_files())],
                         [f"{NAME}/{path}" for path in self.paths])
        for threads in [1, 2, 4]:
            self.assertEqual(self.make(self.paths, threads)[1], str(theirs.info_hash()))

    def test_libtorrent_reads_it_as_meant(self):
        shuffled = random.Random(7).sample(self.paths, len(self.paths))
        torrent, infohash = self.make(shuffled)
        info = lt.torrent_info(torrent)
        files = info.files()
        self.assertEqual([files.file_path(i) for i in range(files.num_files())],
                         [f"{NAME}/{path}" for path in shuffled], "file order is kept")
        self.assertEqual([files.file_size(i) for i in range(files.num_files())],
                         [os.path.getsize(f"{self.folder}/{path}") for path in shuffled])
        self.assertEqual(str(info.info_hash()), infohash)
        self.assertEqual(info.piece_length(), PIECE_LENGTH)
        self.assertEqual(info.comment(), "oracle ✓")
        self.assertEqual(info.creator(), "dbr test")
        # Sorted, since libtorrent shuffles each tier (BEP 12).
        self.assertEqual(sorted((t.tier, t.url) for t in info.trackers()),
                         [(0, "http://127.0.0.1:9/announce"), (0, "http://127.0.0.1:9/second"),
                          (1, "udp://127.0.0.1:9")])
        self.assertEqual([seed["url"] for seed in info.web_seeds()], ["http://127.0.0.1:9/files/"])
        self.assertFalse(info.priv())

    def test_the_document_is_canonical(self):
        torrent, infohash = self.make(self.paths)
        with open(torrent, "rb") as file:
            document = file.read()
        decoded = lt.bdecode(document)
        self.assertEqual(lt.bencode(decoded), document, "another encoder spells it the same")
        self.assertEqual(hashlib.sha1(lt.bencode(decoded[b"info"])).hexdigest(), infohash)
        self.assertNotIn(b"creation date", decoded)

    def test_libtorrent_recheck_finds_every_byte(self):
        torrent, _ = self.make(random.Random(8).sample(self.paths, len(self.paths)))
        session = lt.session({"listen_interfaces": "127.0.0.1:0", "enable_dht": False, "enable_lsd": False,
                              "enable_upnp": False, "enable_natpmp": False,
                              "alert_mask": lt.alert.category_t.status_notification})
        params = lt.add_torrent_params()
        params.ti = lt.torrent_info(torrent)
        params.save_path = self.scratch
        # Neither trackers nor web seeds nor peers: only what lies on disk may count.
        params.flags = (lt.torrent_flags.upload_mode | lt.torrent_flags.override_trackers
                        | lt.torrent_flags.override_web_seeds)
        handle = session.add_torrent(params)
        self.wait_until_checked(session)
        handle.force_recheck()
        self.wait_until_checked(session)
        status = handle.status()
        self.assertEqual(status.errc.value(), 0, status.errc.message())
        self.assertEqual(status.num_pieces, params.ti.num_pieces())
        self.assertEqual((status.total_done, status.progress_ppm), (params.ti.total_size(), 1_000_000))
        self.assertEqual(status.total_payload_download, 0)

        # And it would have told: one changed byte costs one piece.
        with open(f"{self.folder}/Z", "r+b") as file:
            byte = file.read(1)[0]
            file.seek(0)
            file.write(bytes([byte ^ 1]))
        handle.force_recheck()
        self.wait_until_checked(session)
        self.assertEqual(handle.status().num_pieces, params.ti.num_pieces() - 1)

    def wait_until_checked(self, session):
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            session.wait_for_alert(200)
            if any(isinstance(alert, lt.torrent_checked_alert) for alert in session.pop_alerts()):
                return
        self.fail("libtorrent is still checking")

    def test_transmission_prints_the_same_hash(self):
        torrent, infohash = self.make(self.paths)
        shown = run("transmission-show", "--unsorted", torrent)
        self.assertIn(f"Hash: {infohash}\n", shown)
        listed = [line.strip() for line in shown.split("FILES")[1].splitlines() if line.strip()]
        self.assertEqual([line.rsplit(" (", 1)[0] for line in listed], [f"{NAME}/{path}" for path in self.paths])

    def test_a_changed_tree_is_named(self):
        _, before = self.make(self.paths)
        victim = next(path for path in self.paths if os.path.getsize(f"{self.folder}/{path}") > 1)
        with open(f"{self.folder}/{victim}", "r+b") as file:
            file.write(b"\0\0")
        self.assertNotEqual(self.make(self.paths)[1], before)
        # The list still says the old size.
        os.truncate(f"{self.folder}/{victim}", 1)
        failed = subprocess.run([HELPER, self.folder, NAME, f"{self.scratch}/list", str(PIECE_LENGTH), "2",
                                 f"{self.scratch}/none.torrent"], capture_output=True, text=True, timeout=60)
        self.assertEqual(failed.returncode, 1)
        self.assertIn(victim, failed.stderr)
        self.assertFalse(os.path.exists(f"{self.scratch}/none.torrent"))


if __name__ == "__main__":
    HELPER = sys.argv.pop(1)
    unittest.main()
