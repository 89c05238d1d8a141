# SPDX-License-Identifier: MIT
"""dbr torrent verify and dbr torrent prune in a downloader's folder: made-up files, no site, no dataset."""
import hashlib
import json
import os
import pathlib
import random
import shutil
import signal
import subprocess
import unittest

import harness
import torrent_bytes

PIECE = 16384


def pieces_of(data, length=PIECE):
    return [hashlib.sha1(data[at:at + length]).digest() for at in range(0, len(data), length)]


def torrent(path, sizes, pieces, name="danbooru", length=PIECE):
    """Writes a .torrent of [(path, size)]."""
    files = [{"length": size, "path": file.split("/")} for file, size in sizes]
    info = {"name": name, "piece length": length, "pieces": b"".join(pieces), "files": files}
    path.write_bytes(torrent_bytes.encode({"info": info}))
    return path


class Folder(harness.Case):
    """A scratch folder for each test, and dbr with a state folder of its own."""

    def setUp(self):
        self.dir = self.scratch / self.id().rsplit(".", 1)[1]
        self.dir.mkdir()
        self.state = self.dir / "state"
        self.env = {"XDG_STATE_HOME": str(self.state)}

    def dbr(self, *args, **options):
        return harness.dbr("torrent", *args, env=self.env, **options)

    def states(self):
        return list((self.state / "dbr").glob("*")) if (self.state / "dbr").exists() else []


class Verify(Folder):
    def save(self, sizes, seed=1):
        """Random files as a client has them, and their torrent."""
        rng = random.Random(seed)
        self.files = {f"{i % 3}/{i}.jpg": rng.randbytes(size) for i, size in enumerate(sizes)}
        self.saved = self.dir / "saved" / "danbooru"
        for path, data in self.files.items():
            self.write(path, data)
        self.pieces = pieces_of(b"".join(self.files.values()))
        self.torrent = torrent(self.dir / "a.torrent", [(path, len(data)) for path, data in self.files.items()],
                               self.pieces)

    def write(self, path, data):
        (self.saved / path).parent.mkdir(parents=True, exist_ok=True)
        (self.saved / path).write_bytes(data)
        # What was written to just now may be written to still, and is not remembered.
        os.utime(self.saved / path, (1_500_000_000, 1_500_000_000))

    def verify(self, code, *args, folder=None):
        return self.assertCode(code, self.dbr("verify", self.torrent, folder or self.saved.parent, *args))

    def expected(self, seen):
        """{path: verdict} by a naive check; `seen` has the verdicts that need no reading."""
        whole = b"".join(data if path in seen else (self.saved / path).read_bytes()
                         for path, data in self.files.items())
        ends, at = {}, 0
        for path, data in self.files.items():
            ends[path] = (at, at := at + len(data))
        found = pieces_of(whole)
        wrong = {i for i in range(len(found)) if found[i] != self.pieces[i]}
        for path in seen:
            begin, end = ends[path]
            wrong |= set(range(begin // PIECE, -(-end // PIECE))) if end > begin else set()
        verdicts = {}
        for path, (begin, end) in ends.items():
            mine = [i for i in wrong if begin < min((i + 1) * PIECE, at) and end > i * PIECE and end > begin]
            alone = [i for i in mine if begin <= i * PIECE and end >= min((i + 1) * PIECE, at)]
            verdicts[path] = seen.get(path) or ("damaged" if alone else "doubtful" if mine else "ok")
        return verdicts

    def assert_verdicts(self, seen):
        verdicts = self.expected(seen)
        bad = {path: verdict for path, verdict in verdicts.items() if verdict != "ok"}
        code = 4 if bad else 0
        outcome = self.verify(code)
        *lines, summary = outcome.out.splitlines()
        self.assertEqual([line.split("\t")[:2] for line in lines], [[v, p] for p, v in bad.items()])
        self.assertIn(f"{len(verdicts) - len(bad)} of {len(verdicts)} files are right", summary)
        lines = self.verify(code, "--files", "--readers", 1).out.splitlines()[:-1]
        self.assertEqual([line.split("\t")[:2] for line in lines], [[v, p] for p, v in verdicts.items()])
        report = self.verify(code, "--json").json()
        self.assertEqual({row["path"]: row["verdict"] for row in report["list"]}, bad)
        for verdict in ("ok", "missing", "wrong_size", "not_a_file", "unreadable", "damaged", "doubtful"):
            self.assertEqual(report[verdict], list(verdicts.values()).count(verdict), verdict)
        self.assertEqual(self.states(), [], "what is done needs no memory")
        return bad

    def test_whole(self):
        self.save([0, 100, PIECE, 70_000, 0, 3 * PIECE, 12_345, 0])
        before = harness.facts(self.saved.parent)
        self.assertEqual(self.assert_verdicts({}), {})
        # The folder itself, by whatever name.
        for folder in (self.saved, f"{self.saved}/", f"{self.saved}/0/.."):
            self.verify(0, folder=folder)
        inside = self.dbr("verify", self.torrent, ".", cwd=self.saved)
        self.assertCode(0, inside)
        self.assertEqual(harness.facts(self.saved.parent), before, "nothing is written there")

    def test_every_damage(self):
        rng = random.Random(5)
        self.save([rng.choice((0, PIECE, rng.randrange(60_000))) for _ in range(80)])
        paths = [path for path, data in self.files.items() if len(data) > 20_000]
        rng.shuffle(paths)
        missing, short, long, folder, link, fifo, *flipped = paths[:12]
        (self.saved / missing).unlink()
        os.truncate(self.saved / short, 5)
        self.write(long, self.files[long] + b"x")
        for path in (folder, link, fifo):
            (self.saved / path).unlink()
        (self.saved / folder).mkdir()
        (self.saved / link).symlink_to(self.saved / flipped[0])
        os.mkfifo(self.saved / fifo)
        for path in flipped:
            data = bytearray(self.files[path])
            data[rng.randrange(len(data))] ^= 1
            self.write(path, data)
        empty = next(path for path, data in self.files.items() if not data)
        (self.saved / empty).unlink()
        bad = self.assert_verdicts({missing: "missing", empty: "missing", short: "wrong_size", long: "wrong_size",
                                    folder: "not_a_file", link: "not_a_file", fifo: "not_a_file"})
        self.assertLessEqual({"damaged", "doubtful"}, set(bad.values()))

    def test_a_single_file(self):
        data = random.Random(2).randbytes(100_000)
        saved = self.dir / "saved"
        saved.mkdir()
        (saved / "one.tar").write_bytes(data)
        self.torrent = self.dir / "one.torrent"
        self.torrent.write_bytes(torrent_bytes.encode({"info": {
            "name": "one.tar", "piece length": PIECE, "length": len(data), "pieces": b"".join(pieces_of(data))}}))
        self.verify(0, folder=saved)
        (saved / "one.tar").write_bytes(data[:-1] + b"x")
        self.assertIn("damaged\tone.tar\tpiece 6", self.verify(4, folder=saved).out)

    def test_what_cannot_be_done(self):
        self.save([100])
        for args in (("verify",), ("verify", self.torrent), ("verify", self.torrent, self.dir, self.dir)):
            self.assertCode(2, self.dbr(*args))
        self.assertIn("holds no folder danbooru", self.verify(2, folder=self.dir / "state").err)
        self.assertCode(2, self.dbr("verify", self.dir / "none.torrent", self.dir))
        hostile = torrent(self.dir / "hostile.torrent", [("../../etc/passwd", 100)], self.pieces)
        self.assertCode(4, self.dbr("verify", hostile, self.saved.parent))

    def test_a_dry_run_writes_nothing(self):
        self.save([100_000])
        self.verify(0, "--dry-run")
        self.assertFalse(self.state.exists())

    def test_no_place_for_its_memory(self):
        self.save([100_000])
        self.env = {"XDG_STATE_HOME": "/proc/none"}
        self.assertIn("the next one begins anew", self.verify(0).err)

    def test_unreadable(self):
        self.save([20_000, 2 * PIECE, 20_000])
        self.env |= {"LD_PRELOAD": str(harness.SHIMS / "libfaulty_disk.so"), "FAULTY_DISK": "open@2/2.jpg@EACCES@1",
                     "ASAN_OPTIONS": "verify_asan_link_order=0"}
        outcome = self.verify(4)
        self.assertIn("\nunreadable\t2/2.jpg\tcannot open ", "\n" + outcome.out)
        self.assertIn("\ndoubtful\t1/1.jpg\tpiece 3\n", "\n" + outcome.out)

    # Caught at work: it tells of every file, and nobody reads what it says until it has been sent a signal.

    def interrupt(self, with_signal, code):
        args = ("torrent", "verify", self.torrent, self.saved.parent, "--readers", "1", "--files")
        running = harness.Running(args, env=self.env)
        harness.until(self.states, "something is kept")
        running.process.send_signal(with_signal)
        self.assertCode(code, running.finish())
        self.assertEqual(len(self.states()), 1)

    def go_on(self, code=0):
        report = self.verify(code, "--json").json()
        self.assertEqual(self.states(), [])
        return report

    def save_many(self):
        self.save([300] * 3000)
        folder = "long" * 50
        for path in [*self.files]:
            self.write(f"{folder}/{path}", self.files.pop(path))
            self.files[f"{folder}/{path}"] = (self.saved / folder / path).read_bytes()
        torrent(self.torrent, [(path, len(data)) for path, data in self.files.items()], self.pieces)

    def test_it_goes_on(self):
        self.save_many()
        self.interrupt(signal.SIGINT, 130)
        report = self.go_on()
        known = report["pieces"]["known"]
        self.assertTrue(0 < known < len(self.pieces), report["pieces"])
        self.assertEqual(report["pieces"]["good"], len(self.pieces))
        self.assertEqual(report["bytes_read"], 3000 * 300 - known * PIECE)

        # A file that was changed meanwhile is read again, whatever its times say.
        self.interrupt(signal.SIGKILL, -signal.SIGKILL)
        changed = next(iter(self.files))
        times = (self.saved / changed).stat()
        with open(self.saved / changed, "r+b") as file:
            file.write(bytes([self.files[changed][0] ^ 1]))
        os.utime(self.saved / changed, ns=(times.st_atime_ns, times.st_mtime_ns))
        report = self.go_on(4)
        self.assertEqual((report["pieces"]["wrong"], report["doubtful"]), (1, PIECE // 300 + 1))
        self.assertGreater(report["pieces"]["known"], 0)

    def test_its_memory_is_not_trusted(self):
        self.save_many()
        self.interrupt(signal.SIGKILL, -signal.SIGKILL)
        state, = self.states()
        data = bytearray(state.read_bytes())
        data[len(data) // 2] ^= 1
        state.write_bytes(data)
        self.assertEqual(self.go_on()["pieces"]["known"], 0)


class Prune(Folder):
    def setUp(self):
        super().setUp()
        self.shared = self.dir / "danbooru"
        self.kept = ["nsfw/original/0003/3.png", "sfw/512px/0001/1.jpg", "sfw/original/0001/1.png"]
        self.gone = ["nsfw/512px/0003/3.jpg", "sfw/512px/0002/1002.jpg", "sfw/512px/0002/2.jpg",
                     "sfw/original/0001/1001.gif", "sfw/original/0002/2.png"]
        for path in (*self.kept, *self.gone, "sfw/original/0002/notes.txt"):
            self.put(path)
        self.release("danbooru2017", "2018-01-01T00:00:00.000Z", [*self.kept, *self.gone], [])
        self.release("danbooru2018", "2019-01-01T00:00:00.000Z", self.kept, [*self.gone, "sfw/original/0009/9.png"])

    def put(self, path, data=b"x"):
        (self.shared / path).parent.mkdir(parents=True, exist_ok=True)
        (self.shared / path).write_bytes(data)

    def release(self, name, cutoff, files, removed):
        """A release's metadata as far as prune looks at it."""
        series = ["sfw/original", "sfw/512px", "nsfw/original", "nsfw/512px"]
        rows = sorted((series.index(path.rsplit("/", 2)[0]), int(pathlib.Path(path).stem), path) for path in files)
        text = "path\tid\tsize\tmd5\tsha256\tedition\n" + "".join(
            f"{path}\t{number}\t1\t{'0' * 32}\t{'0' * 64}\t1\n" for _, number, path in rows)
        listed = subprocess.run(["zstd", "-cq", "--check"], input=text.encode(), capture_output=True, check=True).stdout
        self.metadata(name, {"statistics.json": json.dumps({"release": name, "cutoff": cutoff}).encode(),
                             "files.tsv.zst": listed, "removed.txt": "".join(f"{path}\n" for path in removed).encode()})

    def metadata(self, name, files):
        folder = self.shared / "metadata" / name
        folder.mkdir(parents=True, exist_ok=True)
        for file, data in files.items():
            (folder / file).write_bytes(data)
        names = sorted(path.name for path in folder.iterdir() if path.name != "SHA256SUMS")
        (folder / "SHA256SUMS").write_text("".join(f"{harness.digest(folder / n)}  {n}\n" for n in names))

    def removed_is(self, data):
        self.metadata("danbooru2018", {"removed.txt": data})

    def tree(self):
        return {str(path.relative_to(self.dir)) for path in self.dir.rglob("*")}

    def files(self):
        return {str(path.relative_to(self.shared)) for path in self.shared.rglob("*.*")
                if path.is_file() and path.parts[-3] != "metadata"}

    def prune(self, code, *args, folder=None):
        return self.assertCode(code, self.dbr("prune", folder or self.dir, *args))

    def assert_nothing_happens(self, code, why, *args):
        before = harness.facts(self.dir)
        outcome = self.prune(code, *args)
        self.assertIn(why, outcome.err)
        self.assertEqual(harness.facts(self.dir), before)

    def test_what_the_newest_release_has_not_goes(self):
        outcome = self.prune(0, "--dry-run")
        self.assertEqual(outcome.out.splitlines()[:-1], self.gone)
        self.assertLessEqual(set(self.gone), self.files(), "a dry run only says so")
        self.assertEqual(self.prune(0).out.splitlines()[:-1], self.gone)
        self.assertEqual(self.files(), {*self.kept, "sfw/original/0002/notes.txt"})
        # Folders that are empty now are gone, too; metadata is not.
        self.assertFalse((self.shared / "nsfw/512px").exists())
        self.assertFalse((self.shared / "sfw/512px/0002").exists())
        self.assertTrue((self.shared / "metadata/danbooru2017/removed.txt").exists())
        report = self.prune(0, "--json", folder=self.shared).json()
        self.assertEqual((report["removed"], report["absent"], report["list"]), (0, 6, []))

    def test_the_report(self):
        report = self.prune(0, "--json").json()
        self.assertEqual(report, {"command": "torrent prune", "folder": str(self.shared.resolve()),
                                  "release": "danbooru2018", "dry_run": False, "removed": 5, "bytes": 5, "folders": 3,
                                  "absent": 1, "kept": 0, "not_removed": 0, "list": self.gone})

    def test_what_is_listed_stays(self):
        # By a torrent that is still loaded, whatever its case, and by the release itself.
        one = torrent(self.dir / "one.torrent", [("SFW/original/0001/1001.GIF", 1)], [b"x" * 20])
        two = torrent(self.dir / "two.torrent", [("sfw/512px/0002/2.jpg", 1), ("other.txt", 1)], [b"x" * 20])
        self.removed_is("".join(f"{path}\n" for path in sorted([*self.gone, self.kept[0]])).encode())
        report = self.prune(0, one, two, "--json").json()
        self.assertEqual(report["kept"], 3)
        self.assertEqual(self.files(), {*self.kept, "sfw/original/0002/notes.txt", "sfw/original/0001/1001.gif",
                                        "sfw/512px/0002/2.jpg"})

    def test_what_lies_elsewhere_in_a_torrent_cannot_be_kept(self):
        """Its paths are below another name, so that none would be found among those to be removed."""
        for name, path in (("sfw", "original/0002/2.png"), ("home", "danbooru/sfw/original/0002/2.png")):
            other = torrent(self.dir / "other.torrent", [(path, 1)], [b"x" * 20], name)
            self.assert_nothing_happens(2, f"its name is '{name}', not 'danbooru'", other)

    def test_names_do_not_steer_the_terminal(self):
        self.release("evil\x1b[31m\u202e", "2020-01-01T00:00:00.000Z", self.kept, [])
        for name in ("files.tsv.zst", "removed.txt"):
            self.metadata("evil\x1b[31m\u202e", {name: b"\x1b[31mx"})
            self.assert_nothing_happens(4, "evil?[31m?")
            self.assertNotRegex(self.prune(4).err, "[\x1b\u202e]")

    def test_the_newest_release_is_the_one_that_goes_furthest(self):
        self.release("danbooru2016-again", "2020-01-01T00:00:00.000Z", [*self.kept, self.gone[0]], self.gone[1:2])
        self.assertEqual(self.prune(0).out.splitlines()[:-1], self.gone[1:2])
        self.release("danbooru2019", "2020-01-01T00:00:00.000Z", self.kept, self.gone)
        self.assert_nothing_happens(4, "have the same cut-off")

    def test_half_downloaded_metadata(self):
        folder = self.shared / "metadata" / "danbooru2018"
        for name in ("removed.txt", "files.tsv.zst", "SHA256SUMS", "statistics.json"):
            with self.subTest(name):
                whole = (folder / name).read_bytes()
                (folder / name).write_bytes(bytes(len(whole)))
                self.assert_nothing_happens(4, "danbooru2018")
                (folder / name).unlink()
                self.assert_nothing_happens(4, "danbooru2018")
                (folder / name).write_bytes(whole)
        (self.shared / "metadata" / "danbooru2019").mkdir()
        self.assert_nothing_happens(4, "danbooru2019")
        (self.shared / "metadata" / "danbooru2019").rename(self.shared / "metadata" / ".unwanted")
        self.assertEqual(self.prune(0, "-n").out.splitlines()[:-1], self.gone)

    def test_hostile_lists(self):
        outside = self.dir / "outside.png"
        outside.write_bytes(b"x")
        for line in (b"../outside.png", str(outside).encode(), b"sfw/original/0001/../../../../outside.png",
                     b"sfw/original/0001/1001.gif\0", b"metadata/danbooru2018/files.tsv.zst", b"", b".", b"sfw",
                     b"sfw/original/0001/./1001.gif", b"sfw/original/0001//1001.gif", b"sfw/original/0002/notes.txt",
                     b"sfw/original/\xff\x1b[2J/1.png", b"sfw/original/0001/1001.gif\r", b"a" * 100_000):
            with self.subTest(line):
                self.removed_is(b"nsfw/512px/0003/3.jpg\n" + line + b"\n")
                self.assert_nothing_happens(4, "line 2 is")
        self.removed_is(b"sfw/512px/0002/2.jpg\nnsfw/512px/0003/3.jpg\n")
        self.assert_nothing_happens(4, "line 2 is out of order")
        self.removed_is(b"nsfw/512px/0003/3.jpg\nsfw/512px/0002/2.jpg")
        self.assert_nothing_happens(4, "its last line has no end")

    def test_hostile_torrents(self):
        good = torrent(self.dir / "good.torrent", [("a", 1)], [b"x" * 20])
        for number, data in enumerate(torrent_bytes.some_hostile(harness.SEED).values()):
            bad = self.dir / f"bad{number}.torrent"
            bad.write_bytes(data)
            self.assert_nothing_happens(4, bad.name, good, bad)
        self.assert_nothing_happens(2, "none.torrent", self.dir / "none.torrent")

    def test_links_are_not_followed(self):
        outside = self.dir / "outside"
        shutil.move(self.shared / "sfw/512px/0002", outside)
        (self.shared / "sfw/512px/0002").symlink_to(outside)
        target = outside / "target.png"
        target.write_bytes(b"x")
        (self.shared / self.gone[4]).unlink()
        (self.shared / self.gone[4]).symlink_to(target)
        (self.shared / self.gone[3]).unlink()
        (self.shared / self.gone[3]).mkdir()
        outcome = self.prune(3)
        self.assertEqual(outcome.out.splitlines()[:-1], self.gone[:1])
        self.assertIn("on the way is a symbolic link or a file", outcome.err)
        self.assertEqual(sorted(path.name for path in outside.iterdir()), ["1002.jpg", "2.jpg", "target.png"])
        self.assertTrue((self.shared / self.gone[4]).is_symlink())
        self.assertIn("4 could not be removed", outcome.out)

    def test_no_such_folder(self):
        self.assertIn("holds no folder danbooru", self.prune(2, folder=self.shared / "sfw").err)
        self.assertCode(2, self.dbr("prune"))
        shutil.rmtree(self.shared / "metadata")
        self.assert_nothing_happens(2, "no release's metadata is there")


if __name__ == "__main__":
    unittest.main()
