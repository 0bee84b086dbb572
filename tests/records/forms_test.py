"""The forms that are text: see forms.test."""
import os
import subprocess
import sys
import unittest

import forms

sys.path.append(os.path.join(os.path.dirname(__file__), "../hostile"))
import payloads

MAILASSAY, EDITS = sys.argv[1:3]


class Forms(unittest.TestCase):
    maxDiff = None

    def test_hard_edits_make_the_world_that_was_meant(self):
        for form in forms.FORMS:
            with self.subTest(form):
                written, before, after = forms.hard_world(EDITS, form)
                got = forms.APPLY[form](before, written)
                self.assertEqual(got, after)

    def test_zone_and_oneline_are_zones_for_ldns_and_for_us(self):
        for form in ("zone", "oneline"):
            with self.subTest(form):
                written, before, after = forms.hard_world(EDITS, form)
                come = after - before
                self.assertEqual(forms.by_ldns(forms.SOA + written, forms.ORIGIN), come)
                mine = forms.by_us(MAILASSAY, forms.SOA + written, forms.ORIGIN,
                                   ["s1", "s3", "s4"])
                asked = {r for r in come if not r[0].startswith("a")}
                self.assertEqual(asked - mine, set())

    def test_fix_is_the_same_in_all_forms(self):
        world, written = forms.check_world(MAILASSAY)
        after = forms.apply_zone(world, written["oneline"])
        self.assertIn(("example.com", "MX", ("10", "mx.example.com")), after)
        # a mail host that leads nowhere goes with a person's consent only
        self.assertIn(("example.com", "MX", ("20", "nowhere.example.com")), after)
        # quotes and backslashes are what a console left there: they go, the rest stays
        self.assertIn(("s1._domainkey.example.com", "TXT",
                       b"v=DKIM1; k=rsa; n=say hi  ${x}; p=" + forms.KEY.encode()), after)
        self.assertIn(("example.com", "TXT", b"v=spf1 mx exists:%{i}.example.com ~all"), after)
        for form in forms.FORMS:
            with self.subTest(form):
                self.assertEqual(forms.APPLY[form](world, written[form]), after)

    def test_octets_of_strangers_survive_in_all_forms(self):
        hostile = b"".join(octets for octets in payloads.PAYLOADS.values())
        policy = ("_mta-sts.example.com", "TXT", b"v=STSv1; id=1; " + hostile + b"=1;")
        kept = ("example.com", "TXT", hostile)
        world, written = forms.check_world(MAILASSAY, {policy, kept})
        after = forms.apply_zone(world, written["oneline"])
        self.assertIn(kept, after)
        self.assertNotIn(policy, after)     # it was removed octet by octet
        self.assertIn(("_mta-sts.example.com", "TXT", b"v=STSv1; id=1;"), after)
        for form in forms.FORMS:
            with self.subTest(form):
                self.assertEqual(forms.APPLY[form](world, written[form]), after)
        for form, text in written.items():
            with self.subTest(form):
                self.assertTrue(text.isascii() and not payloads.unsafe(text, "\n\t"), text)
        deleted = [line for line in written["nsupdate"].split("\n")
                   if line.startswith("update delete _mta-sts.")]
        self.assertEqual([forms.record_of_line(line[len("update delete "):].replace(
            " TXT ", " 0 IN TXT ", 1)) for line in deleted], [policy])

    def test_made_records_are_the_same_in_all_forms(self):
        spf = ["spf", "example.com", "exists:%{i}._spf.example.com"]
        long = ["dmarc", "example.com", "p=none", "rua=" + ",".join(
            "mailto:reports-%d@example.com" % i for i in range(20))]
        for words in (spf, long):
            made = {}
            for form in forms.FORMS:
                text = subprocess.run([MAILASSAY, "record", *words, "--record-format", form],
                                      capture_output=True, text=True, check=True).stdout
                made[form] = forms.APPLY[form](set(), text)
            with self.subTest(words[0]):
                self.assertEqual(len({frozenset(world) for world in made.values()}), 1, made)
                (record,) = made["zone"]
                self.assertIn(words[-1].encode(), record[2])
                text = subprocess.run([MAILASSAY, "record", *words, "--record-format", "zone"],
                                      capture_output=True, text=True, check=True).stdout
                self.assertEqual(forms.by_ldns(forms.SOA + text, forms.ORIGIN), {record})

    def test_readers_are_strict(self):
        for text, base in (('"a" b', 10), ('"a', 10), ('"\\400"', 8), ('"\\9"', 10),
                           ('"%s"' % ("x" * 256), 10), ('"a" "b"', 10), ('"\xfc"', 10)):
            with self.assertRaises(ValueError, msg=text):
                forms.strings_of(text, base)
        for text in ("${a}", "%{i}", "a $${b} ${c}"):
            with self.assertRaises(ValueError, msg=text):
                forms.template_text(text)
        self.assertEqual(forms.template_text("$${a} %%{i} 5% $"), "${a} %{i} 5% $")


unittest.main(argv=sys.argv[:1])
