# SPDX-License-Identifier: MIT
"""removed.txt: what earlier releases had and this one has not, by their own lists as far as they lie beside it."""
import stated
from release import PATH, Release
from problems import Problems

NAME = "removed.txt"


def check(release, problems):
    text = (release.folder / NAME).read_text(encoding="utf-8")
    problems.check(text.endswith("\n") or not text, NAME, "the last line has no end")
    lines = text.split("\n")[:-1]
    problems.check(lines == sorted(set(lines), key=str.encode), NAME, "not sorted by bytes, each path once")
    present = {file.path for file in release.files}
    for line in lines:
        problems.check(PATH.fullmatch(line), NAME, "no file of a release", line)
        problems.check(line not in present, NAME, "names a file that is in the release", line)
    for folder in release.folder.parent.iterdir():
        if not (folder.is_dir() and stated.cutoff_of(folder) < (release.cutoff or "")):
            continue
        earlier = Release(release.shared, folder.name, Problems())
        gone = {file.path for file in earlier.files}
        if earlier.has(NAME):
            gone.update((folder / NAME).read_text(encoding="utf-8").split("\n")[:-1])
        for path in sorted(gone - present - set(lines)):
            problems.add(NAME, f"lacks a file of {folder.name}", path)
