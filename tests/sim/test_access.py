# SPDX-License-Identifier: MIT
"""Who is let in: agents, logins, formats, request bodies, the rate limit."""
import base64
import unittest

import sim


class AccessTest(sim.SimTest):
    ARGUMENTS = ["--posts", "60", "--metadata-only"]

    def test_stock_and_browser_agents_are_challenged(self):
        for agent in (None, "Mozilla/5.0 (X11; Linux)", "python-requests/2.28", "Java/1.8"):
            answer = self.request("/posts.json", agent=agent)
            self.assertEqual((answer.status, answer.headers["cf-mitigated"]), (403, "challenge"), agent)
            self.assertIn("text/html", answer.headers["Content-Type"])

    def test_login(self):
        def basic(pair):
            return self.request("/posts.json", headers={"Authorization": "Basic " + base64.b64encode(pair).decode()})

        self.assertEqual(basic(b"sim:sim-key").status, 200)
        self.assertEqual(self.request("/posts.json?login=sim&api_key=sim-key").status, 200)
        for refused in (basic(b"sim:wrong"), self.request("/posts.json?login=sim"), self.request("/posts.json?api_key=sim-key")):
            self.assertEqual((refused.status, refused.json()["error"]), (401, "SessionLoader::AuthenticationFailure"))

    def test_times_are_in_the_zone_of_the_viewer(self):
        anonymous = self.get("/posts.json", page="a0", limit=1)[0]["created_at"]
        known = self.get("/posts.json", page="a0", limit=1, login="sim", api_key="sim-key")[0]["created_at"]
        self.assertEqual((anonymous, known), ("2005-05-23T23:35:31.425-04:00", "2005-05-24T03:35:31.425Z"))

    def test_formats(self):
        self.assertEqual(self.request("/posts.yaml").status, 406)
        self.assertIn("text/html", self.request("/posts").headers["Content-Type"])
        self.assertIn(b"Disallow: /*.json", self.request("/robots.txt").body)

    def test_get_with_a_body(self):
        self.assertEqual(self.request("/posts.json", body="x").status, 400)


class RateTest(sim.SimTest):
    ARGUMENTS = ["--posts", "60", "--metadata-only", "--tps-limit", "2"]

    def test_burst_then_429(self):
        statuses = [self.request("/posts.json?limit=1").status for _ in range(14)]
        self.assertEqual(statuses[:10], [200] * 10)
        self.assertEqual(statuses[-1], 429)
        self.assertIsNone(self.request("/posts.json").headers["Retry-After"])


if __name__ == "__main__":
    unittest.main()
