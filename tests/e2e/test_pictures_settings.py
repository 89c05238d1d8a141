# SPDX-License-Identifier: MIT
"""What the settings of downscale do to pictures, what a changed one redoes, and that nothing else changes a byte."""
import unittest

from PIL import Image, ImageDraw, ImageStat

import harness
import picture_judge
import picture_run
from picture_jpeg import exif, insert, plain
from picture_judge import Kind
from picture_other import webp
from picture_png import RGBA, png, rows_of
from picture_scene import lay_down, scene, veil


def strokes(colour, hidden):
    """Line art on transparency; what is transparent has a colour nobody must see."""
    alpha = Image.new("L", (160, 120))
    draw = ImageDraw.Draw(alpha)
    for i in range(7):
        draw.line([(10 + 20 * i, 5), (25 + 18 * i, 110)], fill=255, width=3)
    draw.ellipse([40, 30, 110, 90], outline=255, width=4)
    art = Image.composite(Image.new("RGB", alpha.size, colour), Image.new("RGB", alpha.size, hidden), alpha)
    art.putalpha(alpha)
    return art


def all_kinds():
    seen = scene(300, 211)
    seen.putalpha(veil(*seen.size))
    arts = {"black": strokes((0, 0, 0), (255, 255, 255)), "white": strokes((255, 255, 255), (0, 0, 0)),
            "pale": strokes((230, 220, 235), (10, 10, 10))}
    whole = plain(scene(700, 500))
    progressive = plain(scene(640, 480), progressive=True)
    lossless = png(rows_of(scene(300, 200)), 8, 2, filters=(0,), level=0)
    return [
        Kind("wide", plain(scene(800, 300))), Kind("tall", plain(scene(300, 800))),
        Kind("small", png(rows_of(scene(100, 60)), 8, 2), "png"), Kind("nearly", plain(scene(513, 511))),
        Kind("turned", insert(plain(lay_down(scene(640, 481), 6)), exif(6, True)), orientation=6),
        Kind("veiled", png(rows_of(seen), 8, RGBA, filters=(0,)), "png", alpha=True),
        Kind("webp", webp(seen, lossless=True, exact=True), "webp", alpha=True),
        *(Kind(f"{name}-art", png(rows_of(art), 8, RGBA), "png", alpha=True) for name, art in arts.items()),
        Kind("cut-jpeg", whole[:len(whole) * 7 // 10], reason="truncated", truth=scene(700, 500)),
        Kind("cut-progressive", progressive[:len(progressive) * 9 // 10], reason="truncated", truth=scene(640, 480)),
        Kind("cut-png", lossless[:len(lossless) * 8 // 10], "png", reason="truncated", truth=scene(300, 200)),
    ]


class Settings(harness.Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kinds = all_kinds()
        cls.whole = [kind for kind in cls.kinds if not kind.reason]
        cls.pictures = {kind.name: picture_judge.upright(kind.data) for kind in cls.whole}
        cls.fetched = picture_run.fetch(cls, cls.kinds)

    def setUp(self):
        self.data = picture_run.copy(self, self.fetched, self.id())

    def downscale(self, *args):
        """The forms by kind, and how many posts were dealt with."""
        outcome = self.assertCode(0, self.data.run("downscale", "--json", *args))
        self.report = outcome.json()
        return picture_run.made(self.data, self.kinds)

    def assertRight(self, forms, note, background=(0, 0, 0), quality=90, subsampling=0, kinds=None, **geometry):
        for kind in kinds or self.whole:
            canvas, box = picture_judge.expected(self.pictures[kind.name], background=background, **geometry)
            form = forms[kind.name]
            row = form.row
            self.assertTrue(form.is_done, f"{note}: {kind.name}: {row['reason']} {row['detail']}")
            # In a few pixels every rounding weighs more.
            mean = 4 if max(canvas.size) < 100 else 1.5
            wrong = picture_judge.judge(form.jpeg, canvas, box, mean, 50, quality, subsampling)
            self.assertFalse(wrong, f"{note}: {kind.name}")
            told = (row["box_x"], row["box_y"], row["box_x"] + row["box_width"], row["box_y"] + row["box_height"])
            self.assertEqual(told, box, f"{note}: {kind.name}")

    def test_geometry(self):
        for args in ({}, {"size": 100}, {"size": 16}, {"fit": "inside"}, {"fit": "cover"}, {"enlarge": True},
                     {"size": 780, "enlarge": True, "fit": "cover"}, {"size": 640, "fit": "inside", "enlarge": True},
                     {"size": 333, "fit": "cover"}, {"size": 1201, "fit": "cover"}):
            words = [word for key, value in args.items() for word in ([f"--{key}"] if value is True else [f"--{key}", value])]
            self.assertRight(self.downscale(*words), words, **args)

    def test_facts_are_recorded(self):
        forms = self.downscale()
        for kind in self.whole:
            row, stored = forms[kind.name].row, picture_judge.opened(kind.data)
            self.assertEqual((row["source_width"], row["source_height"]), stored.size, kind.name)
            self.assertEqual(row["orientation"], kind.orientation, kind.name)
            self.assertEqual(row["background"], "#000000" if kind.alpha else None, kind.name)
            self.assertEqual(row["colour"], "rgb", kind.name)

    def test_encoding(self):
        for words, options in ((("--quality", 70), {"quality": 70}), (("--subsampling", "420"), {"subsampling": 2}),
                               (("--quality", 100, "--progressive"), {"quality": 100})):
            forms = self.downscale(*words)
            self.assertRight(forms, words, **options)
            form = picture_judge.opened(forms["wide"].jpeg)
            self.assertEqual("progressive" in form.info, "--progressive" in words)
            self.assertEqual(form.layer[0][1:3], (2, 2) if "420" in words else (1, 1))

    def test_background(self):
        alpha = [kind for kind in self.whole if kind.alpha]
        for word, colour in (("white", (255, 255, 255)), ("#336699", (0x33, 0x66, 0x99)), ("black", (0, 0, 0))):
            forms = self.downscale("--background", word)
            self.assertRight(forms, word, background=colour)
            for kind in alpha:
                self.assertEqual(forms[kind.name].row["background"], "#%02x%02x%02x" % colour, kind.name)
        forms = self.downscale("--background", "auto")
        for name, colour in (("black-art", (255, 255, 255)), ("white-art", (0, 0, 0)), ("pale-art", (0, 0, 0))):
            self.assertEqual(forms[name].row["background"], "#%02x%02x%02x" % colour, name)
            self.assertRight(forms, "auto", background=colour, kinds=[kind for kind in alpha if kind.name == name])

    def inodes(self):
        return {name: form.path.stat().st_ino for name, form in picture_run.made(self.data, self.kinds).items()
                if form.is_done}

    def redone(self, *args):
        """Kinds whose file another downscale replaces or adds."""
        before = self.inodes()
        self.downscale(*args)
        return {name for name, inode in self.inodes().items() if before.get(name) != inode}

    def test_a_changed_setting_redoes_what_depends_on_it(self):
        everything, alpha = {kind.name for kind in self.whole}, {kind.name for kind in self.whole if kind.alpha}
        broken = {kind.name for kind in self.kinds} - everything
        self.assertEqual(self.redone(), everything)
        self.assertEqual(self.redone(), set())
        self.assertEqual(self.redone("--background", "white"), alpha)
        self.assertEqual(self.redone("--background", "white"), set())
        self.assertEqual(self.redone("--background", "white", "--quality", 80), everything)
        self.assertEqual(self.redone("--background", "#ffffff", "--quality", 80), set())
        self.assertEqual(self.redone("--background", "white", "--quality", 80, "-j", 1, "--memory", "1G"), set())
        self.assertEqual(self.redone("--background", "white", "--quality", 80, "--on-truncated", "accept"), broken)
        self.assertEqual(self.redone("--background", "white", "--quality", 80), set())
        self.assertEqual(self.inodes().keys(), everything)
        self.assertEqual(self.redone("--size", 400), everything)

    def test_the_same_bytes_on_any_number_of_threads_and_without_simd(self):
        first = {name: form.jpeg for name, form in self.downscale("-j", 1).items() if form.is_done}
        for i, words in enumerate((("-j", 8), ("-j", 2, "--lane", "scalar"), ("-j", 8, "--memory", "256M"))):
            self.data = picture_run.copy(self, self.fetched, f"{self.id()}-{i}")
            again = {name: form.jpeg for name, form in self.downscale(*words).items() if form.is_done}
            self.assertEqual(first.keys(), again.keys())
            self.assertEqual([name for name in first if first[name] != again[name]], [], words)

    def test_truncated_files(self):
        broken = [kind for kind in self.kinds if kind.reason]
        forms = self.downscale("--on-truncated", "reject")
        for kind in broken:
            self.assertEqual((forms[kind.name].row["reason"], forms[kind.name].is_done), ("truncated", False), kind.name)
        for lane in ("auto", "vips"):
            forms = self.downscale("--on-truncated", "accept", "--lane", lane)
            for kind in broken:
                form = forms[kind.name]
                self.assertTrue(form.is_done, f"{kind.name}: {form.row['reason']} {form.row['detail']}")
                self.assertTrue(form.row["detail"], f"{kind.name} does not say that something was overlooked")
                canvas, box = picture_judge.expected(kind.truth)
                half = (box[0], box[1], box[2], (box[1] + box[3]) // 2)
                off = picture_judge.mean_difference(picture_judge.opened(form.jpeg).crop(half), canvas.crop(half))
                self.assertLess(off, 12 if "progressive" in kind.name else 3, f"{lane}: {kind.name}")
                self.assertGreater(sum(ImageStat.Stat(picture_judge.opened(form.jpeg).crop(half)).stddev), 50)


if __name__ == "__main__":
    unittest.main()
