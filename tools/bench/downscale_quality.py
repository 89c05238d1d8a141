#!/usr/bin/python3 -B
# SPDX-License-Identifier: MIT
"""How near ML forms come to the picture that full decoding, floating point and Lanczos3 in sRGB light give. Shares no
code with dbr: Pillow decodes and resizes, LittleCMS converts, numpy compares.

    downscale_quality.py ORIGINAL MADE [ORIGINAL MADE]...    PSNR and SSIM of pictures without borders"""
import concurrent.futures
import io
import os
import pathlib
import statistics
import sys

import numpy
from PIL import Image, ImageCms, ImageFile, ImageOps

import downscale_peers
import measure

Image.MAX_IMAGE_PIXELS = None
ImageFile.LOAD_TRUNCATED_IMAGES = False
LEAST_MEAN, LEAST = 0.9990, 0.995
WORST = 10
EXACT = 99.0  # dB; what equal pictures count as
LUMA = numpy.array([0.299, 0.587, 0.114], numpy.float32)
# 11 taps, sigma 1.5, as in the paper that introduced SSIM.
TAPS = numpy.exp(-numpy.arange(-5, 6) ** 2 / (2 * 1.5 ** 2))
TAPS /= TAPS.sum()
C1, C2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2


def open_upright(path):
    """RGB as floats, 0 to 255, every pixel of it: upright, sRGB, on black."""
    with Image.open(path) as image:
        profile = image.info.get("icc_profile")
        image.load()
        if image.mode == "CMYK" and not profile:
            raise measure.Failed(f"{path}: CMYK without a profile has no one right colour")
        if image.mode in ("P", "PA"):
            image = image.convert("RGBA" if "transparency" in image.info else "RGB")
        if profile and image.mode in ("RGB", "CMYK"):
            image = ImageCms.profileToProfile(image, ImageCms.ImageCmsProfile(io.BytesIO(profile)),
                                              ImageCms.createProfile("sRGB"), outputMode="RGB",
                                              renderingIntent=ImageCms.INTENT_RELATIVE_COLORIMETRIC,
                                              flags=ImageCms.FLAGS["BLACKPOINTCOMPENSATION"])
            with Image.open(path) as turned:
                image.info["exif"] = turned.info.get("exif", b"")
        image = ImageOps.exif_transpose(image)
        if image.mode in ("RGBA", "LA"):
            pixels = numpy.asarray(image.convert("RGBA"), numpy.float32)
            return pixels[..., :3] * (pixels[..., 3:] / 255)
        return numpy.asarray(image.convert("RGB"), numpy.float32)


def reference(pixels, size):
    """`pixels` resized, still as floats. Values beyond black and white are cut, as no picture can have them."""
    if (pixels.shape[1], pixels.shape[0]) == size:
        return pixels
    bands = [Image.fromarray(numpy.ascontiguousarray(pixels[..., band]), "F") for band in range(3)]
    return numpy.clip(numpy.stack([numpy.asarray(band.resize(size, Image.LANCZOS)) for band in bands], 2), 0, 255)


def blurred(plane):
    """Weighted by TAPS both ways, where the window lies in the picture."""
    height, width = plane.shape
    down = sum(tap * plane[i:height - 10 + i] for i, tap in enumerate(TAPS))
    return sum(tap * down[:, i:width - 10 + i] for i, tap in enumerate(TAPS))


def ssim(one, other):
    """Of two planes, 0 to 255; None when they are smaller than the window."""
    if min(one.shape) < 11:
        return None
    one, other = one.astype(numpy.float64), other.astype(numpy.float64)
    mean1, mean2 = blurred(one), blurred(other)
    var1, var2 = blurred(one * one) - mean1 ** 2, blurred(other * other) - mean2 ** 2
    both = blurred(one * other) - mean1 * mean2
    return float((((2 * mean1 * mean2 + C1) * (2 * both + C2)) /
                  ((mean1 ** 2 + mean2 ** 2 + C1) * (var1 + var2 + C2))).mean())


def psnr(one, other):
    error = float(((one - other) ** 2).mean())
    return min(EXACT, 10 * numpy.log10(255 ** 2 / error)) if error else EXACT


def compare(pixels, made):
    """PSNR of the colours and SSIM of the luma of `made` (a picture or its box)."""
    right = reference(pixels, made.size)
    pixels = numpy.asarray(made.convert("RGB"), numpy.float32)
    return psnr(right, pixels), ssim(right @ LUMA, pixels @ LUMA)


def judge_one(task):
    """By stage: PSNR and SSIM, and whether the box is the picture's shape to within a pixel."""
    path, stages = task
    pixels = open_upright(path)
    found = {}
    for stage, (made, box) in stages.items():
        if made.exists():
            with Image.open(made) as image:
                found[stage] = compare(pixels, image.crop(box) if box else image)
    (_, box), (height, width) = stages["form"], pixels.shape[:2]
    scale = min(1, downscale_peers.SIZE / max(width, height))
    found["shape"] = max(abs(box[2] - box[0] - width * scale), abs(box[3] - box[1] - height * scale)) < 1
    return found


def draw_pixels(paths, folder):
    """dbr's own pixels, before they are encoded; False when the program is not there."""
    try:
        program = measure.program("downscale-pixels", "DOWNSCALE_PIXELS", "tools/bench/downscale-pixels")
    except measure.Failed as error:
        measure.shout(f"SKIPPED pixels before encoding: {error}")
        return False
    measure.run([program, folder, *paths])
    return True


def make_thumbnails(paths, scratch):
    job = downscale_peers.Job(paths, scratch / "thumbnail-input", scratch / "thumbnails")
    lack = downscale_peers.lack_of(downscale_peers.VIPSTHUMBNAIL, False)
    if lack:
        measure.shout(f"SKIPPED quality of vipsthumbnail: {lack}")
        return
    job.input.mkdir()
    job.out.mkdir()
    measure.run(downscale_peers.vipsthumbnail(job))


def has_plain_colours(picture):
    return picture["kind"] not in ("CMYK", "sRGB", "AdobeRGB")


GROUPS = {"all": lambda picture: True,
          "JPEG of 512 or more": lambda picture: (picture["format"] == "jpeg" and
                                                  max(picture["width"], picture["height"]) >= 512),
          "PNG": lambda picture: picture["format"] == "png",
          "JPEG and PNG without profile": lambda picture: (picture["format"] in ("jpeg", "png") and
                                                           has_plain_colours(picture))}


def values(pictures, found, group, stage, measure_number=1):
    return [result[stage][measure_number] for picture, result in zip(pictures, found)
            if GROUPS[group](picture) and stage in result and result[stage][1] is not None]


def show(pictures, found):
    rows = []
    for group in GROUPS:
        for stage, title in (("pixels", "before encoding"), ("form", "after q90"), ("thumbnail", "vipsthumbnail, q90")):
            similar, noise = values(pictures, found, group, stage), values(pictures, found, group, stage, 0)
            if similar:
                rows.append([f"{group}: {title}", len(similar), f"{statistics.mean(similar):.5f}", f"{min(similar):.4f}",
                             f"{statistics.mean(noise):.1f}", f"{min(noise):.1f}"])
    print("\nAgainst full decoding and Lanczos3 in floating point")
    measure.print_table(["", "n", "SSIM mean", "min", "PSNR mean", "min"], rows)
    stage = "pixels" if any("pixels" in result for result in found) else "form"
    order = sorted((result[stage][1], result[stage][0], picture["name"], f"{picture['width']}x{picture['height']}")
                   for picture, result in zip(pictures, found) if stage in result and result[stage][1] is not None)
    print(f"\nThe worst {'before encoding' if stage == 'pixels' else 'after q90'}")
    measure.print_table(["", "SSIM", "PSNR", "size"],
                        [[name, f"{similar:.4f}", f"{noise:.1f}", size] for similar, noise, name, size in order[:WORST]])


def judge(pictures, paths, forms, scratch):
    """Verdicts. `forms` by post, the first picture's is 1: path and box."""
    folder = scratch / "pixels"
    folder.mkdir()
    draw_pixels(paths, folder)
    make_thumbnails(paths, scratch)
    tasks = [(path, {"form": forms[number], "pixels": (folder / f"{path.stem}.ppm", None),
                     "thumbnail": (scratch / "thumbnails" / f"{path.stem}.jpg", None)})
             for number, path in enumerate(paths, 1) if number in forms]
    pictures = [picture for number, picture in enumerate(pictures, 1) if number in forms]
    with concurrent.futures.ProcessPoolExecutor(os.cpu_count()) as pool:
        found = list(pool.map(judge_one, tasks, chunksize=4))
    for picture, result in zip(pictures, found):
        if not result["shape"]:
            measure.shout(f"the box of {picture['name']} has another shape than the picture")
    show(pictures, found)
    verdicts = []
    for group in ("all", "JPEG of 512 or more"):
        similar = values(pictures, found, group, "pixels")
        for what, take, bar in (("mean", statistics.mean, LEAST_MEAN), ("minimum", min, LEAST)):
            value = take(similar) if similar else None
            is_held = value is not None and value >= bar
            verdicts.append([f"{what} SSIM before encoding, {group}", value, f">= {bar:.4f}", is_held])
    for group in ("JPEG of 512 or more", "JPEG and PNG without profile"):
        own, other = (values(pictures, found, group, stage) for stage in ("form", "thumbnail"))
        if own and other:
            verdicts.append([f"mean SSIM after q90, {group}", statistics.mean(own), f">= {statistics.mean(other):.4f}",
                             statistics.mean(own) >= statistics.mean(other)])
    return verdicts


def main():
    words = [pathlib.Path(word) for word in sys.argv[1:]]
    if not words or len(words) % 2:
        sys.exit(__doc__)
    rows = []
    for original, made in zip(words[::2], words[1::2]):
        with Image.open(made) as image:
            noise, similar = compare(open_upright(original), image)
        rows.append([original.name, f"{noise:.2f}", "-" if similar is None else f"{similar:.5f}"])
    measure.print_table(["", "PSNR", "SSIM"], rows)


if __name__ == "__main__":
    main()
