# SPDX-License-Identifier: MIT
"""Kills `dbr build` with SIGKILL at random moments, starts it again each time, and compares what comes out.

Usage: kill_campaign.py [KILLS [SEED [POSTS]]]        DBR and BOORU_SIM name the binaries

Compared is all that is published: danbooru/ with every list, export, page and checksum, and the torrents. The
undisturbed release is proved right first (tests/consistency), so that the killed ones are, too.

Half of the kills come at a moment drawn from the whole duration. The other half wait until a stage has begun, however
short it is, and come a moment later. When a build gets done before its kill, its bytes are compared with those of the
undisturbed run, and the next one begins in a new folder. At the end the last one is run to its end and compared too.
"""
import collections
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile
import time

import harness

CHECK_RELEASE = pathlib.Path(__file__).resolve().parents[1] / "consistency/check_release.py"

# Slow enough that kills land while fetching, without making the whole thing long.
SLOWNESS = ("slow:1:scope=cdn:ms=15:chunk=20000", "slow:1:scope=api:ms=10:chunk=200000")

# What has appeared when a stage has begun, in order.
SIGNS = ("manifest.sqlite", "store/original", "store/512px", "danbooru/sfw", "danbooru/nsfw",
         "danbooru/metadata/danbooru2017/files.tsv.zst", "danbooru/metadata/danbooru2017/.danbooru2017.sqlite.part",
         "danbooru/metadata/danbooru2017/posts.jsonl.zst", "danbooru/metadata/danbooru2017/statistics.json",
         "danbooru/metadata/danbooru2017/SHA256SUMS",
         "torrents/danbooru2017")


class Undisturbed:
    """What an undisturbed build makes, and how long it takes on this machine."""

    def __init__(self, root, site):
        self.site, self.data = site, harness.Dataset(root, site)
        self.data.build()  # the site draws its pictures when first asked: not part of the duration
        shutil.rmtree(root)
        site.faults(*SLOWNESS)
        begin = time.monotonic()
        outcome = self.data.build()
        assert outcome.code == 0, outcome
        self.seconds = time.monotonic() - begin
        self.published = self.data.published()
        subprocess.run([CHECK_RELEASE, self.data.shared, self.data.release.name], check=True, stdout=subprocess.DEVNULL)
        self.originals = {path.name for path in self.data.originals()}


def stage_of(data):
    """What the killed run was at, by what it left behind."""
    if not data.manifest.exists() or data.run("status").code != 0:
        return "start"
    status = data.status()
    images, forms = (status["stages"][stage]["states"] for stage in ("fetch-images", "downscale"))
    if not (data.release / "files.tsv.zst").exists():
        if images.get("wanted"):
            fetched = sum(count for state, count in images.items() if state in ("stored", "mismatch", "absent"))
            return "fetch-images, downscale" if fetched else "fetch-metadata"
        return "downscale" if forms.get("wanted") else "bucket" if images else "fetch-metadata"
    if not (data.release / "tags.jsonl.zst").exists():
        return "export-db"
    return "make-torrent" if len(list(data.torrents.rglob("*.torrent"))) < 5 else "end"


def kill_once(data, dice, seconds):
    """Starts a build and kills it at a random moment; returns whether the kill came in time."""
    is_anywhere = dice.random() < 0.5
    sign, delay = dice.choice(SIGNS), dice.uniform(0, 0.15)
    begin = time.monotonic()
    running = data.start("build", "--year", 2017)
    if is_anywhere:
        moment = begin + dice.uniform(0.02, seconds)
    else:
        while running.process.poll() is None and not (data.root / sign).exists():
            time.sleep(0.001)
        moment = time.monotonic() + delay
    while running.process.poll() is None and time.monotonic() < moment:
        time.sleep(0.001)
    if running.process.poll() is None:
        running.kill()
        return True
    outcome = running.finish()
    assert outcome.code == 0, outcome
    return False


def compare(undisturbed, data):
    """Fails unless the finished dataset is what the undisturbed one is."""
    ours, theirs = data.published(), undisturbed.published
    different = sorted(path for path in ours.keys() | theirs.keys() if ours.get(path) != theirs.get(path))
    assert not different, f"{data.root}: {len(different)} paths differ, such as {different[:10]}"
    assert data.leftovers() == [], f"left lying about: {data.leftovers()}"
    originals = {path.name for path in data.originals()}
    assert originals == undisturbed.originals, f"stored: {sorted(originals ^ undisturbed.originals)[:10]}"


def run(undisturbed, scratch, kills, seed, say=lambda text: None):
    """The campaign; returns how many kills hit which stage. An AssertionError when anything is not as it should be."""
    dice = random.Random(seed)
    hits = collections.Counter()
    data = None
    while sum(hits.values()) < kills:
        data = data or harness.Dataset(tempfile.mkdtemp(dir=scratch, prefix="killed-"), undisturbed.site)
        if kill_once(data, dice, undisturbed.seconds):
            stage = stage_of(data)
            hits[stage] += 1
            say(f"kill {sum(hits.values())}: {stage}")
        else:
            compare(undisturbed, data)
            shutil.rmtree(data.root)
            data = None
    if data:
        outcome = data.build()
        assert outcome.code == 0, outcome
        compare(undisturbed, data)
        outcome = data.run("verify")
        assert outcome.code == 0, outcome
        shutil.rmtree(data.root)
    return hits


def main(kills=30, seed=2017, posts=300):
    scratch = pathlib.Path(tempfile.mkdtemp(prefix="dbr-kills-"))
    site = harness.Site(scratch, posts=int(posts))
    undisturbed = Undisturbed(scratch / "undisturbed", site)
    print(f"{posts} posts, {undisturbed.seconds:.1f} s undisturbed, seed {seed}", flush=True)
    hits = run(undisturbed, scratch, int(kills), int(seed), lambda text: print(text, flush=True))
    site.stop()
    shutil.rmtree(scratch)  # kept when something is wrong, to be looked at
    print("every restart ended with the same bytes; kills by stage:")
    for stage, count in hits.most_common():
        print(f"  {stage:<24}{count:>4}")


if __name__ == "__main__":
    main(*sys.argv[1:])
