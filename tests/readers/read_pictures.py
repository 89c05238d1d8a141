# SPDX-License-Identifier: MIT
"""Pillow opens and decodes every picture of the 512px tree, and the original of each."""
import collections
import warnings

from reader import Missing


def read(release):
    try:
        from PIL import Image, ImageFile
    except ImportError:
        raise Missing("Pillow is not here (pip)") from None
    Image.MAX_IMAGE_PIXELS = None
    kinds = collections.Counter()
    stills = release.paths("512px")
    for path in stills:
        with Image.open(release.shared / path) as picture:
            picture.load()
            kinds[picture.format, picture.mode, picture.size] += 1
    yield "512px pictures by kind", dict(kinds), {("JPEG", "RGB", (512, 512)): release.statistics["stills"]}
    # A 512px form is whole; an original may be cut if `downscale --on-truncated accept` took it.
    ImageFile.LOAD_TRUNCATED_IMAGES = True
    yield from read_originals(release, Image, {path.rsplit("/", 1)[1].split(".")[0] for path in stills})


def read_originals(release, images, stills):
    opened, not_opened, formats = 0, [], collections.Counter()
    for path in release.paths("original"):
        if path.rsplit("/", 1)[1].split(".")[0] not in stills:
            continue
        try:
            with warnings.catch_warnings(), images.open(release.shared / path) as picture:
                warnings.simplefilter("ignore")
                picture.load()
            opened += 1
            formats[picture.format] += 1
        except (OSError, SyntaxError, ValueError) as error:
            not_opened.append(f"{path}: {error}")
    yield f"originals that have a 512px form and open, {dict(formats)}", opened, release.statistics["stills"]
    if not_opened:
        yield "originals that Pillow cannot open", not_opened[:10], []
