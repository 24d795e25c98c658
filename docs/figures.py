#!/usr/bin/env python3
"""Recomputes the published figures T1-T8 of the 2015 study from release bundles alone.

    python3 docs/figures.py office.zip employer.zip discussion.zip

The bundles are those of `rondo export --wave 2015 --profile internal` for the three
populations, in any order. One line per figure; exit 1 if one misses. Standard library only.
"""

import csv
import io
import json
import sys
import zipfile


def read(name):
    """Gives the manifest of a bundle and its rows."""
    with zipfile.ZipFile(name) as bundle:
        manifest = json.loads(bundle.read("MANIFEST.json"))
        text = bundle.read("data/%s.csv" % manifest["population"]).decode("utf-8")
    rows = list(csv.DictReader(io.StringIO(text)))
    if len(rows) != manifest["records"]:
        sys.exit("%s: the manifest says %d records, the data hold %d" % (name, manifest["records"], len(rows)))
    return manifest, rows


def count(rows, column, *values):
    """Says how many rows hold one of the values in a column that all of them have."""
    return sum(row[column] in values for row in rows)


def figures(bundles):
    """Yields (name, shown, reached) for each target."""
    manifest, offices = bundles["office"]
    employers, protocols = bundles["employer"][1], bundles["discussion"][1]
    invited, answered, n = manifest["invited"], len(offices), len(employers)
    yield "T1 offices invited / answering", "%d / %d" % (invited, answered), (invited, answered) == (26, 23)
    yield "T2 employers answering", "%d" % n, n == 109

    support = count(employers, "e_support", "3", "4")
    yield "T3 support rather or very good", "%d of %d = %.0f %%" % (support, n, 100 * support / n), support == 75 and round(100 * support / n) == 69
    for target, row, want in ("T4", "reaction_time", 82), ("T5", "answer_quality", 81):
        met = count(employers, "e_sat_contact__" + row, "3", "4")
        yield "%s expectations on %s met" % (target, row), "%d of %d = %.1f %%" % (met, n, 100 * met / n), met == want and 73 <= 100 * met / n <= 77

    long = count(offices, "o_case_duration", "1", "2")
    yield "T6 case work takes too long", "%d of %d" % (long, answered), long in (11, 12)
    detailed = count(offices, "o_strategy", "detailed")
    yield "T7 detailed written strategy", "%d of %d" % (detailed, answered), detailed == 15
    same = sorted(row["office"] for row in protocols) == sorted(row["office"] for row in offices)
    yield "T8 protocols, one per answering office", "%d" % len(protocols), len(protocols) == 23 and same


def main(names):
    bundles = {}
    for name in names:
        manifest, rows = read(name)
        bundles[manifest["population"]] = (manifest, rows)
    if sorted(bundles) != ["discussion", "employer", "office"]:
        sys.exit(__doc__)
    missed = 0
    for name, shown, reached in figures(bundles):
        print("%-40s %-22s %s" % (name, shown, "reached" if reached else "MISSED"))
        missed += not reached
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
