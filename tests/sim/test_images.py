# SPDX-License-Identifier: MIT
"""--images: a folder of real files as the site's."""
import hashlib
import os
import struct
import tempfile
import unittest
import zlib

import sim


def png(width, height, shade):
    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    rows = b"".join(b"\0" + bytes([shade]) * width for _ in range(height))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)) +
            chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


class ImagesTest(sim.SimTest):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        os.mkdir(os.path.join(cls.folder.name, "deep"))
        cls.files = {"a.png": png(31, 17, 10), "deep/b.PNG": png(5, 6, 20), "deep/copy of a.png": png(31, 17, 10)}
        for name, data in {**cls.files, "notes.txt": b"not a picture", "zz.jpeg": b"not really a jpeg"}.items():
            with open(os.path.join(cls.folder.name, name), "wb") as file:
                file.write(data)
        cls.ARGUMENTS = ["--images", cls.folder.name]
        super().setUpClass()

    @classmethod
    def tearDownClass(cls):
        super().tearDownClass()
        cls.folder.cleanup()

    def test_one_post_for_each_distinct_file(self):
        posts = self.truth()
        self.assertEqual([(post["file_ext"], post["image_width"], post["image_height"]) for post in posts],
                         [("png", 31, 17), ("png", 5, 6), ("jpg", 0, 0)])
        self.assertEqual([post["md5"] for post in posts[:2]],
                         [hashlib.md5(self.files[name]).hexdigest() for name in ("a.png", "deep/b.PNG")])
        for post in self.get("/posts.json"):
            if "file_url" in post:
                self.assertEqual(hashlib.md5(self.request(post["file_url"]).body).hexdigest(), post["md5"])


if __name__ == "__main__":
    unittest.main()
