# SPDX-License-Identifier: MIT
"""The `datasets` library loads the imagefolder tree."""
import os
import tempfile

from reader import Missing


def read(release):
    os.environ.update(HF_HUB_OFFLINE="1", HF_DATASETS_OFFLINE="1", HF_HUB_DISABLE_TELEMETRY="1")
    try:
        import datasets
    except ImportError:
        raise Missing("datasets is not here (pip)") from None
    tree = release.trees / "imagefolder"
    if not tree.is_dir():
        raise Missing("the release was exported without --format imagefolder")
    datasets.disable_progress_bars()
    with tempfile.TemporaryDirectory(prefix="dbr-hf-") as cache:
        loaded = datasets.load_dataset("imagefolder", data_dir=str(tree), cache_dir=cache)
        rows = sum(len(split) for split in loaded.values())
        yield f"imagefolder, splits {sorted(loaded)}: pictures", rows, release.statistics["stills"]
        first = next(iter(loaded.values()))
        picture = first[0]["image"]
        yield f"its columns {first.column_names}; the first picture", (picture.size, picture.mode), ((512, 512), "RGB")
