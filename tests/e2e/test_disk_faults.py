# SPDX-License-Identifier: MIT
"""A disk that is full, broken, read-only or not ours any more: a message with the path and the cause, exit code 6, nothing
lost, and the same command goes on when it is well again without fetching anything twice."""
import contextlib
import os
import pathlib
import re
import sqlite3
import subprocess
import tempfile
import unittest

import harness
import power_cut

SHIM = harness.SHIMS / "libfaulty_disk.so"
NOBODY = 65534

# What fails while files are fetched (tests/shim/faulty_disk.cpp): the rule, and what the message says of path and cause.
# A number is a call in the middle of the work.
FETCHING = {
    "a part file cannot be written": ("write@/store/part/@EIO@20", "store/part/", "Input/output error"),
    "the disk is full": ("space@/store/@ENOSPC@300000", "store/", "No space left"),
    "the quota is used up": ("write@/store/part/@EDQUOT@20", "store/part/", "quota"),
    "a part file cannot be made": ("create@/store/part/@EACCES@6", "store/part/", "Permission denied"),
    "the disk has become read-only": ("create@/store/part/@EROFS@6", "store/part/", "Read-only"),
    "a part file cannot be synced": ("sync@/store/part/@EIO@5", "store/part/", "Input/output error"),
    "a sync fails only once": ("sync@/store/part/@EIO@5@1", "store/part/", "Input/output error"),
    "a folder cannot be synced": ("sync@/store/original@EIO@2", "store/original", "Input/output error"),
    "a folder cannot be made": ("mkdir@/store/original/@ENOSPC@3", "store/original/", "No space left"),
    "a file cannot get its name": ("rename@/store/original/@EIO@5", "store/original/", "Input/output error"),
    "no permission for a name": ("rename@/store/original/@EACCES@5", "store/original/", "Permission denied"),
}
# The manifest itself. SQLite has its own words.
MANIFEST = {
    "it cannot be read": ("read@/manifest.sqlite@EIO@12", "manifest.sqlite", "Input/output error|I/O error"),
    "its log cannot be written": ("write@/manifest.sqlite-wal@EIO@4", "manifest.sqlite", "I/O error"),
    "its log has no room": ("write@/manifest.sqlite-wal@ENOSPC@4", "manifest.sqlite", "full|I/O error"),
    "its log cannot be synced": ("sync@/manifest.sqlite-wal@EIO@2", "manifest.sqlite", "I/O error"),
    "its log cannot be made": ("create@/manifest.sqlite-wal@EACCES@1", "manifest.sqlite", "unable to open|readonly"),
}
DOWNSCALING = {
    "an original cannot be read": ("read@/store/original/@EIO@10", "store/original/", "Input/output error"),
    "a form cannot be written": ("write@/store/part/@EIO@5", "store/part/", "Input/output error"),
    "no room for a form": ("write@/store/part/@ENOSPC@5", "store/part/", "No space left"),
    "a form cannot be synced": ("sync@/store/part/@EIO@5", "store/part/", "Input/output error"),
    "a form cannot get its name": ("rename@/store/512px/@EIO@5", "store/512px/", "Input/output error"),
}
RELEASING = {
    "no link": ("link@/danbooru/@EIO@10", "danbooru/", "Input/output error"),
    "no room for a list": ("write@/danbooru/metadata/@ENOSPC@1", "danbooru/metadata/", "No space left|full"),
    "an export cannot be synced": ("sync@/danbooru/metadata/@EIO@3", "danbooru/metadata/", "Input/output error|I/O error"),
    "no room for a torrent": ("write@/torrents/@ENOSPC@1", "torrents/", "No space left"),
    "a torrent cannot get its name": ("rename@/torrents/@EROFS@1", "torrents/", "Read-only"),
}


def held(data):
    """Posts whose rows say that there are bytes."""
    with contextlib.closing(sqlite3.connect(f"file:{data.manifest}?mode=ro", uri=True)) as database:
        return {number for number, in database.execute("SELECT id FROM post WHERE original IN (1, 2)")}


class DiskFaults(harness.Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.site = cls.start_site(posts=60)
        cls.built = harness.Dataset(cls.scratch / "built", cls.site)
        outcome = cls.built.run("fetch-metadata", "--year", 2017)
        assert outcome.code == 0, outcome
        cls.harvested = cls.built.manifest.read_bytes()
        outcome = cls.built.build("-j", 4)
        assert outcome.code == 0, outcome
        cls.originals = {path.name: harness.digest(path) for path in cls.built.originals()}
        cls.published = cls.built.published()
        cls.path_of = {post["id"]: f"/original/{post['md5'][:2]}/{post['md5'][2:4]}/{post['md5']}"
                       for post in cls.site.truth().values()}

    def harvested_dataset(self):
        data = self.dataset(self.site)
        data.manifest.write_bytes(self.harvested)
        return data

    def assertClear(self, outcome, path, cause):
        """One line that says what, where and why."""
        self.assertCode(6, outcome)
        self.assertRegex(outcome.err, rf"dbr: error: cannot .*{re.escape(path)}.*({cause})", outcome)
        self.assertNotRegex(outcome.out, "internal error")

    def assertNothingLost(self, data):
        self.assertEqual(power_cut.untrue_rows(data.root), [])

    def assertResumes(self, data, *command):
        """What was stored is not fetched again, and the end is what it would have been."""
        stored = held(data)
        self.site.clear_log()
        self.assertCode(0, data.run(*command))
        asked = [entry["path"] for entry in self.site.log() if harness.is_file_request(entry)]
        again = [number for number in stored if any(path.startswith(self.path_of[number]) for path in asked)]
        self.assertEqual(again, [], "fetched again")
        self.assertEqual({path.name: harness.digest(path) for path in data.originals()}, self.originals)
        self.assertNothingLost(data)
        self.assertEqual(data.leftovers(), [])

    def run_with(self, data, rule, *command):
        log = pathlib.Path(tempfile.mkdtemp(dir=self.scratch)) / "struck"
        outcome = data.run(*command, env={"LD_PRELOAD": str(SHIM), "FAULTY_DISK": rule, "FAULTY_DISK_LOG": str(log)})
        self.assertTrue(log.exists(), f"nothing was broken by {rule}: {outcome}")
        return outcome

    def check(self, faults, prepared, *command, resumed=None):
        for name, (rule, path, cause) in faults.items():
            with self.subTest(name):
                data = prepared()
                outcome = self.run_with(data, rule, *command)
                self.assertClear(outcome, path, cause)
                self.assertNothingLost(data)
                self.assertResumes(data, *(resumed or command))

    @unittest.skipIf(harness.IS_SANITIZED, "a sanitizer's runtime has to be the first library")
    def test_while_fetching(self):
        self.check(FETCHING, self.harvested_dataset, "fetch-images", "-j", 4)

    @unittest.skipIf(harness.IS_SANITIZED, "a sanitizer's runtime has to be the first library")
    def test_the_manifest(self):
        self.check(MANIFEST, self.harvested_dataset, "fetch-images", "-j", 4)

    def fetched_dataset(self):
        data = self.harvested_dataset()
        self.assertCode(0, data.run("fetch-images", "-j", 8))
        return data

    @unittest.skipIf(harness.IS_SANITIZED, "a sanitizer's runtime has to be the first library")
    def test_while_downscaling(self):
        self.check(DOWNSCALING, self.fetched_dataset, "downscale", "-j", 2)

    @unittest.skipIf(harness.IS_SANITIZED, "a sanitizer's runtime has to be the first library")
    def test_while_releasing(self):
        data = self.fetched_dataset()
        for name, (rule, path, cause) in RELEASING.items():
            with self.subTest(name):
                self.assertClear(self.run_with(data, rule, "build", "--year", 2017), path, cause)
                self.assertNothingLost(data)
        self.assertResumes(data, "build", "--year", 2017)
        self.assertSameTrees(data.published(), self.published)

    def dataset_on_a_disk_of(self, size):
        data = self.dataset(self.site)
        options = ["-t", "tmpfs", "-o", f"size={size >> 10}k", "tmpfs", data.root]
        if subprocess.run(["mount", *options], capture_output=True).returncode != 0:
            self.skipTest("this account cannot mount a small disk")
        self.addCleanup(subprocess.run, ["umount", "-l", data.root], check=True)
        data.manifest.write_bytes(self.harvested)
        return data

    def test_a_small_disk(self):
        """It fills up, or dbr sees that it would: either way it goes on when it has grown."""
        wanted = sum(path.stat().st_size for path in self.built.originals())
        data = self.dataset_on_a_disk_of(wanted // 2 + 2 * len(self.harvested))
        outcome = self.assertCode(6, data.run("fetch-images"))
        self.assertRegex(outcome.err, f"dbr: error: cannot .*{re.escape(str(data.root))}")
        self.assertRegex(outcome.err, "(?i)no space left|disk is full|free|room")
        self.assertIn("hint: ", outcome.err)
        self.assertNothingLost(data)
        before = held(data)
        self.assertCode(6, data.run("fetch-images"))
        self.assertLessEqual(before, held(data), "trying in vain costs nothing")
        subprocess.run(["mount", "-o", "remount,size=100m", data.root], check=True)
        self.assertResumes(data, "fetch-images")

    def test_a_disk_that_others_fill(self):
        """What was enough at the start is not any more."""
        data = self.dataset_on_a_disk_of(100 << 20)
        self.site.faults("slow:1:scope=cdn:ms=20:chunk=4000")
        self.addCleanup(self.site.faults)
        running = data.start("fetch-images", "-j", 4)
        harness.until(lambda: len(data.originals()) > 3, "files are stored")
        filler = data.root / "filler"
        with contextlib.suppress(OSError), open(filler, "wb", buffering=0) as file:
            while True:
                file.write(bytes(1 << 16))
        outcome = self.assertCode(6, running.finish())
        self.assertRegex(outcome.err, f"dbr: error: cannot .*{re.escape(str(data.root))}")
        self.assertIn("hint: ", outcome.err)
        self.assertNothingLost(data)
        self.site.faults()
        filler.unlink()
        self.assertResumes(data, "fetch-images")

    def test_a_read_only_disk(self):
        data = self.harvested_dataset()
        store = data.root / "store"
        store.mkdir()
        if subprocess.run(["mount", "-t", "tmpfs", "-o", "ro", "tmpfs", store], capture_output=True).returncode != 0:
            self.skipTest("this account cannot mount a read-only disk")
        self.addCleanup(subprocess.run, ["umount", "-l", store], check=False, capture_output=True)
        self.assertClear(data.run("fetch-images"), "store/", "Read-only")
        self.assertNothingLost(data)
        subprocess.run(["umount", store], check=True)
        self.assertResumes(data, "fetch-images")

    def test_lost_permission(self):
        data = self.harvested_dataset()
        first = next(iter(self.path_of))
        (data.root / "ids").write_text("\n".join(str(number) for number in range(first, first + 20)))
        self.assertIn(data.run("fetch-images", "--ids", data.root / "ids").code, (0, 3))
        folder = data.root / "store/original"
        user = os.getuid() or NOBODY
        if os.getuid() == 0:  # whom permissions do not bind
            self.scratch.chmod(0o755)
            for path in (data.root, *data.root.rglob("*")):
                os.chown(path, NOBODY, NOBODY, follow_symlinks=False)
        folder.chmod(0o555)
        self.addCleanup(folder.chmod, 0o755)

        def become_user():
            harness.die_with_parent()
            os.setuid(user)
        running = data.start("fetch-images", before_exec=become_user)
        self.assertClear(running.finish(), "store/original/", "Permission denied")
        self.assertNothingLost(data)
        folder.chmod(0o755)
        self.assertResumes(data, "fetch-images")


if __name__ == "__main__":
    unittest.main()
