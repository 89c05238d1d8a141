# SPDX-License-Identifier: MIT
"""Starts booru-sim on a free loopback port for one test case class and talks to it."""
import http.client
import json
import os
import socket
import subprocess
import tempfile
import unittest
import urllib.parse

BINARY = os.environ["BOORU_SIM"]
AGENT = "sim-test/1.0"


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    def json(self):
        return json.loads(self.body)


class SimTest(unittest.TestCase):
    """Subclasses set ARGUMENTS; one server runs for all of their tests."""

    ARGUMENTS = ["--posts", "120"]

    @classmethod
    def setUpClass(cls):
        cls.directory = tempfile.TemporaryDirectory(prefix="booru-sim-")
        cls.log_file = os.path.join(cls.directory.name, "log.jsonl")
        cls.process = subprocess.Popen(
            [BINARY, *cls.ARGUMENTS, "--log", cls.log_file], stdout=subprocess.PIPE, text=True)
        line = cls.process.stdout.readline()
        assert line.startswith("listening on http://127.0.0.1:"), line
        cls.root = line.split()[-1]
        cls.host = cls.root.removeprefix("http://")

    @classmethod
    def tearDownClass(cls):
        cls.process.terminate()
        status = cls.process.wait(timeout=10)
        cls.process.stdout.close()
        cls.directory.cleanup()
        assert status == 0, f"booru-sim ended with {status}"

    def setUp(self):
        self.faults()
        self.request("/sim/log", method="DELETE")

    @classmethod
    def request(cls, path, method="GET", headers=None, body=None, agent=AGENT):
        connection = http.client.HTTPConnection(cls.host, timeout=20)
        try:
            headers = dict(headers or {})
            if agent is not None:
                headers["User-Agent"] = agent
            connection.request(method, path.removeprefix(cls.root), body=body, headers=headers)
            response = connection.getresponse()
            return Answer(response.status, response.headers, response.read())
        finally:
            connection.close()

    def get(self, path, **parameters):
        """The JSON at the path; search__x=... becomes search[x]=..."""
        named = {}
        for name, value in parameters.items():
            named[f"search[{name[8:]}]" if name.startswith("search__") else name] = value
        answer = self.request(path + ("?" + urllib.parse.urlencode(named) if named else ""))
        self.assertEqual(answer.status, 200, answer.body[:300])
        return answer.json()

    def ids(self, path, **parameters):
        return [row["id"] for row in self.get(path, only="id", **parameters)]

    def faults(self, *faults):
        answer = self.request("/sim/faults", method="POST", body=json.dumps(faults))
        self.assertEqual(answer.status, 200, answer.body)

    def change(self, **changes):
        answer = self.request("/sim/changes", method="POST", body=json.dumps(changes))
        self.assertEqual(answer.status, 200, answer.body)
        return answer.json()

    @classmethod
    def truth(cls, table="posts"):
        return cls.request("/sim/truth?table=" + table).json()

    @classmethod
    def live(cls):
        """The posts that everyone may see, by id."""
        return {post["id"]: post for post in cls.truth() if post["state"] in ("live", "deleted")}

    def raw(self, path):
        """Everything the server sends for one GET, up to the end of the connection."""
        host, port = self.host.split(":")
        with socket.create_connection((host, int(port)), timeout=20) as connection:
            connection.sendall(f"GET {path} HTTP/1.1\r\nHost: {self.host}\r\nUser-Agent: {AGENT}\r\n"
                               "Connection: close\r\n\r\n".encode())
            received = b""
            while chunk := connection.recv(65536):
                received += chunk
            return received
