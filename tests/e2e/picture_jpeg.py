# SPDX-License-Identifier: MIT
"""JPEG files: what Pillow cannot write comes from odd-jpeg (tools/booru-sim), and markers are put in by hand."""
import io
import pathlib
import struct
import subprocess

import harness

ODD_JPEG = pathlib.Path(harness.BOORU_SIM).resolve().parent / "odd-jpeg"


def plain(picture, **options):
    out = io.BytesIO()
    picture.save(out, "JPEG", **{"quality": 92, "subsampling": 0, **options})
    return out.getvalue()


def odd(picture, *words, samples=None):
    """By odd-jpeg; `samples` are the bytes to store when they are not the picture's own."""
    command = [ODD_JPEG, picture.width, picture.height, *words]
    done = subprocess.run([str(word) for word in command], input=samples or picture.tobytes(), stdout=subprocess.PIPE,
                          check=True)
    return done.stdout


def marker(number, data):
    return struct.pack(">BBH", 0xFF, number, len(data) + 2) + data


def insert(jpeg, *markers):
    """Right behind SOI."""
    return jpeg[:2] + b"".join(markers) + jpeg[2:]


def profile(data, total=None):
    """APP2 markers that hold an ICC profile; `total` is a false number of parts."""
    size = 65_000
    parts = [data[i:i + size] for i in range(0, len(data), size)]
    return [marker(0xE2, b"ICC_PROFILE\0" + bytes([i + 1, total or len(parts)]) + part) for i, part in enumerate(parts)]


def exif(orientation, big_endian, thumbnail=b""):
    """APP1 with the orientation, and a second IFD with a thumbnail when there is one."""
    order = ">" if big_endian else "<"
    tiff = (b"MM\0*" if big_endian else b"II*\0") + struct.pack(order + "I", 8)
    first = struct.pack(order + "HHHIHH", 1, 0x112, 3, 1, orientation, 0)
    if not thumbnail:
        return marker(0xE1, b"Exif\0\0" + tiff + first + struct.pack(order + "I", 0))
    second = 8 + len(first) + 4
    start = second + 2 + 3 * 12 + 4
    entries = struct.pack(order + "HHHIHH", 3, 0x112, 3, 1, 1, 0)  # the thumbnail's own orientation is another one
    entries += struct.pack(order + "HHII", 0x201, 4, 1, start) + struct.pack(order + "HHII", 0x202, 4, 1, len(thumbnail))
    return marker(0xE1, b"Exif\0\0" + tiff + first + struct.pack(order + "I", second) + entries
                  + struct.pack(order + "I", 0) + thumbnail)


def header_only(frame, precision, width, height, scans=1, sampling=(0x11, 0x11, 0x11)):
    """A frame header that promises this much, and that many scans with next to nothing in them."""
    out = b"\xff\xd8" + marker(0xDB, b"\0" + bytes([16] * 64))
    # One code of one bit, for the value 0: an empty block is a single bit or two.
    for table in (0x00, 0x10):
        out += marker(0xC4, bytes([table, 1]) + bytes(15) + b"\0")
    components = b"".join(bytes([i + 1, factors, 0]) for i, factors in enumerate(sampling))
    out += marker(frame, struct.pack(">BHHB", precision, height, width, len(sampling)) + components)
    for i in range(scans):
        is_first, progressive = i == 0, frame & 3 == 2
        ids = range(1, len(sampling) + 1) if is_first or not progressive else [1 + i % len(sampling)]
        spectrum = b"\0\0\0" if progressive and is_first else b"\x01\x3f\0" if progressive else b"\0\x3f\0"
        out += marker(0xDA, bytes([len(ids)]) + b"".join(bytes([c, 0]) for c in ids) + spectrum) + bytes(40)
    return out + b"\xff\xd9"
