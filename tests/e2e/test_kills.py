# SPDX-License-Identifier: MIT
"""Killed with SIGKILL at random moments and started again each time, a build ends as an undisturbed one does."""
import unittest

import harness
import kill_campaign


class Kills(harness.Case):
    """Three fixed seeds; scripts/soak runs the campaign with fifty kills."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.site = cls.start_site(posts=100)
        cls.undisturbed = kill_campaign.Undisturbed(cls.scratch / "undisturbed", cls.site)

    def campaign(self, seed):
        hits = kill_campaign.run(self.undisturbed, self.scratch, kills=6, seed=seed)
        self.assertEqual(sum(hits.values()), 6)

    def test_seed_1(self):
        self.campaign(1)

    def test_seed_2(self):
        self.campaign(2)

    def test_seed_3(self):
        self.campaign(3)


if __name__ == "__main__":
    unittest.main()
