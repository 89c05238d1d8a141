# SPDX-License-Identifier: MIT
"""The file list against the tree: what lies where, bytes, order, and that nothing else lies there."""
import os

import reading
from release import SERIES

LIST = "files.tsv.zst"


def check(release, problems, is_newest):
    check_list(release, problems)
    if is_newest:
        check_bytes(release, problems)
        check_nothing_else(release, problems)


def check_list(release, problems):
    paths, last = {}, None
    for file in release.files:
        key = (SERIES.index((file.set_name, file.form)), file.edition, file.id)
        problems.check(last is None or key > last, LIST, "not in the order series, edition, ID", file.path)
        last = key
        problems.check(file.path not in paths, LIST, "a path twice", file.path)
        paths[file.path] = file
        problems.equal(LIST, f"the bucket of {file.path}", file.bucket, f"{file.id % release.buckets:04}")
        problems.check(file.edition >= 1, LIST, "an edition below 1", file.path)
        if file.form == "512px":
            problems.equal(LIST, f"the extension of {file.path}", file.extension, "jpg")
            problems.equal(LIST, f"source_md5 of {file.path}, which no site sent", file.source_md5, file.md5)
            original = release.originals.get(file.id)
            if problems.check(original, LIST, "a 512px form without its original", file.path):
                problems.equal(LIST, f"the set of {file.path} and its original's", file.set_name, original.set_name)
    counted = len(release.originals) + len(release.forms)
    problems.equal(LIST, "files of one post and form", len(release.files), counted)


def check_bytes(release, problems):
    for file in release.files:
        path = release.shared / file.path
        try:
            is_file = path.is_file() and not path.is_symlink()
            if not problems.check(is_file, file.path, "missing, or no file"):
                continue
            problems.equal(file.path, "size", path.stat().st_size, file.size)
            md5, sha256 = reading.digests(path, "md5", "sha256")
        except OSError as error:
            problems.add(file.path, "cannot be read", str(error))
            continue
        problems.equal(file.path, "md5", md5, file.md5)
        problems.equal(file.path, "sha256", sha256, file.sha256)


def check_nothing_else(release, problems):
    listed = {file.path for file in release.files}
    for name in sorted(os.listdir(release.shared)):
        problems.check(name in ("sfw", "nsfw", "metadata"), name, "does not belong into the shared tree")
    for set_name in ("sfw", "nsfw"):
        for folder, folders, names in os.walk(release.shared / set_name):
            below = os.path.relpath(folder, release.shared)
            # Links to folders are not walked into: they are as foreign as any other file.
            names += [name for name in folders if os.path.islink(os.path.join(folder, name))]
            for name in sorted(names):
                problems.check(f"{below}/{name}" in listed, f"{below}/{name}", "not in the file list")
