# SPDX-License-Identifier: MIT
"""Files that ask for gigabytes, among harmless ones: refused with a reason, within the memory that dbr was given, and
nobody else is disturbed. DBR_TEST_LARGE is how many times each large but honest picture is there."""
import io
import os
import subprocess
import unittest

import harness
import picture_bombs
import picture_run
from picture_jpeg import insert, marker, odd
from picture_judge import Kind
from picture_png import RGB, RGBA, chunk
from picture_scene import scene, veil

LARGE = int(os.environ.get("DBR_TEST_LARGE", "1"))
WORKERS = 8
MEGABYTES = 360 if LARGE == 1 else 1024  # for those


def measured(data, *args):
    """Exit code and the most memory the process held, in bytes."""
    command = [harness.DBR, *data.args("downscale", *args)]
    process = harness.start(command, env=harness.environment(), stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return process.returncode, usage.ru_maxrss * 1024


class Bombs(harness.Case):
    def downscale(self, kinds, name, megabytes, *args):
        """Every kind's form, made by eight workers with that much memory."""
        data = picture_run.fetch(self, kinds, name)
        code, memory = measured(data, "-j", WORKERS, "--memory", f"{megabytes}M", *args)
        print(f"{name}: {memory >> 20} of {megabytes} MB", flush=True)
        self.assertEqual(code, 0)
        if not harness.IS_SANITIZED:
            self.assertLess(memory, megabytes << 20, name)
        return picture_run.made(data, kinds)

    def test_bombs_are_refused_and_disturb_nobody(self):
        bombs, harmless = list(picture_bombs.bombs()), picture_bombs.harmless(24)
        forms = self.downscale([*bombs, *harmless], "bombs", 256)
        wrong = [f"{kind.name}: {forms[kind.name].row['reason']}" for kind in harmless if not forms[kind.name].is_done]
        for kind in bombs:
            form = forms[kind.name]
            got = picture_bombs.PICTURE if form.is_done else form.row["reason"]
            if got != kind.reason:
                wrong.append(f"{kind.name}: {got}, not {kind.reason}; {form.row['detail']}")
        if wrong:
            self.fail("\n".join(wrong))

    def test_large_pictures_take_turns(self):
        """Each fits, all of them at once do not."""
        kinds = list(large())
        forms = self.downscale(kinds, "large", MEGABYTES)
        wrong = [f"{kind.name}: {forms[kind.name].row['reason']}, {forms[kind.name].row['detail']}" for kind in kinds
                 if not forms[kind.name].is_done]
        if wrong:
            self.fail("\n".join(wrong))


def large():
    """24 million pixels each, in ways that cannot be streamed; copies differ by a comment."""
    picture = scene(6000, 4000)
    progressive = odd(picture, "in=rgb", "out=ycc", "progressive", "sampling=2x2,1x1,1x1")
    plain = odd(picture, "in=rgb", "out=ycc", "sampling=1x1,1x1,1x1", "quality=80")
    seen = picture.resize((3000, 2000))
    seen.putalpha(veil(*seen.size))
    out = io.BytesIO()
    seen.save(out, "WEBP", quality=50, method=0)
    interlaced = picture_bombs.black_png(6000, 4000, RGB, 8, True)
    deep = picture_bombs.black_png(5000, 4000, RGBA, 16)
    for i in range(LARGE):
        comment = f"copy {i}".encode()
        text = chunk(b"tEXt", b"Comment\0" + comment)
        yield Kind(f"progressive{i}", insert(progressive, marker(0xFE, comment)))
        yield Kind(f"plain{i}", insert(plain, marker(0xFE, comment)))
        yield Kind(f"interlaced{i}", interlaced[:33] + text + interlaced[33:], "png")
        yield Kind(f"deep{i}", deep[:33] + text + deep[33:], "png")
        yield Kind(f"webp{i}", out.getvalue() + b"JUNK" + (4).to_bytes(4, "little") + f"{i:04}".encode(), "webp")


if __name__ == "__main__":
    unittest.main()
