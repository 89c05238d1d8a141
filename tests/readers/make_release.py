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
        data = harness.Dataset(root, site)
        # build would export the default formats; a finished release stays as it is, so the steps are done one by one.
        for command, *more in (("fetch-metadata",), ("fetch-images",), ("downscale",), ("bucket",),
                               ("export-db", "--format", "all"), ("make-torrent",)):
            outcome = data.run(command, "--year", 2017, *more)
            assert outcome.code == 0, outcome
        site.stop()


if __name__ == "__main__":
    main(*sys.argv[1:])
