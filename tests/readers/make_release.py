# SPDX-License-Identifier: MIT
"""A release of the stand-in site in every format, for the readers. Usage: make_release.py ROOT POSTS"""
import pathlib
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "e2e"))
import harness  # noqa: E402


def main(root, posts):
    with tempfile.TemporaryDirectory() as scratch:
        site = harness.Site(scratch, posts=int(posts))
        harness.Dataset(root, site).build_in_all_formats()
        site.stop()


if __name__ == "__main__":
    main(*sys.argv[1:])
