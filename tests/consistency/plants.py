# SPDX-License-Identifier: MIT
"""How the faults of semantic_faults.py are planted."""
import pathlib

FILES, LEFT_OUT, POSTS, TSV = "files.tsv.zst", "left-out.tsv.zst", "posts.jsonl.zst", "filename-tags.tsv.zst"


def q_in_sfw(copy):
    """A post of another rating in every export; where it lies is as it was."""
    path = copy.file_row("sfw/original")[0]
    number = pathlib.Path(path).stem
    copy.replace(POSTS, rf'^(\{{"id":{number},.*"rating":)"[gs]"', r'\1"q"')
    copy.replace(TSV, rf"^({path})\t[gs]\t", r"\1\tq\t")
    copy.sql(f"{copy.name}.sqlite", f"UPDATE posts SET rating = 'q' WHERE id = {number}")
    copy.sql("filename-tags.sqlite", f"UPDATE images SET rating = 'q' WHERE image_id = {number}")


def q_moved_to_sfw(copy):
    """A file of the other set, moved with every mention of it."""
    old = copy.file_row("nsfw/original")[0]
    copy.move(old, old.replace("nsfw", "sfw", 1))
    copy.rewrite_everywhere(old, old.replace("nsfw", "sfw", 1))


def wrong_bucket(copy):
    old = copy.file_row("sfw/original")[0]
    new = f"sfw/original/0999/{pathlib.Path(old).name}"
    copy.move(old, new)
    copy.rewrite_everywhere(old, new)


def unlisted(copy):
    """A post that is not in the file list any more, nor in the tree, but in the exports."""
    path = copy.file_row("sfw/original")[0]
    (copy.shared / path).unlink()
    copy.relist(path, None)


def relisted(column, value):
    def change(copy):
        row = copy.file_row("sfw/original")
        row[column] = value
        copy.relist(row[0], row)
    return change


def other_bytes(copy):
    """Other bytes of another size, with the size listed."""
    row = copy.file_row("sfw/original")
    path = copy.shared / row[0]
    copy.write(path, path.read_bytes() + b"more")
    row[2] = str(int(row[2]) + 4)
    copy.relist(row[0], row)


def swapped(name, i, j):
    def change(lines):
        lines[i], lines[j] = lines[j], lines[i]
    return lambda copy: copy.edit(name, change)


def dropped(name, i):
    return lambda copy: copy.edit(name, lambda lines: lines[:i] + lines[i + 1:])


def appended(name, line):
    return lambda copy: copy.edit(name, lambda lines: lines + [line])


def replaced(name, pattern, by):
    return lambda copy: copy.replace(name, pattern, by)


def left_out_too(copy):
    row = f"{copy.file_row('original')[1]}\toriginal\texpunged\t"
    copy.edit(LEFT_OUT, lambda lines: [lines[0], *sorted([*lines[1:], row], key=lambda line: int(line.split("\t")[0]))])


def counted(change):
    """A number of statistics.json. `change` gets the document."""
    return lambda copy: copy.edit_json("statistics.json", change)


def in_legacy(pattern, by):
    def plant(copy):
        name = next(path.name for path in sorted((copy.folder / "posts-legacy").iterdir()))
        copy.replace(f"posts-legacy/{name}", pattern, by)
    return plant


def in_a_tree(pattern, change):
    """`change` gets the copy and the first file of the trees that matches."""
    return lambda copy: change(copy, min(path for path in copy.trees.glob(pattern) if path.is_file()))


def text_replaced(old, new):
    def change(copy, path):
        text = path.read_text()
        assert old in text, f"{path} has no {old}"
        copy.write(path, text.replace(old, new, 1).encode())
    return change
