# SPDX-License-Identifier: MIT
"""posts.jsonl.zst and the other tables: every record of the release, in order, and what a record says of its file."""
import reading
import records

POSTS = "posts.jsonl.zst"
TABLES = ("tags", "tag_aliases", "tag_implications", "pools", "notes", "artist_commentaries", "artists", "artist_urls",
          "users")


def check(release, problems):
    check_posts(release, problems)
    for table in TABLES:
        name = f"{table}.jsonl.zst"
        if not problems.check(release.has(name), name, "missing, though posts.jsonl.zst is there"):
            continue
        names = set()
        for key, row in reading.json_lines(release.folder / name, problems):
            if table in ("notes", "artist_commentaries"):
                is_ours = row.get("post_id") in release.originals
                problems.check(is_ours, name, "of a post that is not in the release", key)
            if table == "tags":
                problems.check(row.get("name") not in names, name, "a name twice", row.get("name"))
                names.add(row.get("name"))


def check_posts(release, problems):
    rows = reading.json_lines(release.folder / POSTS, problems)
    for key, record, file in reading.merge(rows, sorted(release.originals.items())):
        if problems.check(record, POSTS, "lacks a post", key) and \
                problems.check(file, POSTS, "a post that is not in the file list", key):
            check_post(release, key, record, file, problems)


def check_post(release, key, record, file, problems):
    rating = records.rating(record)
    problems.equal(POSTS, f"the set of post {key}, rated {rating!r}", file.set_name, release.set_of(rating))
    created = records.moment(record.get("created_at"))
    problems.check(created is not None, POSTS, "no time of creation", key)
    cutoff = records.moment(release.cutoff)
    problems.check(None in (created, cutoff) or created < cutoff, POSTS, "created after the cut-off", key)
    problems.check(not record.get("is_banned"), POSTS, "a banned post", key)
    said = str(record.get("file_ext") or file.extension).lower()
    problems.equal(POSTS, f"the extension of post {key}", file.extension, said)
    # The site's md5 may be wrong: then the bytes that several fetches agreed on stand in the file list, and only there.
    is_as_sent = file.md5 == file.source_md5
    if is_as_sent and file.md5 == record.get("md5") and isinstance(record.get("file_size"), int):
        problems.equal(POSTS, f"file_size of post {key}, whose md5 is the file's", record["file_size"], file.size)
    problems.check(is_as_sent or file.extension in ("jpg", "jpeg") or file.md5 != record.get("md5"), POSTS,
                   "other bytes than the site sent, under the site's md5", key)
