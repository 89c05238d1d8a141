# SPDX-License-Identifier: MIT
"""`export-db --format all`: what trainers load, checked field by field, made again, cut off, and taken away."""
import pathlib
import shutil
import subprocess
import sys
import unittest

import harness

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "consumers"))
import trainers  # noqa: E402


class Trainers(harness.Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.site = cls.start_site(posts=150)
        cls.data = harness.Dataset(cls.scratch / "root", cls.site)
        for command in ("fetch-metadata", "fetch-images", "downscale", "bucket"):
            outcome = cls.data.run(command, "--year", 2017)
            assert outcome.code == 0, outcome
        cls.trees = cls.data.root / "exports/danbooru2017"
        outcome = cls.export()
        assert outcome.code == 0, outcome

    @classmethod
    def export(cls, formats="all"):
        return cls.data.run("export-db", "--year", 2017, "--format", formats)

    def made(self):
        return {**harness.checksums(self.trees, self.data.root), **harness.checksums(self.data.release, self.data.root)}

    def test_every_reader_gets_every_field(self):
        got = trainers.check(self.data.root, "danbooru2017")
        self.assertEqual(len(got), 4)
        self.assertRegex(got["imagefolder"], r"^[1-9]\d+ pictures, [1-9]\d+ of them sfw")

    def test_after_kills_they_are_the_same_and_never_half(self):
        before = self.made()
        trees = {p: t for p, t in before.items() if p.startswith("exports/")}
        for _ in range(2):
            running = self.data.start("export-db", "--year", 2017, "--format", "all")
            harness.until(lambda: (self.trees / ".parts/new").exists() or running.process.poll() is not None,
                          "a tree is begun")
            running.kill()
            there = {p: t for p, t in harness.checksums(self.trees, self.data.root).items() if "/.parts" not in p}
            for name in ("sd-scripts", "imagefolder", "deepdanbooru"):
                # A kill between the two renames leaves none; never a half one.
                ours = {p: t for p, t in there.items() if p.split("/")[2] == name}
                whole = {p: t for p, t in trees.items() if p.split("/")[2] == name}
                if ours:
                    self.assertSameTrees(ours, whole)
        self.assertCode(0, self.export())
        self.assertSameTrees(self.made(), before)
        self.assertEqual(self.data.leftovers(), [])

    def test_trees_of_a_finished_release(self):
        root = self.scratch / "finished"
        shutil.copytree(self.data.root, root, symlinks=True)
        data = harness.Dataset(root, self.data.site)
        self.assertCode(0, data.run("make-torrent", "--year", 2017))
        sums = (data.release / "SHA256SUMS").read_bytes()
        self.assertCode(0, data.run("export-db", "--year", 2017, "--format", "imagefolder"))
        self.assertTrue((root / "exports/danbooru2017/imagefolder/train/sfw/metadata.jsonl").is_file())
        subprocess.run(["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"], cwd=data.release, check=True)
        self.assertEqual((data.release / "SHA256SUMS").read_bytes(), sums)

    def test_what_is_not_chosen_is_taken_away(self):
        self.addCleanup(self.export)
        (self.trees / ".parts/new").mkdir(parents=True)
        self.assertCode(0, self.export("slim-tsv,imagefolder"))
        self.assertEqual([path.name for path in self.trees.iterdir()], ["imagefolder"])
        self.assertFalse((self.data.release / "hakubooru.sqlite").exists())
        self.assertCode(0, self.data.run("export-db", "--year", 2017))
        self.assertEqual(list(self.trees.iterdir()), [], "by default there are none")
        self.assertFalse((self.data.release / "hakubooru.sqlite").exists())


if __name__ == "__main__":
    unittest.main()
