# SPDX-License-Identifier: MIT
"""Awkward but valid pictures, and what is none, through every lane: each ML form is compared with what Pillow makes of
the original (picture_judge.py), each refusal with the reason it has to have."""
import os
import unittest

import harness
import picture_jpeg_kinds
import picture_judge
import picture_other_kinds
import picture_png_kinds
import picture_run

LANES = os.environ.get("DBR_TEST_LANES", "vips auto scalar").split()


def all_kinds():
    kinds = [*picture_png_kinds.all_kinds(), *picture_jpeg_kinds.all_kinds(), *picture_other_kinds.all_kinds()]
    assert len({kind.name for kind in kinds}) == len(kinds) == len({kind.data for kind in kinds})
    return kinds


def complaints_about_file(kind, made, wanted):
    if kind.reason:
        return ["has a file all the same"] if made.is_done else []
    if not made.is_done:
        return [f"is refused: {made.row['reason']}, {made.row['detail']}"]
    return picture_judge.judge(made.jpeg, *wanted, kind.mean, kind.local)


def complaints_about_row(kind, made, wanted):
    row = made.row
    if kind.reason or not made.is_done:
        return [f"is {row['reason'] or 'done'}, not {kind.reason}"] if (row["reason"] or "") != kind.reason else []
    found, box = [], wanted[1]
    told = (row["box_x"], row["box_y"], row["box_x"] + row["box_width"], row["box_y"] + row["box_height"])
    if told != box:
        found.append(f"has the box {told}, not {box}")
    if row["orientation"] != kind.orientation:
        found.append(f"has the orientation {row['orientation']}, not {kind.orientation}")
    return found


class Pictures(harness.Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kinds = all_kinds()
        fetched = picture_run.fetch(cls, cls.kinds)
        cls.lanes = {}
        for lane in LANES:
            data = picture_run.copy(cls, fetched, lane)
            outcome = data.run("downscale", *(() if lane == "now" else ("--lane", lane)))
            assert outcome.code == 0, outcome
            cls.lanes[lane] = picture_run.made(data, cls.kinds)

    def test_each_is_what_pillow_makes_of_it_or_has_its_reason(self):
        wrong = []
        for kind in self.kinds:
            wanted = None
            if not kind.reason:
                wanted = picture_judge.expected(kind.truth or picture_judge.upright(kind.data))
            judged = {}
            for lane, forms in self.lanes.items():
                form = forms[kind.name]
                seen = form.jpeg if form.is_done else None
                if seen not in judged:  # most lanes give the same bytes
                    judged[seen] = complaints_about_file(kind, form, wanted)
                found = judged[seen] + complaints_about_row(kind, form, wanted)
                wrong += [f"{lane}: {kind.name} {text}" for text in found]
        if wrong:
            self.fail(f"{len(wrong)} complaints:\n" + "\n".join(wrong))


if __name__ == "__main__":
    unittest.main()
