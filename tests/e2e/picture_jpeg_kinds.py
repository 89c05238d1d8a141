# SPDX-License-Identifier: MIT
"""JPEG in the forms that boorus hold: samplings, colour models, orientations, profiles, extents."""
import io

from PIL import Image, ImageChops

import picture_profiles
from picture_jpeg import exif, header_only, insert, marker, odd, plain, profile
from picture_judge import Kind
from picture_scene import grey_scene, lay_down, scene

# Shrunk by less than two, by more than two, and not at all.
SIZES = ((200, 150), (701, 503), (1501, 1111))


def samplings():
    factors = {"444": "1x1,1x1,1x1", "422": "2x1,1x1,1x1", "420": "2x2,1x1,1x1", "440": "1x2,1x1,1x1",
               "411": "4x1,1x1,1x1", "410": "4x2,1x1,1x1", "odd": "2x2,2x1,1x2", "crossed": "1x2,2x1,1x1",
               "fine-chroma": "1x1,2x2,2x2", "three": "3x1,1x1,1x1"}
    for size in SIZES:
        picture = scene(*size)
        for name, sampling in factors.items():
            if size[0] > 1000 and name not in ("444", "420", "odd"):
                continue
            for how in ("", "progressive") if name in ("444", "420", "odd") else ("",):
                words = ["in=rgb", "out=ycc", f"sampling={sampling}", *filter(None, [how])]
                yield Kind(f"jpeg-{name}{'-' + how if how else ''}-{size[0]}", odd(picture, *words), drawn=picture)


def codings():
    for size in SIZES[:2]:
        picture = scene(*size)
        for name, words in {"arithmetic": ["arithmetic"], "arithmetic-progressive": ["arithmetic", "progressive"],
                            "restart": ["restart=3"], "restart-progressive": ["restart=2", "progressive"],
                            "bare": ["bare"], "quality100": ["quality=100"], "quality10": ["quality=10"]}.items():
            yield Kind(f"jpeg-{name}-{size[0]}", odd(picture, "in=rgb", "out=ycc", "sampling=2x2,1x1,1x1", *words),
                       drawn=None if name.startswith("arithmetic") else picture)
        grey = grey_scene(*size)
        for name, words in {"grey": [], "grey-2x2": ["sampling=2x2"], "grey-progressive": ["progressive"]}.items():
            yield Kind(f"jpeg-{name}-{size[0]}", odd(grey, "in=grey", "out=grey", *words))
        yield Kind(f"jpeg-rgb-adobe-{size[0]}", odd(picture, "in=rgb", "out=rgb"))
        yield Kind(f"jpeg-rgb-by-ids-{size[0]}", odd(picture, "in=rgb", "out=rgb", "bare", "ids=82,71,66"))
        yield Kind(f"jpeg-odd-ids-{size[0]}", odd(picture, "in=rgb", "out=ycc", "bare", "ids=0,1,2"), drawn=picture)


def ink():
    """CMYK and YCCK: 255 is no ink, as Adobe stores them, and as everybody reads them even without its marker."""
    for size in SIZES[:2]:
        inks = scene(*size).convert("CMYK")
        black = Image.eval(scene(*size).convert("L"), lambda v: (255 - v) // 3)
        inks = Image.merge("CMYK", (*inks.split()[:3], black))
        inverted = ImageChops.invert(inks)
        own = picture_profiles.press_cmyk()
        for name, words in {"cmyk": ["out=cmyk"], "ycck": ["out=ycck", "sampling=1x1,1x1,1x1,1x1"], "ycck-420": ["out=ycck", "sampling=2x2,1x1,1x1,2x2"],
                            "cmyk-progressive": ["out=cmyk", "progressive"]}.items():
            data = odd(inverted, "in=cmyk", *words)
            yield Kind(f"jpeg-{name}-{size[0]}", data, mean=2.0, local=16)
            yield Kind(f"jpeg-{name}-profile-{size[0]}", insert(data, *profile(own)), mean=2.0, local=16)
        bare = odd(inverted, "in=cmyk", "out=cmyk", "bare")
        yield Kind(f"jpeg-cmyk-bare-{size[0]}", bare, mean=2.0, local=20)
        data = odd(inverted, "in=cmyk", "out=cmyk")
        yield Kind(f"jpeg-cmyk-rgb-profile-{size[0]}", insert(data, *profile(picture_profiles.wide_rgb())), mean=2.0,
                   local=16)


def orientations():
    for size in ((90, 61), (64, 48), (801, 601)):
        picture = scene(*size)
        for orientation in range(1, 9):
            for big_endian in (False, True) if size[0] < 512 else (orientation % 2 == 0,):
                data = plain(lay_down(picture, orientation), subsampling=2 if big_endian else 0)
                thumbnail = plain(scene(32, 24)) if orientation % 3 == 0 else b""
                yield Kind(f"jpeg-exif{orientation}-{'be' if big_endian else 'le'}-{size[0]}",
                           insert(data, exif(orientation, big_endian, thumbnail)), orientation=orientation, drawn=picture)
    picture = plain(scene(90, 61))
    for value in (0, 9, 65535):
        yield Kind(f"jpeg-exif-wrong{value}", insert(picture, exif(value, True)), mean=1.0)
    yield Kind("jpeg-exif-broken", insert(picture, marker(0xE1, b"Exif\0\0MM\0*\xff\xff\xff\xff")), mean=1.0)
    yield Kind("jpeg-exif-empty", insert(picture, marker(0xE1, b"Exif\0\0")), mean=1.0)
    yield Kind("jpeg-xmp", insert(picture, marker(0xE1, b"http://ns.adobe.com/xap/1.0/\0<x/>")), mean=1.0)


def profiles():
    for size in SIZES[:2]:
        picture = scene(*size)
        data = plain(picture)
        for name, made in {"wide": picture_profiles.wide_rgb(), "swapped": picture_profiles.swapped_rgb()}.items():
            # Shrunk before it is converted: at edges of colours that sRGB has not, what is cut off is another.
            yield Kind(f"jpeg-profile-{name}-{size[0]}", insert(data, *profile(made)), mean=2.0, local=26)
        for name, made in {"broken": picture_profiles.broken(), "grey": picture_profiles.dark_grey(),
                           "cmyk": picture_profiles.press_cmyk(), "empty": b"", "text": b"not a profile"}.items():
            yield Kind(f"jpeg-profile-{name}-{size[0]}", drawn=picture,
                       data=insert(data, *profile(made) or [marker(0xE2, b"ICC_PROFILE\0\1\1")]))
        wide = picture_profiles.wide_rgb()
        yield Kind(f"jpeg-profile-cut-{size[0]}", insert(data, *profile(wide[:200])), drawn=picture)
        yield Kind(f"jpeg-profile-part-missing-{size[0]}", insert(data, *profile(wide[:300], total=2)), drawn=picture,
                   truth=reread(data))
        yield Kind(f"jpeg-profile-of-grey-{size[0]}", mean=2.0, local=16,
                   data=insert(plain(picture.convert("L")), *profile(picture_profiles.dark_grey())))


def reread(data):
    return Image.open(io.BytesIO(data)).convert("RGB")


def extents():
    for side in (1, 2, 7, 8, 9, 15, 16, 17, 511, 512, 513, 1023, 1024, 1025, 1535, 1536, 1537, 2047, 2048, 2049):
        for width, height, name in ((side, side // 3 + 1, "wide"), (side // 4 + 3, side, "tall")):
            words = ["in=rgb", "out=ycc", f"sampling={'2x2' if width % 2 else '1x1'},1x1,1x1"]
            picture = scene(width, height)
            yield Kind(f"jpeg-{name}{side}", odd(picture, *words), drawn=picture)
    for width, height in ((1, 20000), (20000, 1), (65500, 10), (10, 65500), (3, 5000)):
        # Nothing to see in a line but its colours along it.
        yield Kind(f"jpeg-{width}x{height}", plain(scene(width, height)), mean=9.0, local=40)


def refused():
    picture = scene(200, 150)
    good = plain(picture)
    progressive = plain(picture, progressive=True)
    frame = good.index(b"\xff\xc0")
    yield Kind("jpeg-12-bit", header_only(0xC1, 12, 64, 64), reason="unsupported")
    yield Kind("jpeg-lossless", header_only(0xC3, 8, 64, 64), reason="unsupported")
    yield Kind("jpeg-no-end", good[:-2], reason="truncated")
    yield Kind("jpeg-cut", good[:len(good) * 2 // 3], reason="truncated")
    yield Kind("jpeg-progressive-cut", progressive[:len(progressive) // 3], reason="truncated")
    yield Kind("jpeg-cut-and-sewn", good[:len(good) // 2] + b"\xff\xd9", reason="corrupt")
    yield Kind("jpeg-start-only", b"\xff\xd8\xff", reason="truncated")
    yield Kind("jpeg-no-tables", good[:2] + good[frame:], reason="corrupt")
    yield Kind("jpeg-height-0", header_only(0xC0, 8, 64, 0), reason="corrupt")
    restarting = odd(picture, "in=rgb", "out=ycc", "restart=3")
    first, second = restarting.index(b"\xff\xd1"), restarting.index(b"\xff\xd2")
    yield Kind("jpeg-restart-missing", restarting[:first] + restarting[second:], reason="corrupt")


def all_kinds():
    return [*samplings(), *codings(), *ink(), *orientations(), *profiles(), *extents(), *refused()]
