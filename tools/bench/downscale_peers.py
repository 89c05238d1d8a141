# SPDX-License-Identifier: MIT
"""The programs `downscale` compares: each makes a 512 pixel picture of every file of one list, in its cheapest sensible
way. A contestant is a function from a Job to a command, which measure.run runs."""
import dataclasses
import functools
import os
import pathlib
import shutil
import subprocess

import measure

SIZE = 512
SHARP = measure.ROOT / "build/bench/sharp"
JPEG_OF_VIPS = "[Q=90,optimize_coding,strip,subsample_mode=off]"


@dataclasses.dataclass
class Job:
    """What one run gets: the pictures, and two folders of its own. `out` is empty and is where its pictures go."""
    pictures: list
    input: pathlib.Path
    out: pathlib.Path

    def write(self, name, lines):
        path = self.input / name
        path.write_text("".join(f"{line}\n" for line in lines))
        return path

    def listed(self):
        return self.write("list", self.pictures)


@functools.cache
def imagemagick():
    """The path of ImageMagick's convert: other programs go by that name, and by it only some versions of this one."""
    done = subprocess.run(["dpkg", "-L", "imagemagick-6.q16", "imagemagick-7.q16"], stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, text=True)
    packaged = [line for line in done.stdout.splitlines() if pathlib.Path(line).name.startswith("convert")]
    for candidate in [*packaged, "/usr/bin/convert", shutil.which("magick"), shutil.which("convert")]:
        if candidate and shutil.which(candidate):
            said = subprocess.run([candidate, "-version"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
            if "ImageMagick" in said.stdout.split("\n")[0]:
                return candidate
    return None


def vipsthumbnail(job):
    return (f"xargs -a {job.listed()} -P2 -n25 env VIPS_CONCURRENCY=1 vipsthumbnail -s '{SIZE}x{SIZE}>' "
            f"-o '{job.out}/%s.jpg{JPEG_OF_VIPS}'")


def vipsthumbnail_letterbox(job):
    """Two programs, since the first has no letterbox: uncompressed between them."""
    return (f"export VIPS_CONCURRENCY=1; xargs -a {job.listed()} -P2 -n25 vipsthumbnail -s '{SIZE}x{SIZE}>' "
            f"-o '{job.input}/%s.v' && ls {job.input}/*.v | xargs -P2 -I@ sh -c 'vips gravity @ "
            f"{job.out}/$(basename @ .v).jpg{JPEG_OF_VIPS} centre {SIZE} {SIZE} --extend black'")


def convert(hint):
    def command(job):
        return ["parallel", "--will-cite", "-a", job.listed(), "-j2", imagemagick(), *hint, "{}", "-auto-orient", "-resize",
                f"'{SIZE}x{SIZE}>'", "-background", "black", "-gravity", "center", "-extent", f"{SIZE}x{SIZE}", "-strip",
                "-quality", "90", "-sampling-factor", "4:4:4", f"{job.out}/{{/.}}.jpg"]
    return command


def page_of_2017(job):
    """Fills and crops, though the page's text promises black borders; a PNG stays one, and is no longer small."""
    links = job.input / "danbooru2017"
    links.mkdir()
    for picture in job.pictures:
        (links / picture.name).hardlink_to(picture)
    return (f"cd {links} && find . -type f -exec {imagemagick()} '{{}}' -resize {SIZE}x{SIZE}^ -gravity center "
            f"-extent {SIZE}x{SIZE} '{job.out}/{{}}' \\;")


def graphicsmagick(hint):
    def command(job):
        # It puts a path's folders below the output directory: names alone.
        names = job.write("names", [picture.name for picture in job.pictures])
        return (f"cd {job.pictures[0].parent} && xargs -a {names} -n10000 gm mogrify {hint} -output-directory {job.out} "
                "-format jpg -auto-orient "
                f"-resize '{SIZE}x{SIZE}>' -background black -gravity center -extent {SIZE}x{SIZE} -quality 90 "
                "-sampling-factor 1x1")
    return command


def sharp(job):
    program = pathlib.Path(__file__).with_name("downscale-sharp.js")
    return ["env", f"NODE_PATH={SHARP}/node_modules", "node", program, job.listed(), job.out]


def install_sharp():
    """By npm, into build/bench."""
    SHARP.mkdir(parents=True, exist_ok=True)
    if not (SHARP / "node_modules/sharp").exists():
        measure.run(["npm", "install", "--no-audit", "--no-fund", "--prefix", SHARP, "sharp"],
                    environment=os.environ | {"npm_config_update_notifier": "false"})


VIPSTHUMBNAIL, HINTED, PAGE, SHARP_NAME = ("vipsthumbnail (no letterbox)", "convert, hint 512", "2017 page: find, convert",
                                           "sharp")
# By name: what has to be there, and how it is called.
PEERS = {
    VIPSTHUMBNAIL: ("vipsthumbnail", vipsthumbnail),
    SHARP_NAME: ("node", sharp),
    "gm mogrify, hint 512": ("gm", graphicsmagick(f"-size {SIZE}x{SIZE}")),
    "gm mogrify": ("gm", graphicsmagick("")),
    HINTED: ("parallel", convert(["-define", f"jpeg:size={SIZE}x{SIZE}"])),
    "vipsthumbnail, vips gravity": ("vips", vipsthumbnail_letterbox),
    "convert, hint 1024": ("parallel", convert(["-define", "jpeg:size=1024x1024"])),
    PAGE: ("find", page_of_2017),
}
# So much dearer than dbr that nothing hangs on their last percent: they run in the first rounds only.
SLOW = ("gm mogrify", "vipsthumbnail, vips gravity", "convert, hint 1024", PAGE)


def lack_of(name, wants_sharp):
    """Why a contestant cannot run; empty when it can."""
    program, _ = PEERS[name]
    if name == SHARP_NAME and not wants_sharp:
        return "not asked for: --sharp installs it by npm"
    if not shutil.which(program):
        return f"{program} is not installed" + ("" if name == SHARP_NAME else " (scripts/setup bench)")
    if "convert" in name and not imagemagick():
        return "ImageMagick is not installed (scripts/setup bench)"
    return ""


def count_made(job):
    """The pictures that are there; what a contestant says of itself is not enough."""
    made = {path.stem for path in job.out.rglob("*") if path.is_file() and path.stat().st_size}
    return len(made & {picture.stem for picture in job.pictures})
