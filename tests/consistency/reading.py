# SPDX-License-Identifier: MIT
"""Reads the kinds of file a release is made of, and tells what is not as it should be instead of giving up."""
import hashlib
import json
import subprocess

from problems import short


SMALL = 1 << 20
_small_texts = {}


def unzstd(path):
    """The whole text of a .zst file, as the zstd program reads it; its checksum is checked on the way. Small ones are
    kept, for each is read many times and starting a program takes longer than reading."""
    facts = path.stat()
    key = (facts.st_dev, facts.st_ino, facts.st_mtime_ns, facts.st_size)
    if key not in _small_texts:
        text = _unzstd(path)
        if facts.st_size > SMALL:
            return text
        _small_texts[key] = text
    return _small_texts[key]


def _unzstd(path):
    done = subprocess.run(["zstd", "-dcq", "--", str(path)], capture_output=True, check=False)
    if done.returncode != 0:
        raise ValueError("zstd cannot read it: " + done.stderr.decode(errors="replace").strip())
    return done.stdout


def lines(path):
    """Lines of a .zst file, one at a time. Not splitlines(): U+2028 and its like end no line."""
    if path.stat().st_size <= SMALL:
        text = unzstd(path).decode("utf-8")
        if text and not text.endswith("\n"):
            raise ValueError("the last line has no end")
        yield from text.split("\n")[:-1]
        return
    process = subprocess.Popen(["zstd", "-dcq", "--", str(path)], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    with process:
        for line in process.stdout:
            if not line.endswith(b"\n"):
                raise ValueError("the last line has no end")
            yield line[:-1].decode("utf-8")
        errors = process.stderr.read().decode(errors="replace").strip()
    if process.returncode != 0:
        raise ValueError("zstd cannot read it: " + errors)


def table(path, columns, problems):
    """Rows of a .tsv.zst file with exactly these columns, as lists."""
    where = path.name
    rows = iter(lines(path))
    head = next(rows, "")
    problems.equal(where, "columns", head.split("\t"), list(columns))
    for number, line in enumerate(rows, 2):
        row = line.split("\t")
        if problems.check(len(row) == len(columns), where, "a line of another number of columns", f"line {number}"):
            yield row


def json_lines(path, problems):
    """Rows of a .jsonl.zst file, in ascending order of ID; those that are not are told and left out."""
    where, last = path.name, None
    for number, line in enumerate(lines(path), 1):
        try:
            row = json.loads(line)
        except ValueError as error:
            problems.add(where, "a line that is no JSON", f"line {number}: {error}")
            continue
        if not isinstance(row, dict) or type(row.get("id")) not in (int, str):
            problems.add(where, "a line that is no row", f"line {number}: {short(line)}")
            continue
        key = int(row["id"])
        if problems.check(last is None or key > last, where, "not in ascending order of ID, once each",
                          f"line {number}: {key} after {last}"):
            last = key
            yield key, row


def in_order(where, rows, problems):
    """(id, row) pairs in strictly ascending order; others are told and left out, so that a merge goes on."""
    last = None
    for key, row in rows:
        if problems.check(last is None or key > last, where, "not in ascending order of ID, once each",
                          f"{key} after {last}"):
            last = key
            yield key, row


def merge(ours, theirs):
    """(id, our row or None, their row or None) of two ascending sequences of (id, row)."""
    ours, theirs = iter(ours), iter(theirs)
    a, b = next(ours, None), next(theirs, None)
    while a or b:
        if b is None or (a and a[0] < b[0]):
            yield a[0], a[1], None
            a = next(ours, None)
        elif a is None or b[0] < a[0]:
            yield b[0], None, b[1]
            b = next(theirs, None)
        else:
            yield a[0], a[1], b[1]
            a, b = next(ours, None), next(theirs, None)


def digests(path, *kinds):
    """Hex digests of a file's bytes, read once."""
    hashes = [hashlib.new(kind) for kind in kinds]
    with open(path, "rb") as file:
        while block := file.read(1 << 20):
            for one in hashes:
                one.update(block)
    return [one.hexdigest() for one in hashes]
