# SPDX-License-Identifier: MIT
"""What a release says of itself, in several places: they must agree. The first place that says it counts."""
import contextlib
import json
import re
import sqlite3

import databases


def statements(folder):
    """[(file, {"release", "cutoff", "set_rule"})] of those of its files that say it."""
    found = []
    with contextlib.suppress(OSError, sqlite3.Error):
        name = f"{folder.name}.sqlite"
        if (folder / name).exists():
            with databases.opened(folder / name) as database:
                found.append((name, dict(database.execute("SELECT key, value FROM info"))))
    with contextlib.suppress(OSError, ValueError):
        found.append(("statistics.json", json.loads((folder / "statistics.json").read_text(encoding="utf-8"))))
    with contextlib.suppress(OSError, ValueError):
        text = " ".join((folder / "README.md").read_text(encoding="utf-8").split())
        patterns = {"cutoff": r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)",
                    "set_rule": r"(\d+: sfw = ratings? [^;]*; everything else is nsfw)",
                    "buckets": r"modulo (\d+)"}
        hits = {key: re.search(pattern, text) for key, pattern in patterns.items()}
        found.append(("README.md", {key: hit[1] for key, hit in hits.items() if hit}))
    return found


def agreed(folder, problems):
    """Cut-off, set rule and number of buckets; what the places say differently is told."""
    result = {}
    for where, said in statements(folder):
        for key in ("release", "cutoff", "set_rule", "buckets"):
            if key in said:
                problems.equal(where, key, said[key], result.setdefault(key, said[key]))
    problems.equal(folder.name, "the release's name", result.setdefault("release", folder.name), folder.name)
    for key in ("cutoff", "set_rule"):
        problems.check(result.setdefault(key, None), "README.md", f"does not say the {key}")
    return result


def cutoff_of(folder):
    return next((said["cutoff"] for _, said in statements(folder) if "cutoff" in said), "")
