# SPDX-License-Identifier: MIT
"""Other people's torrent clients on loopback: libtorrent in this process, transmission-daemon beside it. Nobody is
announced or found: the seeder calls its peers by their address. (Transmission does not call 127.0.0.1, but answers.)"""
import http.client
import json
import socket

import libtorrent

import harness

SETTINGS = {"listen_interfaces": "127.0.0.1:0", "enable_dht": False, "enable_lsd": False, "enable_upnp": False,
            "enable_natpmp": False, "enable_incoming_utp": False, "enable_outgoing_utp": False,
            "allow_multiple_connections_per_ip": True, "alert_mask": 0, "tick_interval": 50,
            "active_checking": 100, "active_seeds": 100, "active_downloads": 100, "active_limit": 100,
            # Transmission greets one peer of an address at a time and hangs up on others: they try again.
            "min_reconnect_time": 1, "connection_speed": 200,
            "out_enc_policy": 2, "in_enc_policy": 2}  # plain
CHECKING = (libtorrent.torrent_status.checking_files, libtorrent.torrent_status.checking_resume_data)


class Libtorrent:
    """A session with some torrents over a folder; close() ends it, all written."""

    def __init__(self, folder, files):
        self.session = libtorrent.session(SETTINGS, 0)  # 0: no plugins, so that peers are not passed on
        self.infos = [libtorrent.torrent_info(str(path)) for path in files]
        self.handles = [self.session.add_torrent({"ti": info, "save_path": str(folder)}) for info in self.infos]
        harness.until(lambda: all(handle.status().state not in CHECKING for handle in self.handles), "all is checked")

    @property
    def port(self):
        return self.session.listen_port()

    def serve(self, client):
        """Connects to a peer for each torrent that it lacks something of."""
        lacking = client.lacking()
        for handle in self.handles:
            if str(handle.info_hash()) in lacking:
                handle.connect_peer(("127.0.0.1", client.port))

    def lacking(self):
        """Infohashes."""
        return {str(handle.info_hash()) for handle in self.handles if not handle.status().is_seeding}

    def is_done(self):
        return not self.lacking()

    def missing(self):
        """(bytes, pieces), as status and bitfield have them."""
        statuses = [handle.status() for handle in self.handles]
        return (sum(status.total_wanted - status.total_wanted_done for status in statuses),
                sum(status.pieces.count(False) for status in statuses))

    def incomplete(self):
        """Paths of the files that lack something."""
        return {info.files().file_path(i) for info, handle in zip(self.infos, self.handles)
                for i, done in enumerate(handle.file_progress()) if done < info.files().file_size(i)}

    def downloaded(self):
        return self.counter("net.recv_payload_bytes")

    def uploaded(self):
        return self.counter("net.sent_payload_bytes")

    def counter(self, name):
        """Of the session: a torrent's own counters lose what a connection moved in the second it ended."""
        self.session.post_session_stats()
        while True:
            self.session.wait_for_alert(harness.PATIENCE * 1000)
            for alert in self.session.pop_alerts():
                if isinstance(alert, libtorrent.session_stats_alert):
                    return alert.values[name]

    def close(self):
        for handle in self.handles:
            self.session.remove_torrent(handle)
        del self.handles, self.session


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


class Transmission:
    """transmission-daemon, by its RPC."""

    def __init__(self, config, folder):
        self.port, self.rpc_port, self.session = free_port(), free_port(), ""
        config.mkdir()
        (config / "settings.json").write_text(json.dumps({
            "bind-address-ipv4": "127.0.0.1", "bind-address-ipv6": "::1", "peer-port": self.port, "dht-enabled": False,
            "lpd-enabled": False, "pex-enabled": False, "utp-enabled": False, "port-forwarding-enabled": False,
            "rpc-bind-address": "127.0.0.1", "rpc-port": self.rpc_port, "rpc-authentication-required": False,
            "download-dir": str(folder), "incomplete-dir-enabled": False, "rename-partial-files": False,
            "start-added-torrents": False, "trash-original-torrent-files": False, "download-queue-enabled": False,
            "seed-queue-enabled": False}))
        with (config / "log").open("wb") as log:
            self.process = harness.start(["transmission-daemon", "--foreground", "--config-dir", config],
                                         stdout=log, stderr=log, env=harness.environment())
        harness.until(self.is_up, "transmission-daemon answers")

    def is_up(self):
        assert self.process.poll() is None, "transmission-daemon ended"
        try:
            return self.ask("session-get")
        except ConnectionRefusedError:
            return None

    def ask(self, method, **arguments):
        connection = http.client.HTTPConnection("127.0.0.1", self.rpc_port, timeout=harness.PATIENCE)
        connection.request("POST", "/transmission/rpc", json.dumps({"method": method, "arguments": arguments}),
                           {"X-Transmission-Session-Id": self.session})
        response = connection.getresponse()
        data = response.read()
        connection.close()
        if response.status == 409:
            self.session = response.getheader("X-Transmission-Session-Id")
            return self.ask(method, **arguments)
        answer = json.loads(data)
        assert answer["result"] == "success", answer
        return answer["arguments"]

    def facts(self):
        return self.ask("torrent-get", fields=["id", "hashString", "status", "leftUntilDone", "sizeWhenDone", "downloadedEver",
                                               "corruptEver", "errorString"])["torrents"]

    def load(self, files):
        """In place of what was loaded, whose files stay; re-checked."""
        self.ask("torrent-remove", **{"ids": [torrent["id"] for torrent in self.facts()], "delete-local-data": False})
        harness.until(lambda: not self.facts(), "nothing is loaded")
        for path in files:
            self.ask("torrent-add", filename=str(path), paused=True)
        self.ask("torrent-verify")
        stopped = 0
        harness.until(lambda: all(torrent["status"] == stopped for torrent in self.facts()), "all is checked")

    def begin(self):
        self.ask("torrent-start-now")
        harness.until(lambda: all(torrent["status"] != 0 for torrent in self.facts()), "all has begun")

    def lacking(self):
        return {torrent["hashString"] for torrent in self.facts() if torrent["leftUntilDone"] > 0}

    def is_done(self):
        return not self.lacking()

    def missing(self):
        return sum(torrent["leftUntilDone"] for torrent in self.facts())

    def downloaded(self):
        return sum(torrent["downloadedEver"] + torrent["corruptEver"] for torrent in self.facts())

    def close(self):
        self.process.terminate()
        self.process.wait(harness.PATIENCE)
