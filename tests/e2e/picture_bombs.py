# SPDX-License-Identifier: MIT
"""Small files that ask for much: extents, coefficients, frames, profiles, texts. Each says why it is refused, or
that a picture comes of it all the same."""
import struct
import zlib

from picture_jpeg import header_only, insert, marker, plain, profile
from picture_judge import Kind
from picture_other import avif, gif, gif_frame, indexed, webp
from picture_png import ADAM7, CHANNELS, RGB, RGBA, SIGNATURE, chunk, header, png, rows_of
from picture_scene import scene

PICTURE = "a picture"


def zeros(count):
    """A zlib stream of so many zeros, made of one deflated piece over and over."""
    step = 1 << 20
    packer = zlib.compressobj(9)
    head = packer.compress(bytes(step)) + packer.flush(zlib.Z_FULL_FLUSH)
    packer = zlib.compressobj(9, wbits=-15)
    piece = packer.compress(bytes(step)) + packer.flush(zlib.Z_FULL_FLUSH)
    last = zlib.compressobj(9, wbits=-15)
    rest = last.compress(bytes(count % step)) + last.flush()
    assert count >= step
    return head + piece * (count // step - 1) + rest + struct.pack(">I", count % 65521 << 16 | 1)


def black_png(width, height, colour=RGB, depth=8, interlaced=False):
    bits = depth * CHANNELS[colour]
    passes = ADAM7 if interlaced else ((0, 0, 1, 1),)
    size = sum(-(-(height - y) // dy) * (1 + (-(-(width - x) // dx) * bits + 7) // 8) for x, y, dx, dy in passes)
    return (SIGNATURE + header(width, height, depth, colour, interlaced) + chunk(b"IDAT", zeros(size))
            + chunk(b"IEND"))


def text_bomb(chunks, size):
    rows = rows_of(scene(40, 30))
    text = zeros(size)
    texts = (chunk(b"zTXt", f"key{i}".encode() + b"\0\0" + text) for i in range(chunks))
    return png(rows, 8, RGB, before=b"".join(texts))


def odd_profile():
    """A look-up table that claims 255 steps for each of 15 inks."""
    table = b"mft2\0\0\0\0" + bytes([15, 3, 255, 0]) + bytes(36) + struct.pack(">HH", 4096, 4096) + bytes(500)
    tags = struct.pack(">I4sII", 1, b"A2B0", 144, len(table))
    head = struct.pack(">I4sI4s4s4s12s4s", 144 + len(table), b"lcms", 0x02400000, b"prtr", b"RGB ", b"Lab ", bytes(12),
                       b"acsp")
    return head + bytes(128 - len(head)) + tags + table


def canvas_webp(width, height):
    """VP8L with the header of a giant."""
    bits = struct.pack("<I", (width - 1) | (height - 1) << 14)
    body = b"\x2f" + bits + bytes(200)
    data = b"WEBPVP8L" + struct.pack("<I", len(body)) + body + bytes(len(body) % 2)
    return b"RIFF" + struct.pack("<I", len(data)) + data


def canvas_avif(width, height):
    data = avif(scene(64, 48))
    at = data.index(b"ispe") + 8
    return data[:at] + struct.pack(">II", width, height) + data[at + 8:]


def bombs():
    small = scene(120, 90)
    jpeg = plain(small)
    yield Kind("png-30000", black_png(30_000, 30_000), "png", "too_many_pixels")
    yield Kind("png-max", SIGNATURE + header(2**31 - 1, 2**31 - 1, 8, RGB) + chunk(b"IEND"), "png", "too_many_pixels")
    yield Kind("png-interlaced", black_png(12_000, 12_000, RGBA, 16, True), "png", "too_much_memory")
    yield Kind("jpeg-65535", header_only(0xC0, 8, 65_535, 65_535), "jpg", "too_many_pixels")
    yield Kind("jpeg-coefficients", header_only(0xC2, 8, 24_900, 24_900, scans=5), "jpg", "too_many_pixels")
    yield Kind("jpeg-coefficients-of-4", header_only(0xC2, 8, 21_000, 21_000, 5, (0x11,) * 4), "jpg", "too_much_memory")
    yield Kind("jpeg-scans", header_only(0xC2, 8, 4000, 3000, scans=5000), "jpg", "too_many_scans")
    indexed_picture, colours = indexed(small, 60)
    frame = gif_frame(indexed_picture.crop((0, 0, 1, 1)))
    yield Kind("gif-100000-frames", gif((1, 1), colours, frame * 100_000), "gif", "animated_gif")
    yield Kind("gif-screen", gif((65_535, 65_535), colours, frame), "gif", "too_many_pixels")
    yield Kind("gif-large-screen", gif((20_000, 20_000), colours, frame), "gif", "too_much_memory")
    yield Kind("webp-canvas", canvas_webp(16_383, 16_383), "webp", "too_much_memory")
    yield Kind("avif-canvas", canvas_avif(65_000, 65_000), "avif", "too_many_pixels")
    yield Kind("avif-large", canvas_avif(16_000, 16_000), "avif", "too_much_memory")
    yield Kind("png-profile", png(rows_of(small), 8, RGB, before=chunk(b"iCCP", b"p\0\0" + zeros(1 << 30))), "png", "bomb")
    yield Kind("png-texts", text_bomb(300, 7_900_000), "png", "bomb")
    yield Kind("jpeg-profile", insert(jpeg, *profile(bytes(255 * 65_000))), "jpg", PICTURE)
    yield Kind("jpeg-odd-profile", insert(jpeg, *profile(odd_profile())), "jpg", PICTURE)
    yield Kind("jpeg-markers", insert(jpeg, *[marker(0xE5, bytes(65_000))] * 300), "jpg", PICTURE)


def harmless(count):
    return [Kind(f"harmless{i}", plain(scene(640 + i, 480))) for i in range(count)]
