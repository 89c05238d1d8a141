# SPDX-License-Identifier: MIT
"""Killed with SIGKILL at random moments, harvest and refresh end as undisturbed ones do, and ask for nothing twice."""
import unittest

import harness
import metadata_campaign


class MetadataKills(harness.Case):
    """A few kills of each; scripts/soak runs the campaign with thirty."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.campaign = metadata_campaign.Campaign(cls.scratch, posts=900)
        cls.addClassCleanup(cls.campaign.site.stop)

    def test_1_the_harvest(self):
        metadata_campaign.run(self.campaign.harvest, self.scratch, kills=3, seed=1)

    def test_2_the_refresh(self):
        self.campaign.change()
        metadata_campaign.run(self.campaign.refresh, self.scratch, kills=3, seed=2)


if __name__ == "__main__":
    unittest.main()
