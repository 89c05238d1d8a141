# SPDX-License-Identifier: MIT
"""PNG files by hand: every colour type, depth, filter and interlacing, and chunks where no encoder puts them."""
import itertools
import struct
import zlib

SIGNATURE = b"\x89PNG\r\n\x1a\n"
GREY, RGB, PALETTE, GREY_ALPHA, RGBA = 0, 2, 3, 4, 6
CHANNELS = {GREY: 1, RGB: 3, PALETTE: 1, GREY_ALPHA: 2, RGBA: 4}
ADAM7 = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))


def chunk(kind, data=b""):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def header(width, height, depth, colour, interlaced=False):
    return chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, int(interlaced)))


def pack(samples, depth):
    """A row of samples as bytes."""
    if depth == 8:
        return bytes(samples)
    if depth == 16:
        return struct.pack(f">{len(samples)}H", *samples)
    row = bytearray((len(samples) * depth + 7) // 8)
    for i, sample in enumerate(samples):
        row[i * depth // 8] |= sample << (8 - depth - i * depth % 8)
    return bytes(row)


def paeth(a, b, c):
    p = a + b - c
    pa, pb, pc = abs(p - a), abs(p - b), abs(p - c)
    return a if pa <= pb and pa <= pc else b if pb <= pc else c


def filtered(kind, row, above, step):
    """One row behind its filter byte; `step` is bytes a pixel."""
    left = bytes(step) + row
    corner = bytes(step) + above
    if kind == 0:
        done = row
    elif kind == 1:
        done = bytes((x - a) & 255 for x, a in zip(row, left))
    elif kind == 2:
        done = bytes((x - b) & 255 for x, b in zip(row, above))
    elif kind == 3:
        done = bytes((x - (a + b) // 2) & 255 for x, a, b in zip(row, left, above))
    else:
        done = bytes((x - paeth(a, b, c)) & 255 for x, a, b, c in zip(row, left, above, corner))
    return bytes([kind]) + done


def raw(rows, depth, colour, interlaced=False, filters=(0, 1, 2, 3, 4)):
    """What is deflated. `rows` are lists of samples, a pixel's beside each other; the filters go round."""
    channels = CHANNELS[colour]
    step = max(1, channels * depth // 8)
    passes = ADAM7 if interlaced else ((0, 0, 1, 1),)
    out, kinds = [], itertools.cycle(filters)
    for x0, y0, dx, dy in passes:
        above = None
        for row in rows[y0::dy]:
            pixels = [row[i:i + channels] for i in range(x0 * channels, len(row), dx * channels)]
            if not pixels:
                break
            packed = pack(list(itertools.chain.from_iterable(pixels)), depth)
            out.append(filtered(next(kinds), packed, above or bytes(len(packed)), step))
            above = packed
    return b"".join(out)


def png(rows, depth, colour, interlaced=False, filters=(0, 1, 2, 3, 4), before=b"", after=b"", sizes=None, level=6):
    """A whole file. `before` and `after` are chunks around the IDATs; `sizes` are the bytes each IDAT takes, going round
    (0 makes an empty one)."""
    data = zlib.compress(raw(rows, depth, colour, interlaced, filters), level)
    parts, at = [], 0
    for size in itertools.cycle(sizes or (len(data),)):
        parts.append(chunk(b"IDAT", data[at:at + size]))
        at += size
        if at >= len(data):
            break
    width = len(rows[0]) // CHANNELS[colour]
    return (SIGNATURE + header(width, len(rows), depth, colour, interlaced) + before + b"".join(parts) + after
            + chunk(b"IEND"))


def rows_of(picture):
    """Of a Pillow image with 8-bit bands."""
    data, stride = picture.tobytes(), picture.width * len(picture.getbands())
    return [list(data[i:i + stride]) for i in range(0, len(data), stride)]


def exif(orientation, big_endian=True):
    """A TIFF block that holds the orientation."""
    order = ">" if big_endian else "<"
    return ((b"MM\0*" if big_endian else b"II*\0") + struct.pack(order + "IHHHIHHI", 8, 1, 0x112, 3, 1, orientation, 0, 0))
