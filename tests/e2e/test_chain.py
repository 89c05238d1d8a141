# SPDX-License-Identifier: MIT
"""The six subcommands, chained by scripts/examples/chain.sh, make the same bytes as `dbr build`."""
import pathlib
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
        self.assertCode(0, data.build())
        self.assertSameTrees(data.published(), self.built.published())

    def test_a_dry_run_changes_nothing(self):
        self.chain(data := self.dataset(self.site))
        before = harness.facts(data.shared), harness.facts(data.torrents), harness.facts(data.root / "store")
        for command in ("fetch-metadata", "fetch-images", "downscale", "bucket", "export-db", "make-torrent"):
            self.assertCode(0, data.run(command, "--year", 2017, "--dry-run"))
        after = harness.facts(data.shared), harness.facts(data.torrents), harness.facts(data.root / "store")
        self.assertEqual(before, after)


if __name__ == "__main__":
    unittest.main()
