# SPDX-License-Identifier: MIT
"""Faults of files: where a connection breaks, redirects, and every way to get a part wrong."""
import http.client
import unittest

import sim


class PartFaultsTest(sim.SimTest):
    ARGUMENTS = ["--posts", "240"]

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        posts = [p for p in cls.live().values() if p["kind"] == "baseline_jpeg" and not p["absent"]]
        cls.paths = [cls.path_of(post) for post in posts[:2]]
        cls.path = cls.paths[0]
        cls.whole = cls.request(cls.path)
        cls.size = len(cls.whole.body)

    @staticmethod
    def path_of(post):
        md5 = post["served_md5"] if post["stored_md5_is_wrong"] else post["md5"]
        return f"/original/{md5[:2]}/{md5[2:4]}/{md5}.jpg"

    def part(self, first=100, if_range=None):
        headers = {"Range": f"bytes={first}-", "If-Range": if_range or self.whole.headers["ETag"]}
        return self.request(self.path, headers=headers)

    def broken(self, path=None):
        """The bytes of an answer that ends too early."""
        with self.assertRaises(http.client.IncompleteRead) as caught:
            self.request(path or self.path)
        return caught.exception.partial

    def test_reset_in_every_stage(self):
        self.faults("reset:1:stage=before")
        with self.assertRaises((ConnectionResetError, http.client.RemoteDisconnected)):
            self.request(self.path)
        self.faults("reset:1:stage=head")
        with self.assertRaises((ConnectionResetError, http.client.HTTPException)):
            self.request(self.path)
        self.faults("reset:1:stage=body:at=1000")
        with self.assertRaises((ConnectionResetError, http.client.IncompleteRead)):
            self.request(self.path)
        self.faults("reset:1:stage=after")
        self.assertEqual(self.request(self.path).body, self.whole.body)

    def test_a_byte_at_a_place_is_the_same_wrong_byte_each_time(self):
        self.faults("corrupt:1:at=500")
        bodies = {self.request(self.path).body for _ in range(3)}
        self.assertEqual(len(bodies), 1)
        self.assertNotIn(self.whole.body, bodies)

    def test_lengths(self):
        for lie, claimed in (("longer", self.size + 10), ("shorter", self.size // 2)):
            self.faults(f"wrong_length:1:length={lie}")
            head = self.raw(self.path).split(b"\r\n\r\n", 1)[0]
            self.assertIn(f"Content-Length: {claimed}".encode(), head.split(b"\r\n"))

    def test_moved(self):
        self.faults("308:1")
        answer = self.request(self.path)
        self.assertEqual(answer.status, 308)
        self.assertNotEqual(answer.headers["Location"], self.path)
        self.assertEqual(self.request(answer.headers["Location"]).body, self.whole.body)
        self.assertEqual(self.request("/posts.json?limit=1").status, 200, "only files move")

    def test_elsewhere(self):
        for target in ("http://127.0.0.2:1/x", "file:///etc/passwd"):
            self.faults({"kind": "elsewhere", "to": target})
            answer = self.request(self.path)
            self.assertEqual((answer.status, answer.headers["Location"]), (302, target))
        self.faults("elsewhere:1")
        self.assertIn("169.254.169.254", self.request(self.path).headers["Location"])

    def test_changed_between_part_and_rest(self):
        for honours in (1, 0):
            self.faults(f"changed:1:at=2000:if_range={honours}")
            self.assertEqual(self.broken(), self.whole.body[:2000])
            answer = self.part(2000)
            self.assertEqual(answer.status, 200 if honours else 206)
            self.assertNotEqual(answer.headers["ETag"], self.whole.headers["ETag"])
            rest = answer.body[2000:] if honours else answer.body
            self.assertNotEqual(rest[:100], self.whole.body[2000:2100])
            if honours:
                self.assertEqual(answer.body[:16], self.whole.body[:16], "looks like the same")
            self.assertEqual(self.request(self.path).body, self.whole.body, "and then it is over")
            self.assertEqual(self.part(2000).body, self.whole.body[2000:])

    def test_changed_may_be_of_another_length(self):
        self.faults("changed:1:if_range=0")
        totals = set()
        for post in list(self.live().values())[:40]:
            path = self.path_of(post)
            if self.request(path, method="HEAD").status != 200:
                continue
            answer = self.request(path, headers={"Range": "bytes=10-"})
            if answer.status == 206:
                totals.add(int(answer.headers["Content-Range"].split("/")[1]) - post["file_size"])
        self.assertEqual(totals, {0, 18})

    def test_no_ranges(self):
        self.faults("no_range:1")
        answer = self.part()
        self.assertEqual((answer.status, answer.body), (200, self.whole.body))

    def test_416(self):
        self.faults("416:1")
        answer = self.part()
        self.assertEqual((answer.status, answer.headers["Content-Range"]), (416, f"bytes */{self.size}"))
        self.assertEqual(self.request(self.path).status, 200)

    def test_wrong_range(self):
        self.faults("wrong_range:1")
        answer = self.part(100)
        self.assertEqual((answer.status, answer.body), (206, self.whole.body))
        self.assertEqual(answer.headers["Content-Range"], f"bytes 0-{self.size - 1}/{self.size}")

    def test_206_unasked(self):
        self.faults("206:1")
        answers = [self.request(self.path) for _ in range(20)]
        self.assertEqual({answer.status for answer in answers}, {206})
        self.assertEqual({len(answer.body) == self.size for answer in answers}, {True, False})
        self.assertEqual(self.part(100).body, self.whole.body[100:])

    def test_validators(self):
        self.faults("truncated:1:at=10:validators=none")
        head = self.raw(self.path).split(b"\r\n\r\n", 1)[0]
        self.assertNotIn(b"ETag", head)
        self.assertNotIn(b"Last-Modified", head)
        self.faults("truncated:1:at=10:validators=weak")
        self.assertIn(b'ETag: W/"', self.raw(self.path))

    def test_once(self):
        self.faults("404:1:once=1")
        for path in self.paths:
            self.assertEqual([self.request(path).status for _ in range(3)], [404, 200, 200])

    def test_the_log_tells_what_was_asked(self):
        self.part(7, '"x"')
        entry = self.request("/sim/log").json()[-1]
        self.assertEqual((entry["range"], entry["if_range"]), ("bytes=7-", '"x"'))

    def test_nonsense_is_refused(self):
        for text in ("reset:1:stage=never", "wrong_length:1:length=5", "truncated:1:validators=some"):
            answer = self.request("/sim/faults", method="POST", body=f'["{text}"]')
            self.assertEqual(answer.status, 400, text)


if __name__ == "__main__":
    unittest.main()
