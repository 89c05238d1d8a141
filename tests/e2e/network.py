# SPDX-License-Identifier: MIT
"""What lies between dbr and the stand-in site: a rewriting front (with TLS if wanted), a forward proxy, and a relay that
counts what arrives at the client."""
import fcntl
import http.client
import http.server
import socket
import socketserver
import ssl
import struct
import termios
import threading
import time
import urllib.parse


class _Server(socketserver.ThreadingMixIn, socketserver.TCPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 64

    def handle_error(self, request, client_address):
        pass  # clients that go away are what tests are about


class _Server6(_Server):
    address_family = socket.AF_INET6


class Front:
    """Hands every GET on to the site and the answer back. `rewrite(path, body)` changes JSON; `redirects` maps paths to
    Location headers. Knows who asked for what: `paths`, and `resumed` TLS sessions."""

    def __init__(self, site_host, rewrite=None, context=None, host="127.0.0.1", redirects=None, keeps_alive=True):
        self.site_host, self.rewrite, self.redirects = site_host, rewrite, redirects or {}
        self.paths, self.resumed, self.headers = [], [], []
        front = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1" if keeps_alive else "HTTP/1.0"

            def setup(self):
                if context:
                    self.request = context.wrap_socket(self.request, server_side=True)
                    front.resumed.append(self.request.session_reused)
                super().setup()

            def finish(self):
                super().finish()
                self.request.close()  # the server only knows the socket below TLS

            def do_GET(self):
                front.answer(self)

            def do_CONNECT(self):
                front.tunnel(self)

            def log_message(self, *_):
                pass

        self.server = (_Server6 if ":" in host else _Server)((host, 0), Handler)
        self.port = self.server.server_address[1]
        self.host = f"[{host}]:{self.port}" if ":" in host else f"{host}:{self.port}"
        self.url = ("https://" if context else "http://") + self.host
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def answer(self, handler):
        self.paths.append(handler.path)
        self.headers.append(dict(handler.headers))
        parts = urllib.parse.urlsplit(handler.path)
        target = parts.path + ("?" + parts.query if parts.query else "")
        location = self.redirects.get(parts.path)
        if location is not None:
            handler.send_response(302)
            handler.send_header("Location", location)
            handler.send_header("Content-Length", "0")
            handler.end_headers()
            return
        upstream = http.client.HTTPConnection(self.site_host, timeout=60)
        wanted = {k: v for k, v in handler.headers.items() if k.lower() not in ("connection", "accept-encoding")}
        upstream.request("GET", target, headers=wanted)
        response = upstream.getresponse()
        body = response.read()
        if self.rewrite and "json" in (response.getheader("Content-Type") or ""):
            body = self.rewrite(handler.path, body)
        handler.send_response(response.status)
        for name, value in response.getheaders():
            if name.lower() not in ("content-length", "connection", "keep-alive", "transfer-encoding", "date", "server"):
                handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)
        upstream.close()

    def tunnel(self, handler):
        self.paths.append("CONNECT " + handler.path)
        host, port = handler.path.rsplit(":", 1)
        there = socket.create_connection((host.strip("[]"), int(port)), 60)
        handler.send_response(200)
        handler.end_headers()
        back = threading.Thread(target=_pump, args=(there, handler.connection), daemon=True)
        back.start()
        _pump(handler.connection, there)
        back.join()
        there.close()
        handler.close_connection = True

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


def _pump(source, sink):
    try:
        while data := source.recv(65536):
            sink.sendall(data)
    except OSError:
        pass
    try:
        sink.shutdown(socket.SHUT_WR)
    except OSError:
        pass


class Relay:
    """Hands bytes on to the site as they are. Counts requests as they come, and bytes when the client's kernel has
    acknowledged them: that is when they have arrived, read or not."""

    def __init__(self, site_host):
        self.site = site_host.split(":")
        self.requests, self.samples = [], []
        self._links, self._gone, self._lock = {}, 0, threading.Lock()
        self._is_open = True
        relay = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self):
                relay._serve(self.request)

        self.server = _Server(("127.0.0.1", 0), Handler)
        self.host = f"127.0.0.1:{self.server.server_address[1]}"
        self.url = "http://" + self.host
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        self._sampler = threading.Thread(target=self._sample, daemon=True)
        self._sampler.start()

    def _serve(self, client):
        site = socket.create_connection((self.site[0], int(self.site[1])), 60)
        with self._lock:
            self._links[client] = 0

        def ask():
            while data := client.recv(65536):
                now = time.monotonic()
                for line in data.split(b"\r\n"):
                    if line.startswith(b"GET "):
                        self.requests.append((now, line.split(b" ")[1].decode()))
                site.sendall(data)

        def ask_quietly():
            try:
                ask()
            except OSError:
                pass
            try:
                site.shutdown(socket.SHUT_WR)
            except OSError:
                pass

        asker = threading.Thread(target=ask_quietly, daemon=True)
        asker.start()
        try:
            while data := site.recv(16384):
                client.sendall(data)
                with self._lock:
                    self._links[client] += len(data)
        except OSError:
            pass
        with self._lock:
            self._gone += self._links.pop(client)
        site.close()

    def _arrived(self):
        total = self._gone
        for client, sent in self._links.items():
            try:
                total += sent - struct.unpack("i", fcntl.ioctl(client, termios.TIOCOUTQ, b"\0" * 4))[0]
            except OSError:
                total += sent
        return total

    def _sample(self):
        while self._is_open:
            with self._lock:
                self.samples.append((time.monotonic(), self._arrived()))
            time.sleep(0.003)

    def stop(self):
        self._is_open = False
        self._sampler.join()
        self.server.shutdown()
        self.server.server_close()

    def excess_bytes(self, rate):
        """The most that any window had beyond rate * W."""
        least, most = float("inf"), 0
        for moment, total in self.samples:
            level = total - rate * moment
            least = min(least, level)
            most = max(most, level - least)
        return most

    @staticmethod
    def excess_requests(moments, rate):
        """The same of requests; the window opens just before the first one."""
        least, most = float("inf"), 0
        for count, moment in enumerate(sorted(moments)):
            least = min(least, count - rate * moment)
            most = max(most, count + 1 - rate * moment - least)
        return most


def tls_context(certificate, key):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context
