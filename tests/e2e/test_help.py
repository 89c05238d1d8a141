# SPDX-License-Identifier: MIT
"""Help fits 80 columns and names every option a command takes; what is wrong with a command line is said helpfully."""
import re
import unittest

import harness

COMMANDS = ("fetch-metadata", "fetch-images", "downscale", "bucket", "export-db", "make-torrent", "build", "status",
            "stats", "verify", "diff", "path", "torrent show", "torrent lint", "torrent plan",
            "torrent verify", "torrent prune")
# A value that passes for every option that needs one.
VALUES = {"color": "auto", "log-format": "text", "site": "http://127.0.0.1:9", "max-duration": "1s",
          "as-of": "2018-01-01", "web-seed": "http://127.0.0.1/", "tracker": "nyaa", "piece-size": "64K", "limit-rate": "1M", "year": "2017",
          "allow-host": "localhost", "format": "jsonl", "root": "/nonexistent", "config": "/nonexistent", "ids": "-"}
UNLIKE_ANYTHING = "--zzzzzzzzzzzz"


def option_lines(text):
    """Long option -> whether it takes a value, from the two columns of a help text."""
    found = re.finditer(r"^  (?:-\w, |    )--([a-z-]+)( [A-Z|]+)?(?:  |$)", text, re.MULTILINE)
    return {match[1]: bool(match[2]) for match in found}


class Help(harness.Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.overview = harness.dbr("--help")
        cls.helps = {command: harness.dbr(*command.split(), "--help") for command in COMMANDS}
        cls.globals = option_lines(cls.overview.out)
        cls.own = {command: option_lines(outcome.out) for command, outcome in cls.helps.items()}

    def test_it_is_an_answer(self):
        for outcome in (self.overview, *self.helps.values(), harness.dbr("help"), harness.dbr("help", "build"),
                        harness.dbr("help", "torrent", "show"), harness.dbr("torrent", "--help")):
            self.assertCode(0, outcome)
            self.assertEqual(outcome.err, "")
            self.assertGreater(len(outcome.out.splitlines()), 8)

    def test_it_fits_80_columns(self):
        for outcome in (self.overview, *self.helps.values()):
            for line in outcome.out.splitlines():
                self.assertLessEqual(len(line), 80, line)
                self.assertEqual(line, line.rstrip())

    def test_the_overview_names_every_command_and_exit_code(self):
        for command in COMMANDS:
            self.assertRegex(self.overview.out, rf"(?m)^  {command}  ")
        codes = [int(code) for code in re.findall(r"(?m)^ +(\d+)  ", self.overview.out)]
        self.assertEqual(codes, [*range(11), 130])

    def test_it_needs_no_dataset_and_no_sound_configuration(self):
        root = self.dataset().root
        (root / "dbr.toml").write_text("this is no TOML")
        self.assertCode(0, harness.dbr("build", "--help", "--root", root, env={"DBR_YEAR": "soon"}))
        self.assertEqual([path.name for path in root.iterdir()], ["dbr.toml"])

    def flags(self, options):
        exclude_each_other = {"verbose", "as-of", "help", "version"}
        return [f"--{name}={VALUES.get(name, '7')}" if has_value else f"--{name}"
                for name, has_value in options.items() if name not in exclude_each_other]

    def test_every_option_in_it_is_taken(self):
        self.assertGreaterEqual(len(self.globals), 11)
        for command in COMMANDS:
            flags = self.flags({**self.globals, **self.own[command]})
            outcome = self.assertCode(2, harness.dbr(*command.split(), *flags, UNLIKE_ANYTHING))
            self.assertIn(f"unknown option {UNLIKE_ANYTHING}", outcome.err, command)

    def test_no_other_option_is_taken(self):
        """One for each command; tests/unit/cli tries them all."""
        every = {name: has_value for own in self.own.values() for name, has_value in own.items()}
        self.assertGreater(len(every), 20)
        for number, command in enumerate(COMMANDS):
            others = self.flags({name: v for name, v in every.items() if name not in self.own[command]})
            flag = others[number % len(others)]
            outcome = self.assertCode(2, harness.dbr(*command.split(), flag))
            self.assertIn(f"{command} does not take {flag.split('=')[0]}", outcome.err)

    def test_unknown_words_suggest_the_nearest(self):
        for args, meant in ((["build", "--yaer", "2017"], "--year"), (["build", "--limitrate=1M"], "--limit-rate"),
                            (["downscale", "--qualty", "3"], "--quality"), (["make-torrent", "--finnish"], "--finish"),
                            (["--rot", "x", "status"], "--root"), (["fetch-image"], "fetch-images"),
                            (["bulid"], "build"), (["stauts"], "status"), (["torrnet"], "torrent"),
                            (["torrent", "shwo"], "torrent show")):
            outcome = self.assertCode(2, harness.dbr(*args))
            self.assertIn(f"did you mean {meant}?", outcome.err)
        self.assertNotIn("did you mean", harness.dbr("build", UNLIKE_ANYTHING).err)

    def test_a_wrong_key_in_a_file_suggests_the_nearest(self):
        data = self.dataset()
        (data.root / "dbr.toml").write_text("limitrate = '1M'")
        outcome = self.assertCode(2, data.run("status"))
        self.assertIn("did you mean limit_rate?", outcome.err)

    def test_wrong_values_name_option_value_and_what_is_allowed(self):
        for command, option, value, allowed in (
                ("build", "year", "MMXVII", "from 2005 to 9999"), ("build", "year", "1999", "from 2005 to 9999"),
                ("build", "as-of", "2018-13-01", "2018-01-01"), ("build", "tps", "-1", "a number above 0"),
                ("build", "tps", "nan", "a number above 0"), ("build", "jobs", "0", "from 1 to"),
                ("build", "limit-rate", "fast", "20M"), ("build", "site", "ftp://127.0.0.1", "http or https"),
                ("build", "max-duration", "soon", "90s"), ("build", "max-errors", "0", "above 0"),
                ("build", "name", "../up", "letters"), ("build", "buckets", "0", "from 1 to 10000"),
                ("downscale", "quality", "101", "from 1 to 100"), ("export-db", "format", "xml", "jsonl"),
                ("make-torrent", "piece-size", "100000", "power of two"), ("make-torrent", "tracker", "me", "udp"),
                ("make-torrent", "web-seed", "file:///etc", "http"), ("status", "color", "red", "always"),
                ("status", "log-format", "xml", "text or json")):
            with self.subTest(option=option, value=value):
                args = ["--year", 2017] if command in ("export-db", "make-torrent") else []
                args += [f"--{option}={value}", "--root", self.placed()]
                outcome = self.assertCode(2, harness.dbr(command, *args))
                for part in (f"--{option}", f'"{value}"', allowed):
                    self.assertIn(part, outcome.err)

    def test_values_are_judged_before_the_work(self):
        """Not at the end of a fetch that took days."""
        site = self.start_site(posts=3)
        for flag in ("--format=xml", "--tracker=me"):
            with self.subTest(flag):
                outcome = self.assertCode(2, self.dataset(site).build(flag))
                self.assertIn(flag.split("=")[0], outcome.err)
                self.assertEqual(site.log(), [])
                site.clear_log()

    def placed(self):
        """A dataset that exists, so that values which a stage judges are judged too."""
        if not hasattr(Help, "_placed"):
            Help._placed = self.dataset(self.start_site(posts=3))
            self.assertCode(0, Help._placed.run("fetch-metadata"))
        return Help._placed.root

    def test_the_environment_names_its_variables(self):
        outcome = self.assertCode(2, harness.dbr("status", env={"DBR_JOBS": "many"}))
        for part in ("DBR_JOBS", '"many"', "from 1 to"):
            self.assertIn(part, outcome.err)

    def test_a_missing_value(self):
        for args in (["build", "--year"], ["build", "--year="], ["build", "-j"]):
            outcome = self.assertCode(2, harness.dbr(*args))
            self.assertIn("needs a value", outcome.err)

    def test_errors_are_json_for_scripts(self):
        outcome = self.assertCode(2, harness.dbr("build", "--json", "--year", "x"))
        self.assertEqual(outcome.json()["error"]["kind"], "usage")


if __name__ == "__main__":
    unittest.main()
