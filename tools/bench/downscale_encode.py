# SPDX-License-Identifier: MIT
"""Pictures as the files of downscale_corpus.py: JPEG by Pillow, and PNG also in the two ways Pillow cannot write."""
import io
import pathlib
import struct
import zlib

import numpy
from PIL import Image, ImageCms, ImageFile

ICC = pathlib.Path("/usr/share/color/icc/ghostscript")
PROFILES = {"sRGB": "srgb.icc", "AdobeRGB": "a98.icc", "CMYK": "default_cmyk.icc"}
SUBSAMPLINGS = {"4:4:4": 0, "4:2:2": 1, "4:2:0": 2}
# How a picture must be turned before it is stored so that this orientation shows it upright.
TURNS = {3: Image.ROTATE_180, 6: Image.ROTATE_90, 8: Image.ROTATE_270}
# Adam7: first column and row of each pass, and the steps.
PASSES = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]

ImageFile.MAXBLOCK = 1 << 26  # optimal tables need the whole file in one buffer


def has_profiles():
    return all((ICC / name).exists() for name in PROFILES.values())


def into_profile(image, name):
    """The same colours in another space, and that space's profile."""
    target = ICC / PROFILES[name]
    mode = "CMYK" if name == "CMYK" else "RGB"
    converted = ImageCms.profileToProfile(image, ImageCms.createProfile("sRGB"), str(target), outputMode=mode)
    return converted, target.read_bytes()


def jpeg(image, quality, subsampling, coding, profile=None, orientation=1):
    """`coding`: default, optimal or progressive."""
    more = {}
    if profile:
        image, more["icc_profile"] = into_profile(image, profile)
    if orientation != 1:
        exif = Image.Exif()
        exif[0x0112] = orientation
        image, more["exif"] = image.transpose(TURNS[orientation]), exif
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality, subsampling=SUBSAMPLINGS[subsampling], optimize=coding == "optimal",
               progressive=coding == "progressive", **more)
    return out.getvalue()


def saved(image, kind, **options):
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def filtered(rows, above, step):
    """Scan lines as PNG has them, each by the filter whose differences are smallest, as libpng chooses. `rows` are
    bytes, `step` of them a pixel; `above` are the rows above."""
    left, corner = numpy.zeros_like(rows), numpy.zeros_like(rows)
    left[:, step:], corner[:, step:] = rows[:, :-step], above[:, :-step]
    a, b, c = (part.astype(numpy.int16) for part in (left, above, corner))
    to_a, to_b, to_c = abs(b - c), abs(a - c), abs(a + b - 2 * c)
    paeth = numpy.where((to_a <= to_b) & (to_a <= to_c), left, numpy.where(to_b <= to_c, above, corner))
    ways = numpy.stack([rows, rows - left, rows - above, rows - ((a + b) // 2).astype(numpy.uint8), rows - paeth])
    best = abs(ways.astype(numpy.int8).astype(numpy.int16)).sum(2, dtype=numpy.int32).argmin(0)
    return numpy.hstack([best.astype(numpy.uint8)[:, None], ways[best, numpy.arange(len(rows))]]).tobytes()


def scan_lines(pixels, step):
    """Of a picture or a pass of one, so many at a time that memory stays small."""
    rows = numpy.ascontiguousarray(pixels).view(numpy.uint8).reshape(len(pixels), -1)
    above = numpy.vstack([numpy.zeros_like(rows[:1]), rows[:-1]])
    return b"".join(filtered(rows[begin:begin + 64], above[begin:begin + 64], step) for begin in range(0, len(rows), 64))


def png(pixels, is_interlaced=False):
    """RGB of 8 or 16 bits."""
    depth = pixels.dtype.itemsize * 8
    pixels = pixels.astype(f">u{pixels.dtype.itemsize}")
    passes = PASSES if is_interlaced else [(0, 0, 1, 1)]
    parts = [pixels[y::down, x::over] for x, y, over, down in passes]
    data = b"".join(scan_lines(part, depth // 8 * 3) for part in parts if part.size)

    def chunk(name, body):
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
    header = struct.pack(">IIBBBBB", pixels.shape[1], pixels.shape[0], depth, 2, 0, 0, int(is_interlaced))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(data, 6)) + chunk(b"IEND", b"")


def deep(image, dice):
    """16 bits a channel, with something in the lower ones."""
    low = dice.integers(0, 256, (image.height, image.width, 3), dtype=numpy.uint16)
    return numpy.asarray(image).astype(numpy.uint16) * 256 + low // 16
