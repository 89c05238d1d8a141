# SPDX-License-Identifier: MIT
"""Cuts the power of `dbr build` at random moments, starts it again with what is left, and compares what comes out.

Usage: power_cut_campaign.py [CUTS [SEED [POSTS [IGNORE]]]]       DBR and BOORU_SIM name the binaries
IGNORE (files, directories, all, or a part of a path) takes syncs away, to see that the campaign notices.

A run ends at a random operation on its files, or at a random moment. What a power cut leaves of the folder is built from
what was synced (power_cut.py), and a restart goes on from there. Sometimes a run is only killed, and the next one's power
is cut. Right after each cut, and at the end, no row may lack its right bytes; the end must be that of an undisturbed
build. From the journal of each run some more cuts are drawn, of which only the rows are looked at.
"""
import collections
import pathlib
import random
import shutil
import sys
import tempfile
import time

import harness
import power_cut

# Cuts that are only looked at, for each one that is gone on from.
LOOKS = 4


class Undisturbed:
    """What a build makes when nothing happens, and how many operations on files it takes."""

    def __init__(self, scratch, site):
        self.site = site
        self.data = harness.Dataset(tempfile.mkdtemp(dir=scratch, prefix="undisturbed-"), site)
        session = power_cut.Session(self.data.root)
        outcome = self.data.build("-j", 8, env=session.environment())
        assert outcome.code == 0, outcome
        records = session.records()
        self.operations = len(records)
        self.kinds = collections.Counter(record.operation.decode() for record in records)
        self.check_model(session, records)
        session.end()
        self.published = self.data.published()
        self.originals = {path.name: harness.digest(path) for path in self.data.originals()}

    def check_model(self, session, records):
        """The journal tells everything: played without a cut, it makes the very folder."""
        for record in records:
            session.disk.play(record)
        ours = session.disk.present()
        theirs = {str(path.relative_to(self.data.root)): path.read_bytes()
                  for path in self.data.root.rglob("*") if path.is_file()}
        different = [path for path in ours.keys() | theirs.keys()
                     if not path.endswith("-shm") and ours.get(path) != theirs.get(path)]
        assert not different, f"the journal does not tell all of {sorted(different)[:10]}"


class Campaign:
    def __init__(self, undisturbed, scratch, seed, ignore="", say=lambda text: None):
        self.undisturbed, self.scratch, self.ignore, self.say = undisturbed, scratch, ignore, say
        self.dice = random.Random(seed)
        self.counts = collections.Counter()
        self.data = None

    def run_once(self, session, may_end_anywhen=True):
        """A build that is killed sooner or later; whether it got done before."""
        kill_at = self.moment()
        is_by_time = may_end_anywhen and self.dice.random() < 0.3
        running = self.data.start("build", "--year", 2017, "-j", 8,
                                  env=session.environment(None if is_by_time else kill_at, self.ignore))
        if is_by_time:
            moment = time.monotonic() + self.dice.uniform(0.02, 1.5)
            while running.process.poll() is None and time.monotonic() < moment:
                time.sleep(0.001)
            if running.process.poll() is None:
                running.process.kill()
        outcome = running.finish()
        assert outcome.code in (0, -9), f"after a restart the dataset does not work: {outcome}"
        return outcome.code == 0

    def moment(self):
        """An operation: any, one at the beginning, which has many ways to go wrong, or one of the rarer kinds."""
        if self.dice.random() < 0.4:
            kind = self.dice.choice([kind for kind in sorted(self.undisturbed.kinds) if kind != "w"])
            return f"{kind}{self.dice.randrange(1, self.undisturbed.kinds[kind] + 1)}"
        part = self.dice.choice((1, 8))
        return self.dice.randrange(1, max(2, self.undisturbed.operations // part))

    def look(self, session, seed, after=None):
        """What the manifest claims in vain after such a cut; the folder is left for whoever wants it."""
        target = pathlib.Path(tempfile.mkdtemp(dir=self.scratch, prefix="cut-"))
        session.cut(target, seed, after)
        wrong = power_cut.untrue_rows(target)
        assert not wrong, f"{target}: {len(wrong)} rows are not true after a cut, such as\n" + "\n".join(wrong[:5])
        return target

    def cut_once(self):
        self.data = self.data or harness.Dataset(tempfile.mkdtemp(dir=self.scratch, prefix="root-"),
                                                 self.undisturbed.site)
        session = power_cut.Session(self.data.root)
        is_done = False
        if self.dice.random() < 0.3:
            self.run_once(session, may_end_anywhen=False)
            self.counts["kills before it"] += 1
        is_done = self.run_once(session)
        operations = len(session.records())
        for _ in range(LOOKS):
            shutil.rmtree(self.look(session, self.dice.random(), self.dice.randrange(operations + 1)))
        power_cut.replace(self.data.root, self.look(session, self.dice.random()))
        session.end()
        self.counts["cuts"] += 1
        self.counts["states looked at"] += LOOKS + 1
        self.say(f"cut {self.counts['cuts']}: after {operations} operations{', done' if is_done else ''}")
        if is_done or self.dice.random() < 0.2:
            self.finish()

    def finish(self):
        """Runs it to its end, and compares."""
        outcome = self.data.build("-j", 8)
        assert outcome.code == 0, outcome
        wrong = power_cut.untrue_rows(self.data.root)
        assert not wrong, "\n".join(wrong[:5])
        ours, theirs = self.data.published(), self.undisturbed.published
        different = sorted(path for path in ours.keys() | theirs.keys() if ours.get(path) != theirs.get(path))
        assert not different, f"{self.data.root}: {len(different)} paths differ, such as {different[:10]}"
        originals = {path.name: harness.digest(path) for path in self.data.originals()}
        assert originals == self.undisturbed.originals, f"{self.data.root}: other originals"
        assert self.data.leftovers() == [], f"left lying about: {self.data.leftovers()}"
        outcome = self.data.run("verify")
        assert outcome.code == 0, outcome
        shutil.rmtree(self.data.root)
        self.data = None
        self.counts["ends compared"] += 1

    def run(self, cuts):
        while self.counts["cuts"] < cuts:
            self.cut_once()
        if self.data:
            self.finish()
        return self.counts


def main(cuts=30, seed=2017, posts=300, ignore=""):
    scratch = pathlib.Path(tempfile.mkdtemp(prefix="dbr-power-"))
    site = harness.Site(scratch, posts=int(posts))
    undisturbed = Undisturbed(scratch, site)
    print(f"{posts} posts, {undisturbed.operations} operations on files, seed {seed}", flush=True)
    campaign = Campaign(undisturbed, scratch, int(seed), ignore, lambda text: print(text, flush=True))
    counts = campaign.run(int(cuts))
    site.stop()
    shutil.rmtree(scratch)  # kept when something is wrong, to be looked at
    print("no row lacked its bytes, and every end was the undisturbed one:")
    for what, count in counts.items():
        print(f"  {what:<24}{count:>4}")


if __name__ == "__main__":
    main(*sys.argv[1:])
