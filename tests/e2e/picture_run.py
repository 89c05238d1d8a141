# SPDX-License-Identifier: MIT
"""A folder of pictures through the site and the real binary, and what the dataset knows of each afterwards."""
import dataclasses
import hashlib
import pathlib
import shutil
import sqlite3

import harness

# Names of dataset::MlState by its numbers in the manifest.
STATES = {0: "none", 1: "wanted", 2: "done", 3: "not_a_still_image", 4: "failed"}


@dataclasses.dataclass
class Made:
    """The row of one post's ML form, and its file."""
    post: int
    row: dict
    path: pathlib.Path

    @property
    def is_done(self):
        return self.path.exists()

    @property
    def jpeg(self):
        return self.path.read_bytes()


def fetch(case, kinds, name="fetched"):
    """A dataset that holds the kinds' files, fetched from a site that serves them."""
    folder = case.scratch / f"{name}-pictures"
    folder.mkdir()
    for kind in kinds:
        (folder / kind.file_name).write_bytes(kind.data)
    site = case.start_site("--images", folder, posts=len(kinds))
    data = harness.Dataset(case.scratch / name, site)
    for command in ("fetch-metadata", "fetch-images"):
        outcome = data.run(command)
        assert outcome.code == 0, outcome
    shutil.rmtree(folder)
    return data


def copy(case, data, name):
    """The same dataset once more; the originals are links."""
    other = harness.Dataset(case.scratch / name, data.site)
    link = lambda a, b: pathlib.Path(b).hardlink_to(a) if "store/original" in str(a) else shutil.copy2(a, b)
    shutil.copytree(data.root, other.root, copy_function=link)
    return other


def rows(data):
    with sqlite3.connect(f"file:{data.manifest}?mode=ro", uri=True) as database:
        database.row_factory = sqlite3.Row
        return {row["post_id"]: dict(row) for row in database.execute("SELECT * FROM ml")}


def posts_by_md5(data):
    return {hashlib.md5(path.read_bytes()).hexdigest(): number for path, number in data.originals().items()}


def made(data, kinds):
    """Kind name -> Made, for every kind."""
    numbers, forms = posts_by_md5(data), rows(data)
    files = {int(path.stem): path for path in (data.root / "store/512px").rglob("*.jpg")}
    found = {}
    for kind in kinds:
        number = numbers[hashlib.md5(kind.data).hexdigest()]
        found[kind.name] = Made(number, forms[number], files.get(number, data.root / "none"))
    return found
