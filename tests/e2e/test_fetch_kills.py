# SPDX-License-Identifier: MIT
"""Killed with SIGKILL under load and started again, fetch-images fetches nothing twice and ends as if nothing had been."""
import unittest

import fetch_kill_campaign
import harness


class FetchKills(harness.Case):
    """Two fixed seeds; scripts/soak runs the campaign with fifty kills."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.site = cls.start_site(posts=150)
        cls.undisturbed = fetch_kill_campaign.Undisturbed(cls.scratch, cls.site)

    def campaign(self, seed):
        counts = fetch_kill_campaign.Campaign(self.undisturbed, self.scratch, seed).run(6)
        self.assertEqual(counts["kills"], 6)
        self.assertGreaterEqual(counts["ends compared"], 1)

    def test_seed_1(self):
        self.campaign(1)

    def test_seed_2(self):
        self.campaign(2)


if __name__ == "__main__":
    unittest.main()
