# SPDX-License-Identifier: MIT
"""The request log, the port file, many connections at once, and a clean end."""
import concurrent.futures
import http.client
import json
import os
import signal
import subprocess
import time
import unittest

import sim


class LogTest(sim.SimTest):
    ARGUMENTS = ["--posts", "60", "--metadata-only"]

    def test_entries(self):
        self.faults("502:1:path=/tags")
        self.request("/posts.json?limit=3", headers={"Authorization": "Basic c2ltOnNpbS1rZXk="})
        self.request("/tags.json", agent="other/2")
        log = self.request("/sim/log").json()
        self.assertEqual([(row["method"], row["path"], row["agent"], row["status"], row["fault"]) for row in log],
                         [("GET", "/posts.json?limit=3", sim.AGENT, 200, ""), ("GET", "/tags.json", "other/2", 502, "502")])
        self.assertEqual([row["has_authorization"] for row in log], [True, False])
        self.assertGreater(log[0]["bytes"], 3000)
        self.assertTrue(all(row["begin_us"] <= row["end_us"] for row in log))
        self.assertLess(log[0]["end_us"], log[1]["begin_us"])
        with open(self.log_file) as lines:
            self.assertEqual([json.loads(line) for line in lines][-2:], log)

    def test_keep_alive_reuses_the_connection(self):
        connection = http.client.HTTPConnection(self.host)
        for _ in range(20):
            connection.request("GET", "/posts.json?limit=1", headers={"User-Agent": sim.AGENT})
            connection.getresponse().read()
        connection.close()
        self.assertEqual(len({row["connection"] for row in self.request("/sim/log").json()}), 1)

    def test_many_connections_at_once(self):
        def ask(_):
            connection = http.client.HTTPConnection(self.host)
            for _ in range(10):
                connection.request("GET", "/posts.json?limit=20", headers={"User-Agent": sim.AGENT})
                self.assertEqual(connection.getresponse().read()[:1], b"[")
            return connection  # stays open, and in nobody's way

        with concurrent.futures.ThreadPoolExecutor(40) as pool:
            connections = list(pool.map(ask, range(40)))
        self.assertEqual(self.request("/posts.json").status, 200)
        for connection in connections:
            connection.close()


class ProcessTest(unittest.TestCase):
    def test_port_file_and_end_with_a_connection_open(self):
        port_file = f"/tmp/booru-sim-port-{os.getpid()}"
        process = subprocess.Popen([sim.BINARY, "--posts", "50", "--metadata-only", "--port-file", port_file],
                                   stdout=subprocess.PIPE, text=True)
        try:
            port = process.stdout.readline().strip().rsplit(":", 1)[1]
            deadline = time.monotonic() + 5
            while not os.path.exists(port_file) and time.monotonic() < deadline:
                time.sleep(0.01)
            with open(port_file) as file:
                self.assertEqual(file.read().strip(), port)
            connection = http.client.HTTPConnection("127.0.0.1", int(port))
            connection.request("GET", "/robots.txt", headers={"User-Agent": sim.AGENT})
            connection.getresponse().read()
            start = time.monotonic()
            process.send_signal(signal.SIGINT)
            self.assertEqual(process.wait(timeout=5), 0)
            self.assertLess(time.monotonic() - start, 2)
            connection.close()
        finally:
            process.kill()
            process.stdout.close()
            if os.path.exists(port_file):
                os.unlink(port_file)

    def test_wrong_fault_ends_with_an_error(self):
        done = subprocess.run([sim.BINARY, "--fault", "what:1"], capture_output=True, text=True, timeout=10)
        self.assertEqual(done.returncode, 1)
        self.assertIn("what", done.stderr)


if __name__ == "__main__":
    unittest.main()
