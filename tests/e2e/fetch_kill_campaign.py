# SPDX-License-Identifier: MIT
"""Kills `dbr fetch-images` with SIGKILL at random moments under load, and starts it again each time.

Usage: fetch_kill_campaign.py [KILLS [SEED [POSTS]]]        DBR and BOORU_SIM name the binaries

What a manifest called stored when it was killed is there with its right bytes, and is never asked for again; every end is,
byte for byte and row for row, that of an undisturbed run. Then the next one begins in a new folder.
"""
import collections
import contextlib
import pathlib
import random
import shutil
import sqlite3
import sys
import tempfile
import time

import harness
import power_cut

# Eight connections have always something on its way.
SLOWNESS = "slow:1:scope=cdn:ms=15:chunk=8000"
CONNECTIONS = 8


def rows(data):
    """Every row about originals, times apart; of a copy, so that whoever looks changes nothing."""
    with tempfile.TemporaryDirectory(prefix="dbr-rows-") as folder:
        for path in data.root.glob("manifest.sqlite*"):
            if not path.name.endswith("-shm"):
                shutil.copy(path, folder)
        with contextlib.closing(sqlite3.connect(pathlib.Path(folder) / "manifest.sqlite")) as database:
            return {row[0]: row[1:] for row in database.execute(
                "SELECT p.id, p.original, o.site_md5, o.reason, o.detail, o.file_ext, o.size, o.md5, o.sha256 "
                "FROM post p LEFT JOIN original o ON o.post_id = p.id")}


def held(found):
    return {number for number, row in found.items() if row[0] in (1, 2)}


class Undisturbed:
    """What an undisturbed run makes, and how long it takes on this machine."""

    def __init__(self, scratch, site):
        self.site, self.data = site, harness.Dataset(tempfile.mkdtemp(dir=scratch, prefix="undisturbed-"), site)
        outcome = self.data.run("fetch-metadata", "--year", 2017)
        assert outcome.code == 0, outcome
        self.harvested = self.data.manifest.read_bytes()
        outcome = self.data.run("fetch-images", "-j", CONNECTIONS)  # the site draws its pictures when first asked
        assert outcome.code == 0, outcome
        self.rows = rows(self.data)
        self.originals = {path.name: harness.digest(path) for path in self.data.originals()}
        truth = site.truth()
        self.path_of = {number: f"/original/{post['md5'][:2]}/{post['md5'][2:4]}/{post['md5']}."
                        for number, post in truth.items()}
        wrong = [path for path in self.data.originals()
                 if harness.digest(path, "md5") != truth[int(path.stem)]["served_md5"]]
        assert not wrong, wrong[:5]
        site.faults(SLOWNESS)
        again = harness.Dataset(tempfile.mkdtemp(dir=scratch, prefix="undisturbed-"), site)
        again.manifest.write_bytes(self.harvested)
        begin = time.monotonic()
        outcome = again.run("fetch-images", "-j", CONNECTIONS)
        assert outcome.code == 0, outcome
        self.seconds = time.monotonic() - begin
        shutil.rmtree(again.root)


class Campaign:
    def __init__(self, undisturbed, scratch, seed, say=lambda text: None):
        self.undisturbed, self.site, self.scratch, self.say = undisturbed, undisturbed.site, scratch, say
        self.dice, self.counts = random.Random(seed), collections.Counter()
        self.data, self.stored = None, set()

    def fetch(self, moment=None):
        """One run, killed after so many seconds; whether it was. Nothing that was stored may be asked for."""
        self.site.clear_log()
        begin = time.monotonic()
        running = self.data.start("fetch-images", "-j", CONNECTIONS)
        while moment and running.process.poll() is None and time.monotonic() < begin + moment:
            time.sleep(0.001)
        is_killed = moment is not None and running.process.poll() is None
        if is_killed:
            running.kill()
        else:
            outcome = running.finish()
            assert outcome.code == 0, outcome
        asked = {entry["path"].rsplit("/", 1)[-1].split(".")[0] for entry in self.site.log()
                 if harness.is_file_request(entry) and entry["method"] == "GET"}
        again = [number for number in self.stored
                 if self.undisturbed.path_of[number].rsplit("/", 1)[-1].removesuffix(".") in asked]
        assert not again, f"{self.data.root}: stored, and fetched again: {again[:10]}"
        return is_killed

    def kill_once(self):
        if self.data is None:
            self.data = harness.Dataset(tempfile.mkdtemp(dir=self.scratch, prefix="killed-"), self.site)
            self.data.manifest.write_bytes(self.undisturbed.harvested)
            self.stored = set()
        if not self.fetch(self.dice.uniform(0.02, self.undisturbed.seconds / 5)):
            self.compare()
            return
        self.counts["kills"] += 1
        wrong = power_cut.untrue_rows(self.data.root)
        assert not wrong, f"{self.data.root}: {wrong[:5]}"
        stored = held(rows(self.data))
        assert self.stored <= stored, f"{self.data.root}: forgotten: {sorted(self.stored - stored)[:10]}"
        self.say(f"kill {self.counts['kills']}: {len(stored)} stored, {len(stored - self.stored)} of them new")
        self.stored = stored

    def compare(self):
        ours, theirs = rows(self.data), self.undisturbed.rows
        different = [number for number in ours.keys() | theirs.keys() if ours.get(number) != theirs.get(number)]
        assert not different, f"{self.data.root}: rows differ: " + ", ".join(
            f"{number}: {ours.get(number)} / {theirs.get(number)}" for number in different[:3])
        originals = {path.name: harness.digest(path) for path in self.data.originals()}
        assert originals == self.undisturbed.originals, f"{self.data.root}: other originals"
        assert self.data.leftovers() == [], self.data.leftovers()
        self.counts["ends compared"] += 1
        shutil.rmtree(self.data.root)
        self.data = None

    def run(self, kills):
        while self.counts["kills"] < kills:
            self.kill_once()
        if self.data:
            self.fetch()
            self.compare()
        return self.counts


def main(kills=50, seed=2017, posts=1200):
    scratch = pathlib.Path(tempfile.mkdtemp(prefix="dbr-fetch-kills-"))
    site = harness.Site(scratch, posts=int(posts))
    undisturbed = Undisturbed(scratch, site)
    print(f"{len(undisturbed.originals)} files, {undisturbed.seconds:.1f} s undisturbed, seed {seed}", flush=True)
    counts = Campaign(undisturbed, scratch, int(seed), lambda text: print(text, flush=True)).run(int(kills))
    site.stop()
    shutil.rmtree(scratch)  # kept when something is wrong, to be looked at
    print("nothing stored was fetched again, and every end was the undisturbed one:")
    for what, count in counts.items():
        print(f"  {what:<24}{count:>4}")


if __name__ == "__main__":
    main(*sys.argv[1:])
