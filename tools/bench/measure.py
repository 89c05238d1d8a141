# SPDX-License-Identifier: MIT
"""Runs a program and says what it took; prints tables. Shared by the benchmarks beside it."""
import dataclasses
import os
import pathlib
import shutil
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]


class Failed(Exception):
    pass


@dataclasses.dataclass
class Usage:
    wall: float = 0.0
    cpu: float = 0.0  # user and system, the children's too
    peak: int = 0  # bytes; of the largest process where there are several
    read: int = 0  # bytes it asked the kernel for, from disk or cache; its children's only once they have ended

    def best_with(self, other):
        """Each measure at its best, but for memory: of two runs the other one's load spoils either."""
        return Usage(min(self.wall, other.wall), min(self.cpu, other.cpu), max(self.peak, other.peak),
                     min(self.read, other.read))


def run(command, durable=None, stdin=None, folder=None, environment=None, stdout=subprocess.DEVNULL):
    """Runs `command` (a list, or a line for bash) to its end. What it leaves in the folder `durable` is synced in the
    measured time, so that a tool which does not wait for the disk wins nothing by it."""
    if isinstance(command, str):
        command = ["bash", "-c", "set -o pipefail; " + command]
    begin = time.monotonic()
    process = subprocess.Popen([str(word) for word in command], stdin=stdin, stdout=stdout,
                               stderr=subprocess.PIPE, cwd=folder, env=environment)
    complaint = process.stderr.read().decode(errors="replace")
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    read = int(pathlib.Path(f"/proc/{process.pid}/io").read_text().split()[1])
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise Failed(f"{command[0]} ended with {process.returncode}: {complaint.strip()[-2000:]}")
    if durable:
        sync(durable)
    return Usage(time.monotonic() - begin, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024, read)


def sync(folder):
    for path in [folder, *pathlib.Path(folder).rglob("*")]:
        handle = os.open(path, os.O_RDONLY)
        os.fsync(handle)
        os.close(handle)


def size_of(folder):
    return sum(path.stat().st_size for path in pathlib.Path(folder).rglob("*") if path.is_file())


def program(name, variable, place):
    """The release build's program; the environment may name another."""
    path = os.environ.get(variable) or str(ROOT / "build" / "release" / place)
    if not shutil.which(path):
        raise Failed(f"{path} is not there: build {name} (cmake --build --preset release), or set {variable}")
    return path


def check_disk(folder, needed):
    kind = subprocess.run(["stat", "-f", "-c", "%T", folder], stdout=subprocess.PIPE, text=True).stdout.strip()
    if kind in ("tmpfs", "ramfs"):
        raise Failed(f"{folder} is memory, not a disk: name another place with --scratch")
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise Failed(f"{folder} has {free / 1e9:.1f} GB free, {needed / 1e9:.1f} GB are needed: "
                     "name another place with --scratch")


def shout(text):
    print(f"*** {text}", file=sys.stderr, flush=True)


def print_table(head, rows):
    cells = [head, *[[str(cell) for cell in row] for row in rows]]
    widths = [max(map(len, column)) for column in zip(*cells)]
    for row in cells:
        print("  ".join([row[0].ljust(widths[0])] + [cell.rjust(width) for cell, width in zip(row[1:], widths[1:])]).rstrip())
    sys.stdout.flush()
