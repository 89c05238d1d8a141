# SPDX-License-Identifier: MIT
"""rsync --files-from with a list cut out of the release's own: a part of it, as a mirror's user would take it."""
import pathlib
import tempfile

from reader import need, output


def read(release):
    rsync = need("rsync")
    chosen = [row for row in release.rows("files.tsv.zst") if row["path"].startswith("sfw/512px/")]
    yield from take(rsync, release, "sfw/512px", chosen)
    in_statistics = next(entry for entry in release.statistics["sets"] if entry["set"] == "sfw")
    yield "sfw/512px: what the list has", (len(chosen), sum(int(row["size"]) for row in chosen)), \
        (in_statistics["stills"], in_statistics["512px_bytes"])
    for path in sorted((release.folder / "lists").glob("*.txt")):
        left_out = set(path.read_text().split())
        yield from take(rsync, release, f"sfw/512px without lists/{path.name}",
                        [row for row in chosen if row["id"] not in left_out])


def take(rsync, release, what, rows):
    with tempfile.TemporaryDirectory(prefix="dbr-rsync-") as folder:
        (pathlib.Path(folder) / "list").write_text("".join(row["path"] + "\n" for row in rows))
        output(rsync, "-a", f"--files-from={folder}/list", f"{release.shared}/", f"{folder}/copy/")
        files = [path for path in (pathlib.Path(folder) / "copy").rglob("*") if path.is_file()]
        yield f"{what}: files and bytes", (len(files), sum(path.stat().st_size for path in files)), \
            (len(rows), sum(int(row["size"]) for row in rows))
