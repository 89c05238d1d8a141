# SPDX-License-Identifier: MIT
"""The six subcommands, chained by scripts/examples/chain.sh, make the same bytes as `dbr build`."""
import pathlib
import shutil
import subprocess
import unittest

import harness

CHAIN = pathlib.Path(__file__).resolve().parents[2] / "scripts/examples/chain.sh"


class Chain(harness.Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.site = cls.start_site(posts=150)
        cls.built = harness.Dataset(cls.scratch / "built", cls.site)
        outcome = cls.built.build()
        assert outcome.code == 0, outcome

    def chain(self, data):
        env = harness.environment(DBR=harness.DBR, DBR_TPS="1000")
        process = harness.start([CHAIN, data.root, self.site.url, 2017], env=env, stdout=subprocess.DEVNULL)
        self.assertEqual(process.wait(harness.PATIENCE), 0)

    def test_makes_the_same_bytes_as_build(self):
        chained = self.dataset(self.site)
        self.chain(chained)
        self.assertGreater(len(chained.published()), 300)
        self.assertSameTrees(chained.published(), self.built.published())

    def test_order_of_arrival_does_not_matter(self):
        """Posts fetched and downscaled a few at a time, the last ones first."""
        data = self.dataset(self.site)
        self.assertCode(0, data.run("fetch-metadata", "--year", 2017))
        ids = sorted(self.built.originals().values(), reverse=True)
        for start in range(0, len(ids), 60):
            (data.root / "ids").write_text("# some of them\n" + "\n".join(map(str, ids[start:start + 60])))
            self.assertCode(0, data.run("fetch-images", "--ids", data.root / "ids", "-j", 2))
            self.assertCode(0, data.run("downscale", "--ids", data.root / "ids", "-j", 3))
        here = self.released_in_a_copy(data, "here", {"TZ": "Asia/Kathmandu", "LC_ALL": "C"}, 0o077, 1)
        there = self.released_in_a_copy(data, "elsewhere/under another name", {"TZ": "America/St_Johns",
                                                                             "LC_ALL": "tr_TR.UTF-8"}, 0o002, 4)
        self.assertGreater(len(here), 300)
        self.assertSameTrees(here, there)
        self.assertCode(0, data.build())
        self.assertSameTrees(data.published(), self.built.published())

    def released_in_a_copy(self, data, name, env, umask, jobs):
        """A release of the same manifest and store, in all formats, made in another folder and in other surroundings:
        what is in danbooru/, torrents/ and exports/. Equal torrent files have equal infohashes."""
        copy = harness.Dataset(self.scratch / name)
        shutil.copytree(data.root, copy.root)
        for command, *more in (("bucket",), ("export-db", "--format", "all"), ("make-torrent",)):
            self.assertCode(0, copy.run(command, "--year", 2017, "-j", jobs, *more, env=env, umask=umask))
        return {**copy.published(), **harness.checksums(copy.root / "exports", copy.root)}

    def test_a_dry_run_changes_nothing(self):
        self.chain(data := self.dataset(self.site))
        before = harness.facts(data.shared), harness.facts(data.torrents), harness.facts(data.root / "store")
        for command in ("fetch-metadata", "fetch-images", "downscale", "bucket", "export-db", "make-torrent"):
            self.assertCode(0, data.run(command, "--year", 2017, "--dry-run"))
        after = harness.facts(data.shared), harness.facts(data.torrents), harness.facts(data.root / "store")
        self.assertEqual(before, after)


if __name__ == "__main__":
    unittest.main()
