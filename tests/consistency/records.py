# SPDX-License-Identifier: MIT
"""What a record of the site says, by the rules of docs/dataset-format.md; not taken from the exporters."""
import datetime
import re

CATEGORIES = {"general": 0, "artist": 1, "copyright": 3, "character": 4, "meta": 5}
NOT_IN_A_CELL = re.compile("[\t\n\r]")


def tags(record):
    """[(name, category)] in the exports' order: by category, then as the site sent them, each name once."""
    pairs = []
    if isinstance(record.get("tags"), list):
        pairs = [(tag["name"], int(tag["category"])) for tag in record["tags"]]
    else:
        known = {name: number for category, number in CATEGORIES.items()
                 for name in (record.get(f"tag_string_{category}") or "").split(" ")}
        text = record.get("tag_string")
        names = text.split(" ") if isinstance(text, str) else list(known)
        pairs = [(name, known.get(name, 0)) for name in names if name]
    once = dict(reversed(pairs))  # the first of equal names decides
    return sorted(((name, once[name]) for name in dict(pairs)), key=lambda pair: pair[1])


def rating(record):
    value = record.get("rating")
    return value if isinstance(value, str) else None


def moment(text):
    """Milliseconds since 1970 UTC; None for what is no time."""
    try:
        found = datetime.datetime.fromisoformat(text.replace(" UTC", "+00:00"))
    except (ValueError, AttributeError):
        return None
    found = found if found.tzinfo else found.replace(tzinfo=datetime.timezone.utc)
    return (found - datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)) // datetime.timedelta(milliseconds=1)


def in_utc(text):
    """2017-03-04T05:06:07.089-05:00 as 2017-03-04T10:06:07.089Z; what is no time stays as it is."""
    milliseconds = moment(text)
    return text if milliseconds is None else in_utc_of(milliseconds)


def in_utc_of(milliseconds):
    found = datetime.datetime.fromtimestamp(milliseconds // 1000, datetime.timezone.utc)
    return f"{found:%Y-%m-%dT%H:%M:%S}.{milliseconds % 1000:03}Z"


def column_value(value, name, kind):
    """A field as a database's column of that name and declared type holds it; None for what cannot be of the type."""
    if kind in ("INTEGER", "BIGINT", "BOOLEAN"):
        is_number = isinstance(value, int) or (isinstance(value, str) and re.fullmatch("-?[0-9]{1,18}", value))
        return int(value) if is_number else None
    if kind in ("REAL", "DOUBLE PRECISION"):
        return value if isinstance(value, (int, float)) else None
    if name.endswith("_at"):
        return None if moment(value) is None else in_utc(value)
    return value.replace("\0", "\ufffd") if isinstance(value, str) else None


def field(record, column):
    """What the column of a table is called in the record; the media asset's facts lie deeper."""
    nested = {"media_asset_id": "id", "duration": "duration", "pixel_hash": "pixel_hash"}.get(column)
    if nested is None:
        return record.get(column)
    asset = record.get("media_asset")
    return asset.get(nested) if isinstance(asset, dict) else None
