#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Loads what export-db writes for trainers with the libraries themselves. For people and campaigns, not for CI.

    python3 -m venv V && V/bin/pip install datasets peewee pillow
    V/bin/python tests/readers/trainers.py ROOT NAME

Offline. A reader whose library is not there is SKIPPED, loudly; any that fails ends in a traceback. (sd-scripts is in no
package index: tests/consumers/trainers.py has its rules, and those of DeepDanbooru, which needs TensorFlow.)
"""
import json
import os
import pathlib
import sys
import tempfile

os.environ["HF_HUB_OFFLINE"] = os.environ["HF_DATASETS_OFFLINE"] = "1"


def hakubooru(root, name):
    """The models of hakubooru/dataset/db.py, in our own words, and the queries people write with them."""
    import peewee
    database = peewee.SqliteDatabase(root / "danbooru/metadata" / name / "hakubooru.sqlite")

    class Model(peewee.Model):
        class Meta:
            pass

    Model._meta.database = database
    number, text = peewee.IntegerField, peewee.CharField
    fields = {"id": number(primary_key=True)}
    fields.update({n: number() for n in "uploader_id bit_flags image_width image_height file_size rating score up_score "
                   "down_score fav_count".split()})
    fields.update({n: peewee.BooleanField() for n in "has_children is_deleted is_banned has_active_children has_large "
                   "has_visible_children".split()})
    fields.update({n: text() for n in ("created_at", "source", "file_ext")})
    fields.update({n: text(null=True) for n in ("md5", "file_url", "large_file_url", "preview_file_url")})
    fields.update({n: number(null=True) for n in ("parent_id", "pixiv_id")})
    Post = type("Post", (Model,), fields)
    Tag = type("Tag", (Model,), {"id": number(primary_key=True), "name": text(unique=True), "type": number(),
                                 "popularity": number()})
    PostTagRelation = type("PostTagRelation", (Model,), {"post": peewee.ForeignKeyField(Post, backref="post_tags"),
                                                         "tag": peewee.ForeignKeyField(Tag, backref="tag_posts")})
    LocalPost = type("LocalPost", (Model,), {"id": number(primary_key=True), "filepath": text(null=True),
                                             "latentpath": text(null=True),
                                             "post": peewee.ForeignKeyField(Post, backref="localpost")})
    tags = peewee.ManyToManyField(Tag, backref="_posts", through_model=PostTagRelation)
    tags.bind(Post, "_tags", set_attribute=True)
    models = (Post, Tag, PostTagRelation, LocalPost)
    for model in models:
        model._meta.database = database
    database.connect()

    # The tables and indexes are those peewee itself would make, but for the column updated_at.
    made = peewee.SqliteDatabase(":memory:")
    with made.bind_ctx(models):
        made.create_tables(models)
        for table in ("post", "tag", "posttagrelation", "localpost"):
            ours = {c.name: (c.data_type, c.null, c.primary_key) for c in database.get_columns(table)}
            theirs = {c.name: (c.data_type, c.null, c.primary_key) for c in made.get_columns(table)}
            assert set(ours) - set(theirs) <= {"updated_at"}, set(ours) ^ set(theirs)
            assert theirs == {n: ours[n] for n in theirs}, table
            assert {(i.name, tuple(i.columns), i.unique) for i in database.get_indexes(table)} == \
                {(i.name, tuple(i.columns), i.unique) for i in made.get_indexes(table)}, table

    posts = list(Post.select())
    popular = Tag.select().order_by(Tag.popularity.desc()).get()
    assert len(popular._posts) == popular.popularity
    relations = sum(len(post._tags) for post in posts)
    assert relations == PostTagRelation.select().count()
    assert LocalPost.get(LocalPost.post == posts[-1]).filepath
    general = Post.select().where(Post.rating == 0).count()
    return f"peewee {peewee.__version__}: {len(posts)} posts ({general} general), {Tag.select().count()} tags, " \
           f"{relations} relations; {popular.name} on {popular.popularity}"


def imagefolder(root, name):
    import datasets
    folder = root / "exports" / name / "imagefolder"
    found = {}
    with tempfile.TemporaryDirectory() as cache:
        for part in ("", "train/sfw", "train/nsfw"):
            loaded = datasets.load_dataset("imagefolder", data_dir=str(folder / part), split="train", cache_dir=cache)
            for row in loaded:
                assert row["image"].size[0] > 0 and row["content_box"][2] <= row["image"].size[0], row
                assert part in ("", f"train/{row['set']}"), (part, row)
            found[part or "all"] = len(loaded)
        columns = loaded.features
    rows = {part: sum(1 for _ in (folder / "train" / part / "metadata.jsonl").open()) for part in ("sfw", "nsfw")}
    assert found == {"all": sum(rows.values()), "train/sfw": rows["sfw"], "train/nsfw": rows["nsfw"]}, (found, rows)
    assert {"image", "id", "set", "rating", "text", "created_at"} <= set(columns), columns
    return f"datasets {datasets.__version__}: {found}, {len(columns)} columns"


def sd_scripts(root, name):
    """Its loader opens pictures with Pillow and compares nothing: we compare the size it would take on trust."""
    from PIL import Image, __version__
    folder = root / "exports" / name / "sd-scripts"
    metadata = json.loads((folder / "metadata.json").read_text(encoding="utf-8"))
    for key, entry in metadata.items():
        with Image.open(folder / key) as image:
            assert list(image.convert("RGB").size) == entry["image_size"], key
    return f"Pillow {__version__}: {len(metadata)} pictures of the sizes stated"


def main(root, name):
    skipped = 0
    for reader in (hakubooru, imagefolder, sd_scripts):
        try:
            print(f"{reader.__name__}: {reader(pathlib.Path(root), name)}", flush=True)
        except ImportError as error:
            skipped += 1
            print(f"SKIPPED {reader.__name__}: {error}", file=sys.stderr, flush=True)
    return 1 if skipped == 3 else 0


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
