# SPDX-License-Identifier: MIT
"""What the end-to-end tests share: the real binary, the real stand-in site, scratch folders, comparing trees.

Everything is on loopback, every folder is a scratch folder, and every process dies with the test that started it.
"""
import atexit
import ctypes
import hashlib
import http.client
import json
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import time
import unittest

DBR = os.environ["DBR"]
BOORU_SIM = os.environ["BOORU_SIM"]
# Libraries that stand between dbr and its disk (tests/shim).
SHIMS = pathlib.Path(os.environ.get("DBR_SHIMS") or pathlib.Path(DBR).resolve().parent / "tests/shim")
# Other seeds make other sites: scripts/soak draws one, CI keeps to this one.
SEED = int(os.environ.get("DBR_TEST_SEED", "2017"))
IS_SANITIZED = b"__asan_init" in pathlib.Path(DBR).read_bytes()
# Deadlines are for hangs, not for speed: generous, and more so under sanitizers.
PATIENCE = 120 * (4 if IS_SANITIZED else 1)
AGENT = "dbr-tests/1.0 (end to end)"
FROM_SITE = ("fetch-metadata", "fetch-images", "build")
# A port nobody listens on, for what must not ask any site; never the default, which is the real one.
NO_SITE = "http://127.0.0.1:9"
# Everything the site says, posts apart.
TABLES = ("tags", "tag_aliases", "tag_implications", "pools", "notes", "artist_commentaries", "artists", "artist_urls",
          "users")

def _scratch_place():
    """Memory when there is plenty: nothing here survives a test, and syncing (and removing) thousands of files on a
    disk takes longer than all the rest. DBR_TEST_DIR names another place."""
    memory = pathlib.Path("/dev/shm")
    if memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > 2 << 30:
        return str(memory)
    return None


tempfile.tempdir = os.environ.get("DBR_TEST_DIR") or _scratch_place()

_processes = []


@atexit.register
def _end_all():
    for process in _processes:
        if process.poll() is None:
            process.kill()
            process.wait()


def die_with_parent():
    """In a child, before exec: a test runner that is killed leaves nothing running."""
    pr_set_pdeathsig = 1
    ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGKILL)


def environment(**extra):
    """The tests' own, without anything that could reach dbr: settings, proxies, the user's configuration."""
    unwanted = ("http_proxy", "https_proxy", "all_proxy", "no_color", "xdg_config_home")
    env = {k: v for k, v in os.environ.items() if not k.startswith("DBR") and k.lower() not in unwanted}
    return {**env, "HOME": "/nonexistent", **extra}


def start(command, before_exec=die_with_parent, **options):
    """Popen; the process is killed at the latest when the test program ends."""
    process = subprocess.Popen([str(word) for word in command], preexec_fn=before_exec, **options)
    _processes.append(process)
    return process


def until(condition, what, patience=PATIENCE):
    """Polls until `condition` gives something true, and returns that."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        found = condition()
        if found:
            return found
        time.sleep(0.005)
    raise AssertionError(f"after {patience} s still waiting until {what}")


class Outcome:
    """How a command ended."""

    def __init__(self, args, code, out, err):
        self.args, self.code, self.out, self.err = args, code, out, err
        if "Sanitizer" in err or "runtime error:" in err:
            raise AssertionError(f"a sanitizer speaks up: {self}")

    def __str__(self):
        texts = f"--- stdout\n{self.out[-3000:]}\n--- stderr\n{self.err[-6000:]}"
        return f"{' '.join(self.args)} ended with {self.code}\n{texts}"

    def json(self):
        return json.loads(self.out)


class Running:
    """A command that has been started; finish() waits for its Outcome."""

    def __init__(self, args, env=None, **options):
        self.args = ["dbr", *(str(arg) for arg in args)]
        self.process = start([DBR, *args], env=environment(**(env or {})), stdin=subprocess.DEVNULL,
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options)
        self.pid = self.process.pid

    def finish(self, patience=PATIENCE):
        try:
            out, err = self.process.communicate(timeout=patience)
        except subprocess.TimeoutExpired:
            self.process.kill()
            out, err = self.process.communicate()
            raise AssertionError(f"hung for {patience} s: {Outcome(self.args, None, out, err)}") from None
        return Outcome(self.args, self.process.returncode, out, err)

    def kill(self):
        self.process.kill()
        self.process.communicate()


def dbr(*args, **options):
    """Runs dbr to its end."""
    return Running(args, **options).finish()


class Site:
    """A stand-in site of its own."""

    def __init__(self, folder, *arguments, posts=150, seed=SEED):
        port_file = pathlib.Path(tempfile.mkdtemp(dir=folder, prefix="site-")) / "port"
        log = open(port_file.with_name("log"), "wb")
        with log:
            self.process = start([BOORU_SIM, "--posts", posts, "--seed", seed, "--port-file", port_file, *arguments],
                                 stdout=log, stderr=log, env=environment())
        until(lambda: port_file.exists() or self.process.poll() is not None, "the site listens")
        assert self.process.poll() is None, port_file.with_name("log").read_text()
        self.host = "127.0.0.1:" + port_file.read_text().strip()
        self.url = "http://" + self.host

    def stop(self):
        self.process.terminate()
        code = self.process.wait(PATIENCE)
        assert code == 0, f"booru-sim ended with {code}"

    def request(self, path, method="GET", body=None):
        connection = http.client.HTTPConnection(self.host, timeout=PATIENCE)
        try:
            connection.request(method, path, None if body is None else json.dumps(body), {"User-Agent": AGENT})
            response = connection.getresponse()
            data = response.read()
            assert response.status == 200, f"{path}: {response.status} {data[:500]}"
            return json.loads(data)
        finally:
            connection.close()

    def faults(self, *faults):
        self.request("/sim/faults", "POST", list(faults))

    def change(self, **changes):
        return self.request("/sim/changes", "POST", changes)

    def log(self):
        """What dbr asked for: our own requests are left out."""
        return [entry for entry in self.request("/sim/log") if entry["agent"] != AGENT]

    def clear_log(self):
        self.request("/sim/log", "DELETE")

    def truth(self, table="posts"):
        return {row["id"]: row for row in self.request(f"/sim/truth?table={table}")}

    def served(self, table="posts"):
        """Every row exactly as the API serves it, whatever faults are on; by ID. Expunged posts are not among them."""
        rows, last = {}, 0
        while page := self.request(f"/sim/served?table={table}&after={last}&limit=20000"):
            rows.update((row["id"], row) for row in page)
            last = page[-1]["id"]
        return rows

    def rows(self, table, limit):
        """Every row of the API as an anonymous client sees it."""
        rows, last = {}, 0
        while page := self.request(f"/{table}.json?limit={limit}&page=a{last}"):
            rows.update((row["id"], row) for row in page)
            last = max(rows)
        return rows


def is_file_request(entry):
    """A request to the CDN, by the log."""
    return ".json" not in entry["path"]


class Dataset:
    """A folder dbr works in, and the site it works with."""

    def __init__(self, root, site=None):
        self.root, self.site = pathlib.Path(root), site
        self.shared, self.torrents = self.root / "danbooru", self.root / "torrents"
        self.release = self.shared / "metadata" / "danbooru2017"
        self.manifest = self.root / "manifest.sqlite"

    def export_only(self, name):
        """For tests that are not about exports: writing all of them is a third of a build's work."""
        self.root.mkdir(exist_ok=True)
        (self.root / "dbr.toml").write_text(f'format = "{name}"\n')

    def args(self, command, *args):
        place = [command, "--root", self.root]
        if command in FROM_SITE and "--site" not in args:
            place += ["--site", self.site.url if self.site else NO_SITE]
            if "--tps" not in args:
                place += ["--tps", 1000]
        return [*place, *args]

    def start(self, command, *args, **options):
        return Running(self.args(command, *args), **options)

    def run(self, command, *args, **options):
        return dbr(*self.args(command, *args), **options)

    def build(self, *args, **options):
        return self.run("build", "--year", 2017, *args, **options)

    def build_in_all_formats(self):
        """As build(), step by step: that one exports the formats of every day, and then the release is finished."""
        for command, *more in (("fetch-metadata",), ("fetch-images",), ("downscale",), ("bucket",),
                               ("export-db", "--format", "all"), ("make-torrent",)):
            outcome = self.run(command, "--year", 2017, *more)
            assert outcome.code == 0, outcome

    def status(self):
        outcome = self.run("status", "--json")
        assert outcome.code == 0, outcome
        return outcome.json()

    def states(self, stage):
        return self.status()["stages"][stage]["states"]

    def rows(self, *args):
        """What `posts` or `records` prints, as parsed lines."""
        outcome = self.run(*args)
        assert outcome.code == 0, outcome
        return json_lines(outcome.out)

    def posts(self, *args):
        return by_id(self.rows("posts", *args))

    def records(self, table, *args):
        return by_id(self.rows("records", table, *args))

    def metadata(self):
        """All that was received, and every state: what two equal manifests have in common."""
        tables = {table: self.records(table) for table in TABLES}
        states = {state: sorted(self.posts("--state", state)) for state in ("live", "deleted", "withheld")}
        return {"posts": self.posts(), **tables, "states": states, "counts": self.states("fetch-metadata")}

    def published(self):
        """Everything downloaders get: path below the root -> SHA-256, folders included."""
        return {**checksums(self.shared, self.root), **checksums(self.torrents, self.root)}

    def originals(self):
        """Final names in the store -> post ID."""
        files = (path for path in (self.root / "store/original").rglob("*") if path.is_file())
        return {path: int(path.stem) for path in files}

    def leftovers(self):
        """Part files and other things nobody should find."""
        return [path for path in self.root.rglob("*") if path.name.startswith(".") or path.name.endswith(".part")]


def json_lines(text):
    """Not splitlines(): that takes U+2028 for an end of line, which JSON does not."""
    return [json.loads(line) for line in text.split("\n") if line]


def by_id(rows):
    """Printed rows, which come in ascending order and once each. Texts of numbers are IDs of old dumps."""
    rows = list(rows)
    ids = [int(row["id"]) for row in rows]
    assert ids == sorted(set(ids)), "not in ascending order of ID"
    return dict(zip(ids, rows))


def exactly(row):
    """Equal for rows that are equal as JSON: unlike Python's ==, 1, 1.0 and true differ. The order of keys is no matter."""
    return json.dumps(row, sort_keys=True, ensure_ascii=False)


def without(row, keys):
    return {key: value for key, value in row.items() if key not in keys}


def digest(path, kind="sha256"):
    return hashlib.new(kind, path.read_bytes()).hexdigest()


def checksums(folder, base=None):
    base = base or folder
    return {str(path.relative_to(base)): "folder" if path.is_dir() else digest(path)
            for path in folder.rglob("*")}


def facts(folder):
    """What a run that changes nothing leaves alone: bytes, inode, mode and times of every file."""
    found = {}
    for path in folder.rglob("*"):
        stat = path.lstat()
        found[str(path)] = (stat.st_ino, stat.st_mode, stat.st_mtime_ns, None if path.is_dir() else digest(path))
    return found


def unzstd(path):
    """The lines of a .zst file, as the zstd program reads it."""
    done = subprocess.run(["zstd", "-dcq", path], capture_output=True, check=True)
    return done.stdout.decode().removesuffix("\n").split("\n")


def table(path):
    """The rows of a .tsv.zst file with a header line."""
    head, *lines = unzstd(path)
    names = head.split("\t")
    return [dict(zip(names, line.split("\t"), strict=True)) for line in lines]


class Case(unittest.TestCase):
    """A test with a scratch folder of its own class, and sites that end with it."""

    maxDiff = 4000

    @classmethod
    def setUpClass(cls):
        cls.scratch = pathlib.Path(tempfile.mkdtemp(prefix="dbr-e2e-"))
        cls.addClassCleanup(shutil.rmtree, cls.scratch, ignore_errors=True)

    @classmethod
    def start_site(cls, *arguments, **options):
        site = Site(cls.scratch, *arguments, **options)
        cls.addClassCleanup(site.stop)
        return site

    def dataset(self, site=None, name=None):
        """A new, empty folder; one with that name when it is given."""
        return Dataset(self.scratch / name if name else tempfile.mkdtemp(dir=self.scratch, prefix="root-"), site)

    def assertCode(self, code, outcome):
        self.assertEqual(outcome.code, code, outcome)
        return outcome

    def assertSameRows(self, ours, theirs, what, but=()):
        """Rows by ID, exactly equal; `but` names keys that do not count."""
        lacking, foreign = sorted(theirs.keys() - ours.keys()), sorted(ours.keys() - theirs.keys())
        if lacking or foreign:
            self.fail(f"{what}: {len(lacking)} rows are missing, such as {lacking[:10]}; "
                      f"{len(foreign)} should not be there, such as {foreign[:10]}")
        different = []
        for number, row in theirs.items():
            a, b = without(ours[number], but), without(row, but)
            if exactly(a) != exactly(b):
                keys = [key for key in sorted(a.keys() | b.keys())
                        if (key in a) != (key in b) or exactly(a[key]) != exactly(b[key])]
                different.append(f"{number}: " + ", ".join(f"{k} {a.get(k, 'absent')!r} / {b.get(k, 'absent')!r}"
                                                           for k in keys))
        if different:
            self.fail(f"{what}: {len(different)} rows differ (ours / theirs), such as\n" + "\n".join(different[:5]))

    def assertSameTrees(self, ours, theirs):
        """Trees as checksums() gives them, with a short list of what differs."""
        different = sorted(p for p in ours.keys() | theirs.keys() if ours.get(p) != theirs.get(p))
        shown = [f"{path}: {ours.get(path)} / {theirs.get(path)}" for path in different[:10]]
        self.assertFalse(different, f"{len(different)} paths differ, such as\n" + "\n".join(shown))
