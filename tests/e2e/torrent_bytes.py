# SPDX-License-Identifier: MIT
"""Bencoding and .torrent files for tests: also what no honest program writes."""
import random

ESCAPE = "\x1b]0;owned\x07\x1b[31m"
PLAIN = [("sfw/0001/1.jpg", 20_000), ("sfw/0002/2.jpg", 0), ("\u6771\u65b9.png", 5)]


def encode(value):
    if isinstance(value, int):
        return b"i%de" % value
    if isinstance(value, str):
        value = value.encode()
    if isinstance(value, bytes):
        return b"%d:%s" % (len(value), value)
    if isinstance(value, list):
        return b"l" + b"".join(map(encode, value)) + b"e"
    keys = sorted((key.encode() if isinstance(key, str) else key, key) for key in value)
    return b"d" + b"".join(encode(raw) + encode(value[key]) for raw, key in keys) + b"e"


def torrent(files, piece_length=16384, info=None, **top):
    """A v1 .torrent of [(path, size)], its pieces made up; `info` adds to the info dictionary, keywords to the top."""
    total = sum(size for _, size in files)
    listed = [{"length": size, "path": path.split("/") if isinstance(path, str) else path} for path, size in files]
    return encode({"info": {"files": listed, "name": "danbooru", "piece length": piece_length,
                            "pieces": bytes(20) * -(-total // piece_length), **(info or {})}, **top})


def hostile(seed):
    """What is wrong -> a document."""
    good = torrent(PLAIN, comment="c")
    drawn = random.Random(seed)
    files = {
        "empty": b"", "not bencoded": b"<html>", "a list": b"le", "no info": b"de", "info is a number": b"d4:infoi1ee",
        "nested deeply": b"d4:info" + b"l" * 2_000_000, "nested evenly": b"l" * 5_000 + b"e" * 5_000,
        "nested in a key": b"d" + b"1:a" + b"d1:a" * 1_000_000,
        "a huge string": b"d4:info9223372036854775807:x", "a larger one": b"d4:info18446744073709551617:x",
        "many digits": b"d4:info" + b"9" * 100_000 + b":x", "a long number": b"d4:infoi" + b"9" * 100_000 + b"ee",
        "a leading zero": good.replace(b"i20000e", b"i020000e"), "minus zero": good.replace(b"i0e", b"i-0e"),
        "a negative size": good.replace(b"i0e", b"i-1e"), "trailing bytes": good + b"\n",
        "two keys": good.replace(b"7:comment1:c", b"7:comment1:c7:comment1:c"),
        "keys out of order": good.replace(b"7:comment1:c", b"1:z0:7:comment1:c"),
        "a path twice": torrent([("a", 1), ("a", 1)]),
        "sizes of 2^63": good.replace(b"i20000e", b"i9223372036854775808e"),
        "a sum of 2^63": torrent([("a", 1)]).replace(
            b"d6:lengthi1e", b"d6:lengthi9223372036854775807e4:pathl1:beed6:lengthi1e"),
        "more than 8 PiB": torrent([("a", 1 << 53), ("b", 1)], 1 << 52),
        "no hash": torrent(PLAIN, info={"pieces": b""}), "a cut hash": torrent(PLAIN, info={"pieces": b"x" * 39}),
        "pieces of 0": torrent(PLAIN, info={"piece length": 0}),
        "pieces below 0": torrent(PLAIN, info={"piece length": -16384}),
        "v2": torrent(PLAIN, info={"meta version": 2}), "no file": torrent(PLAIN, info={"files": []}),
        "file and files": torrent(PLAIN, info={"length": 20_005}),
        "a pad": good.replace(b"d6:lengthi0e", b"d4:attr1:p6:lengthi0e"),
        "no UTF-8": torrent(PLAIN, 32768, {"name": b"\xff\xfe"}), "random": drawn.randbytes(5_000),
        "random tail": good[:60] + drawn.randbytes(500),
    }
    for name in ("..", ".", "", "/etc/passwd", "a/b", ESCAPE, "a\0b", b"\xff"):
        files[f"path {name!r}"] = torrent([(["ok", name], 1)])
        files[f"name {name!r}"] = torrent(PLAIN, info={"name": name})
    for length in sorted({*range(0, len(good), 23), len(good) - 1}):
        files[f"cut at {length}"] = good[:length]
    return files


def some_hostile(seed):
    """One of each kind, for commands that end with the first."""
    every = hostile(seed)
    return {what: every[what] for what in (
        "empty", "nested deeply", "a huge string", "a negative size", "sizes of 2^63", "a sum of 2^63", "a path twice",
        "path '..'", "path '/etc/passwd'", "name '..'", "two keys", "random tail", "cut at 23")}
