# SPDX-License-Identifier: MIT
"""statistics.json, number by number: computed anew from the lists and the records, as docs/dataset-format.md says."""
import json

from arithmetic import Decimal, decimal, mean, median, range_of, ranges, shares_in_tenths
from statistics_count import Count
from statistics_growth import growth
import records

NAME = "statistics.json"
SIDES = [0, 100_000, 250_000, 500_000, *(n * 1_000_000 for n in (1, 2, 4, 8, 16, 32))]
ORIGINAL_SIZES = [0, 100_000, 250_000, 500_000, *(n * 1_000_000 for n in (1, 2, 5, 10, 20, 50))]
FORM_SIZES = [0, 20_000, 40_000, 60_000, 80_000, 100_000, 150_000, 200_000]
OTHERS = (("ImageNet (ILSVRC 2012)", 1281167, 1281167), ("MS COCO", 328000, 2500000))


def check(release, problems):
    text = (release.folder / NAME).read_text(encoding="utf-8")
    said = json.loads(text, parse_float=Decimal)
    problems.check(text.endswith("}\n") and not text.startswith("\ufeff"), NAME, "not one object and a newline")
    right = compute(release, said)
    compare(said, right, "", problems)


def compare(said, right, path, problems):
    """Tells every number, key and entry of a list that is not the computed one."""
    if isinstance(said, dict) and isinstance(right, dict):
        for key in [*right, *(key for key in said if key not in right)]:
            inner = f"{path}.{key}".removeprefix(".")
            is_there = problems.check(key in said, NAME, "lacks", inner)
            if problems.check(key in right, NAME, "unknown", inner) and is_there:
                compare(said[key], right[key], inner, problems)
        if said.keys() == right.keys():
            problems.equal(NAME, f"order of keys in {path or 'all'}", list(said), list(right))
    elif isinstance(said, list) and isinstance(right, list) and len(said) == len(right):
        for i, (a, b) in enumerate(zip(said, right)):
            compare(a, b, f"{path}[{i}]", problems)
    else:
        is_equal = said == right and type(said) is type(right)
        problems.check(is_equal, NAME, path, f"{said!r}, should be {right!r}")


def compute(release, said):
    count = Count(release)
    files = release.files
    size = {form: sum(f.size for f in files if f.form == form) for form in ("original", "512px")}
    stills = len(release.forms)
    right = {
        "schema_version": 1, "release": release.name, "cutoff": release.cutoff, "set_rule": release.rule,
        "first": count.first, "last": count.last, "posts": count.posts, "stills": stills, "files": len(files),
        "tags": tags(count), "bytes": sizes_in_all(release, size), "pixels": pixels(count),
        "ratings": ratings(count), "sets": sets(files),
        "audit": {"checked": len(files), "outside": count.outside},
        "formats": formats(release), "years": years(count), "dimensions": dimensions(count),
        "file_sizes": {"original": file_sizes(files, "original", ORIGINAL_SIZES),
                       "512px": file_sizes(files, "512px", FORM_SIZES)},
        "tags_per_post": in_ranges(count.tags_per_post, list(range(0, 101, 5))),
        "scores": spread(count.scores), "favourites": spread(count.favourites), "left_out": left_out(release),
    }
    right["growth"] = growth(release, right, said.get("growth"))
    right["comparison"] = [
        {"dataset": name, "images": images, "labels": labels, "images_ratio": decimal(stills, images),
         "labels_ratio": decimal(right["tags"]["instances"], labels)} for name, images, labels in OTHERS]
    return right


def tags(count):
    categories = []
    for name, number in records.CATEGORIES.items():
        posts = {tag: n for tag, n in count.tag_posts.items() if count.category(tag) == number}
        top = sorted(posts.items(), key=lambda item: (-item[1], item[0].encode()))[:20]
        per_post = count.category_per_post[number]
        categories.append({"category": number, "name": name, "instances": sum(posts.values()), "unique": len(posts),
                           "mean": mean(per_post), "median": median(per_post),
                           "top": [{"name": tag, "posts": n} for tag, n in top]})
    return {"instances": count.tag_posts.total(), "unique": len(count.tag_posts), "mean": mean(count.tags_per_post),
            "median": median(count.tags_per_post), "categories": categories}


def sizes_in_all(release, size):
    of_stills = sum(f.size for f in release.originals.values() if f.id in release.forms)
    total = size["original"] + size["512px"]
    return {"original": size["original"], "512px": size["512px"], "total": total,
            "terabytes": decimal(total, 10**12), "original_of_stills": of_stills,
            "512px_percent": decimal(100 * size["512px"], of_stills),
            "512px_percent_of_all": decimal(100 * size["512px"], size["original"])}


def pixels(count):
    return {"posts": count.pixel_posts, "total": count.pixels, "terapixels": decimal(count.pixels, 10**12),
            "mean": decimal(count.pixels, count.pixel_posts)}


def ratings(count):
    letters = ("g", "s", "q", "e", "unknown")
    percents = shares_in_tenths([count.ratings[letter] for letter in letters])
    return [{"rating": letter, "posts": count.ratings[letter], "percent": percent}
            for letter, percent in zip(letters, percents)]


def sets(files):
    found = []
    for name in ("sfw", "nsfw"):
        of_set = [f for f in files if f.set_name == name]
        originals = [f.size for f in of_set if f.form == "original"]
        forms = [f.size for f in of_set if f.form == "512px"]
        found.append({"set": name, "posts": len(originals), "stills": len(forms), "files": len(of_set),
                      "original_bytes": sum(originals), "512px_bytes": sum(forms), "bytes": sum(originals + forms)})
    return found


def formats(release):
    found = {}
    for file in release.originals.values():
        entry = found.setdefault(file.extension, {"extension": file.extension, "files": 0, "bytes": 0})
        entry["files"] += 1
        entry["bytes"] += file.size
    return sorted(found.values(), key=lambda entry: (-entry["files"], entry["extension"]))


def years(count):
    return [{"year": year, "posts": count.years[year]}
            for year in range(min(count.years, default=0), max(count.years, default=-1) + 1)]


def dimensions(count):
    common = sorted(count.sizes.items(), key=lambda item: (-item[1], item[0]))[:10]
    return {"orientations": {name: count.orientations[name] for name in ("landscape", "portrait", "square")},
            "megapixels": in_ranges(count.megapixels, SIDES),
            "common": [{"width": w, "height": h, "posts": posts} for (w, h), posts in common]}


def in_ranges(counts, bounds):
    pairs = ranges(bounds)
    found = [{"from": low, "below": below, "posts": 0} for low, below in pairs]
    for value, often in counts.items():
        found[range_of(value, pairs)]["posts"] += often
    return found


def file_sizes(files, form, bounds):
    sizes, pairs = [f.size for f in files if f.form == form], ranges(bounds)
    found = [{"from": low, "below": below, "files": 0, "bytes": 0} for low, below in pairs]
    for size in sizes:
        entry = found[range_of(size, pairs)]
        entry["files"] += 1
        entry["bytes"] += size
    return {"mean": decimal(sum(sizes), len(sizes)), "ranges": found}


def spread(counts):
    return {"posts": counts.total(), "mean": mean(counts), "median": median(counts),
            "lowest": min(counts, default=None), "highest": max(counts, default=None)}


def left_out(release):
    reasons = {}
    for item in release.left_out:
        key = (item.form != "original", item.state.encode(), item.reason.encode())
        entry = reasons.setdefault(key, {"form": item.form, "state": item.state, "reason": item.reason, "ids": 0})
        entry["ids"] += 1
    by_form = {form: sum(1 for item in release.left_out if item.form == form) for form in ("original", "512px")}
    return {**by_form, "by_reason": [reasons[key] for key in sorted(reasons)]}
