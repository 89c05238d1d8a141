# SPDX-License-Identifier: MIT
"""SHA256SUMS: one right line for each other file of the folder, folders within it included, sorted."""
import os
import re

import reading

LIST = "SHA256SUMS"


def check(release, problems):
    try:
        text = (release.folder / LIST).read_text()
    except (OSError, ValueError) as error:
        problems.add(LIST, "cannot be read", str(error))
        return
    problems.check(text.endswith("\n"), LIST, "the last line has no end")
    listed = {}
    for number, line in enumerate(text.removesuffix("\n").split("\n"), 1):
        found = re.fullmatch("([0-9a-f]{64})  (.+)", line)
        if problems.check(found, LIST, "a line of another form", f"line {number}: {line}"):
            problems.check(found[2] not in listed, LIST, "a name twice", found[2])
            listed[found[2]] = found[1]
    names = sorted(listed, key=os.fsencode)
    problems.check(list(listed) == names, LIST, "not sorted by name")
    there = {os.path.relpath(os.path.join(folder, name), release.folder)
             for folder, _, files in os.walk(release.folder) for name in files} - {LIST}
    for name in sorted(there - listed.keys()):
        problems.add(LIST, "does not list", name)
    for name in names:
        if problems.check(name in there, LIST, "lists what is not there", name):
            sha256, = reading.digests(release.folder / name, "sha256")
            problems.equal(name, "the hash in SHA256SUMS", listed[name], sha256)
