"""Updates of a real server: see nsupdate.test."""
import json
import subprocess
import sys
import unittest

import forms

MAILASSAY, EDITS = sys.argv[1:3]


class Updates(unittest.TestCase):
    maxDiff = None

    def served(self, before):
        """A server that holds the world, stopped when the test ends"""
        server = forms.Server(forms.ORIGIN, forms.zone_of(before))
        self.addCleanup(server.stop)
        server.wait()
        self.assertEqual(server.world(), before)
        return server

    def test_hard_edits(self):
        written, before, after = forms.hard_world(EDITS, "nsupdate")
        server = self.served(before)
        server.update(written)
        self.assertEqual(server.world(), after)

    def test_fix(self):
        before, written = forms.check_world(MAILASSAY)
        after = forms.apply_zone(before, written["oneline"])
        self.assertNotEqual(before, after)
        server = self.served(before)
        server.update(written["nsupdate"])
        self.assertEqual(server.world(), after)
        # and what was to be cured is cured, for a check that asks that server
        run = subprocess.run([MAILASSAY, "check", forms.ORIGIN, "--no-engines", "--selector", "s1",
                              "--dns", "live:127.0.0.1@%d" % server.port, "--no-https",
                              "--format", "json"], capture_output=True, text=True)
        found = {finding["id"] for finding in json.loads(run.stdout)["findings"]}
        self.assertTrue(found)
        for cleared in ("dns_mx_cname", "dkim_key_testing", "dkim_key_quoted"):
            self.assertIn(cleared, written["oneline"])
            self.assertNotIn(cleared, found)
        # without pct= the policy acts on all mail: only the reports can say whether it may
        self.assertNotIn("dmarc_removed_tag", written["oneline"])
        self.assertIn("dmarc_removed_tag", found)

    def test_made_records(self):
        server = self.served(set())
        after = set()
        for words in (["spf", "example.com", "mx"],
                      ["dmarc", "example.com", "p=none", "rua=" + ",".join(
                          "mailto:reports-%d@example.com" % i for i in range(20))],
                      ["tls-rpt", "example.com", "rua=mailto:tls@example.com"]):
            text = [subprocess.run([MAILASSAY, "record", *words, "--record-format", form],
                                   capture_output=True, text=True, check=True).stdout
                    for form in ("nsupdate", "oneline")]
            server.update(text[0])
            after = forms.apply_zone(after, text[1])
        self.assertEqual(server.world(), after)


unittest.main(argv=sys.argv[:1])
