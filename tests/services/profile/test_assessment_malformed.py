"""Each member of an instrument wrong once: its line is refused by name, and nothing of it comes in."""

import copy
import json
from typing import Any

import pytest
from sqlalchemy import text

from tests.services.profile.assessing import TEST

NORMED = {
    **TEST,
    "normed": True,
    "normGroups": [
        {
            "code": "all",
            "name": "Everyone",
            "n": 100,
            "source": "Ours",
            "norms": [{"scale": "CALM", "mean": 1.5, "sd": 0.5}],
        }
    ],
    "defaultNormGroup": "all",
    "reliability": [{"scale": "CALM", "alpha": 0.8, "sd": 0.5, "n": 100, "source": "Ours"}],
}
LONG = json.dumps("x" * 4001)
WRONG = [
    ("code", '"no blanks"'),
    ("version", '""'),
    ("name", '"a\\u0000b"'),
    ("kind", '"HOROSCOPE"'),
    ("locale", '"English"'),
    ("description", LONG),
    ("instructions", "[]"),
    ("purposeLock", '"ANYTHING"'),
    ("licence/bundled", '"perhaps"'),
    ("licence/notice", "null"),
    ("source", "7"),
    ("normed", "2"),
    ("normedNote", '"  "'),
    ("response/options/0/value", "1e400"),
    ("response/options/0/value", "1" + "0" * 400),
    ("response/options/0/score", "NaN"),
    ("response/options/0/score", "1.7e308"),
    ("response/options/1/label", '""'),
    ("items/0/key", '"?"'),
    ("items/0/text", '"\\u0000"'),
    ("items/0/form", '"GUESS"'),
    ("items/0/required", '"maybe"'),
    ("items/0/choices", json.dumps([f"c{n}" for n in range(51)])),
    ("scales/0/code", '"/"'),
    ("scales/0/name", "{}"),
    ("scales/0/aggregator", '"MEDIAN"'),
    ("scales/0/items/0/reversed", '"?"'),
    ("normGroups/0/n", "1"),
    ("normGroups/0/source", '""'),
    ("normGroups/0/norms/0/mean", '"nan"'),
    ("normGroups/0/norms/0/mean", "Infinity"),
    ("normGroups/0/norms/0/sd", "0"),
    ("normGroups/0/norms/0/sd", "1e-320"),
    ("reliability/0/alpha", "1"),
    ("reliability/0/alpha", '"NaN"'),
    ("reliability/0/sd", '"inf"'),
    ("coolDownDays", "-1"),
    ("expiresDays", "0"),
    ("publish", '"soon"'),
    ("measures/0/skillCode", '""'),
    ("measures/0/passFrom", "NaN"),
    ("measures/0/levels/0/from", "Infinity"),
    ("measures/0/levels/0/level", "6"),
    ("measures/0/levels", "[]"),
    ("colour", '"red"'),
]


def line(place: str, raw: str) -> str:
    """The instrument with one member spelled otherwise."""
    row: Any = copy.deepcopy(NORMED)
    *way, last = place.split("/")
    at = row
    for step in way:
        at = at[int(step)] if step.isdigit() else at[step]
    at[int(last) if last.isdigit() else last] = "@"
    return json.dumps(row).replace('"@"', raw, 1)


async def brought(taking: Any, *lines: str) -> list[Any]:
    answer = await taking.harness.client.post(
        "/imports/instruments",
        content="\n".join(lines),
        headers=taking.here.as_("partner") | {"Content-Type": "application/x-ndjson"},
    )
    assert answer.status_code == 200, answer.text
    return [json.loads(each) for each in answer.text.splitlines()]


async def test_each_wrong_member_is_named_and_only_the_right_line_comes_in(
    taking, profile, coding: str
) -> None:
    lines = [line(place, raw) for place, raw in WRONG]

    *refused, last = await brought(taking, *lines, json.dumps(NORMED))

    pointers = [[e["pointer"] for e in each["problem"]["errors"]] for each in refused]
    assert pointers == [[f"/{place}"] for place, _ in WRONG]
    assert last["status"] == "CREATED"
    async with profile.session() as session:
        assert (
            await session.scalars(text("SELECT id::text FROM assessments_instrument"))
        ).all() == [last["id"]]


@pytest.mark.parametrize("unreadable", ["{", "[]", "null", '"x"', "\ud83d", "{}"])
async def test_a_line_that_is_no_instrument_harms_no_other(
    taking, coding: str, unreadable: str
) -> None:
    text_of = unreadable.encode("utf-8", "surrogatepass").decode("latin-1")

    first, second = await brought(taking, text_of, json.dumps(NORMED))

    assert (first["status"], second["status"]) == ("REFUSED", "CREATED")
