# SPDX-License-Identifier: MIT
"""Kills `dbr fetch-metadata` with SIGKILL at random moments, starts it again each time, and compares what is known then.

Usage: metadata_campaign.py [KILLS [SEED [POSTS]]]        DBR and BOORU_SIM name the binaries

Half of the kills hit the harvest of a new dataset, half the refresh of one that was harvested before the site changed.
What comes out is compared with an undisturbed run's, row for row; and by the site's log, nothing that one run has taken
in is asked for by the next: only what was in flight when it was killed.
"""
import pathlib
import random
import shutil
import sys
import tempfile
import time

import harness

# Slow enough that kills land while asking, without making the whole thing long.
SLOWNESS = "slow:1:scope=api:ms=15:chunk=200000"
CHANGES = {"edits": 60, "replacements": 10, "deletions": 8, "bans": 4, "expunges": 3, "undeletions": 2, "new_posts": 40,
           "reparentings": 4, "pool_edits": 6, "note_edits": 6, "commentary_edits": 4, "artist_edits": 4,
           "alias_flips": 3, "implication_flips": 3, "recategorise": 1, "new_notes": 2}
# What is in flight is a page and what is asked about it before it is written down: the same page again when it was
# short, and the IDs it lacks, again until nothing new comes.
IN_FLIGHT = 4


def whole_answers(log):
    """What was served whole and was not empty, in order. An empty page only says that nothing is left."""
    return [entry for entry in log if entry["status"] == 200 and entry["fault"] in ("", "slow") and entry["bytes"] > 2]


def addresses(answers):
    return {entry["path"] for entry in answers}


def size(answers):
    return sum(entry["bytes"] for entry in answers)


class Undisturbed:
    """What an undisturbed run makes of an empty folder or of a copy of `before`, and how long it takes."""

    def __init__(self, root, site, before=None):
        self.site, self.before = site, before
        data = self.new_dataset(root)
        site.clear_log()
        begin = time.monotonic()
        outcome = data.run("fetch-metadata")
        assert outcome.code == 0, outcome
        self.seconds = time.monotonic() - begin
        self.metadata = data.metadata()
        self.size = size(whole_answers(site.log()))
        self.data = data

    def new_dataset(self, root):
        if self.before:
            shutil.copytree(self.before.root, root)
        return harness.Dataset(root, self.site)


def check_repeats(undisturbed, logs, seed):
    """Nothing that was taken in is asked for again, be it under another address."""
    runs = [whole_answers(log) for log in logs]
    in_flight = 0
    for i, answers in enumerate(runs[:-1]):
        last = addresses(answers[-IN_FLIGHT:])
        later = addresses(entry for run in runs[i + 1:] for entry in run)
        again = (addresses(answers) - last) & later
        assert not again, f"seed {seed}: taken in before kill {i + 1} and asked for again: {sorted(again)}"
        assert len(last & later) <= 2, f"seed {seed}: more was in flight at kill {i + 1}: {sorted(last & later)}"
        in_flight += size(answers[-IN_FLIGHT:])
    total = sum(map(size, runs))
    assert total <= undisturbed.size * 1.01 + in_flight, (f"seed {seed}: {total} bytes instead of {undisturbed.size}, "
                                                          f"of which {in_flight} may have been in flight")


def compare(undisturbed, data, logs, seed):
    ours, theirs = data.metadata(), undisturbed.metadata
    for table in theirs:
        a, b = ours[table], theirs[table]
        different = [key for key in {**a, **b} if harness.exactly(a.get(key)) != harness.exactly(b.get(key))]
        assert not different, (f"seed {seed}: {table}: {len(different)} differ, such as " +
                               "; ".join(f"{key}: {a.get(key)} / {b.get(key)}"[:600] for key in different[:3]))
    check_repeats(undisturbed, logs, seed)


def run(undisturbed, scratch, kills, seed, say=lambda text: None):
    """Kills that many times; an AssertionError when anything is not as it should be. Gives the number of datasets."""
    dice = random.Random(seed)
    site = undisturbed.site
    done, datasets, data, logs = 0, 0, None, []

    def finish():
        compare(undisturbed, data, logs, seed)
        shutil.rmtree(data.root)

    def is_all_there():
        return data.manifest.exists() and data.run("status").code == 0 and data.metadata() == undisturbed.metadata

    while done < kills:
        if data is None:
            data, logs = undisturbed.new_dataset(pathlib.Path(tempfile.mkdtemp(dir=scratch)) / "root"), []
            datasets += 1
        site.clear_log()
        begin = time.monotonic()
        moment = begin + dice.uniform(0.01, undisturbed.seconds)
        running = data.start("fetch-metadata")
        while running.process.poll() is None and time.monotonic() < moment:
            time.sleep(0.001)
        if running.process.poll() is None:
            running.kill()
            done += 1
            time.sleep(0.03)  # what was asked has been answered, to nobody
            logs.append(site.log())
            say(f"kill {done} after {time.monotonic() - begin:.2f} s: {len(logs[-1])} requests")
            if not is_all_there():
                continue
            # Killed when all was done: another run would be another refresh, which looks at the newest again.
        else:
            outcome = running.finish()
            assert outcome.code == 0, outcome
            logs.append(site.log())
        finish()
        data = None
    if data:
        site.clear_log()
        outcome = data.run("fetch-metadata")
        assert outcome.code == 0, outcome
        logs.append(site.log())
        finish()
    return datasets


class Campaign:
    """A site before and after its changes, and what undisturbed runs make of it."""

    def __init__(self, scratch, posts, seed=harness.SEED):
        self.scratch = scratch
        self.site = harness.Site(scratch, "--metadata-only", posts=posts, seed=seed)
        self.site.faults(SLOWNESS)
        self.harvest = Undisturbed(scratch / "harvested", self.site)

    def change(self):
        """From here on it is the refresh that is killed."""
        self.site.change(**CHANGES)
        self.site.change(category_jobs=1)
        self.refresh = Undisturbed(self.scratch / "refreshed", self.site, self.harvest.data)


def main(kills=30, seed=2017, posts=3000):
    scratch = pathlib.Path(tempfile.mkdtemp(prefix="dbr-metadata-kills-"))
    campaign = Campaign(scratch, int(posts))
    half = int(kills) // 2
    print(f"{posts} posts, harvest {campaign.harvest.seconds:.1f} s, seed {seed}", flush=True)
    datasets = run(campaign.harvest, scratch, half, int(seed), lambda text: print("harvest:", text, flush=True))
    campaign.change()
    print(f"refresh {campaign.refresh.seconds:.1f} s", flush=True)
    datasets += run(campaign.refresh, scratch, int(kills) - half, int(seed) + 1,
                    lambda text: print("refresh:", text, flush=True))
    campaign.site.stop()
    shutil.rmtree(scratch)  # kept when something is wrong, to be looked at
    print(f"{kills} kills, {datasets} datasets: every one as undisturbed, and nothing was asked for twice")


if __name__ == "__main__":
    main(*sys.argv[1:])
