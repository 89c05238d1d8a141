# SPDX-License-Identifier: MIT
"""A finished release stays as it is, whatever happens to the site, until --reissue takes the changes in."""
import unittest

import libtorrent

import harness


class Changes(harness.Case):
    """One story, told in order: each step goes on from the one before."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.site = cls.start_site(posts=120)
        cls.data = harness.Dataset(cls.scratch / "root", cls.site)
        outcome = cls.data.build()
        assert outcome.code == 0, outcome
        cls.before = harness.facts(cls.data.shared), harness.facts(cls.data.torrents)
        truth = cls.site.truth()
        plain = [i for i in sorted(set(cls.data.originals().values()))
                 if truth[i]["kind"] == "baseline_jpeg" and truth[i]["state"] == "live"]
        assert len(plain) >= 6, "the site has enough ordinary pictures"
        cls.replaced, cls.banned, cls.expunged = plain[:2], plain[2:4], plain[4:5]
        cls.site.change(replace=cls.replaced, ban=cls.banned, expunge=cls.expunged, new_posts=3)

    def assertUntouched(self):
        self.assertEqual((harness.facts(self.data.shared), harness.facts(self.data.torrents)), self.before)

    def files(self):
        return {row["path"]: row for row in harness.table(self.data.release / "files.tsv.zst")}

    def test_1_another_build_leaves_the_release_alone(self):
        outcome = self.assertCode(0, self.data.build())
        self.assertIn("is finished and stays as it is", outcome.out)
        self.assertUntouched()

    def test_2_what_is_known_of_the_changes_is_said_in_one_line(self):
        """The posts are asked for again by ID; new bytes go to the store, the release keeps its own."""
        changed = [*self.replaced, *self.banned, *self.expunged]
        (self.data.root / "ids").write_text("\n".join(map(str, changed)))
        self.assertCode(0, self.data.run("fetch-metadata", "--ids", self.data.root / "ids"))
        outcome = self.assertCode(0, self.data.build())
        self.assertUntouched()
        removed = 2 * len(self.banned + self.expunged)
        changed = 2 * len(self.replaced)
        self.assertRegex(outcome.out, f"bucket: .*0 files were added, {removed} removed, {changed} changed")
        truth = self.site.truth()
        stored = {number: path for path, number in self.data.originals().items()}
        for number in self.replaced:
            self.assertEqual(harness.digest(stored[number], "md5"), truth[number]["served_md5"])

    def test_3_verify_knows_both_the_old_and_the_new_bytes(self):
        outcome = self.assertCode(0, self.data.run("verify", "--json"))
        self.assertEqual(outcome.json()["problems"], [])

    def test_4_reissue_takes_them_in(self):
        old = self.files()
        self.assertCode(0, self.data.build("--reissue"))
        new = self.files()
        gone = {int(row["id"]) for path, row in old.items() if path not in new} - set(self.replaced)
        self.assertEqual(gone, {*self.banned, *self.expunged})
        self.assertEqual({int(row["id"]) for row in new.values() if row["edition"] == "2"}, set(self.replaced))
        self.assertEqual({int(row["id"]) for row in new.values() if row["edition"] == "1"},
                         {int(row["id"]) for row in old.values()} - gone - set(self.replaced))
        on_disk = {str(path.relative_to(self.data.shared)) for folder in ("sfw", "nsfw")
                   for path in (self.data.shared / folder).rglob("*") if path.is_file()}
        self.assertEqual(on_disk, set(new))
        self.assertEqual(self.data.leftovers(), [])
        self.assertCode(0, self.data.run("verify"))

    def test_5_its_torrents_list_the_new_edition_last(self):
        editions = {path: row["edition"] for path, row in self.files().items()}
        for path in sorted((self.data.torrents / "danbooru2017").glob("*.torrent")):
            if "metadata" in path.name:
                continue
            files = libtorrent.torrent_info(str(path)).files()
            names = [files.file_path(i).removeprefix("danbooru/") for i in range(files.num_files())]
            order = [(int(editions[name]), int(name.rsplit("/", 1)[1].split(".")[0])) for name in names]
            self.assertEqual(order, sorted(order), path.name)

    def test_6_banned_files_stay_in_the_store(self):
        """Only a purge, which is a wish of its own, deletes bytes that cannot be had again."""
        numbers = set(self.data.originals().values())
        self.assertLessEqual({*self.banned, *self.expunged}, numbers)


if __name__ == "__main__":
    unittest.main()
