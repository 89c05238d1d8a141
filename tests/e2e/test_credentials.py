# SPDX-License-Identifier: MIT
"""Login and key go to the site's API and nowhere else: not to the file host, not into any output, file or log."""
import base64
import unittest

import harness

KEY = "sim-key"
ACCOUNT = {"DBR_LOGIN": "sim", "DBR_API_KEY": KEY}
WRONG = "e2e-wrong-secret"


def forms_of(key):
    return (key, base64.b64encode(f"sim:{key}".encode()).decode())


class Credentials(harness.Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.site = cls.start_site(posts=40)

    def setUp(self):
        self.site.faults()
        self.site.clear_log()

    def assertSecret(self, key, *texts):
        for text in texts:
            for form in forms_of(key):
                self.assertNotIn(form, text)

    def test_sent_to_the_api_only(self):
        data = self.dataset(self.site)
        outcome = self.assertCode(0, data.build("-v", "--json", env=ACCOUNT))
        log = self.site.log()
        api = [entry for entry in log if not harness.is_file_request(entry)]
        files = [entry for entry in log if harness.is_file_request(entry)]
        self.assertTrue(api and files)
        self.assertTrue(all(entry["has_authorization"] for entry in api))
        self.assertFalse(any(entry["has_authorization"] for entry in files))
        self.assertFalse(any(KEY in entry["path"] for entry in log), "not in an address, where proxies log it")
        self.assertSecret(KEY, outcome.out, outcome.err)
        for path in data.root.rglob("*"):
            if path.is_file():
                self.assertNotIn(KEY.encode(), path.read_bytes(), path)

    def test_never_in_a_message_when_things_go_wrong(self):
        self.site.faults("500:0.3", "reset:0.2", "html200:0.2")
        data = self.dataset(self.site)
        outcome = data.build("-v", "--log-format", "json", "--max-duration", "4s", env=ACCOUNT)
        self.assertIn(outcome.code, (0, 3, 5, 10), outcome)
        self.assertIn('"level":"debug"', outcome.err, "the log says what went wrong")
        self.assertSecret(KEY, outcome.out, outcome.err)

    def test_a_wrong_key_is_refused_without_being_named(self):
        data = self.dataset(self.site)
        outcome = self.assertCode(9, data.build("-v", env={**ACCOUNT, "DBR_API_KEY": WRONG}))
        self.assertSecret(WRONG, outcome.out, outcome.err)
        self.assertIn("check the login", outcome.err)

    def test_not_taken_from_the_command_line(self):
        data = self.dataset(self.site)
        outcome = self.assertCode(2, data.build(f"--api-key={WRONG}"))
        self.assertSecret(WRONG, outcome.out, outcome.err)
        self.assertIn("DBR_API_KEY", outcome.err)

    def test_a_file_others_can_read_is_refused(self):
        data = self.dataset(self.site)
        (data.root / "dbr.toml").write_text(f'login = "sim"\napi_key = "{WRONG}"\n')
        (data.root / "dbr.toml").chmod(0o644)
        outcome = self.assertCode(2, data.build())
        self.assertSecret(WRONG, outcome.out, outcome.err)
        self.assertIn("chmod 600", outcome.err)


if __name__ == "__main__":
    unittest.main()
