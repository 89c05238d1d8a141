# SPDX-License-Identifier: MIT
"""excluded.txt: what the release leaves out on somebody's wish, and that it does."""
NAME = "excluded.txt"


def check(release, problems):
    lines = (release.folder / NAME).read_text(encoding="utf-8").removesuffix("\n").split("\n")
    ids = [int(line) for line in lines if line.isdigit()]
    tags = [line for line in lines if not line.isdigit()]
    right = [*map(str, sorted(set(ids))), *sorted(set(tags), key=str.encode)]
    problems.check(lines == right, NAME, "not IDs ascending and then tags in order, each once")
    for key in sorted(set(ids) & set(release.originals)):
        problems.add(NAME, "names a post that is in the release", key)
    unwanted = with_relatives(release, set(tags))
    for key, facts in release.posts():
        for name, _ in facts["tags"]:
            problems.check(name not in unwanted, NAME, "leaves out a tag of a post of the release", f"{key} {name}")
    for item in release.left_out:
        if item.form == "original" and item.state == "excluded" and item.reason == "id":
            problems.check(item.id in ids, NAME, "does not name an ID that is left out by it", item.id)


def with_relatives(release, tags):
    """An alias stands for its tag, and a tag that implies one of them counts as that one."""
    def active(table):
        return [(row.get("antecedent_name"), row.get("consequent_name")) for _, row in release.rows(table)
                if row.get("status") == "active"]
    tags = tags | {new for old, new in active("tag_aliases") if old in tags}
    implications, size = active("tag_implications"), -1
    while size != len(tags):
        size = len(tags)
        tags |= {antecedent for antecedent, consequent in implications if consequent in tags}
    return tags
