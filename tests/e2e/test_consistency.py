# SPDX-License-Identifier: MIT
"""tests/consistency finds nothing wrong in a release, and finds each fault that is planted in a copy of it."""
import pathlib
import sqlite3
import sys
import unittest
from contextlib import closing

import harness

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "consistency"))
import faults  # noqa: E402
from altered_copy import AlteredCopy  # noqa: E402
from check_release import check_release  # noqa: E402
from database_faults import DATABASE_FAULTS  # noqa: E402
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
        for name, (needed, plant, expected) in FAULTS.items():
            with self.subTest(name):
                if not (self.data.release / needed).exists():
                    self.skipTest(f"the release has no {needed}")
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


if __name__ == "__main__":
    unittest.main()
