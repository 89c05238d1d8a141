# SPDX-License-Identifier: MIT
"""Who else makes torrents, for tools/bench/torrent."""
import hashlib
import pathlib
import re
import shutil
import subprocess

import measure

TRACKER = "http://127.0.0.1:9/announce"
LIBTORRENT = pathlib.Path(__file__).with_name("torrent_libtorrent.py")


class Peers:
    """Each makes a torrent of the folder `tree`, in which `files` lie; `infohashes` has what came of it."""

    def __init__(self, scratch, tree, files, piece_length, threads):
        self.infohashes = {}
        self._out, self._threads = scratch / "peer.torrent", threads
        self._files = scratch / "files.list"
        self._files.write_text("\0".join(map(str, files)))
        self._commands = {
            "mktorrent": ("mktorrent", "-t", threads, "-l", piece_length.bit_length() - 1, "-a", TRACKER,
                          "-o", self._out, tree),
            "transmission-create": ("transmission-create", "-s", piece_length >> 10, "-t", TRACKER,
                                    "-o", self._out, tree),
            "libtorrent": ("/usr/bin/python3", "-B", LIBTORRENT, tree, piece_length, self._out)}

    def contestants(self):
        there = [name for name, command in self._commands.items() if shutil.which(command[0])]
        for name in self._commands.keys() - there:
            measure.shout(f"SKIPPED {name}: not installed")
        return {**{name: lambda name=name: self._make(name) for name in there}, "xargs openssl sha1": self._hash}

    def floor(self, size):
        """What SHA-1 alone takes for so many bytes."""
        shown = subprocess.run(["openssl", "speed", "-evp", "sha1", "-multi", str(self._threads), "-bytes", "131072",
                                "-seconds", "2"], capture_output=True, text=True, check=True).stdout
        return measure.Usage(wall=size / (float(re.search(r"^sha1 +([0-9.]+)k", shown, re.M)[1]) * 1000))

    def _make(self, name):
        self._out.unlink(missing_ok=True)
        usage = measure.run(self._commands[name])
        self.infohashes[name] = infohash(self._out)
        return usage

    def _hash(self):
        return measure.run(f"xargs -0 -a '{self._files}' -P{self._threads} -n250 openssl sha1 -r >/dev/null")


def infohash(path):
    """Of what they write: the info dictionary comes last. Transmission adds that it is not private, as nobody else."""
    document = path.read_bytes()
    info = document[document.index(b"4:infod") + 6:-1]
    if info.endswith(b"7:privatei0ee"):
        info = info.removesuffix(b"7:privatei0ee") + b"e"
    return hashlib.sha1(info).hexdigest()
