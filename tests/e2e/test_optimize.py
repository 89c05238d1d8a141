# SPDX-License-Identifier: MIT
"""A dataset that stores JPEGs in fewer bytes: the same pictures, segments, forms and names as without, and both hashes."""
import contextlib
import sqlite3
import unittest

from PIL import Image

import harness


def seen(path):
    """Everything a reader that is not dbr's sees of a picture: pixels, and APPn and COM segments in their order."""
    with Image.open(path) as picture:
        return {"mode": picture.mode, "size": picture.size, "pixels": picture.tobytes(), "segments": picture.applist,
                "progressive": picture.info.get("progressive"), "tables": picture.quantization}


class Optimized(harness.Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.site = cls.start_site(posts=80)
        cls.plain = harness.Dataset(cls.scratch / "plain", cls.site)
        cls.data = harness.Dataset(cls.scratch / "optimized", cls.site)
        for outcome in (cls.plain.run("build"), cls.data.build("--optimize-originals")):
            assert outcome.code == 0, outcome

    def pairs(self):
        """As the site sent it, as it is held: for each post."""
        ours = {number: path for path, number in self.data.originals().items()}
        theirs = {number: path for path, number in self.plain.originals().items()}
        # The plain dataset is no release: it has later posts, too.
        self.assertEqual({n: p.name for n, p in ours.items()}, {n: theirs[n].name for n in ours})
        return {number: (theirs[number], ours[number]) for number in ours}

    def smaller(self):
        return {number: pair for number, pair in self.pairs().items() if pair[0].stat().st_size > pair[1].stat().st_size}

    def test_fewer_bytes_same_pictures(self):
        smaller = self.smaller()
        self.assertGreater(len(smaller), 10)
        with_segments = 0
        for number, (sent, held) in self.pairs().items():
            if number not in smaller:
                self.assertEqual(sent.read_bytes(), held.read_bytes(), number)
                continue
            self.assertEqual(held.stat().st_mode & 0o777, 0o444)
            self.assertEqual(seen(sent), seen(held), number)
            with_segments += any(name != "APP0" for name, _ in seen(held)["segments"])
        self.assertGreater(with_segments, 0)
        forms = harness.checksums(self.data.root / "store/512px")
        plain_forms = harness.checksums(self.plain.root / "store/512px")
        self.assertEqual({path: plain_forms.get(path) for path in forms}, forms)

    def test_both_hashes(self):
        smaller, truth = self.smaller(), self.site.truth()
        for row in harness.table(self.data.release / "files.tsv.zst"):
            path = self.data.shared / row["path"]
            held = [str(path.stat().st_size), harness.digest(path, "md5"), harness.digest(path)]
            self.assertEqual([row["size"], row["md5"], row["sha256"]], held)
            is_optimized = "/original/" in row["path"] and int(row["id"]) in smaller
            self.assertEqual(row["source_md5"], truth[int(row["id"])]["md5"] if is_optimized else row["md5"])
            self.assertEqual(row["source_md5"] != row["md5"], is_optimized, row)
        saved = sum(sent.stat().st_size - held.stat().st_size for sent, held in smaller.values())
        self.assertEqual(self.data.status()["optimized"], {"files": len(smaller), "saved_bytes": saved})
        self.assertEqual(self.plain.status()["optimized"], {"files": 0, "saved_bytes": 0})

    def test_bytes_the_site_does_not_vouch_for_stay(self):
        number = min(self.smaller())
        md5 = self.site.truth()[number]["md5"]
        data = self.dataset(self.site)
        (data.root / "only").write_text(f"{number}\n")
        self.site.faults({"kind": "corrupt", "path": f"/original/{md5[:2]}/{md5[2:4]}/{md5}", "at": 700})
        self.addCleanup(self.site.faults)
        self.assertCode(0, data.run("fetch-metadata", "--optimize-originals"))
        self.assertCode(0, data.run("fetch-images", "--ids", data.root / "only"))
        self.assertEqual(data.states("fetch-images")["mismatch"], 1)
        self.assertEqual(data.status()["optimized"]["files"], 0)
        self.assertEqual([path.stat().st_size for path in data.originals()],
                         [self.pairs()[number][0].stat().st_size])

    def test_the_setting_stays(self):
        self.assertCode(2, self.plain.run("build", "--optimize-originals"))
        self.assertCode(2, self.data.build(env={"DBR_OPTIMIZE_ORIGINALS": "off"}))
        self.assertCode(0, self.data.run("verify", env={"DBR_OPTIMIZE_ORIGINALS": "on"}))
        before = harness.facts(self.data.root / "store")
        self.assertCode(0, self.data.build())
        self.assertEqual(harness.facts(self.data.root / "store"), before)

    def test_verify_and_repair(self):
        for depth in ("size", "pieces"):  # the second includes the others
            self.assertCode(0, self.data.run("verify", "--depth", depth))
        number, (_, held) = min(self.smaller().items())
        whole = held.read_bytes()
        held.chmod(0o644)
        held.write_bytes(whole[:-9] + bytes(9))  # and the link in the shared tree
        self.assertCode(4, self.data.run("verify", "--repair"))
        self.assertFalse(held.exists())
        self.assertCode(0, self.data.build("--reissue"))
        self.assertEqual(held.read_bytes(), whole, number)
        self.assertCode(0, self.data.run("verify"))

    def test_a_file_without_its_row(self):
        """What a killed fetch-images leaves is not extra; what only has its name is."""
        data = self.dataset(self.site)
        self.assertCode(0, data.run("fetch-metadata", "--optimize-originals"))
        self.assertCode(0, data.run("fetch-images"))
        number = max(self.smaller())
        held = next(path for path, owner in data.originals().items() if owner == number)
        with contextlib.closing(sqlite3.connect(data.manifest)) as manifest:
            manifest.execute("UPDATE post SET original = 0 WHERE id = ?", (number,))
            manifest.execute("DELETE FROM original WHERE post_id = ?", (number,))
            manifest.execute("DELETE FROM ml WHERE post_id = ?", (number,))
            manifest.commit()
        for depth in ("size", "hash"):
            self.assertCode(0, data.run("verify", "--depth", depth))
        whole = held.read_bytes()
        held.chmod(0o644)
        held.write_bytes(whole[:-9])
        self.assertCode(4, data.run("verify"))
        self.assertCode(0, data.run("fetch-images"))
        self.assertEqual(held.read_bytes(), whole)
        self.assertCode(0, data.run("verify"))


if __name__ == "__main__":
    unittest.main()
