# SPDX-License-Identifier: MIT
"""The other formats, names that lie, and files that are no picture."""
import io
import random

from PIL import Image

import picture_profiles
from picture_jpeg import plain
from picture_judge import Kind
from picture_other import animated, avif, bmp, gif, gif_frame, indexed, mp4, ugoira, webp
from picture_png import exif, png, rows_of
from picture_scene import lay_down, scene, veil


def gifs():
    picture = scene(120, 90)
    small, colours = indexed(picture)
    yield Kind("gif-plain", gif((120, 90), colours, gif_frame(small)), "gif", truth=small.convert("RGB"))
    seen = small.convert("RGBA")
    seen.putalpha(Image.frombytes("L", small.size, bytes(0 if value == 5 else 255 for value in small.tobytes())))
    yield Kind("gif-transparent", gif((120, 90), colours, gif_frame(small, transparent=5)), "gif", truth=seen, alpha=True)
    # What no frame covers is nothing, whatever the background colour says.
    larger = Image.new("RGBA", (200, 140))
    larger.paste(small.convert("RGBA"), (30, 20))
    yield Kind("gif-small-frame", gif((200, 140), colours, gif_frame(small, 30, 20)), "gif", truth=larger)
    comment = b"\x21\xfe\x05hello\0"
    yield Kind("gif-comment", gif((120, 90), colours, comment, gif_frame(small), comment), "gif",
               truth=small.convert("RGB"))
    yield Kind("gif-animated", gif((120, 90), colours, gif_frame(small), gif_frame(small)), "gif", reason="animated_gif")
    yield Kind("gif-animated-named-jpg", animated(picture, "GIF"), "jpg", reason="animated_gif")
    whole = gif((120, 90), colours, gif_frame(small))
    yield Kind("gif-cut", whole[:len(whole) // 2], "gif", reason="truncated")
    yield Kind("gif-no-frame", gif((120, 90), colours), "gif", reason="corrupt")


def webps():
    for size in ((150, 111), (803, 607)):
        picture = scene(*size)
        seen = picture.copy()
        seen.putalpha(veil(*size))
        yield Kind(f"webp-lossy-{size[0]}", webp(picture, quality=90), "webp", mean=1.0)
        yield Kind(f"webp-lossless-{size[0]}", webp(picture, lossless=True), "webp", mean=1.0)
        yield Kind(f"webp-alpha-{size[0]}", webp(seen, quality=90), "webp", alpha=True, mean=1.0)
        yield Kind(f"webp-alpha-lossless-{size[0]}", webp(seen, lossless=True, exact=True), "webp", alpha=True, mean=1.0)
    picture = scene(150, 111)
    yield Kind("webp-profile", webp(picture, lossless=True, icc_profile=picture_profiles.swapped_rgb()), "webp", mean=2.0)
    turned = webp(lay_down(picture, 6), lossless=True, exif=b"Exif\0\0" + exif(6))
    yield Kind("webp-exif6", turned, "webp", truth=picture, orientation=6)
    yield Kind("webp-animated", animated(picture, "WEBP"), "webp", reason="animated_webp")
    yield Kind("webp-animated-named-png", animated(scene(90, 90), "WEBP"), "png", reason="animated_webp")
    yield Kind("webp-cut", webp(picture)[:-100], "webp", reason="truncated")


def avifs():
    picture = scene(240, 180)
    yield Kind("avif", avif(picture), "avif", truth=picture, mean=4.0, local=60)
    large = scene(700, 500)
    yield Kind("avif-large", avif(large), "avif", truth=large, mean=4.0, local=60)
    seen = picture.copy()
    seen.putalpha(veil(*picture.size))
    yield Kind("avif-alpha", avif(seen), "avif", truth=seen, alpha=True, mean=5.0, local=70)
    yield Kind("avif-cut", avif(picture)[:-200], "avif", reason="truncated")


def lying_names():
    picture = scene(97, 71)
    yield Kind("png-named-jpg", png(rows_of(picture), 8, 2), "jpg", truth=picture)
    yield Kind("jpeg-named-png", plain(picture), "png", mean=1.0)
    yield Kind("webp-named-gif", webp(picture, lossless=True), "gif")
    frames = io.BytesIO()
    picture.save(frames, "PNG", save_all=True, append_images=[picture.rotate(180)], duration=9)
    yield Kind("png-animated-named-jpg", frames.getvalue(), "jpg", reason="animated_png")


def no_pictures():
    picture = scene(40, 30)
    noise = random.Random(2017).randbytes(5000)
    for name, data, reason in (("empty", b"", "empty"), ("html", b"<!DOCTYPE html><title>Moment</title>", "html"),
                               ("garbage", noise, "garbage"), ("zeros", bytes(4000), "garbage"),
                               ("zip", ugoira(picture), "ugoira"), ("mp4", mp4(), "video"),
                               ("bmp", bmp(picture), "unsupported"), ("text", b"not found\n", "garbage"),
                               ("webm", b"\x1a\x45\xdf\xa3" + noise, "video"), ("swf", b"FWS\x0a\0\1\0\0" + noise, "flash"),
                               ("one-byte", b"\xff", "garbage")):
        yield Kind(f"no-picture-{name}", data, "jpg", reason=reason)


def all_kinds():
    return [*gifs(), *webps(), *avifs(), *lying_names(), *no_pictures()]
