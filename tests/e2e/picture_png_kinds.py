# SPDX-License-Identifier: MIT
"""PNG in every form the format has, as PngSuite goes through them, each with the pixels that went in."""
import io
import itertools

from PIL import Image

import picture_profiles
from picture_judge import Kind, to_srgb
from picture_png import GREY, GREY_ALPHA, PALETTE, RGB, RGBA, SIGNATURE, chunk, exif, header, png, raw, rows_of
from picture_scene import grey_scene, lay_down, scene, veil

SIZE = (67, 53)


def from_rows(mode, size, rows):
    return Image.frombytes(mode, size, bytes(itertools.chain.from_iterable(rows)))


def deepen(rows):
    """8 bits to 16: the low byte is noise that must not show."""
    return [[value * 256 + (value * 7 + i * 13) % 256 for i, value in enumerate(row)] for row in rows]


def quantised(picture, depth):
    """Rows of samples of that depth, and what they look like with 8."""
    top = (1 << depth) - 1
    rows = [[(value * top + 127) // 255 for value in row] for row in rows_of(picture)]
    return rows, from_rows(picture.mode, picture.size, [[value * 255 // top for value in row] for row in rows])


def palette_of(picture, colours):
    small = picture.quantize(colours)
    triples = small.getpalette()[:colours * 3]
    return rows_of(small), triples, small.convert("RGB")


def with_alpha(picture, alpha):
    picture = picture.convert("RGBA")
    picture.putalpha(alpha)
    return picture


def grey(depth, interlaced):
    picture = grey_scene(*SIZE)
    rows, truth = (deepen(rows_of(picture)), picture) if depth == 16 else quantised(picture, depth)
    rounding = 1.0 if depth == 16 else 0.6
    yield Kind(f"grey{depth}", png(rows, depth, GREY, interlaced), truth=truth.convert("RGB"), mean=rounding)
    key = rows[SIZE[1] // 2][SIZE[0] // 2]
    if depth == 16:
        # The same with 8 bits, another colour with 16: stays opaque.
        rows[3][3:9] = [key ^ 1] * 6
        truth.paste(key >> 8, (3, 3, 9, 4))
    alpha = from_rows("L", SIZE, [[0 if value == key else 255 for value in row] for row in rows])
    data = png(rows, depth, GREY, interlaced, before=chunk(b"tRNS", key.to_bytes(2, "big")))
    yield Kind(f"grey{depth}-key", data, truth=with_alpha(truth, alpha), alpha=True, mean=rounding)


def colour(depth, interlaced):
    picture = scene(*SIZE)
    rows = rows_of(picture) if depth == 8 else deepen(rows_of(picture))
    yield Kind(f"rgb{depth}", png(rows, depth, RGB, interlaced), truth=picture)
    key = rows[SIZE[1] // 2][SIZE[0] // 2 * 3:SIZE[0] // 2 * 3 + 3]
    alpha = from_rows("L", SIZE, [[0 if row[i:i + 3] == key else 255 for i in range(0, len(row), 3)] for row in rows])
    data = png(rows, depth, RGB, interlaced, before=chunk(b"tRNS", b"".join(v.to_bytes(2, "big") for v in key)))
    yield Kind(f"rgb{depth}-key", data, truth=with_alpha(picture, alpha), alpha=True)


def alphas(depth, interlaced):
    for name, kind, picture in (("grey", GREY_ALPHA, grey_scene(*SIZE)), ("rgb", RGBA, scene(*SIZE))):
        seen = picture.copy()
        seen.putalpha(veil(*SIZE))
        rows = rows_of(seen) if depth == 8 else deepen(rows_of(seen))
        yield Kind(f"{name}-alpha{depth}", png(rows, depth, kind, interlaced), truth=seen.convert("RGBA"), alpha=True,
                   mean=1.0)


def palettes(depth, interlaced):
    rows, triples, truth = palette_of(scene(*SIZE), 1 << depth)
    plte = chunk(b"PLTE", bytes(triples))
    yield Kind(f"palette{depth}", png(rows, depth, PALETTE, interlaced, before=plte), truth=truth)
    levels = [0, 128, 255, 60][:max(1, (1 << depth) // 2)]
    alpha = from_rows("L", SIZE, [[levels[value] if value < len(levels) else 255 for value in row] for row in rows])
    data = png(rows, depth, PALETTE, interlaced, before=plte + chunk(b"tRNS", bytes(levels)))
    yield Kind(f"palette{depth}-alpha", data, truth=with_alpha(truth, alpha), alpha=True)


def every_type():
    for interlaced in (False, True):
        makers = [(grey, d) for d in (1, 2, 4, 8, 16)] + [(palettes, d) for d in (1, 2, 4, 8)]
        makers += [(maker, d) for maker in (colour, alphas) for d in (8, 16)]
        for maker, depth in makers:
            for kind in maker(depth, interlaced):
                kind.name = f"png-{kind.name}{'-interlaced' if interlaced else ''}"
                yield kind


def odd_sizes():
    for side in range(1, 9):
        for width, height, name in ((side, side, "square"), (side, 9, "narrow"), (9, side, "low")):
            picture = scene(width, height)
            yield Kind(f"png-{name}{side}-interlaced", png(rows_of(picture), 8, RGB, True), truth=picture)
        rows, truth = quantised(grey_scene(side, 5), 1)
        yield Kind(f"png-bits{side}-interlaced", png(rows, 1, GREY, True), truth=truth.convert("RGB"))


def filters_and_streams():
    picture = scene(*SIZE)
    rows = rows_of(picture)
    for kind in range(5):
        yield Kind(f"png-filter{kind}", png(rows, 8, RGB, filters=(kind,)), truth=picture)
        bits, truth = quantised(grey_scene(*SIZE), 2)
        yield Kind(f"png-filter{kind}-bits", png(bits, 2, GREY, filters=(kind,)), truth=truth.convert("RGB"))
        yield Kind(f"png-filter{kind}-deep", png(deepen(rows), 16, RGB, filters=(kind,)), truth=picture)
    yield Kind("png-stored", png(rows, 8, RGB, level=0), truth=picture)
    yield Kind("png-idat-of-1-byte", png(rows, 8, RGB, sizes=(1,)), truth=picture)
    yield Kind("png-empty-idats", png(rows, 8, RGB, sizes=(0, 100, 0, 0, 7)), truth=picture)
    big = scene(900, 610)
    yield Kind("png-large-interlaced", png(rows_of(big), 8, RGB, True, filters=(0, 1)), truth=big)
    seen = big.copy()
    seen.putalpha(veil(*big.size))
    yield Kind("png-large-alpha-interlaced", png(rows_of(seen), 8, RGBA, True, filters=(0,)), truth=seen, alpha=True)
    yield Kind("png-large-deep", png(deepen(rows_of(big)), 16, RGB, filters=(0, 2)), truth=big)
    bits, truth = quantised(big.convert("L"), 1)
    yield Kind("png-large-bits", png(bits, 1, GREY, filters=(0,)), truth=truth.convert("RGB"), mean=1.5, local=40)


def chunks():
    picture = scene(*SIZE)
    rows = rows_of(picture)

    def having(name, before=b"", after=b"", truth=picture, **more):
        return Kind(f"png-{name}", png(rows, 8, RGB, before=before, after=after), truth=truth, **more)

    def profile(data):
        import zlib
        return chunk(b"iCCP", b"some\0\0" + zlib.compress(data))

    yield having("gamma", chunk(b"gAMA", (100_000).to_bytes(4, "big")))  # browsers differ; the site ignores it
    yield having("chromaticities", chunk(b"cHRM", b"".join(v.to_bytes(4, "big") for v in
                                                          (31270, 32900, 70000, 20000, 20000, 70000, 15000, 5000))))
    yield having("srgb", chunk(b"sRGB", b"\0"))
    yield having("background", chunk(b"bKGD", b"\0\xff\0\0\0\0"))
    yield having("texts", chunk(b"tEXt", b"Comment\0hello") + chunk(b"zTXt", b"Title\0\0x\x9c\x03\0\0\0\0\1")
                 + chunk(b"iTXt", b"Author\0\0\0\0\0me"))
    yield having("chunks-behind", after=chunk(b"tEXt", b"Comment\0behind") + chunk(b"tIME", b"\x07\xe1\1\1\0\0\0"))
    yield having("unknown-chunk", chunk(b"abCd", b"whatever"))
    yield having("suggested-palette", chunk(b"PLTE", bytes(range(48))))
    yield having("one-frame", chunk(b"acTL", b"\0\0\0\1\0\0\0\0"))
    yield having("wide-profile", profile(picture_profiles.wide_rgb()), truth=to_srgb(picture, picture_profiles.wide_rgb()),
                 mean=1.5)
    yield having("swapped-profile", profile(picture_profiles.swapped_rgb()),
                 truth=to_srgb(picture, picture_profiles.swapped_rgb()), mean=1.5)
    yield having("broken-profile", profile(picture_profiles.broken()))
    yield having("undeflatable-profile", chunk(b"iCCP", b"some\0\0not deflated at all"))
    yield having("grey-profile-of-rgb", profile(picture_profiles.dark_grey()))
    for orientation in range(2, 9):
        stored = lay_down(picture, orientation)
        data = png(rows_of(stored), 8, RGB, before=chunk(b"eXIf", exif(orientation, orientation % 2 == 0)))
        yield Kind(f"png-exif{orientation}", data, truth=picture, orientation=orientation)
    yield having("trailing-bytes", truth=picture)
    grey_rows = rows_of(grey_scene(*SIZE))
    yield Kind("png-grey-profile", png(grey_rows, 8, GREY, before=profile(picture_profiles.dark_grey())), mean=1.5,
               truth=to_srgb(grey_scene(*SIZE), picture_profiles.dark_grey()))


def refused():
    picture = scene(*SIZE)
    rows = rows_of(picture)
    good = png(rows, 8, RGB)
    body = raw(rows, 8, RGB)
    end = good.index(b"IEND") - 4
    idat = good.index(b"IDAT")

    def damaged(at, data=good):
        return data[:at] + bytes([data[at] ^ 0x20]) + data[at + 1:]

    yield Kind("png-bad-crc-of-header", damaged(29), reason="bad_checksum")
    yield Kind("png-bad-crc-of-data", damaged(end - 1), reason="bad_checksum")
    yield Kind("png-bad-data", damaged(idat + 400), reason="bad_checksum")
    yield Kind("png-unknown-critical-chunk", png(rows, 8, RGB, before=chunk(b"ABCD", b"x")), reason="corrupt")
    yield Kind("png-no-data", SIGNATURE + header(*SIZE, 8, RGB) + chunk(b"IEND"), reason="corrupt")
    yield Kind("png-no-palette", png(rows_of(picture.quantize(9)), 8, PALETTE), reason="corrupt")
    yield Kind("png-no-end", good[:end], reason="truncated")
    yield Kind("png-cut", good[:len(good) // 2], reason="truncated")
    yield Kind("png-signature-only", SIGNATURE, reason="truncated")
    yield Kind("png-depth-3", SIGNATURE + header(*SIZE, 3, GREY) + good[33:], reason="corrupt")
    yield Kind("png-width-0", SIGNATURE + header(0, 5, 8, RGB) + good[33:], reason="corrupt")
    import zlib
    short = zlib.compress(body[:len(body) // 2])
    yield Kind("png-too-few-rows", SIGNATURE + header(*SIZE, 8, RGB) + chunk(b"IDAT", short) + chunk(b"IEND"),
               reason="corrupt")
    yield Kind("png-frames", _frames(picture), reason="animated_png")


def _frames(picture):
    out = io.BytesIO()
    picture.save(out, "PNG", save_all=True, append_images=[picture.rotate(90)], duration=50)
    return out.getvalue()


def all_kinds():
    found = [*every_type(), *odd_sizes(), *filters_and_streams(), *chunks(), *refused()]
    for kind in found:
        kind.ext = "png"
        if kind.name == "png-trailing-bytes":
            kind.data += b"\0\1\2 and more"
    return found
