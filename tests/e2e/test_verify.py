# SPDX-License-Identifier: MIT
"""verify finds whatever is not as the manifest says, and --repair brings it back without losing a byte.

DBR_TEST_POSTS makes the site larger: scripts/soak takes 10,000.
"""
import contextlib
import os
import pathlib
import random
import shutil
import sqlite3
import subprocess
import tempfile
import time
import unittest

import harness

POSTS = int(os.environ.get("DBR_TEST_POSTS", "150"))


def flip(path):
    """One bit, in place: every name of the file has it."""
    path.chmod(0o644)
    with open(path, "r+b") as file:
        file.seek(path.stat().st_size // 2)
        byte = file.read(1)
        file.seek(-1, os.SEEK_CUR)
        file.write(bytes([byte[0] ^ 4]))
    path.chmod(0o444)


def truncate(path):
    path.chmod(0o644)
    os.truncate(path, path.stat().st_size - 10)
    path.chmod(0o444)


class Damage:
    """Breaks a dataset in every way there is, `rounds` times over, and knows what verify has to find."""

    def __init__(self, data, dice, rounds=1):
        self.data, self.dice = data, dice
        self.found = {}        # path -> problem
        self.fetched = set()   # posts whose original is lost
        self.made = set()      # posts whose 512px form is lost
        complete = [number for number in self.numbers() if len(self.names(number)) == 4]
        dice.shuffle(complete)
        self.victims = iter(complete)
        for _ in range(rounds):
            for way in (self.lose, self.lose_stored, self.cut, self.rot, self.rename, self.rename_placed,
                        self.lose_form, self.rot_form, self.rot_placed):
                way()
            self.add()

    def numbers(self):
        return sorted(set(self.data.originals().values()))

    def names(self, number):
        """original, 512px, and both in the shared tree, as far as they are there."""
        bucket = f"{number % 1000:04}"
        places = ("store/original", "store/512px", "danbooru/*/original", "danbooru/*/512px")
        return [path for place in places for path in sorted(self.data.root.glob(f"{place}/{bucket}/{number}.*"))]

    def next(self):
        number = next(self.victims)
        return number, *self.names(number)

    def expect(self, problem, *paths):
        self.found.update((str(path.relative_to(self.data.root)), problem) for path in paths)

    def lose(self):
        number, original, _, placed, _ = self.next()
        original.unlink()
        placed.unlink()
        self.expect("missing", original, placed)
        self.fetched.add(number)

    def lose_stored(self):
        """The link in the shared tree still has the bytes."""
        _, original, form, _, _ = self.next()
        original.unlink()
        form.unlink()
        self.expect("missing", original, form)

    def cut(self):
        number, original, _, placed, _ = self.next()
        truncate(original)
        self.expect("size", original, placed)
        self.fetched.add(number)

    def rot(self):
        number, original, _, placed, _ = self.next()
        flip(original)
        self.expect("hash", original, placed)
        self.fetched.add(number)

    def rename(self):
        _, original, _, placed, _ = self.next()
        other = original.with_name(f"{original.name}.bak")
        original.rename(other)
        placed.unlink()
        self.expect("missing", original, placed)
        self.expect("extra", other)

    def rename_placed(self):
        _, _, _, placed, _ = self.next()
        other = placed.with_name("0" + placed.name)
        placed.rename(other)
        self.expect("missing", placed)
        self.expect("extra", other)

    def lose_form(self):
        number, _, form, _, placed = self.next()
        form.unlink()
        placed.unlink()
        self.expect("missing", form, placed)
        self.made.add(number)

    def rot_form(self):
        number, _, form, _, placed = self.next()
        flip(form)
        self.expect("hash", form, placed)
        self.made.add(number)

    def rot_placed(self):
        """A copy of its own, as some program leaves it that writes a file anew."""
        _, _, _, placed, _ = self.next()
        right = placed.read_bytes()
        placed.unlink()
        placed.write_bytes(right[:-1] + bytes([right[-1] ^ 1]))
        self.expect("hash", placed)

    def add(self):
        root, number = self.data.root, self.dice.randrange(10**9, 10**10)
        folders = [next(path for path in sorted((root / place).glob("*")) if path.is_dir())
                   for place in ("store/original", "store/512px", "danbooru/sfw/512px")]
        extras = [folders[0] / f"{number}.png", folders[1] / f"{number}.jpg", folders[2] / f"{number}.jpg",
                  folders[0] / f"notes {number}", root / f"danbooru/{number}.txt",
                  root / f"store/original/elsewhere/{number}.png"]
        for path in extras:
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(b"nobody knows me: %d" % number)
        self.expect("extra", *extras)


class VerifyCase(harness.Case):
    """A finished release, and as many broken copies of it as the tests want."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.site = cls.start_site(posts=POSTS)
        cls.built = harness.Dataset(cls.scratch / "built", cls.site)
        outcome = cls.built.build()
        assert outcome.code == 0, outcome

    def copy(self):
        """Links within it stay links."""
        root = pathlib.Path(tempfile.mkdtemp(dir=self.scratch)) / "root"
        subprocess.run(["cp", "-a", self.built.root, root], check=True)
        self.addCleanup(shutil.rmtree, root, ignore_errors=True)
        return harness.Dataset(root, self.site)

    def verify(self, data, *args, code=4):
        """The report's problems: path -> everything said of it."""
        report = self.assertCode(code, data.run("verify", "--json", *args)).json()
        problems = {problem["path"]: problem for problem in report["problems"]}
        self.assertEqual(list(problems), sorted(problems, key=os.fsencode), "sorted, and each once")
        self.assertEqual(report["count"], len(problems))
        self.assertEqual(report["repaired"], sum(problem["repaired"] for problem in problems.values()))
        return problems

    def kinds(self, problems):
        return {path: problem["problem"] for path, problem in problems.items()}

    def everything(self, data):
        """What a verify without --repair must leave alone."""
        folders = (data.root / "store", data.shared, data.torrents)
        with contextlib.closing(sqlite3.connect(data.manifest)) as manifest:
            rows = "\n".join(manifest.iterdump())
        return [harness.facts(folder) for folder in folders], rows

    def make_right(self, data):
        """What a user does after verify --repair; returns which posts' originals were asked for."""
        self.site.clear_log()
        self.assertCode(0, data.run("fetch-images"))
        asked = {entry["path"] for entry in self.site.log() if harness.is_file_request(entry)}
        self.assertCode(0, data.run("downscale"))
        truth = self.site.truth()
        by_md5 = {post["served_md5"]: number for number, post in truth.items()}
        return {by_md5[pathlib.PurePosixPath(path).stem.rsplit("_", 1)[-1]] for path in asked}

    def assertRight(self, data):
        self.assertEqual(self.verify(data, code=0), {})
        self.assertSameTrees(data.published(), self.built.published())
        for form in ("original", "512px"):
            self.assertSameTrees({path: digest for path, digest in harness.checksums(data.root / "store" / form).items()
                                  if digest != "folder"},
                                 {path: digest for path, digest
                                  in harness.checksums(self.built.root / "store" / form).items() if digest != "folder"})


class Verify(VerifyCase):
    def broken(self, seed=1, rounds=None):
        data = self.copy()
        return data, Damage(data, random.Random(seed), rounds or max(1, POSTS // 500))

    # finding

    def test_whole_dataset_has_no_problems(self):
        for depth in ("size", "hash", "decode", "pieces"):
            with self.subTest(depth):
                self.assertEqual(self.verify(self.built, "--depth", depth, code=0), {})

    def test_everything_broken_is_found_by_name_and_nothing_changes(self):
        data, damage = self.broken()
        before = self.everything(data)
        self.assertEqual(self.kinds(self.verify(data)), damage.found)
        self.assertEqual(self.everything(data), before)
        text = self.assertCode(4, data.run("verify")).out.splitlines()
        self.assertEqual([line.split(": ")[0] for line in text[:-1]], sorted(damage.found, key=os.fsencode))
        self.assertRegex(text[-1], rf"^verify: .* posts checked, {len(damage.found):,} problems$")

    def test_a_renamed_file_is_told_from_a_new_one(self):
        data, damage = self.broken()
        problems = self.verify(data)
        renamed = {path: problem["renamed_from"] for path, problem in problems.items() if "renamed_from" in problem}
        self.assertEqual(len(renamed), 2 * max(1, POSTS // 500))
        for path, former in renamed.items():
            self.assertEqual(damage.found[path], "extra")
            self.assertEqual(damage.found[former], "missing")
            self.assertEqual(problems[former]["renamed_to"], path)

    def test_size_alone_sees_no_rot(self):
        data, damage = self.broken()
        visible = {path: problem for path, problem in damage.found.items() if problem != "hash"}
        self.assertEqual(self.kinds(self.verify(data, "--depth", "size")), visible)

    def test_parts_find_everything_exactly_once(self):
        data, damage = self.broken()
        for count in (3, 30, 2000):
            found = {}
            for number in range(1, count + 1) if count < 2000 else self.parts_with_something(damage, data, count):
                report = data.run("verify", "--json", "--subset", f"{number}/{count}").json()
                for problem in report["problems"]:
                    self.assertNotIn(problem["path"], found, "found by two parts")
                    found[problem["path"]] = problem["problem"]
            if count < 2000:
                self.assertEqual(found, damage.found)
            else:
                of_posts = {path for path in damage.found if "." in path and pathlib.Path(path).stem.isdigit()}
                self.assertLessEqual({path for path in found}, set(damage.found))
                self.assertTrue(of_posts & set(found))

    @staticmethod
    def parts_with_something(damage, data, count):
        """More parts than directories: by ID. Some of them will do."""
        numbers = {int(pathlib.Path(path).stem) for path in damage.found if pathlib.Path(path).stem.isdigit()}
        return sorted({number % count + 1 for number in numbers})[:10]

    def test_parts_that_cannot_be_are_refused(self):
        for subset in ("0/3", "4/3", "x", "1/0"):
            outcome = self.assertCode(2, self.built.run("verify", "--subset", subset))
            self.assertIn("1/30", outcome.err)

    def test_listed_posts_only(self):
        data, damage = self.broken()
        numbers = sorted(damage.fetched)
        (data.root / "ids").write_text("\n".join(map(str, numbers)))
        found = self.verify(data, "--ids", data.root / "ids")
        self.assertEqual({problem["id"] for problem in found.values()}, set(numbers))
        self.assertLessEqual(self.kinds(found).items(), damage.found.items())

    def test_metadata_of_a_release(self):
        data = self.copy()
        changed, lost, new = (data.release / name for name in ("README.md", "left-out.tsv.zst", "new.txt"))
        changed.chmod(0o644)
        changed.write_text("something else")
        lost.unlink()
        new.write_text("new")
        expected = {str(path.relative_to(data.root)): problem
                    for path, problem in ((changed, "hash"), (lost, "missing"), (new, "extra"))}
        self.assertEqual(self.kinds(self.verify(data)), expected)
        self.assertEqual(self.kinds(self.verify(data, "--repair")), expected, "reported, not touched")
        self.assertTrue(new.exists())
        (data.release / "SHA256SUMS").unlink()
        found = self.verify(data)
        self.assertEqual(self.kinds(found), {str((data.release / "SHA256SUMS").relative_to(data.root)): "missing"})

    def test_a_broken_picture_with_the_right_hash(self):
        """As a row would be that was made of truncated bytes."""
        data = self.copy()
        damage = Damage(data, random.Random(3), rounds=0)
        truth = self.site.truth()
        number, original, _, placed, _ = next(
            (number, *damage.names(number)) for number in damage.numbers()
            if truth[number]["kind"] == "baseline_jpeg" and len(damage.names(number)) == 4)
        original.chmod(0o644)
        os.truncate(original, original.stat().st_size // 2)
        facts = (original.stat().st_size, harness.digest(original, "md5"), harness.digest(original))
        with contextlib.closing(sqlite3.connect(data.manifest)) as manifest:
            manifest.execute("UPDATE original SET size = ?, md5 = ?, sha256 = ? WHERE post_id = ?", (*facts, number))
            manifest.execute("UPDATE placement SET size = ?, md5 = ?, sha256 = ? WHERE post_id = ? AND series IN (0, 2)",
                             (*facts, number))
            manifest.commit()
        self.assertEqual(self.verify(data, code=0), {})
        found = self.verify(data, "--depth", "decode", "--repair")
        self.assertEqual(self.kinds(found), {str(original.relative_to(data.root)): "decode"})
        self.assertEqual(self.make_right(data), {number})
        self.assertEqual(harness.digest(original, "md5"), truth[number]["served_md5"])

    def test_pieces(self):
        data = self.copy()
        torrents = sorted(data.torrents.rglob("*.torrent"))
        flip_at_end = torrents[0].read_bytes()
        torrents[0].chmod(0o644)
        # The last bytes before the closing "ee" are those of the last piece's hash.
        torrents[0].write_bytes(flip_at_end[:-5] + bytes([flip_at_end[-5] ^ 1]) + flip_at_end[-4:])
        torrents[1].write_bytes(b"no torrent")
        self.assertEqual(self.verify(data, code=0), {})
        expected = {str(path.relative_to(data.root)): "pieces" for path in torrents[:2]}
        self.assertEqual(self.kinds(self.verify(data, "--depth", "pieces")), expected)
        found = {}
        for number in (1, 2, 3):
            found.update(self.kinds(self.verify_part(data, number, 3)))
        self.assertEqual(found, expected)

    def verify_part(self, data, number, count):
        report = data.run("verify", "--json", "--depth", "pieces", "--subset", f"{number}/{count}").json()
        return {problem["path"]: problem for problem in report["problems"]}

    def test_pieces_of_broken_files_are_not_the_torrents_fault(self):
        data = self.copy()
        damage = Damage(data, random.Random(4), rounds=0)
        damage.victims = iter([number for number in damage.numbers() if len(damage.names(number)) == 4])
        damage.rot()
        self.assertEqual(self.kinds(self.verify(data, "--depth", "pieces")), damage.found)
        found = [path for number in range(1, 8) for path in self.verify_part(data, number, 7)]
        self.assertEqual(sorted(found), sorted(damage.found))
        damage.cut()
        self.assertEqual(self.kinds(self.verify(data, "--depth", "pieces")), damage.found)

    def test_what_a_killed_fetch_left_is_no_problem(self):
        """A file whose row was not written yet is what the site says; any other is of no post."""
        data = self.copy()
        numbers = Damage(data, random.Random(5), rounds=0).numbers()[:2]
        with contextlib.closing(sqlite3.connect(data.manifest)) as manifest:
            for number in numbers:
                manifest.execute("DELETE FROM placement WHERE post_id = ?", (number,))
                manifest.execute("DELETE FROM original WHERE post_id = ?", (number,))
                manifest.execute("DELETE FROM ml WHERE post_id = ?", (number,))
                manifest.execute("UPDATE post SET original = 0 WHERE id = ?", (number,))
            manifest.commit()
        names = [Damage(data, random.Random(6), rounds=0).names(number) for number in numbers]
        for path in [*names[0][1:], *names[1][1:]]:
            path.unlink()
        self.assertEqual(self.verify(data, code=0), {})
        flip(names[1][0])
        self.assertEqual(self.kinds(self.verify(data)), {str(names[1][0].relative_to(data.root)): "extra"})

    def test_a_replaced_post_may_keep_its_former_file_until_the_next_fetch(self):
        data = self.copy()
        with contextlib.closing(sqlite3.connect(data.manifest)) as manifest:
            number, path = manifest.execute("SELECT post_id, path FROM placement WHERE series = 0 LIMIT 1").fetchone()
            manifest.execute("UPDATE post SET original = 0, md5 = x'00' WHERE id = ?", (number,))
            manifest.execute("UPDATE ml SET state = 0 WHERE post_id = ?", (number,))
            manifest.commit()
        self.assertEqual(self.verify(data, code=0), {})
        stored = data.root / "store/original" / path.removeprefix("sfw/original/")
        flip(stored)
        self.assertEqual(self.kinds(self.verify(data)), {str(stored.relative_to(data.root)): "hash",
                                                         f"danbooru/{path}": "hash"})

    # repairing

    def test_repair_brings_everything_back(self):
        data, damage = self.broken()
        held = self.all_digests(data.root)
        found = self.verify(data, "--repair")
        self.assertEqual(self.kinds(found), damage.found)
        self.assertLessEqual(held, self.all_digests(data.root), "no bytes are gone")
        self.assertEqual(self.make_right(data), damage.fetched)
        again = self.verify(data, "--repair")
        of_lost = {path for path, problem in found.items() if not problem["repaired"]}
        self.assertEqual(self.kinds(again), dict.fromkeys(of_lost, "missing"))
        self.assertEqual({problem["action"] for problem in again.values()}, {"linked from the store"})
        self.assertRight(data)
        self.assertEqual(data.leftovers(), [])

    def test_repair_without_reading(self):
        """With sizes alone, too, nothing is linked or put back whose bytes are not right."""
        data = self.copy()
        damage = Damage(data, random.Random(8), rounds=0)
        damage.victims = iter([number for number in damage.numbers() if len(damage.names(number)) == 4])
        damage.lose_stored()
        number, original, _, placed, _ = damage.next()
        right = original.read_bytes()
        original.unlink()
        placed.unlink()
        placed.write_bytes(bytes([right[0] ^ 1]) + right[1:])
        self.verify(data, "--depth", "size", "--repair")
        self.assertEqual(self.make_right(data), {number})
        self.assertEqual(original.read_bytes(), right)
        self.verify(data, "--repair")
        self.assertRight(data)

    def test_dry_repair_says_what_it_would_do(self):
        data, damage = self.broken()
        before = self.everything(data)
        dry = self.verify(data, "--repair", "--dry-run")
        self.assertEqual(self.everything(data), before)
        self.assertFalse(any(problem["repaired"] for problem in dry.values()))
        self.assertIn("; would be ", data.run("verify", "--repair", "-n").out)
        wet = self.verify(data, "--repair")
        self.assertEqual({path: problem.get("action") for path, problem in dry.items()},
                         {path: problem.get("action") for path, problem in wet.items()})

    def test_what_is_put_aside_keeps_its_path(self):
        data, damage = self.broken()
        self.verify(data, "--repair")
        aside = data.root / "store/quarantine"
        for path, problem in damage.found.items():
            if problem in ("size", "hash"):
                self.assertTrue((aside / problem / path).exists(), path)
        self.assertTrue(any(path.is_file() for path in (aside / "extra/store/original/elsewhere").iterdir()))

    def test_an_unmounted_disk_is_no_damage(self):
        data = self.copy()
        shutil.rmtree(data.root / "store/original")
        shutil.rmtree(data.shared)
        outcome = self.assertCode(6, data.run("verify", "--repair"))
        self.assertIn("is its disk mounted?", outcome.err)
        self.assertEqual(data.states("fetch-images"), self.built.states("fetch-images"))

    def test_a_draft_is_laid_out_again_by_bucket(self):
        """Before bucket has finished, the shared tree is nobody's business."""
        data = self.copy()
        with contextlib.closing(sqlite3.connect(data.manifest)) as manifest:
            manifest.execute("UPDATE release SET state = 0, files_sha256 = ''")
            manifest.commit()
        (data.release / "SHA256SUMS").unlink()
        shutil.rmtree(data.shared / "sfw")
        outcome = self.assertCode(0, data.run("verify"))
        self.assertIn("bucket has not finished", outcome.err)

    @staticmethod
    def all_digests(root):
        return {harness.digest(path) for folder in ("store", "danbooru") for path in (root / folder).rglob("*")
                if path.is_file()}

    # killed while repairing

    def killed(self, seed):
        dice = random.Random(seed)
        data, damage = self.broken(seed, rounds=8)
        lost = {path for path, problem in damage.found.items() if problem == "missing"}
        held = self.all_digests(data.root)
        begin = time.monotonic()
        self.assertCode(4, data.run("verify", "--repair", "--dry-run"))
        seconds = (time.monotonic() - begin) * 1.5
        # The first kills come when the first file has just been moved: rows that are not written by then never are.
        aside = data.root / "store/quarantine"
        signs = [aside / dice.choice(("size/store/original", "hash/store/original")), aside / "hash/store/512px",
                 aside / "extra", aside / "hash/danbooru"]
        for attempt in range(8):
            running = data.start("verify", "--repair")
            if attempt < len(signs):
                while running.process.poll() is None and not os.path.exists(signs[attempt]):
                    pass
            else:
                time.sleep(dice.uniform(0, seconds))
            running.kill()
            self.assertLessEqual(held, self.all_digests(data.root), "bytes are gone")
            with contextlib.closing(sqlite3.connect(data.manifest)) as manifest:
                rows = manifest.execute("SELECT p.id, o.file_ext FROM post p JOIN original o ON o.post_id = p.id "
                                        "WHERE p.original IN (1, 2)").fetchall()
            for number, extension in rows:
                path = f"store/original/{number % 1000:04}/{number}.{extension}"
                self.assertTrue(path in lost or (data.root / path).exists(), f"{path} is claimed and not there")
        data.run("verify", "--repair")
        self.assertEqual(self.make_right(data), damage.fetched)
        data.run("verify", "--repair")
        self.assertRight(data)

    def test_killed_1(self):
        self.killed(1)

    def test_killed_2(self):
        self.killed(2)

    def test_killed_3(self):
        self.killed(3)


if __name__ == "__main__":
    unittest.main()
