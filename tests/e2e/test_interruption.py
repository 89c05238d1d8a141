# SPDX-License-Identifier: MIT
"""Ctrl-C once finishes what is in flight, twice ends at once; both say how to go on. Bars are for terminals only."""
import signal
import time
import unittest

import harness
from terminal import CTRL_C, Terminal

# A file of 20 kB takes two seconds, so that there is always something in flight.
SLOW = "slow:1:scope=cdn:ms=100:chunk=1000"
# Nothing comes for a minute: who waits for the transfer misses the deadline by far.
STALLED = "stall:1:scope=cdn:at=100:ms=60000"
SOON = 15  # "within seconds": files in flight, sanitizers and a busy machine included
AT_ONCE = 5


class Interruption(harness.Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.site = cls.start_site(posts=100)
        cls.harvested = harness.Dataset(cls.scratch / "harvested", cls.site)
        outcome = cls.harvested.run("fetch-metadata", "--year", 2017)
        assert outcome.code == 0, outcome

    def setUp(self):
        self.site.faults()
        self.site.clear_log()
        self.data = self.dataset(self.site)
        (self.data.manifest).write_bytes(self.harvested.manifest.read_bytes())

    def fetching(self, fault, *args, **options):
        """fetch-images on a terminal, as soon as the site sends files."""
        self.site.faults(fault)
        terminal = Terminal(self.data.args("fetch-images", *args), **options)
        terminal.until(lambda: len(self.site.log()) >= 4, "files are on their way")
        return terminal

    def assertResumes(self):
        """Nothing is lost: what was stored is not fetched again, and the end is what it would have been."""
        self.site.faults()
        self.site.clear_log()
        held = len(self.data.originals())
        self.assertCode(0, self.data.run("fetch-images"))
        self.assertEqual(self.data.states("fetch-images").get("wanted", 0), 0)
        again = [entry["path"] for entry in self.site.log() if harness.is_file_request(entry)]
        stored = len(self.data.originals()) - held
        self.assertGreater(stored, 0)
        self.assertEqual(len(set(again)) - self.data.states("fetch-images").get("absent", 0), stored)

    def test_one_ctrl_c_finishes_what_is_in_flight(self):
        terminal = self.fetching(SLOW)
        terminal.press(CTRL_C)
        code, seconds = terminal.finish()
        self.assertEqual(code, 130, terminal.text)
        self.assertLess(seconds, SOON)
        self.assertIn("press Ctrl-C again to stop at once", terminal.text)
        self.assertIn("run the same command again to go on: dbr fetch-images --root", terminal.text)
        self.assertGreater(len(self.data.originals()), 0, "what was in flight is stored")
        self.assertEqual(self.data.states("fetch-images").get("stored", 0), len(self.data.originals()))
        self.assertResumes()

    def test_one_ctrl_c_does_not_wait_for_a_transfer_that_stands_still(self):
        """What is in flight is finished if that takes seconds; a part file is not worth more."""
        terminal = self.fetching(STALLED)
        terminal.press(CTRL_C)
        code, seconds = terminal.finish()
        self.assertEqual(code, 130, terminal.text)
        self.assertLess(seconds, SOON)
        self.assertResumes()

    def test_two_ctrl_c_end_at_once(self):
        terminal = self.fetching(STALLED)
        terminal.press(CTRL_C)
        terminal.until(lambda: "press Ctrl-C again" in terminal.text, "the first is answered")
        terminal.press(CTRL_C)
        code, seconds = terminal.finish()
        self.assertEqual(code, 130, terminal.text)
        self.assertLess(seconds, AT_ONCE)
        self.assertIn("run the same command again", terminal.text)
        self.assertResumes()

    def test_sigterm_is_the_same(self):
        self.site.faults(SLOW)
        running = self.data.start("fetch-images")
        harness.until(lambda: len(self.site.log()) >= 4, "files are on their way")
        begin = time.monotonic()
        running.process.send_signal(signal.SIGTERM)
        outcome = self.assertCode(130, running.finish())
        self.assertLess(time.monotonic() - begin, SOON)
        self.assertIn("run the same command again to go on: dbr fetch-images", outcome.err)
        self.assertResumes()

    def test_sigterm_twice_ends_at_once(self):
        self.site.faults(STALLED)
        running = self.data.start("fetch-images")
        harness.until(lambda: len(self.site.log()) >= 4, "files are on their way")
        begin = time.monotonic()
        running.process.send_signal(signal.SIGTERM)
        running.process.send_signal(signal.SIGTERM)
        time.sleep(0.05)  # two of a kind that come together may count as one
        running.process.send_signal(signal.SIGTERM)
        self.assertIn(running.finish().code, (130, -signal.SIGTERM))
        self.assertLess(time.monotonic() - begin, AT_ONCE)
        self.assertResumes()

    def test_every_stage_of_a_build_can_be_interrupted(self):
        """At whatever a build is, one Ctrl-C ends it soon, and it goes on from there to the same end."""
        data = self.dataset(self.site)
        self.site.faults("slow:1:scope=api:ms=50:chunk=100000", "slow:1:scope=cdn:ms=20:chunk=20000")
        codes = set()
        for delay in (0.05, 0.2, 0.4, 0.6, 0.8, 1.0, 1.2):
            terminal = Terminal(data.args("build", "--year", 2017))
            deadline = time.monotonic() + delay
            while time.monotonic() < deadline and terminal.read():
                pass
            if terminal.process.poll() is None:
                terminal.press(CTRL_C)
            code, seconds = terminal.finish()
            self.assertIn(code, (0, 130, -signal.SIGINT), terminal.text)
            self.assertLess(seconds, SOON)
            codes.add(code)
        self.assertIn(130, codes)
        self.assertCode(0, data.build())
        self.assertEqual(data.leftovers(), [])
        self.assertCode(0, data.run("verify"))

    def test_a_bar_on_a_terminal(self):
        terminal = self.fetching(SLOW)
        terminal.until(lambda: "\x1b[J" in terminal.text, "a bar is drawn anew")
        self.assertRegex(terminal.text, r"fetch-images +\d+% \[[# ]+\] +\d+/\d+")
        terminal.process.kill()
        terminal.finish()

    def test_bars_fit_the_terminal(self):
        terminal = self.fetching(SLOW, columns=40)
        terminal.until(lambda: terminal.text.count("%") > 2, "bars are drawn")
        terminal.process.kill()
        terminal.finish()
        for line in terminal.text.replace("\x1b[J", "\n").replace("\r", "\n").split("\n"):
            self.assertLess(len(line), 40, repr(line))

    def test_no_bar_elsewhere(self):
        outcome = self.assertCode(0, self.data.run("fetch-images"))
        self.assertNotRegex(outcome.err, "[\x1b\r]")

    def test_quiet_is_silent(self):
        outcome = self.assertCode(0, self.data.run("fetch-images", "-q"))
        self.assertEqual((outcome.out, outcome.err), ("", ""))
        terminal = Terminal(self.data.args("downscale", "-q"))
        self.assertEqual(terminal.finish()[0], 0)
        self.assertEqual(terminal.text, "")

    def test_colour_only_where_it_is_wanted(self):
        def error(*args, env=None):
            terminal = Terminal(["status", "--root", self.scratch, *args], env=env)
            self.assertEqual(terminal.finish()[0], 8)
            return "\x1b[31m" in terminal.text
        self.assertTrue(error())
        self.assertFalse(error(env={"NO_COLOR": "1"}))
        self.assertFalse(error("--color", "never"))
        self.assertTrue(error("--color", "always", env={"NO_COLOR": "1"}))
        self.assertNotIn("\x1b", harness.dbr("status", "--root", self.scratch).err)


if __name__ == "__main__":
    unittest.main()
