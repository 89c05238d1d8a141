# SPDX-License-Identifier: MIT
"""What an ML form has to look like, by Pillow: decoded whole, turned upright, brought to sRGB, laid on the background,
resized by its own Lanczos, placed in the square. The geometry is worked out here, not read from the manifest."""
import ctypes
import dataclasses
import functools
import io
import math
import warnings

from PIL import Image, ImageChops, ImageCms, ImageOps, ImageStat

Image.MAX_IMAGE_PIXELS = None


@dataclasses.dataclass
class Kind:
    """One awkward file, and what is to come of it."""
    name: str
    data: bytes
    ext: str = "jpg"
    reason: str = ""  # why there is no ML form
    truth: Image.Image = None  # the upright picture in sRGB, where Pillow itself reads the file wrongly
    mean: float = 0.6  # largest mean difference of the content's samples
    local: float = 12  # largest mean difference of a channel in 4 x 4 pixels
    alpha: bool = False
    orientation: int = 1
    # What was drawn before chroma was subsampled. Decoders enlarge chroma in ways of their own, so the ML form has to be as
    # near to this as Pillow's is, rather than near to Pillow's.
    drawn: Image.Image = None

    @property
    def file_name(self):
        return f"{self.name}.{self.ext}"


@functools.cache
def library_cmyk_profile():
    """The press profile libvips brings along: the meaning of CMYK without a profile is its choice."""
    vips = ctypes.CDLL("libvips.so.42")
    vips.vips_init(b"dbr-tests")
    blob, size = ctypes.c_void_p(), ctypes.c_size_t()
    if vips.vips_profile_load(b"cmyk", ctypes.byref(blob), None) != 0:
        raise AssertionError("libvips has no CMYK profile")
    vips.vips_blob_get.restype = ctypes.c_void_p
    return ctypes.string_at(vips.vips_blob_get(blob, ctypes.byref(size)), size.value)


def to_srgb(picture, profile):
    """By the profile, relative colorimetric with black point compensation; alpha stays as it is."""
    alpha = picture.getchannel("A") if picture.mode in ("RGBA", "LA") else None
    colours = picture if alpha is None else picture.convert(picture.mode[:-1])
    colours = ImageCms.profileToProfile(colours, ImageCms.ImageCmsProfile(io.BytesIO(profile)),
                                        ImageCms.createProfile("sRGB"), outputMode="RGB",
                                        renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
                                        flags=ImageCms.FLAGS["BLACKPOINTCOMPENSATION"])
    if alpha is not None:
        colours.putalpha(alpha)
    return colours


def by_own_profile(picture):
    """None when it has no profile, or one that does not fit it: broken, or of another colour space."""
    profile = picture.info.get("icc_profile")
    space = {"L": "GRAY", "LA": "GRAY", "CMYK": "CMYK"}.get(picture.mode, "RGB ")
    try:
        if profile and ImageCms.ImageCmsProfile(io.BytesIO(profile)).profile.xcolor_space == space:
            return to_srgb(picture, profile)
    except (OSError, ImageCms.PyCMSError):
        pass
    return None


def opened(data):
    picture = Image.open(io.BytesIO(data))
    picture.load()
    return picture


def upright(data):
    """RGB or RGBA, in sRGB."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # broken EXIF data is part of the job
        picture = opened(data)
        turned = ImageOps.exif_transpose(picture)
    turned.info = dict(picture.info)
    if turned.mode in ("P", "1") or "transparency" in turned.info:
        turned = turned.convert("RGBA" if "transparency" in turned.info else "RGB")
    seen = by_own_profile(turned)
    if seen is None:
        seen = to_srgb(turned, library_cmyk_profile()) if turned.mode == "CMYK" else turned
    return seen.convert("RGBA" if "A" in seen.mode else "RGB")


def flattened(picture, background=(0, 0, 0)):
    if picture.mode == "RGB":
        return picture
    below = Image.new("RGBA", picture.size, (*background, 255))
    return Image.alpha_composite(below, picture).convert("RGB")


def expected(picture, size=512, background=(0, 0, 0), fit="pad", enlarge=False):
    """The canvas before it is encoded, and the box of the content: (left, top, right, bottom)."""
    reference = (min if fit == "cover" else max)(picture.size)
    scaled = picture.size
    if reference > size or (enlarge and reference < size):
        scaled = tuple(max(1, (2 * extent * size + reference) // (2 * reference)) for extent in picture.size)
    content = flattened(picture, background).resize(scaled, Image.Resampling.LANCZOS)
    width, height = (min(extent, size) for extent in scaled)
    left, top = (scaled[0] - width) // 2, (scaled[1] - height) // 2
    content = content.crop((left, top, left + width, top + height))
    canvas = Image.new("RGB", content.size if fit == "inside" else (size, size))
    left, top = (canvas.width - width) // 2, (canvas.height - height) // 2
    canvas.paste(content, (left, top))
    return canvas, (left, top, left + width, top + height)


def reencoded(square, quality=90, subsampling=0):
    """What the encoder's own loss makes of a perfect result."""
    out = io.BytesIO()
    square.save(out, "JPEG", quality=quality, subsampling=subsampling)
    return Image.open(out).convert("RGB")


def mean_difference(a, b):
    return sum(ImageStat.Stat(ImageChops.difference(a, b)).mean) / 3


def local_difference(a, b):
    """The largest mean over 4 x 4 pixels (or what there is of them at the edges) of any channel."""
    return max(high for _, high in ImageChops.difference(a, b).reduce(4).getextrema())


def psnr(a, b):
    squares = ImageStat.Stat(ImageChops.difference(a, b)).sum2
    error = sum(squares) / (3 * a.width * a.height)
    return 99.0 if error == 0 else 10 * math.log10(255 * 255 / error)


def judge(jpeg, wanted, box, mean=0.6, local=12, quality=90, subsampling=0, drawn=None):
    """Complaints about one ML form; none when it is right. `wanted` is the canvas before encoding, `drawn` the canvas of
    what the file was made of."""
    got = Image.open(io.BytesIO(jpeg))
    if got.format != "JPEG" or got.mode != "RGB" or got.size != wanted.size:
        return [f"is {got.format} {got.mode} {got.size}"]
    wrong = []
    if set(got.info) - {"jfif", "jfif_version", "jfif_unit", "jfif_density", "progressive", "progression"}:
        wrong.append(f"carries {sorted(got.info)}")
    # Whole blocks around the content: what is further away is black and cannot change them.
    around = (*(edge // 16 * 16 for edge in box[:2]),
              *(min(-(-edge // 16) * 16, end) for edge, end in zip(box[2:], wanted.size)))
    inside = tuple(edge - around[i % 2] for i, edge in enumerate(box))
    perfect = reencoded(wanted.crop(around), quality, subsampling).crop(inside)
    if drawn is not None:
        theirs, perfect = perfect, reencoded(drawn.crop(around), quality, subsampling).crop(inside)
        mean += 1.15 * mean_difference(theirs, perfect)
        local += 1.15 * local_difference(theirs, perfect)
    ours = got.crop(box)
    if (off := mean_difference(ours, perfect)) > mean:
        wrong.append(f"content differs by {off:.2f} on average, more than {mean:.2f}")
    if (worst := local_difference(ours, perfect)) > local:
        wrong.append(f"content differs by {worst} in one place, more than {local:.0f}")
    bleeding = 2 if subsampling else 0  # of chroma, when it is enlarged
    got.paste(0, tuple(edge + grow for edge, grow in zip(around, (-bleeding, -bleeding, bleeding, bleeding))))
    brightest = max(high for _, high in got.getextrema())
    if brightest > 12:
        wrong.append(f"something of {brightest} lies outside of the content")
    # Where next to nothing differs nothing is moved.
    return wrong + (shift_complaints(ours, perfect) if off > 0.2 else [])


def shift_complaints(ours, perfect):
    """By the picture itself: moved by one pixel it must fit worse. Says nothing of pictures too small to tell."""
    width, height = ours.size
    if min(width, height) < 16:
        return []
    inner = ours.crop((2, 2, width - 2, height - 2))
    fits = {(x, y): mean_difference(inner, perfect.crop((2 + x, 2 + y, width - 2 + x, height - 2 + y)))
            for x, y in ((0, 0), (-1, 0), (1, 0), (0, -1), (0, 1))}
    best = min(fits, key=fits.get)
    return [f"fits better when moved by {best}"] if fits[best] < fits[0, 0] else []
