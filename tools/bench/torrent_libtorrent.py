# SPDX-License-Identifier: MIT
"""torrent_libtorrent.py TREE PIECE_LENGTH OUT: a v1 torrent as libtorrent's make_torrent makes it, for
tools/bench/torrent."""
import os
import pathlib
import sys

import libtorrent

V1_ONLY = 64  # a flag that the binding of Debian 12 has no name for

tree, piece_length, out = pathlib.Path(sys.argv[1]), int(sys.argv[2]), pathlib.Path(sys.argv[3])
files = libtorrent.file_storage()
# add_files() would list them as the file system does.
walk = os.walk(tree, followlinks=True)
for path in sorted(os.path.join(folder, name) for folder, _, names in walk for name in names):
    files.add_file(os.path.relpath(path, tree.parent), os.path.getsize(path))
torrent = libtorrent.create_torrent(files, piece_length, V1_ONLY)
torrent.add_tracker("http://127.0.0.1:9/announce")
libtorrent.set_piece_hashes(torrent, str(tree.parent))
out.write_bytes(libtorrent.bencode(torrent.generate()))
