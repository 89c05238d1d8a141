# SPDX-License-Identifier: MIT
"""What statistics.json is made from: one pass over the posts of a release."""
import collections
import re

import records

Counter = collections.Counter


def whole(value):
    """A number without a point, or a text of one, as dumps have it; true and false are none."""
    if isinstance(value, str) and re.fullmatch(r"-?[0-9]+", value):
        return int(value)
    return value if type(value) is int else None


class Count:
    def __init__(self, release):
        self.known_categories = {row["name"]: whole(row.get("category")) or 0 for _, row in release.rows("tags")
                                 if isinstance(row.get("name"), str)}
        self.posts, self.first, self.last = 0, None, None
        self.ratings, self.years, self.outside = Counter(), Counter(), 0
        self.tag_posts, self.tags_per_post = Counter(), Counter()
        self.category_per_post = {number: Counter() for number in records.CATEGORIES.values()}
        self.scores, self.favourites = Counter(), Counter()
        self.pixel_posts, self.pixels = 0, 0
        self.orientations, self.megapixels, self.sizes = Counter(), Counter(), Counter()
        for key, facts in release.posts():
            self._add(release, key, facts)

    def category(self, name, said=0):
        """The tag table decides; for a tag it does not know, the post that names it first."""
        number = self.known_categories.setdefault(name, said)
        return number if number in self.category_per_post else 0

    def _add(self, release, key, facts):
        record = facts["record"]
        created = records.in_utc(record.get("created_at"))
        self.posts += 1
        self.last = {"id": key, "created_at": created}
        self.first = self.first or self.last
        self.years[int(created[:4])] += 1
        self.ratings[facts["rating"] if facts["rating"] in tuple("gsqe") else "unknown"] += 1
        right_set = release.set_of(facts["rating"])
        self.outside += sum(1 for file in (facts["original"], facts["form"]) if file and file.set_name != right_set)
        self.tags_per_post[len(facts["tags"])] += 1
        of_category = Counter(self.category(name, said) for name, said in facts["tags"])
        for number, counts in self.category_per_post.items():
            counts[of_category[number]] += 1
        self.tag_posts.update(name for name, _ in facts["tags"])
        for field, counts in (("score", self.scores), ("fav_count", self.favourites)):
            number = whole(record.get(field))
            if number is not None and abs(number) <= 1_000_000:
                counts[number] += 1
        width, height = (whole(record.get(f"image_{side}")) or 0 for side in ("width", "height"))
        if facts["form"] and 0 < width < 2**16 and 0 < height < 2**16:
            self._add_size(width, height)

    def _add_size(self, width, height):
        self.pixel_posts += 1
        self.pixels += width * height
        self.megapixels[width * height] += 1
        self.orientations["landscape" if width > height else "portrait" if width < height else "square"] += 1
        if max(width, height) <= 4096:
            self.sizes[width, height] += 1
