# SPDX-License-Identifier: MIT
"""Volumes over two releases: what is sealed stays, only what changed is made and read again; and files that are not what
was fetched are named, never hashed."""
import contextlib
import json
import os
import pathlib
import shutil
import sqlite3
import unittest

import libtorrent

import harness

MOST = 40  # files in a volume
OPTIONS = ("--volume-files", MOST, "--piece-size", "16K")
SERIES = ("sfw-original", "sfw-512px", "nsfw-original", "nsfw-512px")


def paths_of(torrent):
    files = libtorrent.torrent_info(str(torrent)).files()
    return [files.file_path(i).removeprefix("danbooru/") for i in range(files.num_files())]


class Release:
    """The torrents of a release as they lie there."""

    def __init__(self, data, name):
        self.folder = data.torrents / name
        self.list = json.loads((self.folder / "volumes.json").read_text())
        self.of = {torrent["file"]: torrent for torrent in self.list["torrents"]}
        self.paths = {name: paths_of(self.folder / name) for name in self.of}
        self.editions = {row["path"]: (int(row["edition"]), int(row["id"]))
                         for row in harness.table(data.shared / "metadata" / name / "files.tsv.zst")}
        self.tree = {str(path.relative_to(data.shared)) for path in data.shared.rglob("*") if path.is_file()}

    def volumes(self, series):
        return [torrent for torrent in self.list["torrents"] if torrent["series"] == series]


def flip(path, at=0):
    """One bit, by somebody who leaves the time of change as it was."""
    status = path.stat()
    path.chmod(0o644)
    content = bytearray(path.read_bytes())
    content[at] ^= 1
    with open(path, "r+b") as file:
        file.write(content)
    path.chmod(0o444)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


class Volumes(harness.Case):
    """One story, told in order."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.site = cls.start_site(posts=150)
        cls.data = harness.Dataset(cls.scratch / "root", cls.site)
        cls.data.export_only("slim-tsv")
        outcome = cls.data.run("build", "--year", 2017, *OPTIONS)
        assert outcome.code == 0, outcome
        cls.old = Release(cls.data, "danbooru2017")
        plain = iter([i for i, post in sorted(cls.site.truth().items()) if post["state"] == "live"
                      and post["kind"] == "baseline_jpeg" and not post["stored_md5_is_wrong"]])
        cls.site.change(at="2018-07-01", new_posts=60)
        cls.gone, cls.replaced = next(plain), next(plain)
        cls.site.change(replace=[cls.replaced], ban=[cls.gone])
        for command in ("fetch-metadata", "fetch-images", "downscale", "bucket", "export-db"):
            outcome = cls.data.run(command, "--year", 2018)
            assert outcome.code == 0, outcome

    def make(self, data, *options):
        return data.run("make-torrent", "--year", 2018, *OPTIONS, "--json", *options)

    def check_release(self, release):
        for series in SERIES:
            volumes = release.volumes(series)
            listed = [path for volume in volumes for path in release.paths[volume["file"]]]
            self.assertEqual([v["volume"] for v in volumes], list(range(len(volumes))))
            self.assertTrue(all(v["files"] <= MOST for v in volumes))
            self.assertEqual([v["is_sealed"] for v in volumes], [True] * (len(volumes) - 1) + [False])
            self.assertEqual(len(listed), len(set(listed)), "no path is in two volumes")
            self.assertEqual([release.editions[path] for path in listed],
                             sorted(release.editions[path] for path in listed), series)
            self.assertEqual(set(listed), {path for path in release.editions if path.startswith(series.replace("-", "/"))})
        for name, torrent in release.of.items():
            info = libtorrent.torrent_info(str(release.folder / name))
            self.assertEqual((str(info.info_hash()), info.num_files(), info.total_size(), info.piece_length()),
                             (torrent["infohash"], torrent["files"], torrent["bytes"], torrent["piece_length"]))
            self.assertEqual(str(libtorrent.parse_magnet_uri(torrent["magnet"]).info_hash), torrent["infohash"])
        self.assertEqual((release.folder / "magnets.txt").read_text().splitlines(),
                         [torrent["magnet"] for torrent in release.list["torrents"]])

    def test_1_a_first_release_is_cut_into_volumes(self):
        self.check_release(self.old)
        self.assertGreater(len(self.old.volumes("sfw-original")), 1)
        self.assertEqual({path for paths in self.old.paths.values() for path in paths}, self.old.tree)

    def check_damage_is_refused(self, path):
        for damage in (flip, lambda file: (file.chmod(0o644), file.write_bytes(b"x")), lambda file: file.unlink()):
            file = self.data.shared / path
            stored = next((self.data.root / "store/original").rglob(file.name))
            kept = self.scratch / "kept"
            shutil.copy2(stored, kept)
            damage(file)
            self.assertIn(path, self.assertCode(4, self.make(self.data)).err)
            # Put back, as verify --repair would: other inode, other times, the same bytes.
            file.unlink(missing_ok=True)
            stored.unlink()
            shutil.copy2(kept, stored)
            os.link(stored, file)

    def test_2_damage_is_refused_by_name_and_nothing_is_published(self):
        sealed = self.old.paths["danbooru-sfw-original-000.torrent"]
        self.check_damage_is_refused(next(path for path in sealed
                                          if int(pathlib.PurePath(path).stem) not in (self.gone, self.replaced)))
        self.assertFalse((self.data.torrents / "danbooru2018").exists())
        self.assertFalse((self.data.shared / "metadata/danbooru2018/SHA256SUMS").exists())

    def test_3_what_is_sealed_stays_and_only_what_is_new_is_read(self):
        made = self.assertCode(0, self.make(self.data))
        new = Release(self.data, "danbooru2018")
        self.check_release(new)
        report = json.loads(made.out)
        kept = 0
        for name, torrent in self.old.of.items():
            if torrent["series"] == "metadata" or not torrent["is_sealed"]:
                continue
            left = [path for path in self.old.paths[name] if new.editions.get(path) == self.old.editions[path]]
            self.assertEqual(new.paths[name], left, "it lost what was removed or replaced, and kept its order")
            is_touched = left != self.old.paths[name]
            self.assertEqual(new.of[name]["infohash"] != torrent["infohash"], is_touched, name)
            self.assertEqual((new.of[name]["since"], new.of[name]["since_publication"]),
                             ("danbooru2018", 2) if is_touched else ("danbooru2017", 1))
            kept += not is_touched
        self.assertGreater(kept, 0)
        touched = [name for name, torrent in self.old.of.items() if torrent["is_sealed"]
                   and new.of[name]["infohash"] != torrent["infohash"]]
        self.assertTrue(touched)
        removed = (self.data.shared / "metadata/danbooru2018/removed.txt").read_text().splitlines()
        self.assertEqual(removed, sorted(path for path in self.old.editions if path not in new.editions))
        for torrent in report["torrents"]:
            if torrent.get("is_as_before"):
                self.assertEqual(torrent["pieces_read"], 0, torrent)
        self.assertLess(report["bytes_read"], sum(torrent["bytes"] for torrent in report["torrents"]) * 3 / 4)

    def test_4_made_again_nothing_is_read_but_the_metadata(self):
        before = harness.checksums(self.data.torrents / "danbooru2018")
        shutil.rmtree(self.data.torrents / "danbooru2018")
        report = json.loads(self.assertCode(0, self.make(self.data)).out)
        self.assertSameTrees(harness.checksums(self.data.torrents / "danbooru2018"), before)
        self.assertEqual({torrent["bytes_read"] for torrent in report["torrents"] if "pieces_read" in torrent}, {0})

    def test_4_so_is_damage_to_what_is_published(self):
        torrents = harness.facts(self.data.torrents)
        self.check_damage_is_refused(Release(self.data, "danbooru2018").paths["danbooru-sfw-original-000.torrent"][0])
        self.assertCode(0, self.make(self.data))
        self.assertEqual(harness.facts(self.data.torrents), torrents)

    def test_5_the_reissue_without_a_post_touches_its_volumes_only(self):
        before = Release(self.data, "danbooru2018")
        path = before.paths["danbooru-sfw-original-000.torrent"][3]
        exclude = self.scratch / "exclude.txt"
        exclude.write_text(f"{pathlib.PurePath(path).stem}\n")
        for command in ("bucket", "export-db"):
            self.assertCode(0, self.data.run(command, "--year", 2018, "--exclude", exclude,
                                             *(("--reissue",) if command == "bucket" else ())))
        self.assertCode(0, self.make(self.data))
        after = Release(self.data, "danbooru2018")
        self.check_release(after)
        changed = {name for name in before.of if after.of[name]["infohash"] != before.of[name]["infohash"]}
        holding = {name for name, paths in before.paths.items()
                   if any(pathlib.PurePath(p).stem == pathlib.PurePath(path).stem for p in paths)}
        self.assertEqual(changed, holding | {"danbooru-metadata-000.torrent"})

    def test_6_what_the_manifest_remembers_wrongly_is_read_again(self):
        before = harness.checksums(self.data.torrents / "danbooru2018")
        with contextlib.closing(sqlite3.connect(self.data.manifest)) as database, database:
            database.execute("UPDATE piece SET sha1 = zeroblob(20)")
        (self.data.torrents / "danbooru2018/danbooru-sfw-original-000.torrent").unlink()
        self.assertCode(0, self.make(self.data))
        self.assertSameTrees(harness.checksums(self.data.torrents / "danbooru2018"), before)

    def test_7_a_torrent_that_is_not_the_published_one_is_named(self):
        folder = self.data.torrents / "danbooru2018"
        path = folder / "danbooru-sfw-original-000.torrent"
        kept = path.read_bytes()
        path.write_bytes((folder / "danbooru-sfw-original-001.torrent").read_bytes())
        self.assertIn(f"{path} is not the torrent that was published", self.assertCode(4, self.make(self.data)).err)
        path.unlink()
        self.assertCode(0, self.make(self.data))
        self.assertEqual(path.read_bytes(), kept)

    def test_8_single(self):
        """One torrent of a series, also of one that is in volumes already."""
        for command in ("bucket", "export-db"):
            self.assertCode(0, self.data.run(command, "--year", 2019))
        self.assertCode(0, self.data.run("make-torrent", "--year", 2019, "--draft", "--piece-size", "16K", "--single",
                                         "--source", "here", "--creation-date", "2018-02-03"))
        folder = self.data.torrents / "danbooru2019/draft"
        self.assertEqual(len(list(folder.glob("*.torrent"))), 5)
        info = libtorrent.torrent_info(str(folder / "danbooru-sfw-original-000.torrent"))
        self.assertGreater(info.num_files(), MOST)
        self.assertEqual(info.creation_date(), 1517616000)
        document = libtorrent.bdecode((folder / "danbooru-sfw-original-000.torrent").read_bytes())
        self.assertEqual(document[b"info"][b"source"], b"here")


class Drafts(harness.Case):
    """Each piece length makes all pieces unknown, so each is a first make."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.site = cls.start_site(posts=100)
        cls.data = harness.Dataset(cls.scratch / "root", cls.site)
        cls.data.export_only("slim-tsv")
        for command in ("fetch-metadata", "fetch-images", "downscale", "bucket", "export-db"):
            outcome = cls.data.run(command, "--year", 2017)
            assert outcome.code == 0, outcome
        cls.folder = cls.data.torrents / "danbooru2017"

    def draft(self, *options):
        return self.data.run("make-torrent", "--year", 2017, "--draft", *options)

    def test_bytes_that_were_wrong_for_a_while_are_in_no_piece(self):
        """A file of several spans: one reader looks at its bytes while others have its later pieces before them."""
        largest = max(self.data.shared.glob("*sfw/*/*/*"), key=lambda path: path.stat().st_size)
        series = "-".join(largest.relative_to(self.data.shared).parts[:2])
        for size in ("16K", "32K", "64K", "128K"):
            flip(largest, -1)
            self.assertIn(largest.name, self.assertCode(4, self.draft("--piece-size", size)).err)
            flip(largest, -1)
            self.assertCode(0, self.draft("--piece-size", size))
            self.assertCode(0, harness.dbr("torrent", "verify", self.folder / f"draft/danbooru-{series}-000.torrent",
                                           self.data.root, env={"XDG_STATE_HOME": str(self.scratch)}))

    def test_a_draft_replaces_the_one_before_and_nothing_else(self):
        self.assertCode(0, self.draft("--volume-files", 20))
        notes = self.folder / "draft/danbooru-notes.torrent"
        notes.write_text("mine")
        self.assertCode(0, self.draft())
        torrents = {path.name for path in (self.folder / "draft").glob("*.torrent")} - {notes.name}
        listed = json.loads((self.folder / "draft/volumes.json").read_text())["torrents"]
        self.assertEqual(torrents, {f"danbooru-{series}-000.torrent" for series in (*SERIES, "metadata")})
        self.assertEqual({torrent["file"] for torrent in listed}, torrents)
        self.assertEqual(notes.read_text(), "mine")


if __name__ == "__main__":
    unittest.main()
