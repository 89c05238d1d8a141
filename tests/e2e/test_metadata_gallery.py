# SPDX-License-Identifier: MIT
"""gallery-dl and dbr, given the same site, list the same posts."""
import json
import os
import subprocess
import unittest

import harness


class Gallery(harness.Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.site = cls.start_site("--metadata-only", posts=700)
        cls.data = harness.Dataset(cls.scratch / "root", cls.site)
        outcome = cls.data.run("fetch-metadata")
        assert outcome.code == 0, outcome

    def gallery_dl(self, query):
        """What gallery-dl lists for a query, by ID. A missing gallery-dl is a failure: scripts/setup installs it."""
        config = self.scratch / "gallery-dl.json"
        config.write_text(json.dumps({"extractor": {"sleep-request": 0, "Danbooru": {"sim": {"root": self.site.url}},
                                                    "sim": {"ugoira": False}}, "downloader": {"retries": 0}}))
        done = subprocess.run(["gallery-dl", "--config-ignore", "--config", config, "--dump-json",
                               f"{self.site.url}/posts?tags={query}"], capture_output=True, text=True, timeout=120,
                              check=False, env={**os.environ, "HOME": str(self.scratch), "no_proxy": "127.0.0.1"})
        self.assertEqual(done.returncode, 0, done.stderr)
        return {entry[2]["id"]: entry[2] for entry in json.loads(done.stdout) if entry[0] == 3}

    def check(self, query, *filters):
        """It cannot list what the site hides."""
        theirs, ours = self.gallery_dl(query), self.data.posts("--state", "live,deleted", *filters)
        self.assertEqual(sorted(theirs), sorted(ours), query)
        self.assertGreater(len(ours), 5)
        for number, post in ours.items():
            for key in ("md5", "rating", "tag_string", "file_url", "file_size", "source", "score"):
                self.assertEqual(theirs[number][key], post[key], f"{number} {key}")

    def test_all_posts(self):
        self.check("order:id_desc")

    def test_tags(self):
        """Tags nothing implies: to dbr one tag may be satisfied by another, to the site's search it is not."""
        implied = {row["consequent_name"] for row in self.site.served("tag_implications").values()}
        tags = sorted(self.site.served("tags").values(), key=lambda tag: -tag["post_count"])
        a, b = [tag["name"] for tag in tags if tag["name"] not in implied and tag["name"].isidentifier()][:2]
        self.check(f"{a} -{b}", "--tags", f"{a} -{b}")

    def test_rating(self):
        self.check("rating:g,e", "--rating", "g,e")


if __name__ == "__main__":
    unittest.main()
