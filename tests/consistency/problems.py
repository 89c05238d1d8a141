# SPDX-License-Identifier: MIT
"""Where contradictions are collected: all of them, but of one kind in one file only the first are told one by one."""
import collections

MOST_OF_A_KIND = 20


class Problems:
    def __init__(self):
        self._told = collections.defaultdict(list)  # (where, kind) -> texts
        self._counts = collections.Counter()

    def __len__(self):
        return sum(self._counts.values())

    def add(self, where, kind, detail=""):
        """`where`: a file of the release. `kind` says what is wrong, `detail` with what."""
        self._counts[where, kind] += 1
        if self._counts[where, kind] <= MOST_OF_A_KIND:
            self._told[where, kind].append(detail)

    def check(self, is_right, where, kind, detail=""):
        if not is_right:
            self.add(where, kind, detail)
        return is_right

    def equal(self, where, kind, found, expected):
        return self.check(found == expected, where, kind, f"{short(found)}, should be {short(expected)}")

    def lines(self):
        for (where, kind), details in self._told.items():
            for detail in details:
                yield f"{where}: {kind}: {detail}" if detail != "" else f"{where}: {kind}"
            more = self._counts[where, kind] - len(details)
            if more:
                yield f"{where}: {kind}: and {more} more"

    def documents(self):
        return [{"file": where, "problem": kind, "count": self._counts[where, kind], "examples": details}
                for (where, kind), details in self._told.items()]


def short(value, most=200):
    text = repr(value)
    return text if len(text) <= most else text[:most] + "..."
