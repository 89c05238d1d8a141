# SPDX-License-Identifier: MIT
"""jq over the JSON Lines."""
import json
import subprocess

from reader import by_rating, need

PROGRAM = """reduce inputs as $p ({posts: 0, tags: 0, ratings: {}, deleted: 0};
  .posts += 1 | .tags += ($p.tag_string | split(" ") | map(select(. != "")) | unique | length)
  | .ratings[$p.rating] += 1 | if $p.is_deleted then .deleted += 1 else . end)"""


def read(release):
    need("jq"), need("zstd")
    said = release.statistics
    with subprocess.Popen(["zstd", "-dcq", release.file("posts.jsonl.zst")], stdout=subprocess.PIPE) as lines:
        done = subprocess.run(["jq", "-nc", PROGRAM], stdin=lines.stdout, capture_output=True, check=True)
    found = json.loads(done.stdout)
    yield "posts", found["posts"], said["posts"]
    yield "tag instances", found["tags"], said["tags"]["instances"]
    yield "posts by rating", found["ratings"], by_rating(said)
    if (release.folder / "lists/deleted.txt").exists():
        yield "deleted posts", found["deleted"], len((release.folder / "lists/deleted.txt").read_text().split())
