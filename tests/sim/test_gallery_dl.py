# SPDX-License-Identifier: MIT
"""The proof from outside: gallery-dl takes the stand-in for a Danbooru, lists it and downloads from it."""
import hashlib
import json
import os
import subprocess
import unittest

import sim


class GalleryDlTest(sim.SimTest):
    ARGUMENTS = ["--posts", "260"]

    def gallery_dl(self, *arguments):
        config = os.path.join(self.directory.name, "gallery-dl.json")
        with open(config, "w") as file:
            json.dump({"extractor": {"sleep-request": 0, "Danbooru": {"sim": {"root": self.root}}, "sim": {"ugoira": False}},
                       "downloader": {"retries": 0}}, file)
        # Without our own gallery-dl settings, and with no skipping: a missing gallery-dl is a failure.
        done = subprocess.run(["gallery-dl", "--config-ignore", "--config", config, *arguments], capture_output=True, text=True,
                              timeout=50, env={**os.environ, "HOME": self.directory.name, "no_proxy": "127.0.0.1"})
        return done

    def test_lists_every_visible_post(self):
        done = self.gallery_dl("--dump-json", f"{self.root}/posts?tags=order:id_desc")
        self.assertEqual(done.returncode, 0, done.stderr)
        listed = {entry[2]["id"] for entry in json.loads(done.stdout) if entry[0] == 3}
        self.assertEqual(listed, set(self.live()))

    def test_downloads_what_the_truth_says(self):
        files = os.path.join(self.directory.name, "files")
        done = self.gallery_dl("-D", files, "-f", "{id}.{extension}", f"{self.root}/posts?tags=id:<100")
        live = {number: post for number, post in self.live().items() if number < 100}
        wanted = {number: post for number, post in live.items() if not post["absent"]}
        # It calls empty files and 404s failures; everything else has to be there, byte for byte.
        got = {int(name.split(".")[0]): name for name in os.listdir(files)}
        self.assertLessEqual(set(got), set(wanted), done.stderr)
        self.assertLessEqual(set(wanted) - set(got), {n for n, post in wanted.items() if post["kind"] in ("empty", "garbage")}, done.stderr)
        for number, name in got.items():
            with open(os.path.join(files, name), "rb") as file:
                self.assertEqual(hashlib.md5(file.read()).hexdigest(), wanted[number]["served_md5"], name)

    def test_pool(self):
        pool = next(pool for pool in self.truth("pools") if len(pool["post_ids"]) > 4)
        done = self.gallery_dl("--dump-json", f"{self.root}/pools/{pool['id']}")
        listed = {entry[2]["id"] for entry in json.loads(done.stdout) if entry[0] == 3}
        self.assertEqual(listed, set(pool["post_ids"]) & set(self.live()), done.stderr)


if __name__ == "__main__":
    unittest.main()
