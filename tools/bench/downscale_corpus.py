#!/usr/bin/python3 -B
# SPDX-License-Identifier: MIT
"""Makes the pictures `downscale` is measured on: the kinds, proportions and sizes of a booru, from wallpapers, game art
and clip art of Debian's packages, and drawn ones. Equal package versions make equal files, byte for byte.

    downscale_corpus.py OUT [--pictures 400] [--seed 2017]

OUT gets the pictures and index.json, which says what each of them is; a finished OUT is left as it is."""
import argparse
import concurrent.futures
import dataclasses
import hashlib
import json
import os
import pathlib
import random
import shutil
import sys

import numpy

import downscale_draw
import downscale_encode
import measure

# The long side at these shares of the pictures; between them it grows evenly on a logarithmic scale.
QUANTILES = [(0, 320), (0.03, 512), (0.05, 612), (0.25, 1192), (0.5, 1628), (0.75, 2171), (0.95, 3372), (1, 6000)]
# Short side by long side, and its share; two in three stand upright.
ASPECTS = {0.707: 40, 0.75: 15, 0.8: 10, 1: 10, 0.667: 10, 0.5625: 12, 0.4: 3}

FORMATS = {"jpeg": 279, "png": 109, "webp": 6, "gif": 6}
JPEG_KINDS = {"plain": 228, "sRGB": 14, "AdobeRGB": 10, "grey": 19, "CMYK": 3, "turned": 5}
JPEG_SUBSAMPLINGS = {"4:2:0": 145, "4:4:4": 99, "4:2:2": 35}
JPEG_CODINGS = {"default": 132, "optimal": 104, "progressive": 43}
PNG_KINDS = {"rgb": 56, "rgba": 19, "rgba opaque": 8, "palette": 14, "grey": 5, "interlaced": 4, "rgb16": 3}
WEBP_KINDS = {"lossless": 5, "lossy": 1}

PAINTED = {"wallpaper": 34, "portrait": 24, "paint": 20, "ink": 14, "clip art": 8}
DRAWN = {"ink": 35, "portrait": 20, "clip art": 10, "paint": 12, "wallpaper": 23}
CONTENTS = {("jpeg", "grey"): {"screentone": 14, "ink": 5}, ("png", "grey"): {"screentone": 3, "ink": 2},
            ("png", "rgba"): {"portrait": 11, "clip art": 5, "ink": 3},
            ("png", "palette"): {"ink": 8, "clip art": 6}, ("gif", "still"): {"ink": 3, "clip art": 3}}


@dataclasses.dataclass
class Plan:
    """One picture before it is drawn."""
    format: str
    kind: str
    content: str
    width: int
    height: int
    seed: int
    grain: float = 0.0
    quality: int = 0
    subsampling: str = ""
    coding: str = ""

    def label(self):
        words = [self.format, self.kind, self.subsampling, self.coding, self.content]
        return "-".join(word for word in words if word).replace(" ", "_").replace(":", "")


def deal(shares, count, dice):
    """`count` of the keys in these proportions, exactly as far as that goes, shuffled."""
    total = sum(shares.values())
    dealt = {key: count * share // total for key, share in shares.items()}
    by_rest = sorted(shares, key=lambda key: -(count * shares[key] % total))
    for key in by_rest[:count - sum(dealt.values())]:
        dealt[key] += 1
    keys = [key for key, number in dealt.items() for _ in range(number)]
    dice.shuffle(keys)
    return keys


def side_at(share):
    for (before, low), (after, high) in zip(QUANTILES, QUANTILES[1:]):
        if share <= after:
            return round(low * (high / low) ** ((share - before) / (after - before)))
    return QUANTILES[-1][1]


def draw_sizes(count, largest, dice):
    """Spread evenly over the quantiles, so that few pictures have the same distribution as many."""
    sides = [min(largest, side_at((number + 0.5) / count)) for number in range(count)]
    sides[-1] = min(largest, QUANTILES[-1][1])
    dice.shuffle(sides)
    for side, aspect in zip(sides, deal(ASPECTS, count, dice)):
        size = (max(1, round(side * aspect)), side)
        yield size if dice.random() < 0.66 else size[::-1]


def kinds_of(format, count, dice):
    shares = {"jpeg": JPEG_KINDS, "png": PNG_KINDS, "webp": WEBP_KINDS, "gif": {"still": 1}}[format]
    if not downscale_encode.has_profiles():
        shares = {kind: share for kind, share in shares.items() if kind not in downscale_encode.PROFILES}
    return deal(shares, count, dice)


def plan(count, seed, largest):
    dice = random.Random(seed)
    formats = deal(FORMATS, count, dice)
    sizes = iter(list(draw_sizes(count, largest, dice)))
    plans = []
    for format in FORMATS:
        number = formats.count(format)
        kinds = kinds_of(format, number, dice)
        common = DRAWN if format == "png" else PAINTED
        contents = {key: deal(CONTENTS.get((format, key), common), kinds.count(key), dice) for key in sorted(set(kinds))}
        subsamplings = deal(JPEG_SUBSAMPLINGS, number, dice)
        codings = deal(JPEG_CODINGS, number, dice)
        for kind, subsampling, coding in zip(kinds, subsamplings, codings):
            size = next(sizes)
            content = downscale_draw.available(contents[kind].pop())
            made = Plan(format, kind, content, *size, dice.getrandbits(64))
            if content in ("wallpaper", "paint", "portrait") and dice.random() < (0.6 if format == "jpeg" else 0.5):
                made.grain = dice.uniform(0.5, 3.5)
            if format == "jpeg":
                made.quality, made.coding = dice.randrange(85, 98), coding
                made.subsampling = subsampling if kind not in ("grey", "CMYK") else "4:4:4"
            plans.append(made)
    return plans


def encode(made, image, dice):
    if made.format == "jpeg":
        image = image.convert("L") if made.kind == "grey" else image
        return downscale_encode.jpeg(image, made.quality, made.subsampling, made.coding,
                                     profile=made.kind if made.kind in downscale_encode.PROFILES else None,
                                     orientation=[6, 8, 3][made.seed % 3] if made.kind == "turned" else 1)
    if made.kind in ("interlaced", "rgb16"):
        pixels = downscale_encode.deep(image, dice) if made.kind == "rgb16" else numpy.asarray(image)
        return downscale_encode.png(pixels, is_interlaced=made.kind == "interlaced")
    if made.kind == "palette" or made.format == "gif":
        image = image.quantize([16, 64, 128, 256][made.seed % 4])
    elif made.kind == "grey":
        image = image.convert("L")
    elif made.kind == "rgba opaque":
        image = image.convert("RGBA")
    if made.format == "webp":
        return downscale_encode.saved(image, "WEBP", lossless=made.kind == "lossless", quality=90 if made.kind == "lossy" else 50)
    return downscale_encode.saved(image, made.format.upper())


def make(folder, number, made):
    dice = numpy.random.Generator(numpy.random.PCG64(made.seed))
    image = downscale_draw.draw(made.content, (made.width, made.height), made.grain, made.kind == "rgba", dice)
    content = encode(made, image, dice)
    name = f"{number:04}-{made.label()}.{'jpg' if made.format == 'jpeg' else made.format}"
    (folder / name).write_bytes(content)
    # As stored: a turned picture lies on its side.
    is_lying = made.kind == "turned" and [6, 8, 3][made.seed % 3] != 3
    width, height = (made.height, made.width) if is_lying else (made.width, made.height)
    return dataclasses.asdict(made) | {"name": name, "width": width, "height": height, "size": len(content),
                                       "md5": hashlib.md5(content).hexdigest()}


def key_of(count, seed, largest):
    """What the files depend on: they are made again when any of it changes."""
    here = pathlib.Path(__file__).parent
    digest = hashlib.sha256("\n".join([*downscale_draw.versions(), f"{count} {seed} {largest}"]).encode())
    for name in ("downscale_corpus.py", "downscale_draw.py", "downscale_encode.py"):
        digest.update((here / name).read_bytes())
    return digest.hexdigest()


def load_or_make(folder, count=400, seed=2017, largest=6000):
    """The index's pictures; their files are in `folder`."""
    key, index = key_of(count, seed, largest), folder / "index.json"
    if index.exists():
        known = json.loads(index.read_text())
        if known["key"] == key:
            return known["pictures"]
    for kind, packages in downscale_draw.PACKAGES.items():
        if not downscale_draw.sources(kind):
            measure.shout(f"no {kind}: {downscale_draw.INSTEAD[kind]} instead; numbers compare with no other corpus "
                          f"(scripts/setup bench installs {', '.join(packages)})")
    if not downscale_encode.has_profiles():
        measure.shout(f"no profiles, no CMYK: {downscale_draw.PROFILES} is not installed (scripts/setup bench)")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    plans = plan(count, seed, largest)
    with concurrent.futures.ProcessPoolExecutor(min(os.cpu_count(), 4)) as pool:
        # The largest first: none of them is left to be waited for at the end.
        order = sorted(range(count), key=lambda number: -plans[number].width * plans[number].height)
        tasks = {number: pool.submit(make, folder, number + 1, plans[number]) for number in order}
        pictures = []
        for number in range(count):
            pictures.append(tasks[number].result())
            if sys.stderr.isatty():
                print(f"\r{number + 1} of {count} pictures ", end="", file=sys.stderr, flush=True)
    if sys.stderr.isatty():
        print("\r", end="", file=sys.stderr)
    index.write_text(json.dumps({"key": key, "pictures": pictures}, indent=1))
    return pictures


def quantile(values, share):
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def show(pictures):
    rows = []
    for format in FORMATS:
        group = [picture for picture in pictures if picture["format"] == format]
        if not group:
            continue
        kinds = {}
        for picture in group:
            words = [picture["kind"]] if picture["kind"] != "plain" else []
            for word in words + [picture["subsampling"], picture["coding"]] * (format == "jpeg"):
                kinds[word] = kinds.get(word, 0) + 1
        pixels = sum(picture["width"] * picture["height"] for picture in group)
        total = sum(picture["size"] for picture in group)
        rows.append([format, len(group), f"{total / len(group) / 1e3:.0f}", f"{pixels / len(group) / 1e6:.2f}",
                     f"{total * 8 / pixels:.2f}", ", ".join(f"{number} {kind}" for kind, number in sorted(kinds.items()))])
    measure.print_table(["", "n", "mean KB", "Mpx", "bits/px", "of them"], rows)
    sides = [max(picture["width"], picture["height"]) for picture in pictures]
    shares = ", ".join(f"p{share} {quantile(sides, share / 100)}" for share in (5, 25, 50, 75, 95))
    print(f"long side: {shares}, max {max(sides)}; {sum(picture['size'] for picture in pictures) / 1e6:.0f} MB")
    shown = {}
    for picture in pictures:
        shown[picture["content"]] = shown.get(picture["content"], 0) + 1
    print("showing: " + ", ".join(f"{number} {content}" for content, number in sorted(shown.items())), flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--pictures", type=int, default=400)
    parser.add_argument("--seed", type=int, default=2017)
    parser.add_argument("--largest", type=int, default=6000, help="no side is longer, pixels")
    options = parser.parse_args()
    show(load_or_make(options.out, options.pictures, options.seed, options.largest))


if __name__ == "__main__":
    main()
