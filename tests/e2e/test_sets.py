# SPDX-License-Identifier: MIT
"""Which files a release has and where they lie: ratings, exclusions, kinds of links, takedowns, and a former release laid
out again."""
import os
import unittest

import harness

FIRST = ("--as-of", "2014-01-01", "--name", "first")


class Sets(harness.Case):
    """One story, told in order: each step goes on from the one before."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.site = cls.start_site(posts=150)
        cls.data = harness.Dataset(cls.scratch / "root", cls.site)
        cls.data.root.mkdir()
        posts = cls.site.served()
        has = lambda tag: [n for n, post in posts.items() if tag in post["tag_string"].split()]
        # Listed by the name of an alias; the tags that imply it count as well.
        alias = next(row for row in cls.site.served("tag_aliases").values()
                     if row["status"] == "active" and 2 <= len(has(row["consequent_name"])) <= 60)
        cls.unwanted_tags = cls.meant(alias["consequent_name"])
        cls.unwanted_id = next(n for n, post in sorted(posts.items())
                               if cls.held(n) and not cls.unwanted_tags & set(post["tag_string"].split()))
        cls.list = f"{cls.unwanted_id}\n{alias['antecedent_name']}\n"
        (cls.data.root / "unwanted.txt").write_text(f"# not here\n{alias['antecedent_name']}\n\n{cls.unwanted_id}\r\n")
        (cls.data.root / "dbr.toml").write_text('buckets = 100\nsfw_ratings = "g"\nexclude = ["unwanted.txt"]\n')
        outcome = cls.data.run("build")
        assert outcome.code == 0, outcome

    @classmethod
    def meant(cls, name):
        """The tag, and whatever implies or stands for one of them."""
        pairs = [(row["antecedent_name"], row["consequent_name"]) for table in ("tag_aliases", "tag_implications")
                 for row in cls.site.served(table).values() if row["status"] == "active"]
        names = {name}
        while more := {a for a, b in pairs if b in names} - names:
            names |= more
        return names

    @classmethod
    def held(cls, number):
        truth = cls.site.truth()[number]
        return not truth["absent"] and truth["state"] in ("live", "deleted") and truth["kind"] == "baseline_jpeg"

    def bucket(self, *args, code=0, release=("--year", 2017)):
        return self.assertCode(code, self.data.run("bucket", *release, "--json", *args))

    def tree(self, shared=None):
        shared = shared or self.data.shared
        return {str(path.relative_to(shared)): path for folder in ("sfw", "nsfw")
                for path in (shared / folder).rglob("*") if path.is_file()}

    def files(self, name="danbooru2017"):
        return {row["path"]: row for row in harness.table(self.data.shared / "metadata" / name / "files.tsv.zst")}

    def left_out(self):
        rows = harness.table(self.data.release / "left-out.tsv.zst")
        return {int(row["id"]): row["reason"] for row in rows if row["state"] == "excluded"}

    def excluded(self, posts):
        """Of the posts whose files are here."""
        here = set(self.data.originals().values()) & set(posts)
        by_tag = {n: "tag" for n in here if self.unwanted_tags & set(posts[n]["tag_string"].split())}
        return {**by_tag, self.unwanted_id: "id"}

    def assertLaidOut(self, sfw="g"):
        """The tree is the list, the list is by the rule, and no post is in both sets."""
        files, tree, posts = self.files(), self.tree(), self.data.posts()
        self.assertEqual(set(tree), set(files))
        for path, row in files.items():
            which, _, bucket, name = path.split("/")
            number = int(name.split(".")[0])
            self.assertEqual(which, "sfw" if posts[number]["rating"] in sfw.split(",") else "nsfw", path)
            self.assertEqual(int(bucket), number % 100)
            self.assertEqual(harness.digest(tree[path]), row["sha256"])
        self.assertEqual(self.data.leftovers(), [])

    def links(self):
        return {os.stat(path).st_nlink for path in self.tree().values()}

    def test_0_an_early_release(self):
        self.assertCode(0, self.data.run("build", *FIRST, "--finish"))

    def test_1_the_rule_and_the_exclusions_come_from_the_settings(self):
        report = self.bucket().json()
        self.assertLaidOut()
        excluded = self.excluded(self.data.posts())
        self.assertEqual(self.left_out(), excluded)
        self.assertGreater(len(excluded), 2)
        self.assertFalse(set(excluded) & {int(row["id"]) for row in self.files().values()})
        self.assertEqual((self.data.release / "excluded.txt").read_text(), self.list)
        self.assertEqual(report["sfw_files"], sum(path.startswith("sfw/") for path in self.tree()))
        self.assertEqual(self.bucket().json()["kept"], report["files"])

    def test_2_a_draft_follows_other_wishes_and_says_what_was_forgotten(self):
        nothing = self.data.root / "nothing.txt"
        nothing.write_text("# all of them\n")
        outcome = self.bucket("--exclude", nothing, "--sfw-ratings", "g,s")
        self.assertIn("no longer leaves out 2 tags and IDs", outcome.err)
        self.assertRegex(outcome.err, "of the ratings g and is of gs now")
        self.assertLaidOut("g,s")
        self.assertEqual(self.left_out(), {})
        self.assertFalse((self.data.release / "excluded.txt").exists())
        self.assertGreater(outcome.json()["moved"], 0)
        self.assertGreater(self.bucket().json()["removed"], 0)
        self.assertLaidOut()

    def test_3_bad_lists_are_refused_before_anything_is_done(self):
        bad = self.data.root / "bad.txt"
        bad.write_text("fine\ntwo words\n")
        for command in ("bucket", "build"):
            outcome = self.assertCode(2, self.data.run(command, "--year", 2017, "--exclude", bad))
            self.assertIn("bad.txt: line 2 is neither a tag nor an ID", outcome.err)
        self.assertCode(2, self.data.run("build", "--year", 2017, "--exclude", "nowhere.txt"))
        bad.write_text("no_such_tag_here\n")
        outcome = self.bucket("-n", "--exclude", bad)
        self.assertIn("no post has the tag no_such_tag_here", outcome.err)

    def test_4_links_may_be_copies(self):
        hard = self.tree()
        self.assertEqual(min(self.links()), 2)
        report = self.bucket("--link", "copy").json()
        self.assertEqual((report["linked"], self.links()), (len(hard), {1}))
        self.assertLaidOut()
        self.assertEqual(self.bucket("--link", "copy").json()["kept"], len(hard))
        self.assertCode(0, self.data.run("verify"))
        broken = self.tree()[next(iter(sorted(hard)))]
        broken.chmod(0o644)
        broken.write_bytes(b"x" * broken.stat().st_size)
        self.assertCode(4, self.data.run("verify", "--repair"))
        self.assertCode(0, self.data.run("verify"))
        self.assertDiskFaultsAreClean()
        before = harness.facts(self.data.shared)
        outcome = self.data.run("bucket", "--year", 2017, "--link", "reflink")
        if outcome.code == 0:  # this file system can
            self.assertLaidOut()
        else:
            self.assertCode(2, outcome)
            self.assertRegex(outcome.err, "cannot lay out .* by reflink: (.|\n)*--link copy works everywhere")
            self.assertEqual(harness.facts(self.data.shared), before)
        self.bucket()
        self.assertEqual(min(self.links()), 2)
        self.assertLaidOut()

    def assertDiskFaultsAreClean(self):
        """A full disk among the copies leaves no parts, and the same command goes on; no hard links is a setting to
        change, said before anything is done."""
        if harness.IS_SANITIZED:
            return  # its run-time comes first of what is preloaded
        preloaded = {"LD_PRELOAD": str(harness.SHIMS / "libfaulty_disk.so")}
        for path in self.tree().values():
            path.unlink()
        outcome = self.data.run("bucket", "--year", 2017, "--link", "copy",
                                env={**preloaded, "FAULTY_DISK": "space@sfw/original/@ENOSPC@30000"})
        self.assertCode(6, outcome)
        self.assertIn("No space left", outcome.err)
        self.assertEqual(self.data.leftovers(), [])
        self.bucket("--link", "copy")
        self.assertLaidOut()
        before = harness.facts(self.data.shared)
        for command in ("bucket", "build"):
            outcome = self.assertCode(2, self.data.run(command, "--year", 2017,
                                                       env={**preloaded, "FAULTY_DISK": "link@/danbooru/@EPERM@1"}))
            self.assertRegex(outcome.err, "cannot lay out .* by hard link: (.|\n)*--link copy works everywhere")
        self.assertEqual(harness.facts(self.data.shared), before)

    def test_5_a_finished_release_keeps_its_rule(self):
        self.assertCode(0, self.data.build("--finish"))
        before = harness.facts(self.data.shared)
        outcome = self.bucket("--sfw-ratings", "gsq", "--exclude", "/dev/null")
        self.assertEqual(outcome.json()["upstream"], {"added": 0, "removed": 0, "changed": 0})
        outcome = self.assertCode(0, self.data.run("bucket", "--year", 2017, "--sfw-ratings", "gsq"))
        self.assertIn("it keeps its own --sfw-ratings and --exclude", outcome.out)
        self.assertCode(0, self.data.run("make-torrent", "--year", 2017, "--sfw-ratings", "gsq"))
        self.assertEqual(harness.facts(self.data.shared), before)

    def into(self, folder, *args, code=0, name="first"):
        return self.assertCode(code, self.data.run("bucket", "--release", name, "--into", folder, "--json", *args))

    def test_6_a_former_release_is_laid_out_elsewhere(self):
        listed = self.files("first")
        outcome = self.assertCode(2, self.data.run("bucket", *FIRST, "--reissue"))
        self.assertIn("dbr bucket --release first --into DIR", outcome.err)
        ours = harness.facts(self.data.shared)
        old = self.scratch / "old"
        report = self.into(old).json()
        self.assertEqual((report["files"], report["missing"]), (len(listed), 0))
        self.assertEqual({path: harness.digest(file) for path, file in self.tree(old / "danbooru").items()},
                         {path: row["sha256"] for path, row in listed.items()})
        self.assertEqual(harness.checksums(old / "danbooru/metadata/first"),
                         harness.checksums(self.data.shared / "metadata/first"))
        self.assertEqual(sorted(path.name for path in old.iterdir()), ["danbooru"])
        before = harness.facts(old / "danbooru")
        self.into(old)
        self.assertEqual(harness.facts(old / "danbooru"), before)
        for folder in (self.data.root, self.data.shared / "x", self.data.root / "store"):
            self.into(folder, code=2)
        self.into(self.scratch / "x", name="never", code=2)
        self.assertEqual(harness.facts(self.data.shared), ours)

    def test_7_changes_move_swap_and_remove(self):
        """A rating moves a link, a replacement swaps it, a takedown removes it; twenty edits rate some posts again."""
        type(self).before = before = {number: post["rating"] for number, post in self.data.posts().items()}
        inodes = {path: os.stat(file).st_ino for path, file in self.tree().items()}
        placed = sorted({int(row["id"]) for row in self.files("first").values()} & {n for n in before if self.held(n)})
        self.assertGreaterEqual(len(placed), 8)
        cls = type(self)
        cls.replaced, cls.banned, edited = placed[:2], placed[2:4], placed[4:24]
        self.site.change(replace=cls.replaced, ban=cls.banned, edit=edited)
        self.assertCode(0, self.data.run("build"))
        report = self.bucket("--reissue").json()
        posts = self.data.posts()
        rated = {n for n in edited if (posts[n]["rating"] == "g") != (before[n] == "g")} - set(self.excluded(posts))
        self.assertTrue(rated, "the edits rated some posts again")
        self.assertLaidOut()
        self.assertEqual(self.left_out(), self.excluded({n: posts[n] for n in posts if n not in cls.banned}))
        moved = {path for path in self.tree() if int(path.rsplit("/", 1)[1].split(".")[0]) in rated}
        self.assertEqual(report["moved"], len(moved))
        for path in moved:
            was = path[1:] if path.startswith("nsfw") else "n" + path
            self.assertEqual(os.stat(self.tree()[path]).st_ino, inodes[was], "the link itself has moved")
        here = {int(path.rsplit("/", 1)[1].split(".")[0]) for path in self.tree()}
        self.assertFalse(here & set(cls.banned))
        self.assertLessEqual(set(cls.replaced) - set(self.excluded(posts)), here)

    def test_8_what_is_held_no_more_is_listed(self):
        listed = self.files("first")
        lost = {path: int(row["id"]) for path, row in listed.items() if int(row["id"]) in (*self.replaced, *self.banned)}
        fresh = self.scratch / "fresh"
        outcome = self.into(fresh, "--link", "copy")
        missing = {row["path"]: row for row in harness.table(fresh / "missing.tsv.zst")}
        self.assertEqual({path: int(row["id"]) for path, row in missing.items()}, lost)
        for row in missing.values():
            expected = "withdrawn" if int(row["id"]) in self.banned else "replaced"
            self.assertEqual(row["state"], expected)
        self.assertEqual(outcome.json()["missing"], len(lost))
        tree = {path: harness.digest(file) for path, file in self.tree(fresh / "danbooru").items()}
        self.assertEqual(tree, {path: row["sha256"] for path, row in listed.items() if path not in lost})
        # A folder from before still has the bytes that were replaced since; what was taken down goes.
        old = self.scratch / "old"
        self.assertEqual(self.into(old).json()["missing_by_state"],
                         {"withdrawn": sum(n in self.banned for n in lost.values())})
        self.assertEqual(set(self.tree(old / "danbooru")), {p for p in listed if lost.get(p) not in self.banned})
        before = harness.facts(old / "danbooru"), harness.facts(fresh / "danbooru")
        self.into(old)
        self.into(fresh, "--link", "copy")
        self.assertEqual((harness.facts(old / "danbooru"), harness.facts(fresh / "danbooru")), before)
        self.assertEqual([p for folder in (old, fresh) for p in folder.rglob(".*")], [])

    def test_9_a_damaged_release_is_refused(self):
        with open(self.data.shared / "metadata/first/left-out.tsv.zst", "ab") as file:
            file.write(b"x")
        outcome = self.into(self.scratch / "none", code=4)
        self.assertIn("left-out.tsv.zst (hash) is damaged", outcome.err)
        self.assertFalse((self.scratch / "none").exists())

    def test_9b_a_draft_of_a_mistyped_date_gives_way(self):
        self.bucket(release=("--as-of", "2030-01-01", "--name", "oops"))
        self.bucket("--reissue")
        self.assertLaidOut()


if __name__ == "__main__":
    unittest.main()
