# SPDX-License-Identifier: MIT
"""Files: bytes against the truth, ranges, validators, caching, old addresses."""
import hashlib
import unittest

import sim


class CdnTest(sim.SimTest):
    ARGUMENTS = ["--posts", "240"]

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.post = next(p for p in cls.live().values() if p["kind"] == "baseline_jpeg" and not p["absent"] and
                        not p["stored_md5_is_wrong"])
        md5 = cls.post["md5"]
        cls.place = f"{md5[:2]}/{md5[2:4]}"
        cls.path = f"/original/{cls.place}/{md5}.jpg"
        cls.whole = cls.request(cls.path)

    def test_every_listed_file_is_what_the_truth_says(self):
        live = self.live()
        listed = {post["id"]: post for post in self.get("/posts.json", limit=200) if "file_url" in post}
        self.assertGreater(len(listed), 150)
        for number, post in listed.items():
            truth, answer = live[number], self.request(post["file_url"])
            if truth["absent"]:
                self.assertEqual(answer.status, 404)
                continue
            self.assertEqual(hashlib.md5(answer.body).hexdigest(), truth["served_md5"])
            self.assertEqual(truth["stored_md5_is_wrong"], truth["served_md5"] != post["md5"])
            self.assertEqual(len(answer.body), post["file_size"])

    def test_headers(self):
        self.assertEqual(self.whole.headers["Content-Type"], "image/jpeg")
        self.assertEqual(self.whole.headers["Cache-Control"], "public, max-age=31536000")
        self.assertEqual(self.whole.headers["Accept-Ranges"], "bytes")
        head = self.request(self.path, method="HEAD")
        self.assertEqual((head.status, int(head.headers["Content-Length"]), head.body), (200, len(self.whole.body), b""))

    def test_ranges(self):
        body = self.whole.body
        for text, part in (("bytes=0-9", body[:10]), ("bytes=100-", body[100:]), ("bytes=-7", body[-7:]),
                           ("bytes=10-99999999", body[10:])):
            answer = self.request(self.path, headers={"Range": text})
            self.assertEqual((answer.status, answer.body), (206, part), text)
        answer = self.request(self.path, headers={"Range": "bytes=10-19"})
        self.assertEqual(answer.headers["Content-Range"], f"bytes 10-19/{len(body)}")
        self.assertEqual(self.request(self.path, headers={"Range": f"bytes={len(body)}-"}).status, 416)

    def test_if_range(self):
        for validator in ("ETag", "Last-Modified"):
            answer = self.request(self.path, headers={"Range": "bytes=5-", "If-Range": self.whole.headers[validator]})
            self.assertEqual(answer.status, 206, validator)
        answer = self.request(self.path, headers={"Range": "bytes=5-", "If-Range": '"another"'})
        self.assertEqual((answer.status, answer.body), (200, self.whole.body))

    def test_not_modified(self):
        answer = self.request(self.path, headers={"If-None-Match": self.whole.headers["ETag"]})
        self.assertEqual((answer.status, answer.body), (304, b""))

    def test_absent(self):
        answer = self.request("/original/00/00/" + "0" * 32 + ".jpg")
        self.assertEqual((answer.status, answer.headers["Cache-Control"]), (404, None))
        self.assertIn("text/plain", answer.headers["Content-Type"])
        self.assertEqual(self.request(self.path.replace(".jpg", ".png")).status, 404)
        self.assertEqual(self.request("/trash/x").status, 403)

    def test_other_addresses(self):
        md5 = self.post["md5"]
        self.assertEqual(self.request(f"/original/{self.place}/__some_tags__{md5}.jpg").body, self.whole.body)
        for old in (f"/data/{md5}.jpg", f"/data/__tags__{md5}.jpg", f"/cached/data/{md5}.jpg", f"/original/{self.place}/{md5}.jpeg"):
            answer = self.request(old)
            self.assertEqual((answer.status, answer.headers["Location"]), (308, self.path), old)


if __name__ == "__main__":
    unittest.main()
