# SPDX-License-Identifier: MIT
"""The way to the site and back: proxies, IPv6, TLS with a CA of one's own, the promised allowances, and what a server
may not make dbr connect to."""
import json
import random
import re
import socket
import sqlite3
import struct
import subprocess
import unittest
import zlib

import harness
import network

KEY = "sim-key"
ACCOUNT = {"DBR_LOGIN": "sim", "DBR_API_KEY": KEY}


def on(data, front, *command, **options):
    pace = () if "--tps" in command else ("--tps", 1000)
    return data.run(*command, "--site", front.url, *pace, **options)


def noise(seed, side):
    """A PNG of 3 * side * side bytes, which no compression makes smaller."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    dice = random.Random(seed)
    rows = b"".join(b"\0" + dice.randbytes(3 * side) for _ in range(side))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(rows, 0)) + chunk(b"IEND", b""))


class Way(harness.Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.site = cls.start_site(posts=40)

    def setUp(self):
        self.site.faults()
        self.site.clear_log()

    def front(self, kind=network.Front, *args, **options):
        front = kind(*(args or (self.site.host,)), **options)
        self.addCleanup(front.stop)
        return front

    def assertFetched(self, data, front, **options):
        self.assertCode(0, on(data, front, "fetch-metadata", **options))
        self.assertCode(0, on(data, front, "fetch-images", **options))
        self.assertGreater(data.states("fetch-images").get("stored", 0), 10)

    def test_a_proxy_is_used(self):
        proxy, data = self.front(), self.dataset(self.site)
        env = {"http_proxy": proxy.url, "no_proxy": "", **ACCOUNT}
        self.assertFetched(data, self.site, env=env)
        self.assertTrue(proxy.paths and all(path.startswith(self.site.url + "/") for path in proxy.paths))
        sent = [harness.is_file_request(entry) for entry in self.site.log()]
        self.assertEqual(len(sent), len(proxy.paths), "nothing goes past it")
        for path, headers in zip(proxy.paths, proxy.headers):
            self.assertEqual(".json" in path, "Authorization" in headers, path)

    def test_no_proxy_holds(self):
        proxy, data = self.front(), self.dataset(self.site)
        self.assertFetched(data, self.site, env={"http_proxy": proxy.url, "no_proxy": "127.0.0.1"})
        self.assertEqual(proxy.paths, [])

    def test_the_proxy_resolves_names(self):
        """Neither name exists; the file host may be on public addresses only, and the proxy is on a private one."""
        def move_files(_, body):
            return body.replace(b"http://booru.invalid/", b"http://cdn.booru.invalid/")
        proxy, data = self.front(rewrite=move_files), self.dataset(self.site)
        proxy.url, address = "http://booru.invalid", proxy.url
        self.assertFetched(data, proxy, env={"http_proxy": address, "no_proxy": ""})
        self.assertTrue(any(path.startswith("http://cdn.booru.invalid/") for path in proxy.paths))

    def test_a_proxy_that_is_not_there(self):
        with socket.socket() as unused:
            unused.bind(("127.0.0.1", 0))
            env = {"http_proxy": f"http://127.0.0.1:{unused.getsockname()[1]}", "no_proxy": ""}
            outcome = on(self.dataset(self.site), self.site, "fetch-metadata", "--max-duration", "2s", env=env)
        self.assertIn(outcome.code, (5, 10), outcome)
        self.assertEqual(self.site.log(), [])

    def test_ipv6(self):
        try:
            front = self.front(host="::1")
        except OSError as error:
            self.skipTest(f"THIS MACHINE HAS NO ::1, IPv6 IS NOT TESTED: {error}")
        self.assertFetched(self.dataset(self.site), front)
        self.assertTrue(any(".json" not in path for path in front.paths), "files come that way, too")

    def authority(self):
        """A CA that is its own server's certificate."""
        folder = self.dataset().root
        folder.mkdir(parents=True, exist_ok=True)
        certificate, key = folder / "ca.pem", folder / "key.pem"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                        "-days", "2", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1",
                        "-keyout", key, "-out", certificate], check=True, capture_output=True)
        return certificate, network.tls_context(certificate, key)

    def secure(self, **options):
        certificate, context = self.authority()
        front = self.front(context=context, rewrite=lambda _, body: body.replace(b'"http://', b'"https://'), **options)
        return certificate, front

    def test_a_ca_of_ones_own(self):
        certificate, front = self.secure()
        self.assertFetched(self.dataset(self.site), front, env={"SSL_CERT_FILE": str(certificate)})

    def test_curls_variable_for_it(self):
        certificate, front = self.secure()
        data = self.dataset(self.site)
        env = {"SSL_CERT_FILE": "", "CURL_CA_BUNDLE": str(certificate)}
        self.assertCode(0, on(data, front, "fetch-metadata", env=env))

    def test_an_unknown_ca_is_refused(self):
        _, front = self.secure()
        outcome = self.assertCode(5, on(self.dataset(self.site), front, "fetch-metadata"))
        self.assertIn("certificate", outcome.err)
        self.assertEqual(front.paths, [])

    def test_tls_through_a_proxy(self):
        certificate, front = self.secure()
        proxy, data = self.front(), self.dataset(self.site)
        env = {"https_proxy": proxy.url, "no_proxy": "", "SSL_CERT_FILE": str(certificate), **ACCOUNT}
        self.assertCode(0, on(data, front, "fetch-metadata", env=env))
        self.assertEqual(set(proxy.paths), {"CONNECT " + front.host})
        self.assertFalse(any("Authorization" in headers for headers in proxy.headers))

    def test_tls_sessions_are_used_again(self):
        certificate, front = self.secure(keeps_alive=False)
        self.assertCode(0, on(self.dataset(self.site), front, "fetch-metadata", env={"SSL_CERT_FILE": str(certificate)}))
        self.assertGreater(len(front.resumed), 5)
        self.assertGreater(sum(front.resumed), len(front.resumed) // 2)


class Allowance(harness.Case):
    RATE = 5_000_000

    def test_no_window_has_more(self):
        # Large files, so that the allowance and nothing else sets the pace.
        folder = self.dataset().root
        folder.mkdir(parents=True, exist_ok=True)
        for number in range(12):
            (folder / f"{number}.png").write_bytes(noise(number, 800))
        site = self.start_site("--images", folder, posts=16)
        relay = network.Relay(site.host)
        self.addCleanup(relay.stop)
        self.assertIn(on(self.dataset(site), relay, "fetch-metadata", "--tps", 2, "--max-duration", "4s").code, (0, 10))
        moments = [moment for moment, _ in relay.requests]
        self.assertGreater(len(moments), 5)
        # 50 ms for the way.
        excess = network.Relay.excess_requests(moments, 2)
        print(f"requests beyond 2 * W: {excess:.3f}")
        self.assertLessEqual(excess, 1 + 2 * 0.05)

        # Posts say where their file is by the name they were asked under: from here on, all of it goes over the relay.
        data = self.dataset(site)
        self.assertCode(0, on(data, relay, "fetch-metadata"))
        before = len(relay.samples)
        self.assertIn(on(data, relay, "fetch-images", "--limit-rate", "5M", "-j", 8).code, (0, 3))
        relay.samples = relay.samples[before:]
        total = relay.samples[-1][1] - relay.samples[0][1]
        start = next(moment for moment, count in relay.samples if count > relay.samples[0][1])
        end = next(moment for moment, count in relay.samples if count == relay.samples[-1][1])
        excess = relay.excess_bytes(self.RATE)
        print(f"bytes beyond 5 MiB * W: {excess:.0f} of {total} in {end - start:.2f} s")
        self.assertGreater(total, 2 * self.RATE, "long enough to tell")
        self.assertLessEqual(excess, 1_000_000)
        self.assertGreater(total / (end - start), 0.5 * self.RATE, "and the allowance is used")


class Forbidden(harness.Case):
    """Posts whose file is somewhere it must not be fetched from."""

    def setUp(self):
        self.site = self.start_site(posts=60)
        self.trap = network.Front(self.site.host, host="127.0.0.1")
        self.addCleanup(self.trap.stop)

    def reasons(self, data):
        with sqlite3.connect(f"file:{data.manifest}?mode=ro", uri=True) as manifest:
            columns = [row[1] for row in manifest.execute("PRAGMA table_info(original)")]
            rows = manifest.execute("SELECT * FROM original").fetchall()
        return {row["id" if "id" in row else "post_id"]: row for row in (dict(zip(columns, row)) for row in rows)}

    def test_such_files_are_refused_and_recorded(self):
        trap = f"http://localhost.:{self.trap.port}/x.jpg"
        elsewhere = ("http://other.invalid/x.jpg", "http://169.254.169.254/latest/meta-data/x.jpg", "file:///etc/passwd",
                     "http://[::ffff:169.254.169.254]/x.jpg", "ftp://127.0.0.1/x.jpg", "http://sim:key@127.0.0.1/x.jpg",
                     "//169.254.169.254/x.jpg", "/original/../../x.jpg", "/original/%2e%2e/%2E./x.jpg", trap)
        posts = sorted(i for i, row in self.site.served().items() if row.get("file_url") and row.get("file_ext") == "jpg")
        direct = dict(zip(posts, elsewhere))
        redirected = dict(zip(posts[len(direct):], elsewhere))
        self.assertEqual((len(direct), len(redirected)), (len(elsewhere), len(elsewhere)))

        def rewrite(_, body):
            def change(row):
                if isinstance(row, dict) and "file_url" in row:
                    row["file_url"] = direct.get(row["id"]) or (
                        f"/go/{row['id']}" if row["id"] in redirected else row["file_url"])
                return row
            rows = json.loads(body)
            return json.dumps([change(row) for row in rows] if isinstance(rows, list) else change(rows)).encode()

        front = network.Front(self.site.host, rewrite=rewrite,
                              redirects={f"/go/{post}": target for post, target in redirected.items()})
        self.addCleanup(front.stop)
        data = self.dataset(self.site)
        self.assertCode(0, on(data, front, "fetch-metadata"))
        outcome = on(data, front, "fetch-images")
        self.assertEqual(outcome.code, 3, outcome)
        rows = self.reasons(data)
        for post, url in {**direct, **redirected}.items():
            with self.subTest(url=url, redirected=post in redirected):
                text = json.dumps(rows[post])
                self.assertRegex(text, r"transfer" if post in redirected else r"url")
        self.assertEqual(data.states("fetch-images").get("refused"), 2 * len(elsewhere), data.states("fetch-images"))
        self.assertEqual(self.trap.paths, [])
        fetched = [path for path in front.paths if ".json" not in path]
        self.assertFalse([path for path in fetched if re.search(r"\.\.|%2e", path, re.IGNORECASE)])
        self.assertTrue(all(f"/go/{post}" in fetched for post in redirected), "they were asked for as far as allowed")


if __name__ == "__main__":
    unittest.main()
