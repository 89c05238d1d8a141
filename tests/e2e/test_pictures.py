# SPDX-License-Identifier: MIT
"""Awkward but valid pictures, and what is none, through every lane: each ML form is compared with what Pillow makes of
the original (picture_judge.py), each refusal with the reason it has to have."""
import io
import os
import unittest

from PIL import Image, ImageChops, ImageOps

import harness
import picture_jpeg_kinds
import picture_judge
import picture_other_kinds
import picture_png_kinds
import picture_run
from picture_scene import scene

LANES = os.environ.get("DBR_TEST_LANES", "vips auto scalar").split()
NEAR = 40  # decibels between what two lanes make of the same content, after JPEG


def all_kinds():
    kinds = [*picture_png_kinds.all_kinds(), *picture_jpeg_kinds.all_kinds(), *picture_other_kinds.all_kinds()]
    assert len({kind.name for kind in kinds}) == len(kinds) == len({kind.data for kind in kinds})
    return kinds


def complaints_about_file(kind, made, wanted):
    if kind.reason:
        return ["has a file all the same"] if made.is_done else []
    if not made.is_done:
        return [f"is refused: {made.row['reason']}, {made.row['detail']}"]
    drawn = picture_judge.expected(kind.drawn)[0] if kind.drawn else None
    return picture_judge.judge(made.jpeg, *wanted, kind.mean, kind.local, drawn=drawn)


def complaints_about_row(kind, made, wanted):
    row = made.row
    if kind.reason or not made.is_done:
        return [f"is {row['reason'] or 'done'}, not {kind.reason}"] if (row["reason"] or "") != kind.reason else []
    found, box = [], wanted[1]
    told = (row["box_x"], row["box_y"], row["box_x"] + row["box_width"], row["box_y"] + row["box_height"])
    if told != box:
        found.append(f"has the box {told}, not {box}")
    if row["orientation"] != kind.orientation:
        found.append(f"has the orientation {row['orientation']}, not {kind.orientation}")
    if row["background"] != ("#000000" if kind.alpha else None):
        found.append(f"has the background {row['background']}")
    return found


class Judge(unittest.TestCase):
    """It sees what it is there to see."""

    def complaints(self, change, size=(700, 500)):
        """About a right form that has been changed before it was encoded."""
        canvas, box = picture_judge.expected(scene(*size))
        content = change(canvas.crop(box))
        wrong = canvas.copy()
        wrong.paste(content, box[:2])
        jpeg = io.BytesIO()
        wrong.save(jpeg, "JPEG", quality=90, subsampling=0)
        return picture_judge.judge(jpeg.getvalue(), canvas, box, mean=1.0)

    def test_right_pictures_pass(self):
        for size in ((700, 500), (60, 45), (1, 1)):
            self.assertEqual(self.complaints(lambda picture: picture, size), [])

    def test_wrong_pictures_do_not(self):
        swapped = lambda picture: Image.merge("RGB", picture.split()[::-1])
        greyed = lambda picture: picture.convert("L").convert("RGB")
        lighter = lambda picture: picture.point(lambda value: min(255, value + 4))
        changes = {"moved": lambda picture: ImageChops.offset(picture, 1, 0), "swapped": swapped, "greyed": greyed,
                   "lower": lambda picture: ImageChops.offset(picture, 0, 1), "inverted": ImageChops.invert,
                   "turned": lambda picture: picture.rotate(180), "mirrored": ImageOps.mirror, "lighter": lighter,
                   "stretched": lambda picture: picture.resize((picture.width + 2, picture.height)).crop((0, 0, *picture.size)),
                   "coarse": lambda picture: picture.reduce(2).resize(picture.size)}
        for size in ((700, 500), (60, 45)):
            for name, change in changes.items():
                self.assertTrue(self.complaints(change, size), f"{name} at {size}")


class Pictures(harness.Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kinds = all_kinds()
        fetched = picture_run.fetch(cls, cls.kinds)
        cls.lanes = {}
        for lane in LANES:
            data = picture_run.copy(cls, fetched, lane)
            outcome = data.run("downscale", *(() if lane == "now" else ("--lane", lane)))
            assert outcome.code == 0, outcome
            cls.lanes[lane] = picture_run.made(data, cls.kinds)

    def test_each_is_what_pillow_makes_of_it_or_has_its_reason(self):
        wrong = []
        for kind in self.kinds:
            wanted = None
            if not kind.reason:
                wanted = picture_judge.expected(kind.truth or picture_judge.upright(kind.data))
            judged = {}
            for lane, forms in self.lanes.items():
                form = forms[kind.name]
                seen = form.jpeg if form.is_done else None
                if seen not in judged:  # most lanes give the same bytes
                    judged[seen] = complaints_about_file(kind, form, wanted)
                found = judged[seen] + complaints_about_row(kind, form, wanted)
                wrong += [f"{lane}: {kind.name} {text}" for text in found]
        if wrong:
            self.fail(f"{len(wrong)} complaints:\n" + "\n".join(wrong))

    def test_the_short_cut_is_near_libvips(self):
        """The lanes decode and resample differently, and agree all the same: brightness everywhere, colours where chroma
        had not to be enlarged."""
        if not {"vips", "auto"} <= self.lanes.keys():
            self.skipTest("needs both lanes")
        brightness, colours = {}, {}
        for kind in self.kinds:
            one, other = (self.lanes[lane][kind.name] for lane in ("vips", "auto"))
            self.assertEqual(one.is_done, other.is_done, kind.name)
            row = one.row
            if not one.is_done or min(row["box_width"], row["box_height"]) < 32 or one.jpeg == other.jpeg:
                continue
            box = (row["box_x"], row["box_y"], row["box_x"] + row["box_width"], row["box_y"] + row["box_height"])
            pair = [picture_judge.opened(form.jpeg).crop(box) for form in (one, other)]
            brightness[kind.name] = picture_judge.psnr(*(picture.convert("L").convert("RGB") for picture in pair))
            if not kind.drawn or "444" in kind.name:
                colours[kind.name] = picture_judge.psnr(*pair)
        for name, found in (("brightness", brightness), ("colours", colours)):
            worst = min(found, key=found.get)
            print(f"lanes: {name} of {len(found)} pictures that differ: mean {sum(found.values()) / len(found):.1f} dB, "
                  f"least {found[worst]:.1f} dB ({worst})", flush=True)
            self.assertGreater(found[worst], NEAR, name)


if __name__ == "__main__":
    unittest.main()
