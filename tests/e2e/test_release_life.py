# SPDX-License-Identifier: MIT
"""Two releases and what happens between them: a year of changes, a takedown, a reissue; and what `dbr diff` and the
lists say of it all. What is expected is worked out from what the site says of itself, before and after."""
import collections
import shutil
import subprocess
import unittest

import harness

CUTOFFS = {"danbooru2017": "2018-01-01T00:00:00.000Z", "danbooru2018": "2019-01-01T00:00:00.000Z"}
FATES = ("added", "removed", "replaced", "moved")


def set_of(post):
    return "sfw" if post["rating"] in "gs" else "nsfw"


def is_shown(post, cutoff):
    return post["created_at"] < cutoff and post["state"] in ("live", "deleted") and not post["absent"]


class World:
    """The posts of a release as the site has them, and the files that follow: (form, ID) -> (path, which bytes)."""

    def __init__(self, data, name, truth):
        self.folder = data.shared / "metadata" / name
        self.posts = {i: post for i, post in truth.items() if is_shown(post, CUTOFFS[name])}
        rows = harness.table(self.folder / "left-out.tsv.zst")
        without_ml = {int(row["id"]) for row in rows if row["form"] == "512px"}
        self.files = {}
        for i, post in self.posts.items():
            place = f"{i % 1000:04}/{i}"
            self.files["original", i] = (f"{set_of(post)}/original/{place}.{post['file_ext']}", post["served_md5"])
            if i not in without_ml:
                self.files["512px", i] = (f"{set_of(post)}/512px/{place}.jpg", post["served_md5"])
        self.listed = {row["path"]: row for row in harness.table(self.folder / "files.tsv.zst")}


def tags_of(post):
    return set(post["tag_string"].split())


def expected_diff(old, new):
    """The JSON report's counts, and the lists' lines."""
    lists = collections.defaultdict(list)
    files = {fate: {"files": 0, "bytes": 0} for fate in FATES} | {"unchanged": {"files": 0}}

    def note(fate, release, path):
        files[fate]["files"] += 1
        files[fate]["bytes"] += int(release.listed[path]["size"])

    for form in ("original", "512px"):
        for i in sorted({i for f, i in old.files.keys() | new.files.keys() if f == form}):
            before, after = old.files.get((form, i)), new.files.get((form, i))
            if before == after:
                files["unchanged"]["files"] += 1
            elif before is None:
                note("added", new, after[0])
                lists["added.txt"].append(after[0])
            elif after is None:
                note("removed", old, before[0])
                lists["removed.txt"].append(before[0])
            elif before[1] == after[1]:
                note("moved", new, after[0])
                lists["moved.tsv"].append(f"{before[0]}\t{after[0]}")
            else:
                note("replaced", new, after[0])
                lists["replaced.txt"].append(after[0])
                lists["replaced.tsv"].append(f"{before[0]}\t{after[0]}")
    posts = {"compared": 0, "retagged": 0, "tags_added": 0, "tags_removed": 0, "rerated": 0}
    for i in sorted(old.posts.keys() & new.posts.keys()):
        posts["compared"] += 1
        added = sorted(tags_of(new.posts[i]) - tags_of(old.posts[i]))
        removed = sorted(tags_of(old.posts[i]) - tags_of(new.posts[i]))
        if added or removed:
            posts["retagged"] += 1
            posts["tags_added"] += len(added)
            posts["tags_removed"] += len(removed)
            lists["retagged.tsv"].append(f"{i}\t{' '.join(added)}\t{' '.join(removed)}")
        ratings = [release.posts[i]["rating"] for release in (old, new)]
        if ratings[0] != ratings[1]:
            posts["rerated"] += 1
            lists["rerated.tsv"].append("\t".join([str(i), *ratings]))
    return {"files": files, "posts": posts}, lists


HEADERS = {"replaced.tsv": "old_path\tnew_path", "moved.tsv": "old_path\tnew_path",
           "retagged.tsv": "id\tadded\tremoved", "rerated.tsv": "id\told\tnew"}
LISTS = ("added.txt", "moved.tsv", "removed.txt", "replaced.tsv", "replaced.txt", "rerated.tsv", "retagged.tsv")


def lines(path):
    return path.read_text().splitlines()


class Life(harness.Case):
    """One story, told in order: each step goes on from the one before."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.site = cls.start_site(posts=120)
        cls.data = harness.Dataset(cls.scratch / "root", cls.site)
        cls.metadata = cls.data.shared / "metadata"
        outcome = cls.data.build()
        assert outcome.code == 0, outcome
        cls.old = World(cls.data, "danbooru2017", cls.site.truth())
        cls.before = harness.facts(cls.data.release)
        cls.downloads = cls.scratch / "downloads"
        shutil.copytree(cls.data.shared, cls.downloads / "danbooru")
        cls.year_goes_by()

    @classmethod
    def year_goes_by(cls):
        """Posts are chosen among the plain pictures of 2017, each for one thing."""
        site = cls.site
        plain = iter([i for i, post in sorted(cls.old.posts.items()) if post["state"] == "live"
                      and post["kind"] in ("baseline_jpeg", "rgb_png") and not post["stored_md5_is_wrong"]])

        def until(change, is_done):
            post = next(plain)
            harness.until(lambda: site.change(**{change: [post]}) and is_done(site.truth()[post], cls.old.posts[post]),
                          f"{change} has had its effect on {post}")
            return post

        site.change(at="2018-07-01", new_posts=6)
        cls.same_name = until("replace", lambda new, old: new["file_ext"] == old["file_ext"])
        cls.other_extension = until("replace", lambda new, old: new["file_ext"] != old["file_ext"])
        crossed = {}
        while len(crossed) < 2:  # one from each set into the other
            post = until("edit", lambda new, old: set_of(new) != set_of(old))
            crossed.setdefault(set_of(cls.old.posts[post]), post)
        cls.crossed = set(crossed.values())
        # A post that changes its set and its bytes is replaced, not moved.
        cls.both = until("edit", lambda new, old: set_of(new) != set_of(old))
        cls.deleted, cls.banned, cls.expunged = next(plain), next(plain), next(plain)
        site.change(replace=[cls.both], edits=20, delete=[cls.deleted], ban=[cls.banned], expunge=[cls.expunged])
        cls.unbanned = next(i for i, post in site.truth().items() if post["is_banned"] and not post["is_deleted"]
                            and i not in cls.old.posts and post["created_at"] < CUTOFFS["danbooru2017"])
        site.change(unban=[cls.unbanned])

    def build_2018(self, *args):
        outcome = self.data.run("build", "--year", 2018, *args)
        self.assertCode(0, outcome)
        return World(self.data, "danbooru2018", self.site.truth())

    def assert_removed(self, name, *earlier, release=None):
        """removed.txt names every file of an earlier publication that is not in the release, and no other."""
        paths = [{path for path, _ in world.files.values()} for world in earlier]
        present = {path for path, _ in release.files.values()} if release else set()
        self.assertEqual((self.metadata / name / "removed.txt").read_bytes().decode(),
                         "".join(f"{path}\n" for path in sorted(set().union(*paths) - present, key=str.encode)))

    def assert_checksums_hold(self, name):
        done = subprocess.run(["sha256sum", "-c", "--quiet", "--strict", "SHA256SUMS"], cwd=self.metadata / name,
                              capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stdout), (0, ""), done.stderr)

    def assert_2017_is_untouched(self):
        self.assertEqual(harness.facts(self.data.release), self.before)
        self.assert_checksums_hold("danbooru2017")

    def diff(self, *args, code=0, data=None):
        return self.assertCode(code, (data or self.data).run("diff", *args))

    def assert_diff(self, old, new):
        """To the last file, post and tag, in the report and in the lists."""
        folder = self.scratch / "lists"
        report = self.diff("danbooru2017", "danbooru2018", "--json", "--lists", folder).json()
        counts, lists = expected_diff(old, new)
        self.assertEqual({key: report[key] for key in counts}, counts)
        self.assertEqual((report["command"], report["from"], report["to"]), ("diff", "danbooru2017", "danbooru2018"))
        self.assertEqual(sorted(report["lists"]), sorted(LISTS))
        self.assertEqual(sorted(path.name for path in folder.iterdir()), sorted(LISTS))
        for name in LISTS:
            header = [HEADERS[name]] if name in HEADERS else []
            self.assertEqual(lines(folder / name), header + lists[name], name)
        self.assert_lists_lead_from_one_to_the_other(lists, old.listed, new.listed)
        return lists

    def assert_lists_lead_from_one_to_the_other(self, lists, old, new):
        """Following them as docs/operating.md says, with a table of paths and digests for the folder."""
        tree = {path: row["sha256"] for path, row in old.items()}
        tree.update((path, new[path]["sha256"]) for path in lists["added.txt"] + lists["replaced.txt"])
        for pair in lists["moved.tsv"]:
            a, b = pair.split("\t")
            tree[b] = tree.pop(a)
        for pair in lists["replaced.tsv"]:
            a, b = pair.split("\t")
            if a != b:
                del tree[a]
        for path in lists["removed.txt"]:
            del tree[path]
        self.assertEqual(tree, {path: row["sha256"] for path, row in new.items()})

    def test_1_a_second_release_leaves_the_first_ones_metadata_alone(self):
        Life.new = self.build_2018()
        self.assert_2017_is_untouched()
        self.assert_checksums_hold("danbooru2018")
        self.assertEqual(self.diff("danbooru2017", "danbooru2017", "--json").json()["files"]["unchanged"]["files"],
                         len(self.old.files))

    def test_2_the_difference_is_what_happened(self):
        lists = self.assert_diff(self.old, self.new)
        # What was scripted is in it, each under its own name.
        moved = {line.split("/")[-1].split(".")[0] for line in lists["moved.tsv"]}
        self.assertLessEqual({str(i) for i in self.crossed}, moved)
        pairs = [line.split("\t") for line in lists["replaced.tsv"]]
        self.assertIn(self.other_extension, {int(a.split("/")[-1].split(".")[0]) for a, b in pairs
                                             if a.split(".")[-1] != b.split(".")[-1]})
        paths = {i: self.new.files["original", i][0] for i in (self.same_name, self.both)}
        self.assertLessEqual(set(paths.values()), set(lists["replaced.txt"]))
        for i in (self.banned, self.expunged):
            self.assertIn(self.old.files["original", i][0], lists["removed.txt"])
        self.assertIn(self.new.files["original", self.unbanned][0], lists["added.txt"])
        self.assertGreaterEqual(len([i for i, post in self.new.posts.items() if post["created_at"] > "2018-07"]), 6)
        # Who holds the first release finds what to delete: removed files, and the old places of moved and renamed ones.
        self.assert_removed("danbooru2017")
        self.assert_removed("danbooru2018", self.old, release=self.new)
        removed = lines(self.metadata / "danbooru2018" / "removed.txt")
        for i in (self.other_extension, self.banned, self.expunged, self.both, *self.crossed):
            self.assertIn(self.old.files["original", i][0], removed)
        for i in (self.same_name, self.deleted, self.unbanned):
            self.assertNotIn(self.new.files["original", i][0], removed)

    def test_3_files_that_stay_keep_their_edition(self):
        for path, row in self.new.listed.items():
            known = self.old.listed.get(path)
            stays = known is not None and known["sha256"] == row["sha256"]
            self.assertEqual(row["edition"], "1" if stays else "2", path)
        # So the second release's order begins with what is left of the first one's.
        for series in ("sfw/original/", "sfw/512px/", "nsfw/original/", "nsfw/512px/"):
            new = [row for path, row in self.new.listed.items() if path.startswith(series)]
            left = [path for path, row in self.old.listed.items() if path.startswith(series)
                    and row["sha256"] == self.new.listed.get(path, {}).get("sha256")]
            self.assertEqual([row["path"] for row in new[:len(left)]], left)

    def test_4_the_lists_of_the_release(self):
        folder = self.metadata / "danbooru2018" / "lists"
        posts = self.new.posts

        def having(*tags):
            return [str(i) for i, post in sorted(posts.items()) if tags_of(post) & set(tags)]

        deleted = [str(i) for i, post in sorted(posts.items()) if post["is_deleted"]]
        self.assertIn(str(self.deleted), deleted)
        self.assertEqual(lines(folder / "deleted.txt"), deleted)
        self.assertEqual(lines(folder / "monochrome.txt"), having("monochrome", "greyscale"))
        self.assertEqual(lines(folder / "ai-tagged.txt"), having("ai-generated", "ai-assisted"))
        self.assertEqual(lines(folder / "text-only.txt"), having("text-only_page"))
        left_out = harness.table(self.metadata / "danbooru2018" / "left-out.tsv.zst")
        self.assertEqual(lines(folder / "non-images.txt"),
                         [row["id"] for row in left_out if row["state"] == "not_a_still_image"])
        by_hash = collections.defaultdict(list)
        for i, row in sorted(self.site.served().items()):
            if i in posts:
                by_hash[row["media_asset"]["pixel_hash"]].append(i)
        self.assertEqual(lines(folder / "pixel-duplicates.tsv")[1:],
                         [f"{pixels}\t{i}" for pixels, ids in sorted(by_hash.items()) if len(ids) > 1 for i in ids])
        expected = []
        for i in sorted({self.same_name, self.other_extension, self.both}):
            path, _ = self.old.files["original", i]
            row = self.old.listed[path]
            expected.append("\t".join([str(i), "1", path.split(".")[-1], row["size"], row["md5"], row["sha256"],
                                       row["source_md5"]]))
        self.assertEqual(lines(folder / "replaced.tsv")[1:], expected)
        self.assertEqual(lines(self.data.release / "lists" / "replaced.tsv")[1:], [])

    def test_5_a_takedown_and_a_reissue(self):
        taken_down = next(i for i, post in sorted(self.new.posts.items()) if post["state"] == "live"
                          and self.old.files.get(("original", i)) == self.new.files["original", i])
        path = self.new.files["original", taken_down][0]
        self.site.change(ban=[taken_down])
        before = self.new
        Life.new = self.build_2018("--reissue")
        self.assertFalse((self.data.shared / path).exists(), "withdrawn from what is shared")
        self.assertIn(taken_down, self.data.originals().values(), "and kept in the store")
        self.assertEqual(before.posts.keys() - self.new.posts.keys(), {taken_down})
        self.assertEqual({path: row["edition"] for path, row in self.new.listed.items()},
                         {path: row["edition"] for path, row in before.listed.items() if path in self.new.listed})
        self.assert_2017_is_untouched()
        self.assert_checksums_hold("danbooru2018")
        self.assertIn(path, self.assert_diff(self.old, self.new)["removed.txt"])
        self.assert_removed("danbooru2017")
        self.assert_removed("danbooru2018", self.old, before, release=self.new)
        self.assertCode(0, self.data.run("verify"))

    def test_5_who_has_the_first_release_goes_on_with_the_second(self):
        """A client has put the second release's files over the first one's; what is left over goes, and nothing else."""
        shutil.copytree(self.data.shared, self.downloads / "danbooru", dirs_exist_ok=True)
        torrents = sorted((self.data.torrents / "danbooru2018").glob("*.torrent"))
        outcome = self.assertCode(0, harness.dbr("torrent", "prune", self.downloads, "--json", *torrents))
        self.assertEqual(outcome.json()["list"], sorted(self.old.listed.keys() - self.new.listed.keys(), key=str.encode))
        self.assertSameTrees(harness.checksums(self.downloads / "danbooru"), harness.checksums(self.data.shared))
        self.assertGreater(len(torrents), 3)
        for torrent in torrents:
            self.assertCode(0, harness.dbr("torrent", "verify", torrent, self.downloads))

    def test_6_the_first_release_is_laid_out_again_elsewhere(self):
        """As far as its bytes are held, and its posts still shown."""
        folder = self.scratch / "again"
        outcome = self.assertCode(0, self.data.run("bucket", "--release", "danbooru2017", "--into", folder, "--json"))
        why_not = {}
        for (form, i), (path, content) in self.old.files.items():
            if i not in self.new.posts:
                why_not[path] = "withdrawn"
            elif self.new.files[form, i][1] != content:
                why_not[path] = "replaced"
        self.assertEqual(outcome.json()["missing_by_state"], dict(collections.Counter(why_not.values())))
        missing = harness.table(folder / "missing.tsv.zst")
        self.assertEqual({row["path"]: row["state"] for row in missing}, why_not)
        shared = folder / "danbooru"
        laid_out = {path: facts for path, facts in harness.checksums(shared).items()
                    if facts != "folder" and not path.startswith("metadata/")}
        self.assertEqual(laid_out, {path: row["sha256"] for path, row in self.old.listed.items() if path not in why_not})
        self.assertSameTrees(harness.checksums(shared / "metadata/danbooru2017"), harness.checksums(self.data.release))
        self.assert_2017_is_untouched()

    # dbr diff, for those who have the metadata only

    def test_7_people_read_it(self):
        outcome = self.diff("danbooru2017", "danbooru2018", "-v")
        counts, lists = expected_diff(self.old, self.new)
        self.assertRegex(outcome.out, rf"(?m)^  added +{counts['files']['added']['files']} ")
        self.assertRegex(outcome.out, rf"(?m)^  tagged anew +{counts['posts']['retagged']} ")
        for path in lists["added.txt"]:
            self.assertIn(f"added {path}\n", outcome.err)
        number, added, removed = lists["retagged.tsv"][0].split("\t")
        line = next(line for line in outcome.err.splitlines() if f"post {number}:" in line)
        for tag in [f" +{tag}" for tag in added.split()] + [f" -{tag}" for tag in removed.split()]:
            self.assertIn(tag, line)

    def test_8_no_manifest_is_needed(self):
        alone = self.dataset()
        shutil.copytree(self.metadata, alone.shared / "metadata")
        report = self.diff("danbooru2017", "danbooru2018", "--json", data=alone).json()
        self.assertEqual(report["files"], expected_diff(self.old, self.new)[0]["files"])
        by_folder = self.diff(self.metadata / "danbooru2017", f"{self.metadata}/danbooru2018/", "--json", data=alone)
        self.assertEqual(by_folder.json(), report)
        self.assertFalse((alone.root / "manifest.sqlite").exists())

    def test_9_without_tags_and_with_damage(self):
        copy = self.scratch / "danbooru2018"
        shutil.copytree(self.metadata / "danbooru2018", copy)
        (copy / "filename-tags.tsv.zst").unlink()
        folder = self.scratch / "lists"
        outcome = self.diff("danbooru2017", copy, "--json", "--lists", folder)
        self.assertIsNone(outcome.json()["posts"])
        self.assertEqual(outcome.json()["files"], expected_diff(self.old, self.new)[0]["files"])
        self.assertEqual(sorted(path.name for path in folder.iterdir()), sorted(set(LISTS) - {"retagged.tsv", "rerated.tsv"}))
        self.assertIn("danbooru2018 has no filename-tags.tsv.zst", self.diff("danbooru2017", copy).out)
        whole = (copy / "files.tsv.zst").read_bytes()
        (copy / "files.tsv.zst").unlink()
        (copy / "files.tsv.zst").write_bytes(whole[:-20])
        before = harness.facts(folder)
        self.assertIn("files.tsv.zst: it is cut short", self.diff("danbooru2017", copy, "--lists", folder, code=4).err)
        self.assertEqual(harness.facts(folder), before, "half a comparison writes nothing")
        self.assertIn("there is no", self.diff("danbooru2016", "danbooru2018", code=2).err)
        self.assertIn("name both", self.diff("danbooru2018", code=2).err)

    def test_A_verify_looks_into_the_folder_of_lists(self):
        folder = self.metadata / "danbooru2017" / "lists"
        (folder / "extra.txt").write_text("1\n")
        deleted = (folder / "deleted.txt").read_bytes()
        (folder / "deleted.txt").unlink()
        outcome = self.assertCode(4, self.data.run("verify", "--json", "--depth", "size"))
        problems = {problem["path"].rsplit("/", 1)[1]: problem["problem"] for problem in outcome.json()["problems"]}
        self.assertEqual(problems, {"extra.txt": "extra", "deleted.txt": "missing"})
        (folder / "extra.txt").unlink()
        (folder / "deleted.txt").write_bytes(deleted)
        self.assertCode(0, self.data.run("verify"))


if __name__ == "__main__":
    unittest.main()
