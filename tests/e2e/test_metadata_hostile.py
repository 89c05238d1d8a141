# SPDX-License-Identifier: MIT
"""Dumps that are cut, corrupt or meant to hurt end in a clear report, and nothing that was there is lost.

A row that cannot be one is a settled result and refused by its line number: 0. A file that cannot be read to its end is
an error of that file: what could be read is kept, and the code is DAMAGED.
"""
import gzip
import io
import json
import lzma
import os
import tarfile
import unittest

import dump_rows
import harness

DAMAGED = 6         # local I/O
MEMORY = 400 << 20  # what an import may hold
LONG = 100_000_000  # bytes of the long line
BASE = 50           # posts that are there before
NAMED = 15          # refused rows that a report is sure to name


class Hostile(harness.Case):
    """All of it happens to one dataset."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.data = harness.Dataset(cls.scratch / "root")
        cls.rows = {number: dump_rows.site_row(number) for number in range(1, BASE + 1)}
        base = dump_rows.write(cls.scratch / "base.json", dump_rows.lines(cls.rows.values()))
        outcome = cls.data.run("fetch-metadata", *dump_rows.sources(base))
        assert outcome.code == 0, outcome

    def tearDown(self):
        """Whatever came, what was there is there."""
        posts = self.data.posts()
        self.assertSameRows({number: row for number, row in posts.items() if number in self.rows}, self.rows, "posts")
        self.assertCode(0, self.data.run("status"))

    def feed(self, path, *codes):
        """Imports it; the report or the message names the file."""
        outcome = self.data.run("fetch-metadata", "--json", *dump_rows.sources(path))
        self.assertIn(outcome.code, codes, outcome)
        self.assertIn(path.name, outcome.out + outcome.err)
        return outcome

    def whole(self, first, count=200):
        rows = {number: dump_rows.site_row(number) for number in range(first, first + count)}
        return rows, dump_rows.lines(rows.values())

    def check_kept(self, rows, data=None):
        """What is there of these rows is exact, and is their beginning; gives how many."""
        posts = (data or self.data).posts()
        kept = {number: row for number, row in posts.items() if number in rows}
        self.assertSameRows(kept, {number: rows[number] for number in kept}, "kept")
        self.assertEqual(list(kept), list(rows)[:len(kept)], "what comes before is kept")
        return len(kept)

    def check_accounted(self, first, texts):
        """Lines, each of its own ID from `first` on: every one comes back equal or is refused by its number. Gives the
        indexes of those that are refused. No file has more of them than a report names."""
        texts = [text if isinstance(text, bytes) else text.encode() for text in texts]
        refused = set()
        for i in range(0, len(texts), NAMED):
            path = self.scratch / f"lines-{first + i}.json"
            path.write_bytes(b"\n".join(texts[i:i + NAMED]) + b"\n")
            refused |= {i + line - 1 for line in dump_rows.refused_lines(self.feed(path, 0))}
        posts = self.data.posts()
        for i, text in enumerate(texts):
            if i in refused:
                self.assertNotIn(first + i, posts, text[:200])
                continue
            self.assertIn(first + i, posts, f"neither there nor refused: {text[:200]}")
            self.assertEqual(harness.exactly(posts[first + i]), harness.exactly(json.loads(text)))
        return refused

    def test_cut_anywhere(self):
        """A text that is cut has a last line that is no row; what is packed cannot even be unpacked to its end."""
        for i, packing in enumerate(("json", "json.gz", "json.xz", "json.zst", "tar.gz")):
            for j, part in enumerate((0.03, 0.37, 0.7, 0.999)):
                rows, data = self.whole(1000 + 1000 * i + 200 * j)
                path = dump_rows.write(self.scratch / f"cut-{i}-{j}.{packing}", data)
                size = path.stat().st_size
                os.truncate(path, int(size * part) if part < 0.9 else size - 5)
                self.feed(path, *((0, DAMAGED) if packing == "json" else (DAMAGED,)))
                kept = self.check_kept(rows)
                self.assertLess(kept, len(rows) + (packing != "json"))
                if packing == "json":
                    self.assertEqual(kept, path.read_bytes().count(b"\n"))
                elif part > 0.3:
                    self.assertGreater(kept, 0, path.name)

    def test_a_damaged_byte(self):
        """Checksums notice, at the latest at the end; a row that was changed is not among what is kept."""
        for i, packing in enumerate(("json.xz", "json.zst")):
            rows, data = self.whole(10_000 + 1000 * i)
            path = dump_rows.write(self.scratch / f"damaged-{i}.{packing}", data)
            packed = bytearray(path.read_bytes())
            packed[len(packed) * 2 // 3] ^= 0x40
            path.write_bytes(packed)
            self.feed(path, DAMAGED)

    def test_what_is_no_dump_at_all(self):
        for name, content, codes in (("empty.json", b"", (0, DAMAGED)), ("empty.json.gz", gzip.compress(b""), (0, DAMAGED)),
                                     ("blank.json", b"\n\n  \n\r\n", (0, DAMAGED)),
                                     ("garbage.json.gz", b"\x1f\x8b\x08\0" + os.urandom(5000), (DAMAGED,)),
                                     ("garbage.json.xz", b"\xfd7zXZ\0" + os.urandom(5000), (DAMAGED,)),
                                     ("garbage.json.zst", b"\x28\xb5\x2f\xfd" + os.urandom(5000), (DAMAGED,)),
                                     ("noise.json", bytes(range(128, 256)) * 100, (0, 2, DAMAGED)),
                                     ("page.json", b"<!DOCTYPE html>\n<html>Just a moment...</html>\n", (0, 2, DAMAGED))):
            path = self.scratch / name
            path.write_bytes(content)
            before = self.data.posts()
            self.feed(path, *codes)
            self.assertEqual(self.data.posts(), before, name)

    def test_a_file_that_is_not_there(self):
        self.feed(self.scratch / "no-such-file.json", 2, DAMAGED)

    def test_one_bad_file_does_not_cost_the_good_ones(self):
        """Files before it are in; and so it is said."""
        rows, data = self.whole(15_000, 20)
        good = dump_rows.write(self.scratch / "good.json.gz", data)
        bad = self.scratch / "bad.json.gz"
        bad.write_bytes(b"\x1f\x8b\x08\0" + os.urandom(500))
        outcome = self.data.run("fetch-metadata", *dump_rows.sources(good, bad))
        self.assertCode(DAMAGED, outcome)
        self.assertIn("bad.json.gz", outcome.err)
        self.assertEqual(self.check_kept(rows), 20)

    def test_text_that_is_none(self):
        """Invalid UTF-8 in four ways, and a zero byte."""
        texts = [json.dumps(dump_rows.site_row(20_000 + i), ensure_ascii=False).encode() for i in range(8)]
        for line, bad in ((1, b"\xff\xfe"), (3, b"\xc3"), (4, b"\xed\xa0\x80"), (5, b"\0"), (6, b"\xf4\x90\x80\x80")):
            texts[line] = texts[line].replace(b'"rating": "', b'"rating": "' + bad)
        self.assertEqual(self.check_accounted(20_000, texts), {1, 3, 4, 5, 6})

    def test_numbers(self):
        first = 30_000
        texts = []
        for key, value in (("score", "-1"), ("score", "-9223372036854775808"), ("score", "9223372036854775807"),
                           ("score", "18446744073709551615"), ("score", "1e400"), ("score", "-0"), ("score", "0.1"),
                           ("score", "123456789012345678901234567890"), ("file_size", "-1"), ("file_size", "1e3"),
                           ("image_width", "99999999999999999999"), ("uploader_id", "-4"), ("parent_id", "-1"),
                           ("parent_id", "4611686018427387904"), ("pixiv_id", "1.5"), ("bit_flags", "-2147483649"),
                           ("score", "0123"), ("score", "+1"), ("score", "NaN"), ("score", ".5"), ("score", "1.")):
            text = json.dumps({**dump_rows.site_row(first + len(texts)), key: "@"})
            texts.append(text.replace('"@"', value))
        refused = self.check_accounted(first, texts)
        self.assertNotIn(0, refused, "a negative score is nothing unusual")
        self.assertLessEqual({16, 17, 18, 19, 20}, refused, "what is not JSON")

    def test_ids(self):
        rows = []
        for value in ("0", "-5", "1.5", "1e30", "9223372036854775808", "18446744073709551616", '"12abc"', '""', "true",
                      "null", "[]", "{}", '"-7"'):
            rows.append(json.dumps({**dump_rows.site_row(7), "id": "@"}).replace('"@"', value, 1))
        path = self.scratch / "ids.json"
        path.write_text("\n".join(rows) + "\n")
        before = self.data.posts()
        self.assertEqual(dump_rows.refused_lines(self.feed(path, 0)), set(range(1, len(rows) + 1)))
        self.assertEqual(self.data.posts(), before)

    def test_wrong_types(self):
        first = 40_000
        texts = []
        for key, value in (("tag_string", 5), ("tag_string", None), ("tag_string", ["1girl"]), ("tags", "1girl"),
                           ("tags", [1, None, "x", {"id": 5}]), ("pools", {"a": 1}), ("created_at", 12),
                           ("created_at", "yesterday"), ("created_at", None), ("created_at", "9999-99-99T99:99:99.999Z"),
                           ("updated_at", "-0001-01-01T00:00:00Z"), ("md5", "zz"), ("md5", 5), ("md5", "A" * 32),
                           ("md5", "../../../etc/passwd"), ("file_ext", "../sh"), ("rating", "x"), ("rating", None),
                           ("rating", "safe"), ("media_asset", [1]), ("media_asset", "none"), ("is_deleted", "maybe"),
                           ("is_banned", 2), ("source", {"a": []}), ("has_children", []), ("file_url", 7), ("", ""),
                           ("a\nkey", "\ud7ff\uffff"), ("tag_string", "a  b   a "), ("tag_string", "\t\n")):
            texts.append(json.dumps({**dump_rows.site_row(first + len(texts)), key: value}))
        self.check_accounted(first, texts)
        others = ["[]", "5", '"text"', "null", "{}", "true", '{"id":40900}', "[1,2", "}", "{\"id\":1}{\"id\":2}", "\0",
                  "﻿{}"]
        path = self.scratch / "no-rows.json"
        path.write_text("\n".join([texts[-1].replace(str(first + len(texts) - 1), "40950"), *others]) + "\n")
        self.assertEqual(dump_rows.refused_lines(self.feed(path, 0)), set(range(2, len(others) + 2)))
        self.assertIn(40950, self.data.posts())

    def test_nesting(self):
        row = json.dumps(dump_rows.site_row(50_000))
        texts = [row, "[" * 1_000_000, '{"id":50002,"a":' * 100_000, row.replace("50000", "50003")[:-1] +
                 ',"deep":' + "[" * 200_000 + "]" * 200_000 + "}", row.replace("50000", "50004")]
        path = self.scratch / "nesting.json"
        path.write_text("\n".join(texts) + "\n")
        self.assertEqual(dump_rows.refused_lines(self.feed(path, 0)), {2, 3, 4})
        self.assertLessEqual({50000, 50004}, set(self.data.posts()))

    def test_the_same_id_again(self):
        """One of them it is, whole, and only one."""
        first, second = dump_rows.site_row(60_000), {**dump_rows.site_row(60_000), "source": "another", "tag_string": "x"}
        path = dump_rows.write(self.scratch / "twice.json", dump_rows.lines([first, second, first, second]))
        self.feed(path, 0)
        self.assertIn(harness.exactly(self.data.posts()[60_000]), (harness.exactly(first), harness.exactly(second)))
        key = '{"id":60001,"id":60002,' + json.dumps(dump_rows.site_row(60_001))[len('{"id": 60001, '):]
        path = self.scratch / "key-twice.json"
        path.write_text(key + "\n")
        self.feed(path, 0)
        self.assertLessEqual(len({60_001, 60_002} & set(self.data.posts())), 1)

    def run_measured(self, path):
        """Exit code, and the most memory it held."""
        args = self.data.args("fetch-metadata", "--json", *dump_rows.sources(path))
        with open(self.scratch / "out", "w+") as out:
            process = harness.start([harness.DBR, *args], env=harness.environment(), stdout=out, stderr=out)
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            out.seek(0)
            text = out.read()
        if not harness.IS_SANITIZED:
            self.assertLess(usage.ru_maxrss * 1024, MEMORY, text)
        return process.returncode, text

    def test_a_long_line(self):
        """A hole in a file, and a bomb: a hundred megabytes that are not there until they are read."""
        before, after = (json.dumps(dump_rows.site_row(number)).encode() + b"\n" for number in (70_000, 70_001))
        hole = self.scratch / "hole.json"
        with open(hole, "wb") as file:
            file.write(before)
            file.seek(LONG, os.SEEK_CUR)
            file.write(b"\n" + after)
        bomb = self.scratch / "bomb.json.gz"
        more = [json.dumps(dump_rows.site_row(number)).encode() + b"\n" for number in (70_002, 70_003)]
        with gzip.open(bomb, "wb", 1) as file:
            file.write(more[0] + b'{"id":70009,"source":"')
            for _ in range(100):
                file.write(b"a" * (LONG // 100))
            file.write(b'"}\n' + more[1])
        for path in (hole, bomb):
            code, text = self.run_measured(path)
            self.assertEqual(code, 0, text)
            self.assertRegex(text, r'(line|row)[^\n0-9]{0,20}2\b', "it is said where")
        self.assertEqual(set(range(70_000, 70_010)) & set(self.data.posts()), {70_000, 70_001, 70_002, 70_003})

    def test_a_tar_of_all_sorts(self):
        """Members that are no rows are passed over; names that lead elsewhere write nothing anywhere."""
        rows, data = self.whole(80_000, 5)
        path = self.scratch / "sorts.tar.xz"
        buffer = io.BytesIO()
        with tarfile.open(fileobj=buffer, mode="w") as tar:
            for name, content in (("README.md", b"# not rows\n"), ("../../escaped.json", data), ("picture.jpg", b"\xff\xd8\xff" * 99)):
                member = tarfile.TarInfo(name)
                member.size = len(content)
                tar.addfile(member, io.BytesIO(content))
            link = tarfile.TarInfo("metadata/link.json")
            link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
            tar.addfile(link)
        path.write_bytes(lzma.compress(buffer.getvalue(), preset=0))
        self.feed(path, 0)
        self.assertEqual(self.check_kept(rows), 5)
        self.assertFalse((self.scratch.parent / "escaped.json").exists() or (self.scratch / "escaped.json").exists())


if __name__ == "__main__":
    unittest.main()
