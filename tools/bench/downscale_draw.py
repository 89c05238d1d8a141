# SPDX-License-Identifier: MIT
"""What the pictures of downscale_corpus.py show: crops of wallpapers, portraits out of a game, clip art, and drawn ones
(ink strokes, paint with grain, screentone). Equal seeds and packages draw equal pixels."""
import functools
import io
import pathlib
import subprocess

import numpy
from PIL import Image, ImageDraw

PACKAGES = {
    "wallpaper": ["plasma-workspace-wallpapers", "gnome-backgrounds", "mate-backgrounds", "ukui-wallpapers",
                  "lomiri-wallpapers-16.04", "lomiri-wallpapers-20.04"],
    "portrait": ["wesnoth-1.16-data"],
    "clip art": ["openclipart-svg"],
}
PROFILES = "libgs-common"
# What is drawn where the packages of a kind are not installed.
INSTEAD = {"wallpaper": "paint", "portrait": "ink", "clip art": "ink"}


def files_of(package):
    done = subprocess.run(["dpkg", "-L", package], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    return [pathlib.Path(line) for line in done.stdout.splitlines()]


def versions():
    """The installed packages that decide what is drawn, with their versions."""
    names = sorted({name for names in PACKAGES.values() for name in names} |
                   {PROFILES, "librsvg2-bin", "python3-pil", "python3-numpy", "libjpeg62-turbo", "zlib1g"})
    done = subprocess.run(["dpkg-query", "-W", "-f", "${Package} ${Version}\n", *names], stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, text=True)
    return sorted(line for line in done.stdout.splitlines() if len(line.split()) == 2)


@functools.cache
def sides_of(path):
    try:
        with Image.open(path) as image:
            return image.size
    except OSError:
        return 0, 0


@functools.cache
def sources(content):
    """Files to draw `content` from, each once, in the order of their names."""
    files = sorted(path for package in PACKAGES[content] for path in files_of(package) if not path.is_symlink())
    if content == "clip art":
        # Small enough to be rendered at once, large enough to show something.
        return [path for path in files if path.suffix == ".svg" and 5_000 < path.stat().st_size < 120_000]
    pictures = [path for path in files if path.suffix in (".jpg", ".png", ".webp") and path.is_file()]
    if content == "portrait":
        pictures = [path for path in pictures if "portraits" in path.parts]
    return [path for path in pictures if max(sides_of(path)) >= (300 if content == "portrait" else 1000)]


def available(content):
    return content if content not in PACKAGES or sources(content) else INSTEAD[content]


def pick(items, dice):
    return items[int(dice.integers(len(items)))]


def wallpaper(size, dice):
    """A crop of one, scaled down to `size` where the wallpaper is large enough."""
    candidates = sources("wallpaper")
    fitting = [path for path in candidates if all(have >= want for have, want in zip(sides_of(path), size))]
    with Image.open(pick(fitting or candidates, dice)) as image:
        room = min(image.width / size[0], image.height / size[1])
        zoom = room * dice.uniform(0.75, 1) if room < 2 else dice.uniform(1, min(room, 3))
        zoom = min(zoom, room)
        width, height = round(size[0] * zoom), round(size[1] * zoom)
        left = int(dice.integers(image.width - width + 1))
        top = int(dice.integers(image.height - height + 1))
        crop = image.crop((left, top, left + width, top + height)).convert("RGB")
    return crop.resize(size, Image.LANCZOS)


def background(size, dice):
    """Soft patches of a few colours."""
    small = dice.integers(30, 226, (int(dice.integers(3, 7)), int(dice.integers(3, 7)), 3), dtype=numpy.uint8)
    return Image.fromarray(small, "RGB").resize(size, Image.BICUBIC)


def portrait(size, dice):
    """One to four of them, transparent around."""
    canvas = Image.new("RGBA", size)
    for _ in range(int(dice.integers(1, 5))):
        with Image.open(pick(sources("portrait"), dice)) as image:
            figure = image.convert("RGBA")
        factor = dice.uniform(0.6, 1) * min(size[0] / figure.width, size[1] / figure.height)
        figure = figure.resize([max(1, round(side * factor)) for side in figure.size], Image.LANCZOS)
        place = [int(dice.integers(0, max(1, whole - part))) for whole, part in zip(size, figure.size)]
        canvas.alpha_composite(figure, tuple(place))
    return canvas


def clip_art(size, dice):
    """One to three drawings at the picture's size, transparent around."""
    canvas = Image.new("RGBA", size)
    for _ in range(int(dice.integers(1, 4))):
        drawing = pick(sources("clip art"), dice)
        done = subprocess.run(["rsvg-convert", "-a", "-w", str(size[0]), "-h", str(size[1]), drawing],
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        if done.returncode == 0:
            rendered = Image.open(io.BytesIO(done.stdout)).convert("RGBA")
            canvas.alpha_composite(rendered.crop((0, 0, *size)))
    return canvas


def stroke(dice, width, height):
    """Points along a curve, and how thick the brush is."""
    count = int(dice.integers(3, 6))
    knots = dice.uniform(-0.1, 1.1, (count, 2)) * (width, height)
    if dice.random() < 0.7:  # most are short
        knots = knots[0] + (knots - knots[0]) * 0.25
    steps = numpy.linspace(0, count - 1, 40)
    points = numpy.stack([numpy.interp(steps, range(count), knots[:, axis]) for axis in (0, 1)], 1)
    for _ in range(3):
        points[1:-1] = (points[:-2] + 2 * points[1:-1] + points[2:]) / 4
    return [tuple(point) for point in points.tolist()], max(1, round(dice.gamma(2, 0.0012) * max(width, height)))


def ink(size, dice, grey=False):
    """Lines on white, some of the shapes between them filled: line art."""
    scale = 2 if max(size) <= 3000 else 1  # for smooth edges
    width, height = size[0] * scale, size[1] * scale
    canvas = Image.new("L" if grey else "RGB", (width, height), "white")
    brush = ImageDraw.Draw(canvas)
    for _ in range(int(dice.integers(4, 14))):
        shade = int(dice.integers(90, 250))
        brush.polygon(stroke(dice, width, height)[0], fill=shade if grey else tuple(dice.integers(60, 256, 3).tolist()))
    for _ in range(int(dice.integers(40, 160))):
        points, thick = stroke(dice, width, height)
        brush.line(points, fill=int(dice.integers(0, 60)) if grey else tuple(dice.integers(0, 70, 3).tolist()), width=thick,
                   joint="curve")
    return canvas.reduce(scale) if scale > 1 else canvas


def paint(size, dice):
    """Soft colours, brush marks over them."""
    canvas = background(size, dice)
    marks = ink(size, dice)
    return Image.blend(canvas, marks, dice.uniform(0.2, 0.6))


def screentone(size, dice):
    """A page in black and white: shades are dots, which is the hardest thing to scale."""
    width, height = size
    shades = numpy.asarray(background(size, dice).convert("L"), numpy.float32)
    period, angle = dice.uniform(4, 9), dice.choice([numpy.pi / 4, numpy.pi / 6, numpy.pi / 3])
    x, y = numpy.meshgrid(numpy.arange(width, dtype=numpy.float32), numpy.arange(height, dtype=numpy.float32))
    turn = numpy.float32(2 * numpy.pi / period)
    across = (x * numpy.float32(numpy.cos(angle)) + y * numpy.float32(numpy.sin(angle))) * turn
    along = (y * numpy.float32(numpy.cos(angle)) - x * numpy.float32(numpy.sin(angle))) * turn
    dots = (numpy.cos(across) + numpy.cos(along) + 2) * 64  # 0 to 256
    tone = numpy.clip((shades - dots) * numpy.float32(3) + 128, 0, 255).astype(numpy.uint8)
    lines = numpy.asarray(ink(size, dice, grey=True))
    return Image.fromarray(numpy.where(lines < 250, numpy.minimum(lines, tone), tone), "L")


def grain(image, sigma, dice):
    """As scans and painted works have it."""
    pixels = numpy.asarray(image)
    noise = dice.standard_normal(pixels.shape[:2], dtype=numpy.float32) * numpy.float32(sigma)
    noise = noise[..., None] if pixels.ndim == 3 else noise
    return Image.fromarray(numpy.clip(numpy.rint(pixels + noise), 0, 255).astype(numpy.uint8), image.mode)


DRAW = {"wallpaper": wallpaper, "portrait": portrait, "clip art": clip_art, "ink": ink, "paint": paint,
        "screentone": screentone}


def draw(content, size, grain_sigma, has_alpha, dice):
    """RGBA where `has_alpha`, else RGB; the colours of grey pictures are grey."""
    image = DRAW[content](size, dice)
    if has_alpha:
        if image.mode == "RGBA":
            return image
        # Drawn on white: ink on nothing.
        image = image.convert("RGBA")
        image.putalpha(image.convert("L").point(lambda value: 255 - value if value > 128 else 255))
        return image
    if image.mode == "RGBA":
        behind = wallpaper(size, dice) if sources("wallpaper") and dice.random() < 0.5 else background(size, dice)
        behind.paste(image, mask=image.getchannel("A"))
        image = behind
    if grain_sigma > 0:
        image = grain(image, grain_sigma, dice)
    return image.convert("RGB")
