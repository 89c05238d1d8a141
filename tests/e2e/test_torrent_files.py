# SPDX-License-Identifier: MIT
"""`dbr torrent ...` over .torrent files of any making: what libtorrent reads in them, which of them it loads, and that
hostile ones get a clear error and nothing else."""
import os
import re
import unittest

import libtorrent

import harness
import torrent_bytes
from torrent_bytes import ESCAPE, PLAIN, torrent



class Files(harness.Case):
    def setUp(self):
        self.folder = self.dataset().root
        self.count = 0

    def put(self, data, name=None):
        self.count += 1
        path = self.folder / (name or f"{self.count}.torrent")
        path.write_bytes(data)
        return path

    def torrent(self, *words):
        outcome = harness.dbr("torrent", *words, cwd=self.folder, env={"XDG_STATE_HOME": str(self.scratch / "state")})
        for text in (outcome.out, outcome.err):
            self.assertNotRegex(text, "[\x00-\x08\x0b-\x1f\x7f-\x9f]")
        return outcome

    def test_show_says_what_libtorrent_says(self):
        path = self.put(torrent(
            PLAIN, 32768, {"source": "here", "private": 1}, comment="a line", **{
                "announce": "http://t.example/", "created by": "hand", "creation date": 1_500_000_000,
                "announce-list": [["http://t.example/", "udp://u.example:1"], ["http://v.example/"]],
                "url-list": ["http://w.example/"]}))
        theirs = libtorrent.torrent_info(str(path))
        ours = self.assertCode(0, self.torrent("show", path, "--json", "--files")).json()
        self.assertEqual(ours["command"], "torrent show")
        shown = ours["torrents"][0]
        self.assertEqual(shown["infohash"], str(theirs.info_hash()))
        self.assertEqual((shown["name"], shown["files"], shown["bytes"], shown["piece_length"], shown["pieces"]),
                         (theirs.name(), theirs.num_files(), theirs.total_size(), theirs.piece_length(),
                          theirs.num_pieces()))
        self.assertEqual((shown["private"], shown["comment"], shown["created_by"], shown["creation_date"]),
                         (theirs.priv(), theirs.comment(), theirs.creator(), theirs.creation_date()))
        # Within a tier libtorrent shuffles, as it should.
        self.assertEqual({(url, number) for number, tier in enumerate(shown["trackers"]) for url in tier},
                         {(tracker.url, tracker.tier) for tracker in theirs.trackers()})
        self.assertEqual((shown["web_seeds"], shown["source"]), (["http://w.example/"], "here"))
        self.assertEqual([(file["path"], file["size"]) for file in shown["list"]], PLAIN)
        magnet = libtorrent.parse_magnet_uri(shown["magnet"])
        self.assertEqual((str(magnet.info_hash), magnet.name, len(magnet.trackers)), (shown["infohash"], "danbooru", 3))

        text = self.assertCode(0, self.torrent("show", path)).out
        for part in (shown["infohash"], "http://v.example/", "2017-07-14T02:40:00", "20,005 bytes", "private", "here"):
            self.assertIn(part, text)
        lines = self.assertCode(0, self.torrent("show", "--files", path)).out.splitlines()
        self.assertEqual([line.split("\t") for line in lines], [[str(size), name] for name, size in PLAIN])

    def lint(self, *paths):
        outcome = self.torrent("lint", "--json", *paths)
        return outcome, outcome.json()

    def assertVerdictOfLibtorrent(self, data, loads, client="libtorrent"):
        path = self.put(data)
        try:
            if client == "libtorrent":
                libtorrent.torrent_info(str(path))
            else:
                libtorrent.torrent_info(data, {"max_buffer_size": 1 << 30})
            theirs = "loads"
        except RuntimeError as error:
            theirs = f"refuses: {error}"
        outcome, report = self.lint(path)
        ours = next(each for each in report["torrents"][0]["clients"] if each["client"] == client)
        self.assertEqual(ours["verdict"], theirs.split(":")[0], f"{ours}, {theirs}")
        self.assertEqual(ours["verdict"] == "loads", loads, f"{ours}, {theirs}")
        if not loads:
            self.assertCode(4, outcome)

    @unittest.skipIf(harness.IS_SANITIZED, "about numbers; slow under sanitizers")
    def test_lint_knows_to_the_unit_what_libtorrent_loads(self):
        def padded(size):
            rest = size - len(torrent(PLAIN)) - len("7:comment") - len(f"{size}:")
            data = torrent(PLAIN, comment="c" * rest)
            return torrent(PLAIN, comment="c" * (rest + size - len(data)))

        def with_items(count):
            fixed = 2 + 1 + 2 + 3 + (10 + 10 + 8) + 2 + 2 + 2  # the same without the list of strings
            return torrent(PLAIN, zz=[]).replace(b"2:zzl", b"2:zzl" + b"0:" * (count - fixed - 3))

        self.assertVerdictOfLibtorrent(padded(10_000_000), True)
        self.assertVerdictOfLibtorrent(padded(10_000_001), False)
        self.assertVerdictOfLibtorrent(with_items(3_000_000), True)
        self.assertVerdictOfLibtorrent(with_items(3_000_001), False)
        self.assertVerdictOfLibtorrent(torrent(PLAIN, (1 << 30) - 1), True)
        self.assertVerdictOfLibtorrent(torrent(PLAIN, 1 << 30), False)
        largest = (1 << 44) - (1 << 14) - 1
        rest = (1 << 48) - 1 - 16 * largest
        self.assertVerdictOfLibtorrent(torrent([("a", largest)], 1 << 29), True)
        self.assertVerdictOfLibtorrent(torrent([("a", largest + 1)], 1 << 29), False)
        sixteen = [(f"{number}", largest) for number in range(16)]
        self.assertVerdictOfLibtorrent(torrent([*sixteen, ("a", rest)], 1 << 29), True, "libtorrent-buffer")
        self.assertVerdictOfLibtorrent(torrent([*sixteen, ("a", rest + 1)], 1 << 29), False, "libtorrent-buffer")
        for pieces in (2_097_152, 2_097_153):
            self.assertVerdictOfLibtorrent(torrent([("a", pieces << 14)]), pieces == 2_097_152,
                                           "libtorrent-buffer")

    @unittest.skipIf(harness.IS_SANITIZED, "about numbers; slow under sanitizers")
    def test_lint_of_many_small_files(self):
        entries = [b"d6:lengthi1e4:pathl4:%04d11:%07d.jpgee" % (number % 1000, number) for number in range(260_000)]
        one = torrent([("0000/0000000.jpg", 1)], 1 << 22)

        def listed(count):
            return one.replace(entries[0], b"".join(entries[:count]))

        fitting = (10_000_000 - len(one)) // len(entries[0]) + 1
        self.assertVerdictOfLibtorrent(listed(fitting), True)
        with self.assertRaises(RuntimeError):
            libtorrent.torrent_info(str(self.put(listed(fitting + 1))))  # what dbr says of such a size: see above

    def test_lint_warns_of_what_goes_wrong_later(self):
        path = self.put(torrent([("a/b.jpg", 1), ("A/B.jpg", 1), ("con", 1), ("x" * 256, 1)], 20_000,
                                        {"private": 1, "similar": [bytes(20)]}, **{"url-list": "http://w.example/x"}))
        outcome, report = self.lint(path)
        self.assertCode(4, outcome)
        self.assertEqual([finding["kind"] for finding in report["torrents"][0]["findings"]],
                         ["reuse-keys", "case", "windows-names", "long-names", "private", "web-seed", "piece-length"])
        harmless = self.put(torrent([("a/b.jpg", 1), ("A/B.jpg", 1)]))
        outcome, report = self.lint(harmless)
        self.assertCode(0, outcome)
        self.assertEqual(report["torrents"][0]["findings"][0]["count"], 2)

    def test_lint_compares_torrents(self):
        first = self.put(torrent([("a", 1), ("b", 2)]))
        second = self.put(torrent([("c", 1)]))
        self.assertCode(0, self.torrent("lint", first, second))
        third = self.put(torrent([("d", 1), ("b", 3)]))
        outcome, report = self.lint(first, second, third)
        self.assertCode(4, outcome)
        self.assertEqual([(finding["kind"], finding["count"]) for finding in report["findings"]], [("shared-paths", 1)])
        self.assertIn(f"{first} and {third} both hold 1 path, such as 'b'", report["findings"][0]["message"])
        outcome, report = self.lint(first, self.put(torrent([("b", 2)], info={"name": "danbooru2018"})))
        self.assertCode(0, outcome)
        self.assertEqual([finding["kind"] for finding in report["findings"]], ["names"])

    def test_hostile_files_get_a_clear_error(self):
        hostile = {self.put(data): what for what, data in torrent_bytes.hostile(harness.SEED).items()}
        sound = self.put(torrent(PLAIN))
        before = harness.checksums(self.folder)
        for command in (["show"], ["show", "--files"], ["show", "--json", "--files"], ["lint"], ["lint", "--json"]):
            outcome = self.assertCode(4, self.torrent(*command, *hostile, sound))
            errors = outcome.err.splitlines()
            self.assertEqual(len(errors), len(hostile))
            for (path, what), line in zip(hostile.items(), errors):
                self.assertRegex(line, rf"^dbr: error: cannot use {path}: .{{5,200}}$", what)
            if "--json" in command:
                errors = [each["error"]["kind"] for each in outcome.json()["torrents"] if "error" in each]
                self.assertEqual(errors, ["corrupt"] * len(hostile))
            self.assertIn("sfw/0001/1.jpg" if "--files" in command else str(sound), outcome.out)
        self.assertEqual(harness.checksums(self.folder), before)

    def test_hostile_files_among_the_words_of_other_commands(self):
        """These end with the first file that cannot be used; what is wrong with it is found by the same reader."""
        sound = self.put(torrent(PLAIN))
        (self.folder / "data").mkdir()
        for what, data in torrent_bytes.some_hostile(harness.SEED).items():
            path = self.put(data)
            before = harness.facts(self.folder)
            for command in (["plan", path, "--against", sound], ["plan", sound, "--against", path],
                            ["plan", path, "--data", "data"], ["verify", path, "data"]):
                with self.subTest(what=what, command=command[0]):
                    outcome = self.assertCode(4, self.torrent(*command))
                    self.assertRegex(outcome.err, rf"^dbr: error: cannot use {path}: .{{5,200}}\n$")
                    self.assertEqual(outcome.out, "")
            self.assertEqual(harness.facts(self.folder), before)

    def test_sizes_beyond_all_disks(self):
        """Sound by the letter: numbers that must not overflow."""
        largest = self.put(torrent([("a", 1 << 53)], 1 << 52))
        other = self.put(torrent([("b", 1 << 53)], 1 << 52, {"name": "other"}))
        one = self.put(torrent([("a", 1)], (1 << 63) - 1))
        many = self.put(torrent([(f"{number}", 1 << 50) for number in range(8)], 1 << 50))  # pieces read together
        (self.folder / "danbooru").mkdir()
        (self.folder / "danbooru/a").write_bytes(b"x")
        for number in range(8):
            (self.folder / f"danbooru/{number}").write_bytes(bytes(1 << 16))
        for command in (["show", largest], ["plan", one, "--against", largest], ["plan", largest, "--against", one],
                        ["plan", largest, "--data", self.folder], ["plan", one, "--data", self.folder],
                        ["plan", many, "--data", self.folder], ["plan", one, "--against", largest, other],
                        ["plan", largest, other, "--against", one]):
            with self.subTest(command=command):
                outcome = self.assertCode(0, self.torrent(*command))
                self.assertNotIn("-", re.sub(r"\S*/\S*|--data", "", outcome.out))
        self.assertCode(4, self.torrent("lint", largest))
        for path in (largest, one, many):
            self.assertCode(4, self.torrent("verify", path, self.folder))

    def test_what_is_no_file(self):
        os.mkfifo(self.folder / "fifo.torrent")
        (self.folder / "folder.torrent").mkdir()
        with open(self.folder / "large.torrent", "wb") as large:
            large.truncate((1 << 30) + 1)
        for command in ("show", "lint"):
            for name, code, reason in (("fifo", 2, "not a regular file"), ("folder", 2, "a folder"),
                                       ("none", 2, "no such file"), ("large", 4, "more than")):
                outcome = self.assertCode(code, self.torrent(command, f"{name}.torrent"))
                self.assertRegex(outcome.err, f"cannot read {name}.torrent: .*{reason}")
            self.assertIn("name at least one", self.assertCode(2, self.torrent(command)).err)

    def test_nothing_steers_the_terminal(self):
        path = self.put(torrent(
            [("a\u009b31m", 1), ("b\u202egpj.exe", 1)], info={"source": ESCAPE, "name": "x\u009b31m"},
            comment=ESCAPE + "\nname   y", announce=ESCAPE, **{"url-list": [ESCAPE], "created by": ESCAPE}),
            name=f"{ESCAPE}.torrent")
        for command in (["show"], ["show", "--files"], ["lint"]):
            outcome = self.assertCode(0, self.torrent(*command, path))
            self.assertNotIn("\u202e", outcome.out)
            self.assertNotIn("\nname", outcome.out)
        missing = self.torrent("show", self.folder / f"no{ESCAPE}")
        self.assertIn("no such file", self.assertCode(2, missing).err)


if __name__ == "__main__":
    unittest.main()
