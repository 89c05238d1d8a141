# SPDX-License-Identifier: MIT
"""Bytes that change behind dbr's back, between being fetched and being placed or before they are moved, never get into a
torrent; and files that nobody has touched are not read to find that out."""
import contextlib
import os
import pathlib
import sqlite3
import unittest

import harness

# Every file of the site's posts, 2017 being over; what cannot be had is left.
MAKE = ("make-torrent", "--finish", "--volume-files", 40, "--piece-size", "16K")


def flip(path):
    """One bit, by somebody who puts the time of change back."""
    status = path.stat()
    path.chmod(0o644)
    with open(path, "r+b") as file:
        byte = file.read(1)[0]
        file.seek(0)
        file.write(bytes([byte ^ 1]))
    path.chmod(0o444)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


class Witnesses(harness.Case):
    """One story, told in order."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.site = cls.start_site(posts=60)
        cls.data = harness.Dataset(cls.scratch / "root", cls.site)
        for command in ("fetch-metadata", "fetch-images", "downscale"):
            outcome = cls.data.run(command, "--year", 2017)
            assert outcome.code == 0, outcome

    def query(self, sql):
        with contextlib.closing(sqlite3.connect(self.data.manifest)) as manifest:
            return manifest.execute(sql).fetchall()

    def known(self):
        """The path of each placed file and what it is known by. What make-torrent has read, it knows by something else."""
        return dict(self.query("SELECT path, witness FROM placed"))

    def unknown(self):
        return [path for path, witness in self.known().items() if witness is None]

    def run_all(self, *commands):
        for command, *options in commands:
            self.assertCode(0, self.data.run(command, "--year", 2017, *options))

    def place(self, *options):
        self.run_all(("bucket", *options), ("export-db",))

    def assertRefused(self, path):
        refused = self.assertCode(4, self.data.run(*MAKE, "--year", 2017))
        self.assertIn(f"{path}", refused.err)
        self.assertIn("SHA-256", refused.err)

    def assertReadOnly(self, *paths):
        """make-torrent has a look at all files, and reads these for their SHA-256."""
        before = self.known()
        made = self.assertCode(0, self.data.run(*MAKE, "--year", 2017, "--json")).json()
        after = self.known()
        self.assertEqual({path for path in after if after[path] != before[path]}, set(paths))
        self.assertNotIn(None, after.values())
        return made

    def test_1_what_is_stored_is_known(self):
        self.assertEqual(self.query("SELECT count(*) FROM post p JOIN original o ON o.post_id = p.id "
                                    "WHERE p.original IN (1, 2) AND o.witness IS NULL"), [(0,)])
        self.assertEqual(self.query("SELECT count(*) FROM ml WHERE (state = 2) <> (witness IS NOT NULL)"), [(0,)])
        self.assertGreater(self.query("SELECT count(witness) FROM ml")[0][0], 20)

    def test_2_changed_in_the_store(self):
        stored = sorted(self.data.originals())[5]
        # As a run leaves one that was killed between giving it its name and recording it.
        linked = sorted(self.data.originals())[6]
        place = self.data.shared / "sfw/original" / linked.parent.name / linked.name
        rating = self.query(f"SELECT rating FROM post WHERE id = {linked.stem}")[0][0]
        place = place if rating in "gs" else self.data.shared / "nsfw/original" / linked.parent.name / linked.name
        place.parent.mkdir(parents=True)
        os.link(linked, place)
        flip(stored)
        self.place()
        unknown = self.unknown()
        self.assertEqual({pathlib.PurePath(path).name for path in unknown}, {stored.name, linked.name})
        self.assertRefused(stored.name)
        flip(stored)
        self.assertReadOnly(*unknown)

    def test_3_changed_before_it_is_moved(self):
        moving = sorted(path for path in self.known() if path.startswith("sfw/original/"))
        damaged = self.data.shared / moving[3]
        flip(damaged)
        self.place("--reissue", "--sfw-ratings", "qe")
        moved = moving[3].replace("sfw/", "nsfw/")
        self.assertEqual(self.unknown(), [moved])
        self.assertRefused(moved)
        flip(self.data.shared / moved)
        self.assertReadOnly(moved)

    def test_4_undisturbed(self):
        self.place("--reissue")
        self.assertEqual(self.unknown(), [])
        self.assertReadOnly()
        # Other names of the same files, given and taken away again.
        other = self.scratch / "other"
        self.assertCode(0, self.data.run("bucket", "--release", "danbooru2017", "--into", other))
        self.assertEqual(len(list(other.rglob("*.jpg"))), len(list(self.data.shared.rglob("*.jpg"))))
        self.run_all(("export-db", "--format", "sd-scripts,imagefolder,deepdanbooru"))
        (self.data.torrents / "danbooru2017/danbooru-sfw-original-000.torrent").unlink()
        (self.data.torrents / "danbooru2017/danbooru-sfw-512px-000.torrent").unlink()
        made = self.assertReadOnly()
        self.assertEqual([torrent["bytes_read"] for torrent in made["torrents"]], [0, 0])

    def test_5_the_next_release_waits_for_the_torrents(self):
        for name in ("danbooru-nsfw-512px-000.torrent", "danbooru-metadata-000.torrent"):
            torrent = self.data.torrents / "danbooru2017" / name
            before = torrent.read_bytes()
            torrent.unlink()
            refused = self.assertCode(2, self.data.run("bucket", "--year", 2018))
            self.assertIn(str(torrent), refused.err)
            self.assertIn("run dbr make-torrent for danbooru2017 first", refused.err)
            self.run_all(MAKE)
            self.assertEqual(torrent.read_bytes(), before)
        self.assertCode(0, self.data.run("bucket", "--year", 2018))


if __name__ == "__main__":
    unittest.main()
