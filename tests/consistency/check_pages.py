# SPDX-License-Identifier: MIT
"""README.md and report.html: made from statistics.json, so the numbers people quote must be the same there."""
import json
import re

NUMBERS = ("posts", "stills", "tags.instances", "tags.unique", "bytes.total")


def check(release, problems):
    statistics = json.loads((release.folder / "statistics.json").read_text(encoding="utf-8"))
    for page in ("README.md", "report.html"):
        if problems.check(release.has(page), page, "missing, though statistics.json is there"):
            text = (release.folder / page).read_text(encoding="utf-8")
            for path in NUMBERS:
                value = statistics
                for key in path.split("."):
                    value = value[key]
                is_there = re.search(rf"(?<![\d,.]){value:,}(?![\d,])", text)
                problems.check(is_there, page, "does not have the number", f"{path}, {value:,}")
            problems.check(release.rule in " ".join(text.split()), page, "does not say", release.rule)
