# SPDX-License-Identifier: MIT
"""Writes tests/fuzz/corpus/image: one tiny valid file of every kind, for the fuzzers and the damage tests to break.
BOORU_SIM and DBR as for the tests; equal versions of Pillow and the libraries write equal files."""
import pathlib
import zlib

from PIL import ImageChops

import picture_profiles
from picture_jpeg import exif as exif_marker
from picture_jpeg import insert, odd, profile
from picture_other import animated, avif, gif, gif_frame, indexed, webp
from picture_png import GREY, GREY_ALPHA, PALETTE, RGB, RGBA, chunk, exif, png, rows_of
from picture_png_kinds import deepen, quantised
from picture_scene import grey_scene, scene, veil

FOLDER = pathlib.Path(__file__).resolve().parents[1] / "fuzz/corpus/image"
SIZE = (43, 30)


def jpegs():
    picture, grey = scene(*SIZE), grey_scene(*SIZE)
    inverted = ImageChops.invert(picture.convert("CMYK"))
    halved = ["in=rgb", "out=ycc", "sampling=2x2,1x1,1x1", "quality=75"]
    yield "jpeg-baseline", odd(picture, *halved)
    yield "jpeg-full-chroma", odd(picture, "in=rgb", "out=ycc", "sampling=1x1,1x1,1x1")
    yield "jpeg-progressive", odd(picture, *halved, "progressive")
    yield "jpeg-restart", odd(picture, *halved, "restart=2")
    yield "jpeg-arithmetic", odd(picture, *halved, "arithmetic")
    yield "jpeg-odd-sampling", odd(picture, "in=rgb", "out=ycc", "sampling=2x2,2x1,1x2")
    yield "jpeg-rgb", odd(picture, "in=rgb", "out=rgb")
    yield "jpeg-grey", odd(grey, "in=grey", "out=grey")
    yield "jpeg-cmyk", odd(inverted, "in=cmyk", "out=cmyk")
    yield "jpeg-ycck", odd(inverted, "in=cmyk", "out=ycck")
    yield "jpeg-turned", insert(odd(picture, *halved), exif_marker(6, True))
    yield "jpeg-profile", insert(odd(picture, *halved), *profile(picture_profiles.wide_rgb()))


def pngs():
    picture, grey = scene(*SIZE), grey_scene(*SIZE)
    rows = rows_of(picture)
    seen = picture.copy()
    seen.putalpha(veil(*SIZE))
    small, colours = indexed(picture, 16)
    palette = chunk(b"PLTE", bytes(colours)) + chunk(b"tRNS", b"\0\x80")
    deep_grey = grey.copy()
    deep_grey.putalpha(veil(*SIZE))
    compressed = chunk(b"iCCP", b"wide\0\0" + zlib.compress(picture_profiles.wide_rgb()))
    yield "png-rgb", png(rows, 8, RGB)
    yield "png-interlaced", png(rows, 8, RGB, True)
    yield "png-palette", png(rows_of(small), 4, PALETTE, before=palette)
    yield "png-deep", png(deepen(rows), 16, RGB)
    yield "png-bits", png(quantised(grey, 1)[0], 1, GREY)
    yield "png-key", png(rows, 8, RGB, before=chunk(b"tRNS", bytes(6)))
    yield "png-alpha", png(rows_of(seen), 8, RGBA)
    yield "png-deep-grey-alpha-interlaced", png(deepen(rows_of(deep_grey)), 16, GREY_ALPHA, True)
    yield "png-split", png(rows, 8, RGB, sizes=(0, 50, 1))
    yield "png-profile", png(rows, 8, RGB, before=compressed)
    yield "png-turned", png(rows, 8, RGB, before=chunk(b"eXIf", exif(8)))
    yield "png-one-frame", png(rows, 8, RGB, before=chunk(b"acTL", b"\0\0\0\1\0\0\0\0"))


def others():
    picture = scene(*SIZE)
    seen = picture.copy()
    seen.putalpha(veil(*SIZE))
    small, colours = indexed(picture, 60)
    yield "gif", gif((50, 40), colours, gif_frame(small, 3, 5, transparent=2))
    yield "gif-animated", gif(SIZE, colours, gif_frame(small), gif_frame(small))
    yield "webp-lossy", webp(picture, quality=70)
    yield "webp-lossless", webp(picture, lossless=True)
    yield "webp-alpha", webp(seen, quality=70)
    yield "webp-animated", animated(scene(30, 30), "WEBP")
    yield "avif", avif(picture)
    yield "avif-alpha", avif(seen)


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, data in (*jpegs(), *pngs(), *others()):
        (FOLDER / name).write_bytes(data)
