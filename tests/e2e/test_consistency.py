# SPDX-License-Identifier: MIT
"""tests/consistency finds nothing wrong in a release, and finds each fault that is planted in a copy of it."""
import json
import pathlib
import re
import sqlite3
import sys
import unittest
from contextlib import closing

import harness

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "consistency"))
import faults  # noqa: E402
import check_statistics  # noqa: E402
from altered_copy import AlteredCopy  # noqa: E402
from arithmetic import Decimal  # noqa: E402
from check_release import check_release  # noqa: E402
from database_faults import DATABASE_FAULTS  # noqa: E402
from problems import Problems  # noqa: E402
from release import Release  # noqa: E402
from semantic_faults import FAULTS  # noqa: E402

NAME = "danbooru2017"


def tables(path):
    with closing(sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)) as database:
        return [row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]


def last_row_removed(path, table):
    """By all its primary key: not every table has a rowid."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)) as database:
        key = ", ".join(row[1] for row in database.execute(f"PRAGMA table_info({table})") if row[5])
    return f"DELETE FROM {table} WHERE ({key}) = (SELECT {key} FROM {table} ORDER BY {key} DESC LIMIT 1)"


class Consistency(harness.Case):
    """One small release in every format; each fault gets a copy of hard links. The big one is checked in test_whole_job.py."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        site = cls.start_site(posts=150)
        cls.data = harness.Dataset(cls.scratch / "root", site)
        cls.data.build_in_all_formats()

    def lines_of(self, copy):
        _, problems, _ = check_release(copy.shared, NAME)
        return list(problems.lines())

    def assertFound(self, name, plant, expected, is_sealed):
        copy = AlteredCopy(self.data.shared, NAME, self.scratch)
        plant(copy)
        if is_sealed:
            copy.seal()
        lines = self.lines_of(copy)
        self.assertTrue(any(expected in line for line in lines),
                        f"{name}: nothing says {expected!r}:\n" + "\n".join(lines[:20]))
        if is_sealed:
            self.assertFalse([line for line in lines if "SHA256SUMS" in line], f"{name}: not found by a checksum")
        copy.remove()

    def test_an_unaltered_release_has_no_contradiction(self):
        copy = AlteredCopy(self.data.shared, NAME, self.scratch)
        self.assertEqual(self.lines_of(copy), [])
        copy.seal()
        self.assertEqual((copy.folder / "SHA256SUMS").read_bytes(), (self.data.release / "SHA256SUMS").read_bytes())

    def test_changed_bytes_missing_and_extra_files(self):
        for name, (plant, expected) in faults.OF_BYTES.items():
            with self.subTest(name):
                self.assertFound(name, plant, expected, is_sealed=False)

    def test_what_no_checksum_tells(self):
        for name, (plant, expected) in FAULTS.items():
            with self.subTest(name):
                self.assertFound(name, plant, expected, is_sealed=True)

    def test_what_no_checksum_tells_of_the_databases(self):
        for name, (plant, expected) in DATABASE_FAULTS.items():
            with self.subTest(name):
                self.assertFound(name, plant, expected, is_sealed=True)

    def test_any_one_byte_of_the_metadata(self):
        """All files at once: each must be named."""
        copy = AlteredCopy(self.data.shared, NAME, self.scratch)
        names = [str(path.relative_to(copy.folder)) for path in copy.folder.rglob("*") if path.is_file()]
        for name in names:
            if name != "SHA256SUMS":
                copy.flip(copy.folder / name)
        found = {line.split(":")[0] for line in self.lines_of(copy) if "the hash in SHA256SUMS" in line}
        self.assertEqual(found, set(names) - {"SHA256SUMS"})

    def test_any_one_row_of_a_database(self):
        """The last row of each table, removed from a database whose checksum is right."""
        for database in (f"{NAME}.sqlite", "filename-tags.sqlite"):
            for table in tables(self.data.release / database):
                with self.subTest(database=database, table=table):
                    copy = AlteredCopy(self.data.shared, NAME, self.scratch)
                    copy.sql(database, last_row_removed(self.data.release / database, table))
                    copy.seal()
                    _, problems, _ = check_release(copy.shared, NAME, only={database})
                    self.assertTrue(len(problems), "a row is missing, and nothing is said")
                    copy.remove()

    def test_any_one_row_of_a_table(self):
        """The first row of each list and table of texts, removed where checksums are right."""
        for path in sorted(path for path in self.data.release.rglob("*") if path.is_file()):
            name = str(path.relative_to(self.data.release))
            rows_begin = 1 if ".tsv" in name or ".csv" in name else 0
            with self.subTest(name):
                if not name.endswith((".tsv", ".tsv.zst", ".csv", ".jsonl.zst", ".txt")) and "legacy" not in name:
                    continue
                copy = AlteredCopy(self.data.shared, NAME, self.scratch)
                if len(lines := copy.lines(name)) > rows_begin:
                    copy.write_lines(name, lines[:rows_begin] + lines[rows_begin + 1:])
                    copy.seal()
                    self.assertTrue(self.lines_of(copy), "a row is missing, and nothing is said")
                copy.remove()

    def test_any_one_number_of_the_statistics(self):
        release = Release(self.data.shared, NAME, Problems())
        text = (self.data.release / "statistics.json").read_text()
        right = check_statistics.compute(release, json.loads(text, parse_float=Decimal))
        numbers = [match for match in re.finditer(r"(?<=[ \[])-?\d+(\.\d+)?(?=[,\n}\]])", text)]
        self.assertGreater(len(numbers), 300)
        for match in numbers:
            digit = "1" if match[0][-1] != "1" else "2"
            altered = text[:match.end() - 1] + digit + text[match.end():]
            problems = Problems()
            check_statistics.compare(json.loads(altered, parse_float=Decimal), right, "", problems)
            self.assertEqual(len(problems), 1, text[match.start() - 40:match.end()])


if __name__ == "__main__":
    unittest.main()
