# SPDX-License-Identifier: MIT
"""Bencoding for tests: also what no honest program writes."""


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
