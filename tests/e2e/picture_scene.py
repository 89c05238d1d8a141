# SPDX-License-Identifier: MIT
"""What the awkward pictures show: a scene in which a turned, mirrored, shifted or miscoloured picture cannot hide."""
from PIL import Image, ImageChops, ImageDraw


def scene(width, height):
    """RGB: a different colour in each corner, steps and a slope in every channel, fine lines, nothing symmetrical."""
    across = Image.linear_gradient("L").rotate(90).resize((width, height), Image.Resampling.BILINEAR)
    down = Image.linear_gradient("L").resize((width, height), Image.Resampling.BILINEAR)
    picture = Image.merge("RGB", (across, down, ImageChops.invert(across)))
    draw = ImageDraw.Draw(picture)
    at = lambda x, y: (round(x * (width - 1)), round(y * (height - 1)))
    draw.rectangle([at(0, 0), at(0.22, 0.2)], fill=(220, 30, 40))
    draw.rectangle([at(0.8, 0), at(1, 0.25)], fill=(30, 180, 60))
    draw.rectangle([at(0, 0.75), at(0.25, 1)], fill=(30, 60, 220))
    draw.rectangle([at(0.85, 0.82), at(1, 1)], fill=(240, 210, 30))
    draw.ellipse([at(0.35, 0.3), at(0.62, 0.72)], fill=(250, 250, 250), outline=(10, 10, 10))
    draw.polygon([at(0.66, 0.35), at(0.95, 0.5), at(0.7, 0.65)], fill=(90, 20, 120))
    for i in range(6):
        draw.line([at(0.3 + i * 0.05, 0.03), at(0.33 + i * 0.05, 0.22)], fill=(0, 0, 0), width=max(1, width // 150))
    draw.line([at(0.05, 0.7), at(0.95, 0.78)], fill=(255, 120, 0), width=max(1, height // 100))
    return picture


def grey_scene(width, height):
    return scene(width, height).convert("L")


def veil(width, height):
    """Alpha for the scene: a hole, a half transparent part, a slope, and the rest opaque."""
    alpha = Image.new("L", (width, height), 255)
    slope = Image.linear_gradient("L").resize((max(1, width // 4), max(1, height // 3)))
    alpha.paste(slope, (width // 3, height // 2))
    draw = ImageDraw.Draw(alpha)
    draw.rectangle([width // 8, height // 10, width // 3, height // 4], fill=0)
    draw.rectangle([width // 2, height // 8, width * 3 // 4, height // 3], fill=128)
    return alpha


def lay_down(upright, orientation):
    """What a camera stores so that this EXIF orientation makes it `upright`."""
    stored_by = {2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM,
                 5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_90, 7: Image.Transpose.TRANSVERSE,
                 8: Image.Transpose.ROTATE_270}
    return upright.transpose(stored_by[orientation]) if orientation in stored_by else upright
