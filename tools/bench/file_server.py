# SPDX-License-Identifier: MIT
"""What `fetch` measures with: sets of files that begin as JPEGs do and go on at random, nginx on loopback that serves
them, and the dump of posts from which dbr learns of them."""
import dataclasses
import hashlib
import http.client
import json
import os
import pathlib
import shutil
import socket
import subprocess
import time

import measure

SAMPLE = measure.ROOT / "tests/data/samples/post-2025-active-9969513.json"
JPEG = bytes.fromhex("ffd8ffe000104a464946000101")
# The names of a set share so many bytes at most: the server's memory has to hold all of them.
MOST_DISTINCT = 1 << 30

CONFIGURATION = """\
daemon off; master_process off; worker_processes 1; pid nginx.pid; error_log error.log warn;
events {{ worker_connections 1024; }}
http {{
  access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000000; keepalive_timeout 600s;
  types {{ }} default_type image/jpeg;
  client_body_temp_path temp; proxy_temp_path temp; fastcgi_temp_path temp; uwsgi_temp_path temp; scgi_temp_path temp;
  ssl_certificate certificate.pem; ssl_certificate_key key.pem; ssl_protocols TLSv1.2 TLSv1.3;
  server {{ listen 127.0.0.1:{http}; listen 127.0.0.1:{https} ssl http2; root {files}; }}
}}
"""


@dataclasses.dataclass
class FileSet:
    """`count` files of `size` bytes, 1.jpg and so on, below the server's /`name`."""
    name: str
    size: int
    count: int
    md5s: list

    def part(self, count):
        return FileSet(self.name, self.size, count, self.md5s[:count])

    def urls(self, base):
        return [f"{base}/{self.name}/{number}.jpg" for number in range(1, self.count + 1)]

    def sums(self):
        return "".join(f"{md5}  {number}.jpg\n" for number, md5 in enumerate(self.md5s, 1))


def make(size, count, cache):
    """The set, or what an earlier run made of it."""
    name = f"{size}x{count}"
    index = cache / name / "md5s.json"
    if not index.exists():
        shutil.rmtree(index.parent, ignore_errors=True)
        index.parent.mkdir(parents=True)
        distinct = min(count, max(1, MOST_DISTINCT // size))
        md5s = []
        for number in range(count):
            path = index.with_name(f"{number + 1}.jpg")
            if number < distinct:
                content = JPEG + os.urandom(size - len(JPEG))
                path.write_bytes(content)
                md5s.append(hashlib.md5(content).hexdigest())
            else:
                path.hardlink_to(index.with_name(f"{number % distinct + 1}.jpg"))
                md5s.append(md5s[number % distinct])
        index.write_text(json.dumps(md5s))
    return FileSet(name, size, count, json.loads(index.read_text()))


def warm(file_set, cache):
    """Reads everything once, so that the server never waits for the disk."""
    for path in (cache / file_set.name).iterdir():
        path.read_bytes()


def write_dump(file_set, base, path):
    """Posts as the API has them, with a real one's tags and variants."""
    post = json.loads(SAMPLE.read_text())
    with open(path, "w") as dump:
        for number, (md5, url) in enumerate(zip(file_set.md5s, file_set.urls(base)), 1):
            facts = {"md5": md5, "file_size": file_set.size}
            post.update(facts, id=number, file_url=url, large_file_url=url)
            post["media_asset"].update(facts, id=number)
            dump.write(json.dumps(post) + "\n")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """nginx with one worker; it serves the folder `files` over HTTP and, with a certificate of its own, HTTPS."""

    def __init__(self, files, scratch):
        self.folder = scratch / "nginx"
        self.folder.mkdir()
        self.certificate = self.folder / "certificate.pem"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1",
                        "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", self.folder / "key.pem",
                        "-out", self.certificate], check=True, stderr=subprocess.DEVNULL)
        ports = {"http": free_port(), "https": free_port()}
        self.bases = {scheme: f"{scheme}://127.0.0.1:{port}" for scheme, port in ports.items()}
        configuration = self.folder / "nginx.conf"
        configuration.write_text(CONFIGURATION.format(files=files, **ports))
        self.process = subprocess.Popen([find_nginx(), "-p", self.folder, "-c", configuration, "-e", "error.log"],
                                        stderr=subprocess.PIPE)
        self.wait_for(ports["http"])

    def wait_for(self, port):
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                http.client.HTTPConnection("127.0.0.1", port).connect()
                return
            except ConnectionRefusedError:
                time.sleep(0.02)
        self.process.kill()
        raise measure.Failed(f"nginx does not start: {self.process.communicate()[1].decode().strip()}")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.communicate()


def find_nginx():
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
