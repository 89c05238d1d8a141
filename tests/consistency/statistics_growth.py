# SPDX-License-Identifier: MIT
"""`growth` of statistics.json: against the newest finished release before, as that one's own statistics.json has it."""
import json

from arithmetic import decimal

NUMBERS = (("posts", "posts"), ("tag_instances", "tags.instances"), ("unique_tags", "tags.unique"),
           ("bytes", "bytes.total"))


def number(statistics, path):
    for key in path.split("."):
        statistics = statistics[key]
    return statistics


def previous_release(release):
    """(cut-off, name, its statistics) of the newest finished one before, as far as its folder lies here; or None."""
    earlier = []
    for path in (release.shared / "metadata").glob("*/statistics.json"):
        statistics = json.loads(path.read_text(encoding="utf-8"))
        is_finished = (path.parent / "SHA256SUMS").exists()
        if is_finished and path.parent != release.folder and statistics["cutoff"] < (release.cutoff or ""):
            earlier.append((statistics["cutoff"], path.parent.name, statistics))
    return max(earlier, default=None, key=lambda entry: entry[:2])


def growth(release, now, said):
    """What the field should be. Where the previous release does not lie here, what it had is taken as said."""
    found = previous_release(release)
    if found:
        cutoff, name, before = found[0], found[1], {key: number(found[2], path) for key, path in NUMBERS}
    elif isinstance(said, dict):
        cutoff, name = said.get("previous_cutoff"), said.get("previous")
        before = {key: said[key]["before"] for key, _ in NUMBERS}
    else:
        return None
    result = {"previous": name, "previous_cutoff": cutoff}
    for key, path in NUMBERS:
        change = number(now, path) - before[key]
        result[key] = {"before": before[key], "now": number(now, path), "change": change,
                       "percent": decimal(100 * change, before[key])}
    return result
