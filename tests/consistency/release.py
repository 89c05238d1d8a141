# SPDX-License-Identifier: MIT
"""The release under test: its two lists, read once and kept, and its records, read anew by whoever asks."""
import re
from typing import NamedTuple

import reading
import records
import stated

FILE_COLUMNS = ("path", "id", "size", "md5", "sha256", "edition", "source_md5")
LEFT_OUT_COLUMNS = ("id", "form", "state", "reason")
SERIES = (("sfw", "original"), ("sfw", "512px"), ("nsfw", "original"), ("nsfw", "512px"))
PATH = re.compile(r"(sfw|nsfw)/(original|512px)/([0-9]{4})/([1-9][0-9]*)\.([a-z0-9]{1,8})")


class File(NamedTuple):
    path: str
    id: int
    size: int
    md5: str
    sha256: str
    edition: int
    source_md5: str
    set_name: str
    form: str
    bucket: str
    extension: str


class LeftOut(NamedTuple):
    id: int
    form: str
    state: str
    reason: str


class Release:
    def __init__(self, shared, name, problems):
        self.shared, self.name, self.problems = shared, name, problems
        self.folder = shared / "metadata" / name
        self.trees = shared.parent / "exports" / name  # not part of what is shared; looked at where it lies beside it
        said = stated.agreed(self.folder, problems)
        self.cutoff, self.rule, self.buckets = said["cutoff"], said["set_rule"], int(said.get("buckets", 1000))
        letters = re.search(r"sfw = ratings? ([^;]*);", self.rule or "")
        self.sfw_ratings = set(re.findall(r"\b[a-z]\b", letters[1])) if letters else {"g", "s"}
        self.files = list(self._guarded("files.tsv.zst", self._read_files))
        self.left_out = list(self._guarded("left-out.tsv.zst", self._read_left_out))
        self.originals = {f.id: f for f in self.files if f.form == "original"}
        self.forms = {f.id: f for f in self.files if f.form == "512px"}

    def is_newest(self):
        """Whether sfw/ and nsfw/ are this release's: of several in the folder, the one that goes furthest."""
        folders = [path for path in (self.shared / "metadata").iterdir() if path.is_dir()]
        return all(stated.cutoff_of(path) <= (self.cutoff or "") for path in folders)

    def has(self, name):
        return self.trees.is_dir() if name == "exports" else (self.folder / name).exists()

    def _guarded(self, name, read):
        """Rows of a list, as far as it can be read."""
        try:
            yield from read(self.folder / name)
        except (OSError, ValueError) as error:
            self.problems.add(name, "cannot be read", str(error))

    def _read_files(self, path):
        for number, row in enumerate(reading.table(path, FILE_COLUMNS, self.problems), 2):
            parts = PATH.fullmatch(row[0])
            is_right = (parts and all(re.fullmatch("0|[1-9][0-9]*", row[i]) for i in (1, 2, 5))
                        and all(re.fullmatch("[0-9a-f]{32}", row[i]) for i in (3, 6))
                        and re.fullmatch("[0-9a-f]{64}", row[4]))
            if self.problems.check(is_right, path.name, "a line of another form", f"line {number}: {row}"):
                self.problems.equal(path.name, "the ID in the path is another", parts[4], row[1])
                yield File(row[0], int(row[1]), int(row[2]), row[3], row[4], int(row[5]), row[6], parts[1], parts[2],
                           parts[3], parts[5])

    def _read_left_out(self, path):
        for number, row in enumerate(reading.table(path, LEFT_OUT_COLUMNS, self.problems), 2):
            is_right = re.fullmatch("[1-9][0-9]*", row[0]) and row[1] in ("original", "512px")
            if self.problems.check(is_right, path.name, "a line of another form", f"line {number}: {row}"):
                yield LeftOut(int(row[0]), *row[1:])

    def rows(self, table):
        """(id, row) of a table's JSON Lines; nothing is told here, that is check_jsonl's work."""
        return reading.json_lines(self.folder / f"{table}.jsonl.zst", _Silent())

    def set_of(self, rating):
        return "sfw" if rating in self.sfw_ratings else "nsfw"

    def posts(self):
        """(id, facts) as every export should have them: the record joined with the file list."""
        for key, record in self.rows("posts"):
            original, form = self.originals.get(key), self.forms.get(key)
            yield key, {"record": record, "rating": records.rating(record), "tags": records.tags(record),
                        "original": original, "form": form}


class _Silent:
    def add(self, *_):
        pass

    def check(self, is_right, *_):
        return is_right

    equal = check
