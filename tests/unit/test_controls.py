"""The table of risks and controls names tests that there are."""

import re
from pathlib import Path

TESTS = Path(__file__).resolve().parent.parent
README = TESTS / "README.md"
ROW = re.compile(r"^\| (?P<risk>[^|]+) \| (?P<control>[^|]+) \| (?P<tests>[^|]+) \|$", re.MULTILINE)
NAMED = re.compile(r"`([^` ]+\.py)`")


def test_every_test_that_the_table_names_exists() -> None:
    named = set(NAMED.findall(README.read_text()))

    assert len(named) > 40
    assert sorted(name for name in named if not (TESTS / name).is_file()) == []


def test_every_risk_has_a_control_and_a_test() -> None:
    rows = [row for row in ROW.finditer(README.read_text()) if row["risk"] != "risk"]

    without = [row["risk"] for row in rows if not NAMED.search(row["tests"])]

    assert len(rows) > 40
    assert [risk for risk in without if set(risk) != {"-"}] == []
