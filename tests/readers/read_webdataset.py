# SPDX-License-Identifier: MIT
"""webdataset reads a tar made of the tree as it lies, with plain `tar --sort=name`: dbr makes no tars itself."""
import pathlib
import tempfile

from reader import Missing, need, output


def read(release):
    try:
        import webdataset
    except ImportError:
        raise Missing("webdataset is not here (pip)") from None
    tar = need("tar")
    said = {entry["set"]: entry for entry in release.statistics["sets"]}
    with tempfile.TemporaryDirectory(prefix="dbr-tar-") as folder:
        for name in ("sfw", "nsfw"):
            shard = pathlib.Path(folder) / f"{name}.tar"
            output(tar, "--sort=name", "-chf", shard, "-C", release.shared, f"{name}/512px")
            samples = size = 0
            for sample in webdataset.WebDataset(str(shard), shardshuffle=False):
                samples += 1
                size += len(sample["jpg"])
            yield f"{name}/512px: samples and bytes", (samples, size), (said[name]["stills"], said[name]["512px_bytes"])
