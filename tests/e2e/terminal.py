# SPDX-License-Identifier: MIT
"""A command on a terminal of its own, as a person has it: a pseudo-terminal whose Ctrl-C is a real one."""
import fcntl
import os
import pty
import select
import struct
import termios
import time

import harness

CTRL_C = b"\x03"


def _take_terminal():
    """In a child that leads a session: standard input becomes its controlling terminal, which is what Ctrl-C needs."""
    harness.die_with_parent()
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


class Terminal:
    def __init__(self, args, env=None, columns=100):
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 25, columns, 0, 0))
        command = [harness.DBR, *args]
        self.process = harness.start(command, before_exec=_take_terminal, start_new_session=True, stdin=slave,
                                     stdout=slave, stderr=slave, env=harness.environment(TERM="xterm", **(env or {})))
        os.close(slave)
        self.text = ""

    def read(self):
        """What has come since, without waiting for more than a moment; False at the end."""
        if not select.select([self._master], [], [], 0.02)[0]:
            return True
        try:
            data = os.read(self._master, 65536)
        except OSError:  # the other end is closed
            data = b""
        self.text += data.decode(errors="replace")
        return bool(data)

    def until(self, condition, what):
        def look():
            is_open = self.read()
            return condition() or not is_open
        harness.until(look, what)
        assert condition(), f"ended before {what}:\n{self.text}"

    def press(self, keys):
        os.write(self._master, keys)

    def finish(self):
        """Exit code and how long it took from now."""
        begin = time.monotonic()
        harness.until(lambda: not self.read(), "the command ends")
        code = self.process.wait(harness.PATIENCE)
        os.close(self._master)
        if "Sanitizer" in self.text or "runtime error:" in self.text:
            raise AssertionError(f"a sanitizer speaks up:\n{self.text}")
        return code, time.monotonic() - begin
