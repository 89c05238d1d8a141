# SPDX-License-Identifier: MIT
"""Faults of bytes and of the tree, to plant in a copy of a release, and part of a line that the checker must print."""
FILES, SUMS, TSV = "files.tsv.zst", "SHA256SUMS", "filename-tags.tsv.zst"
A_STILL = "sfw/512px/.*\t"


def flipped(pattern):
    return lambda copy: copy.flip(copy.shared / copy.file_row(pattern)[0])


def missing(pattern):
    return lambda copy: (copy.shared / copy.file_row(pattern)[0]).unlink()


def cut(copy):
    path = copy.shared / copy.file_row("nsfw/original")[0]
    copy.write(path, path.read_bytes()[:-1])


def linked(copy):
    """The right bytes, but only on the machine that made it."""
    path = copy.shared / copy.file_row("sfw/original")[0]
    copy.write(path.with_name("target"), path.read_bytes())
    path.unlink()
    path.symlink_to("target")


def wrong_sum(copy):
    copy.edit(SUMS, lambda lines: [lines[0].replace(lines[0][:8], "0" * 8, 1), *lines[1:]])


OF_BYTES = {
    "a byte of an original": (flipped("sfw/original"), "md5"),
    "a byte of an ML form": (flipped(A_STILL), "sha256"),
    "an original cut by one byte": (cut, ": size: "),
    "an original missing": (missing("nsfw/original"), "missing, or no file"),
    "an ML form missing": (missing(A_STILL), "missing, or no file"),
    "a symbolic link instead of a file": (linked, "missing, or no file"),
    "an extra file in a bucket": (lambda c: c.write(c.shared / "sfw/original/0001/99999001.png", b"x"),
                                  "not in the file list"),
    "an extra folder in the shared tree": (lambda c: c.write(c.shared / "extra/1.txt", b"x"), "does not belong"),
    "a wrong line of SHA256SUMS": (wrong_sum, "the hash in SHA256SUMS"),
    "a line of SHA256SUMS missing": (lambda c: c.edit(SUMS, lambda lines: lines[1:]), "does not list"),
    "SHA256SUMS out of order": (lambda c: c.edit(SUMS, lambda lines: lines[::-1]), "not sorted by name"),
    "a file beside the exports": (lambda c: c.write(c.folder / "notes.txt", b"x"), "does not list: notes.txt"),
    "an export missing": (lambda c: (c.folder / TSV).unlink(), "lists what is not there: " + TSV),
    "the file list cut short": (lambda c: c.write(c.folder / FILES, (c.folder / FILES).read_bytes()[:-9]), FILES),
}
