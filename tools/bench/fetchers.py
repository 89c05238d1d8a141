# SPDX-License-Identifier: MIT
"""The programs whose downloads of one set of files are compared: each a function from a Job to a command that is run in
the job's folder. All of them keep connections, fetch as many files at a time, and end with every file's md5 checked."""
import dataclasses
import pathlib

import file_server
import measure


@dataclasses.dataclass
class Job:
    """What one run gets. `input` is for lists it wants; the folder `out` is empty, and is where it runs."""
    files: file_server.FileSet
    base: str
    certificate: pathlib.Path
    jobs: int
    input: pathlib.Path
    out: pathlib.Path

    def write(self, name, lines):
        path = self.input / name
        path.write_text("".join(line + "\n" for line in lines))
        return path

    def urls(self):
        return self.write("urls", self.files.urls(self.base))

    def then_check(self):
        """For those which cannot check by themselves."""
        sums = self.input / "md5s"
        sums.write_text(self.files.sums())
        return f"&& md5sum --quiet -c {sums}"


def dbr(job):
    """A dataset in which nothing is fetched yet. That it is durable when it ends, and the others are not, stays."""
    program = measure.program("dbr", "DBR", "dbr")
    dump = job.input / "posts.jsonl"
    file_server.write_dump(job.files, job.base, dump)
    measure.run([program, "fetch-metadata", "-q", "--root", job.out, "--from", dump, "--site", job.base])
    return [program, "fetch-images", "-q", f"-j{job.jobs}", "--root", job.out, "--site", job.base]


def floor(mode):
    def command(job):
        return f"{measure.program('fetch-floor', 'FETCH_FLOOR', 'tools/bench/fetch-floor')} {mode} {job.jobs} <{job.urls()}"
    return command


def aria2(job):
    lines = [f"{url}\n  checksum=md5={md5}" for url, md5 in zip(job.files.urls(job.base), job.files.md5s)]
    return ["aria2c", "--no-conf", "-q", "-x1", f"-j{job.jobs}", f"--ca-certificate={job.certificate}",
            "-i", job.write("aria2", lines)]


def wget2(job):
    return (f"wget2 --no-config --no-hsts -q --max-threads={job.jobs} --ca-certificate={job.certificate} "
            f"-i {job.urls()} {job.then_check()}")


def curl_processes(job):
    """So many URLs for each curl that starting it does not count."""
    return (f"xargs -a {job.urls()} -P{job.jobs} -n100 curl -q -sSf --cacert {job.certificate} --remote-name-all "
            f"{job.then_check()}")


def curl_parallel(job):
    lines = [f'url = "{url}"\noutput = "{url.rsplit("/", 1)[1]}"' for url in job.files.urls(job.base)]
    return (f"curl -q -sSf --cacert {job.certificate} --parallel --parallel-max {job.jobs} "
            f"-K {job.write('curl', lines)} {job.then_check()}")


FLOOR, FLOOR_WITH_FILES = "floor: curl multi to null", "floor+: and hash, write, rename"
PEERS = {"aria2c": ("aria2c", aria2), "wget2": ("wget2", wget2), "xargs curl": ("xargs", curl_processes),
         "curl --parallel": ("curl", curl_parallel)}
FLOORS = {FLOOR: floor("null"), FLOOR_WITH_FILES: floor("files")}


def count_fetched(name, job):
    """How many of the job's files are there, whole: what a contestant says of itself is not enough."""
    folder = job.out / "store/original" if name == "dbr" else job.out
    return sum(path.stat().st_size == job.files.size for path in folder.rglob("*.jpg"))
