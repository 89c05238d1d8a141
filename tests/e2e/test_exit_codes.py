# SPDX-License-Identifier: MIT
"""Every exit code of the table in `dbr --help` comes out of a real run (1, a bug, cannot; see tests/unit/cli)."""
import fcntl
import os
import resource
import signal
import socket
import sqlite3
import subprocess
import unittest
from contextlib import closing

import harness


def free_port():
    """A port nobody listens on."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def small_files(limit):
    """For preexec_fn: no file may grow beyond `limit` bytes, and trying is an error instead of a signal."""
    def limit_size():
        harness.die_with_parent()
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    return limit_size


class ExitCodes(harness.Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.site = cls.start_site(posts=60)
        cls.built = harness.Dataset(cls.scratch / "built", cls.site)
        outcome = cls.built.build()
        assert outcome.code == 0, outcome
        # Backing off takes its time: these go on while the other tests run.
        cls.down = harness.Dataset(cls.scratch / "down").start("build", "--site", f"http://127.0.0.1:{free_port()}")
        broken = cls.start_site("--fault", "502:1:scope=api", posts=10)
        cls.bad_gateway = harness.Dataset(cls.scratch / "502", broken).start("build")
        for running in (cls.down, cls.bad_gateway):
            cls.addClassCleanup(running.kill)

    def setUp(self):
        self.site.faults()

    def harvested(self):
        data = self.dataset(self.site)
        self.assertCode(0, data.run("fetch-metadata", "--year", 2017))
        return data

    def test_0_all_is_done(self):
        self.assertCode(0, self.built.build())
        self.assertCode(0, harness.dbr("--version"))

    def test_2_usage(self):
        for args in (["build", "--no-such-option"], ["build", "--year", "last"], ["no-such-command"], [],
                     ["build", "-q", "-v"], ["build", "--tps"], ["status", "--year", "2017"], ["bucket"],
                     ["build", "--year", "2017", "--as-of", "2018-01-01"],
                     ["fetch-images", "--ids", "/nonexistent/ids"]):
            place = ["--root", self.built.root, "--site", self.site.url]
            takes_site = args and args[0] in harness.FROM_SITE
            outcome = self.assertCode(2, harness.dbr(*args, *(place if takes_site else place[:2] if args else [])))
            self.assertTrue(outcome.err.startswith("dbr"), outcome)
            self.assertEqual(outcome.out, "")

    def test_2_configuration(self):
        outcome = self.assertCode(2, self.built.run("build", "--buckets", 100))
        self.assertIn("created with 1000", outcome.err)
        data = self.dataset(self.site)
        for text in ("tsp = 1", "tps = [1, 2]", "tps =", "year = 1999"):
            (data.root / "dbr.toml").write_text(text)
            outcome = self.assertCode(2, data.run("build"))
            self.assertIn("dbr.toml", outcome.err, text)

    def test_3_items_are_left_and_0_once_they_can_be_had(self):
        data = self.harvested()
        truth = self.site.truth()
        wanted = [p for p in truth.values() if p["state"] == "live" and not p["absent"] and p["id"] < 50][:2]
        self.site.faults(*({"kind": "corrupt", "path": f"/original/{p['md5'][:2]}/{p['md5'][2:4]}/{p['md5']}"}
                           for p in wanted))
        outcome = self.assertCode(3, data.run("fetch-images"))
        self.assertIn("2 to be tried again", outcome.out)
        self.assertEqual(data.states("fetch-images")["wanted"], 2)
        # Nobody is stopped by it: the other stages go on, and the release stays a draft that says why.
        self.assertCode(0, data.run("downscale"))
        self.assertCode(0, data.run("bucket", "--year", 2017))
        self.assertCode(0, data.run("export-db", "--year", 2017))
        outcome = self.assertCode(3, data.run("make-torrent", "--year", 2017))
        self.assertIn("2 originals", outcome.out)
        self.assertEqual(list(data.torrents.rglob("*.torrent")), [])
        self.site.faults()
        self.assertCode(0, data.build())
        self.assertSameTrees(data.published(), self.built.published())

    def test_4_a_flipped_byte(self):
        victim = sorted(self.built.originals())[3]
        right = victim.read_bytes()
        victim.chmod(0o644)
        victim.write_bytes(bytes([right[0] ^ 1]) + right[1:])
        outcome = self.assertCode(4, self.built.run("verify", "--json"))
        paths = {problem["path"]: problem["problem"] for problem in outcome.json()["problems"]}
        self.assertEqual(paths.get(str(victim.relative_to(self.built.root))), "hash", paths)
        victim.write_bytes(right)
        victim.chmod(0o444)
        self.assertCode(0, self.built.run("verify"))

    def test_4_what_else_verify_finds(self):
        data = self.harvested()
        self.assertCode(0, data.build())
        originals = sorted(data.originals())
        originals[0].unlink()
        ids_path = next(path for path in (data.shared / "sfw/512px").rglob("*.jpg"))
        ids_path.unlink()
        sums = data.release / "filename-tags.tsv.zst"
        sums.write_bytes(sums.read_bytes() + b"x")
        outcome = self.assertCode(4, data.run("verify", "--json"))
        found = {problem["path"]: problem["problem"] for problem in outcome.json()["problems"]}
        self.assertEqual(found, {str(originals[0].relative_to(data.root)): "missing",
                                 str(ids_path.relative_to(data.root)): "missing",
                                 str(sums.relative_to(data.root)): "hash"})

    def test_5_the_site_is_down(self):
        outcome = self.assertCode(5, self.down.finish())
        self.assertRegex(outcome.err, r"dbr: error: cannot fetch 127\.0\.0\.1:\d+/posts\.json: .+\n")

    def test_5_html_where_data_was_promised(self):
        outcome = self.assertCode(5, self.bad_gateway.finish())
        self.assertIn("HTTP status 502", outcome.err)

    def test_6_the_store_is_in_the_way(self):
        data = self.dataset(self.site)
        (data.root / "store").write_text("not a folder")
        outcome = self.assertCode(6, data.build())
        self.assertIn(str(data.root / "store"), outcome.err)

    def test_6_a_file_cannot_be_written(self):
        """In each stage that writes: the same command goes on when there is room again."""
        data = self.harvested()
        largest = max(harness.Dataset(self.built.root).originals(), key=lambda path: path.stat().st_size).stat().st_size
        for command, limit in (("fetch-images", largest // 2), ("downscale", 5_000)):
            running = harness.start(
                [harness.DBR, *data.args(command)], before_exec=small_files(limit), restore_signals=False,
                env=harness.environment(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
            _, err = running.communicate(timeout=harness.PATIENCE)
            self.assertEqual(running.returncode, 6, err)
            self.assertIn("dbr: error: cannot ", err)
            self.assertCode(0, data.run(command))
        self.assertCode(0, data.build())
        self.assertSameTrees(data.published(), self.built.published())

    def test_6_the_disk_is_full(self):
        data = self.dataset(self.site)
        options = ["-t", "tmpfs", "-o", "size=1200k", "tmpfs", data.root]
        if subprocess.run(["mount", *options], capture_output=True).returncode != 0:
            self.skipTest("this account cannot mount a small disk")
        self.addCleanup(subprocess.run, ["umount", "-l", data.root], check=True)
        outcome = self.assertCode(6, data.build())
        self.assertRegex(outcome.err, "(?i)no space left|disk is full")
        self.assertIn("hint: ", outcome.err)
        subprocess.run(["mount", "-o", "remount,size=100m", data.root], check=True)
        self.assertCode(0, data.build())
        self.assertSameTrees(data.published(), self.built.published())

    def test_6_output_cannot_be_written(self):
        with open("/dev/full", "w") as full:
            running = harness.start([harness.DBR, *self.built.args("status")], stdout=full,
                                    stderr=subprocess.PIPE, text=True, env=harness.environment())
            _, err = running.communicate(timeout=harness.PATIENCE)
        self.assertEqual(running.returncode, 6, err)
        self.assertIn("standard output", err)

    def test_7_locked(self):
        """More of it in test_locking.py."""
        with open(self.built.root / "dbr.lock", "r") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self.assertCode(7, self.built.run("downscale"))

    def test_8_not_a_dataset(self):
        for command in ("status", "verify", "fetch-images", "downscale", "bucket", "export-db", "make-torrent"):
            empty = self.dataset(self.site)
            outcome = self.assertCode(8, empty.run(command))
            self.assertIn("is not a dataset", outcome.err)
            self.assertEqual(os.listdir(empty.root), [], "nothing is made where nothing was")

    def test_8_not_a_manifest(self):
        data = self.dataset(self.site)
        data.manifest.write_bytes(b"This is not a database, but long enough to be looked at. " * 100)
        self.assertCode(8, data.run("status"))
        self.assertCode(8, data.build())

    def test_8_from_a_newer_dbr(self):
        data = self.harvested()
        with closing(sqlite3.connect(data.manifest)) as database:
            database.execute("PRAGMA user_version = 9999")
        before = data.manifest.read_bytes()
        for command in ("status", "build", "downscale"):
            outcome = self.assertCode(8, data.run(command))
            self.assertIn("newer", outcome.err)
        self.assertEqual(data.manifest.read_bytes(), before, "it is left alone")

    def test_9_a_challenge(self):
        self.site.faults("challenge:1:scope=api")
        self.site.clear_log()
        outcome = self.assertCode(9, self.dataset(self.site).build())
        self.assertIn("challenge", outcome.err)
        self.assertEqual(len(self.site.log()), 1, "no is no")

    def test_9_a_challenge_in_front_of_the_files(self):
        data = self.harvested()
        self.site.faults("challenge:1:scope=cdn")
        self.site.clear_log()
        self.assertCode(9, data.run("fetch-images", "-j", 8))
        files = [entry for entry in self.site.log() if harness.is_file_request(entry)]
        self.assertLessEqual(len(files), 3 * 8, "only what was in flight, not what waited behind it")

    def test_9_a_wrong_key(self):
        outcome = self.assertCode(9, self.dataset(self.site).build(env={"DBR_LOGIN": "sim", "DBR_API_KEY": "wrong"}))
        self.assertIn("401", outcome.err)

    def test_10_so_many_errors(self):
        data = self.harvested()
        # Every fetch of a file gives other bytes: after eight of them it is left for another time.
        self.site.faults("corrupt:1:scope=cdn")
        self.site.clear_log()
        outcome = self.assertCode(10, data.run("fetch-images", "--max-errors", 2, "-j", 2))
        self.assertIn("stopped by a limit", outcome.out)
        asked = {entry["path"] for entry in self.site.log() if harness.is_file_request(entry)}
        self.assertLessEqual(len(asked), 2 + 2 * 2, "only what was in flight, not what waited behind it")

    def test_10_so_much_time(self):
        data = self.harvested()
        self.site.faults("slow:1:scope=cdn:ms=100:chunk=4000")
        outcome = self.assertCode(10, data.run("fetch-images", "--max-duration", "1s", "-j", 1))
        self.assertIn("the time set by --max-duration is up", outcome.err)
        self.assertGreater(data.states("fetch-images")["wanted"], 0)
        self.site.faults("slow:1:scope=api:ms=400:chunk=1000000")
        self.assertCode(10, self.dataset(self.site).run("fetch-metadata", "--max-duration", "1s"))

    def test_130_interrupted(self):
        """More of it in test_interruption.py."""
        data = self.harvested()
        self.site.faults("slow:1:scope=cdn:ms=50:chunk=4000")
        self.site.clear_log()
        running = data.start("fetch-images")
        harness.until(self.site.log, "files are on their way")
        running.process.send_signal(signal.SIGINT)
        self.assertCode(130, running.finish())


if __name__ == "__main__":
    unittest.main()
