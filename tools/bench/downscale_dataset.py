# SPDX-License-Identifier: MIT
"""The corpus as a dataset of dbr's: fetched once, from a server on loopback, and copied for each run."""
import contextlib
import functools
import http.server
import json
import os
import shutil
import sqlite3
import subprocess
import threading

import measure

SAMPLE = measure.ROOT / "tests/data/samples/post-2025-active-9969513.json"


class Handler(http.server.SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass


@contextlib.contextmanager
def serve(folder):
    """Its URL. Keeps connections."""
    handler = functools.partial(Handler, directory=folder)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()


def write_dump(pictures, base, path):
    """Posts as the API has them; the first picture is post 1."""
    post = json.loads(SAMPLE.read_text())
    with open(path, "w") as dump:
        for number, picture in enumerate(pictures, 1):
            facts = {"md5": picture["md5"], "file_size": picture["size"], "image_width": picture["width"],
                     "image_height": picture["height"], "file_ext": picture["name"].rsplit(".", 1)[1]}
            url = f"{base}/{picture['name']}"
            post.update(facts, id=number, file_url=url, large_file_url=url, is_deleted=False, is_banned=False)
            post["media_asset"].update(facts, id=number)
            dump.write(json.dumps(post) + "\n")


def settings():
    """Nobody takes settings from the user's home or environment."""
    return {key: value for key, value in os.environ.items() if not key.startswith("DBR")} | {"HOME": "/nonexistent"}


def program():
    return measure.program("dbr", "DBR", "dbr")


def make(pictures, corpus, root):
    """A dataset in which every picture is stored and none is downscaled."""
    root.mkdir(parents=True)
    dump = root.with_suffix(".jsonl")
    with serve(corpus) as base:
        write_dump(pictures, base, dump)
        for command in (["fetch-metadata", "--from", dump], ["fetch-images"]):
            measure.run([program(), *command, "-q", "--root", root, "--site", base], environment=settings())
    dump.unlink()
    stored = sum(1 for path in (root / "store/original").rglob("*") if path.is_file())
    if stored != len(pictures):
        raise measure.Failed(f"{stored} of {len(pictures)} pictures got into the dataset")


def copy(root, target):
    """A dataset of its own: dbr replaces stored files and never writes into them, so that links do."""
    subprocess.run(["cp", "-al", root, target], check=True)
    for path in target.glob("manifest.sqlite*"):
        path.unlink()
        shutil.copy(root / path.name, path)


def command(root, *arguments):
    return [program(), "downscale", "-q", "--root", root, *arguments]


def has_lanes():
    done = subprocess.run([program(), "downscale", "--help"], stdout=subprocess.PIPE, text=True)
    return "--lane" in done.stdout


def forms(root):
    """By post: where its ML form is, and the box in it that shows the picture (left, top, right, bottom)."""
    found = {int(path.stem): path for path in (root / "store/512px").rglob("*.jpg")}
    with contextlib.closing(sqlite3.connect(f"file:{root / 'manifest.sqlite'}?mode=ro", uri=True)) as manifest:
        rows = manifest.execute("SELECT post_id, box_x, box_y, box_width, box_height FROM ml").fetchall()
    return {post: (found[post], (x, y, x + width, y + height)) for post, x, y, width, height in rows if post in found}
