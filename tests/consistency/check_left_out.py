# SPDX-License-Identifier: MIT
"""left-out.tsv.zst: with the file list, every ID up to the last exactly once, and every original's missing ML form."""

LIST = "left-out.tsv.zst"
STATES = {
    "original": {"withheld", "expunged", "absent", "refused", "quarantined", "unread", "wanted", "after_cutoff",
                 "excluded"},
    "512px": {"not_a_still_image", "failed", "wanted"},
}
# These say by themselves why.
NEED_NO_REASON = {"withheld", "expunged", "wanted", "after_cutoff", "unread"}
WISHES = {"rating", "tag", "size", "not_an_image", "id"}


def check(release, problems):
    last = None
    by_form = {"original": set(), "512px": set()}
    for item in release.left_out:
        problems.check(last is None or item.id > last, LIST, "not in ascending order of ID, once each",
                       f"{item.id} after {last}")
        last = item.id
        by_form[item.form].add(item.id)
        problems.check(item.state in STATES[item.form], LIST, f"no state of {item.form}", f"{item.id} {item.state}")
        problems.check(item.reason or item.state in NEED_NO_REASON, LIST, "no reason", f"{item.id} {item.state}")
        if item.state == "excluded":
            problems.check(item.reason in WISHES, LIST, "no reason to exclude", f"{item.id} {item.reason}")
            is_listed = item.reason != "id" or release.has("excluded.txt")
            problems.check(is_listed, LIST, "excluded by a list that is not there", item.id)
    originals, forms = set(release.originals), set(release.forms)
    for key in sorted(by_form["original"] & originals):
        problems.add(LIST, "left out, and in the file list", key)
    final = max([0, *originals, *by_form["original"]])
    for key in range(1, final + 1):
        if key not in originals and key not in by_form["original"]:
            problems.add(LIST, "neither left out nor in the file list", key)
    for key in sorted(by_form["512px"] & forms):
        problems.add(LIST, "its 512px form is left out, and in the file list", key)
    for key in sorted(by_form["512px"] - originals):
        problems.add(LIST, "its 512px form is left out, and it has no original", key)
    for key in sorted(originals - forms - by_form["512px"]):
        problems.add(LIST, "its 512px form is neither left out nor in the file list", key)
