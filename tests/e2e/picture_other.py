# SPDX-License-Identifier: MIT
"""GIF, WebP, AVIF, animations, and what is no picture at all."""
import ctypes
import io
import struct
import zipfile

from PIL import Image


def webp(picture, **options):
    out = io.BytesIO()
    picture.save(out, "WEBP", **options)
    return out.getvalue()


def frames(picture, count):
    return [picture.rotate(90 * i) for i in range(count)]


def animated(picture, form, count=3):
    out = io.BytesIO()
    first, *others = frames(picture, count)
    first.save(out, form, save_all=True, append_images=others, duration=80, loop=0)
    return out.getvalue()


def gif_codes(indices, depth):
    """LZW that never learns: a clear code before the table needs wider codes."""
    clear, width = 1 << depth, depth + 1
    bits, count, out = 0, 0, bytearray()
    codes = []
    for i, index in enumerate(indices):
        if i % (clear - 2) == 0:
            codes.append(clear)
        codes.append(index)
    for code in [*codes, clear + 1]:
        bits |= code << count
        count += width
        while count >= 8:
            out.append(bits & 255)
            bits, count = bits >> 8, count - 8
    if count:
        out.append(bits & 255)
    blocks = b"".join(bytes([len(part)]) + bytes(part) for part in (out[i:i + 255] for i in range(0, len(out), 255)))
    return bytes([depth]) + blocks + b"\0"


def gif_frame(picture, left=0, top=0, transparent=None):
    """`picture` is of mode P, below 128 colours."""
    control = b"\x21\xf9\x04" + struct.pack("<BHB", 0 if transparent is None else 1, 0, transparent or 0) + b"\0"
    place = b"\x2c" + struct.pack("<HHHHB", left, top, picture.width, picture.height, 0)
    return control + place + gif_codes(picture.tobytes(), 7)


def gif(screen, colours, *parts):
    """`colours` are 128 triples in a row; the screen's background is colour 0."""
    return (b"GIF89a" + struct.pack("<HH", *screen) + b"\xf6\0\0" + bytes(colours).ljust(384, b"\0") + b"".join(parts)
            + b"\x3b")


def avif(picture):
    """Through libvips: Pillow has no AVIF here."""
    vips = ctypes.CDLL("libvips.so.42")
    vips.vips_init(b"dbr-tests")
    make = vips.vips_image_new_from_memory_copy
    make.restype, make.argtypes = ctypes.c_void_p, [ctypes.c_char_p, ctypes.c_size_t] + [ctypes.c_int] * 4
    data, bands = picture.tobytes(), len(picture.getbands())
    raw = make(data, len(data), picture.width, picture.height, bands, 0)
    image, out, size = ctypes.c_void_p(), ctypes.c_void_p(), ctypes.c_size_t()
    srgb, av1 = 22, 4
    done = vips.vips_copy(ctypes.c_void_p(raw), ctypes.byref(image), b"interpretation", ctypes.c_int(srgb), None)
    done = done or vips.vips_heifsave_buffer(image, ctypes.byref(out), ctypes.byref(size), b"compression",
                                             ctypes.c_int(av1), b"Q", ctypes.c_int(90), b"effort", ctypes.c_int(0),
                                             None)
    if done != 0:
        raise AssertionError("libvips does not write AVIF")
    return ctypes.string_at(out, size.value)


def ugoira(picture):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for i, frame in enumerate(frames(picture, 2)):
            jpeg = io.BytesIO()
            frame.save(jpeg, "JPEG")
            archive.writestr(f"{i:06}.jpg", jpeg.getvalue())
    return out.getvalue()


def bmp(picture):
    out = io.BytesIO()
    picture.save(out, "BMP")
    return out.getvalue()


def mp4():
    brand = b"ftypisom\0\0\2\0isomiso2avc1mp41"
    return struct.pack(">I", len(brand) + 4) + brand + struct.pack(">I", 8) + b"free" + struct.pack(">I", 16) + b"mdat12345678"


def indexed(picture, colours=127):
    """Mode P with that many colours at most, and their triples."""
    small = picture.quantize(colours)
    return small, small.getpalette()[:colours * 3]
