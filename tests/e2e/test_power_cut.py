# SPDX-License-Identifier: MIT
"""After a power cut no row lacks its right bytes, and a restart ends as an undisturbed run does. First of all: the power
cut of these tests takes away what was not synced, and nothing else."""
import pathlib
import subprocess
import tempfile
import unittest

import harness
import power_cut
import power_cut_campaign

WRITER = harness.SHIMS / "careful_writer"
TEXT = "right bytes " * 1000


@unittest.skipIf(harness.IS_SANITIZED, "a sanitizer's runtime has to be the first library")
class TheCutItself(harness.Case):
    def outcomes(self, *steps, name="file", before=None):
        """What the file can hold after the steps and a cut: its texts, None for no file."""
        root = pathlib.Path(tempfile.mkdtemp(dir=self.scratch))
        for path, text in (before or {}).items():
            (root / path).write_text(text)
        session = power_cut.Session(root)
        done = subprocess.run([WRITER, root, *steps], env=harness.environment(**session.environment()), text=True,
                              capture_output=True, timeout=harness.PATIENCE)
        self.assertEqual(done.returncode, 0, done.stderr)
        found = set()
        for seed in range(100):
            with tempfile.TemporaryDirectory(dir=self.scratch) as target:
                session.cut(target, seed)
                path = pathlib.Path(target) / name
                found.add(path.read_text() if path.is_file() else None)
        session.end()
        return found

    def test_without_syncs_everything_can_be_lost_or_torn(self):
        found = self.outcomes(f"write:file:{TEXT}")
        self.assertTrue({None, "", TEXT, "\0" * len(TEXT)} <= found, [str(text)[:20] for text in found])
        self.assertTrue(any(text and text != TEXT and TEXT.startswith(text) for text in found), "a part of it")
        self.assertTrue(any(text and len(text) == len(TEXT) and 0 < text.count("\0") < len(TEXT) for text in found))

    def test_a_synced_file_is_whole_if_it_has_a_name(self):
        self.assertEqual(self.outcomes(f"write:file:{TEXT}", "sync:file"), {None, TEXT})

    def test_a_name_without_its_bytes(self):
        self.assertIn("", self.outcomes(f"write:file:{TEXT}", "sync:."))
        self.assertNotIn(None, self.outcomes(f"write:file:{TEXT}", "sync:."))

    def test_both_synced(self):
        self.assertEqual(self.outcomes(f"write:file:{TEXT}", "sync:file", "sync:."), {TEXT})

    def test_a_rename(self):
        old = {"file": "old"}
        found = self.outcomes(f"write:new:{TEXT}", "rename:new:file", before=old)
        self.assertTrue({"old", "", TEXT} <= found, "the name without the bytes")
        self.assertNotIn(None, found, "one of the two is always there")
        self.assertEqual(self.outcomes(f"write:new:{TEXT}", "sync:new", "rename:new:file", before=old), {"old", TEXT})
        self.assertEqual(self.outcomes(f"write:new:{TEXT}", "sync:new", "rename:new:file", "sync:.", before=old), {TEXT})

    def test_a_new_directory_has_to_be_synced_into_its_own(self):
        steps = ("mkdir:new", f"write:new/file:{TEXT}", "sync:new/file", "sync:new")
        self.assertEqual(self.outcomes(*steps, name="new/file"), {None, TEXT})
        self.assertEqual(self.outcomes(*steps, "sync:.", name="new/file"), {TEXT})

    def test_links_removals_and_changes_in_place(self):
        self.assertEqual(self.outcomes("link:file:other", "sync:.", "remove:file", name="other", before={"file": "old"}),
                         {"old"})
        self.assertEqual(self.outcomes("remove:file", before={"file": "old"}), {"old", None})
        self.assertEqual(self.outcomes("overwrite:file:new", "sync:file", before={"file": "old"}), {"new"})
        self.assertEqual(self.outcomes("overwrite:file:new", before={"file": "old"}), {"old", "new"})
        self.assertEqual(self.outcomes("truncate:file", before={"file": "old"}), {"old", ""})


@unittest.skipIf(harness.IS_SANITIZED, "a sanitizer's runtime has to be the first library")
class Builds(harness.Case):
    """Fixed seeds; scripts/soak runs the campaign with thirty cuts."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.site = cls.start_site(posts=60)
        cls.undisturbed = power_cut_campaign.Undisturbed(cls.scratch, cls.site)

    def campaign(self, seed):
        counts = power_cut_campaign.Campaign(self.undisturbed, self.scratch, seed).run(4)
        self.assertEqual(counts["cuts"], 4)

    def test_seed_1(self):
        self.campaign(1)

    def test_seed_2(self):
        self.campaign(2)

    def test_folders_that_a_killed_run_made_are_durable_too(self):
        """Who finds a folder cannot know whether its name is: the run that made it may have been killed before its sync."""
        harvested = self.dataset(self.site)
        self.assertCode(0, harvested.run("fetch-metadata", "--year", 2017))
        for made in range(2, 6):
            data = self.dataset(self.site)
            data.manifest.write_bytes(harvested.manifest.read_bytes())
            session = power_cut.Session(data.root)
            self.assertCode(-9, data.run("fetch-images", env=session.environment(f"m{made}")))
            self.assertCode(0, data.run("fetch-images", env=session.environment()))
            for seed in range(6):
                with tempfile.TemporaryDirectory(dir=self.scratch) as target:
                    session.cut(target, seed)
                    self.assertEqual(power_cut.untrue_rows(target), [], f"killed after making {made} folders")
            session.end()

    def test_it_would_be_noticed_without_syncs(self):
        for ignore in ("files", "directories", "/store/part/", "/store/original/"):
            with self.assertRaises(AssertionError, msg=f"syncs of {ignore} do not matter"):
                power_cut_campaign.Campaign(self.undisturbed, self.scratch, 3, ignore).run(8)


if __name__ == "__main__":
    unittest.main()
