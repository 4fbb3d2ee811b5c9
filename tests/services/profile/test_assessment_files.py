"""The real files of instruments and occupations through profile's bulk doors, and what a person has of them."""

from pathlib import Path

import pytest

from deploy.importers import instrument
from deploy.importers.onet_interests import interests
from deploy.importers.onet_tables import Release
from deploy.importers.rows import ReadOptions, Row
from tests.services.profile.assessing import RATED, built_in
from tests.services.profile.conftest import imported

FILES = (
    "ipip_bfm_50_self_observer.json",
    "onet_interest_profiler_sf60.json",
    "onet_mini_ip_30.json",
    "onet_work_values_needs.json",
    "questions.json",
)
LIKES = {"R": 5, "I": 4, "A": 1, "S": 1, "E": 1, "C": 3}


@pytest.fixture
def door(taking):
    headers = taking.harness.integration(
        "instruments:write", "roles:write", tenant=taking.here.tenant_id
    )

    async def send(kind, rows):
        return await imported(taking.harness, kind, rows, headers=headers)

    return send


def lines(path: Path):
    return [row.fields for row in instrument.read(path, ReadOptions()) if isinstance(row, Row)]


def occupations(data: Path):
    release = Release.of_folder(data / "onet", None)
    return [row.fields for row in interests(release) if isinstance(row, Row)]


async def test_every_known_file_is_taken_once_and_again_changes_nothing(door, data):
    rows = [line for name in FILES for line in lines(data / "instruments" / name)]

    first = await door("instruments", rows)
    again = await door("instruments", rows)

    assert [each["status"] for each in first] == ["CREATED"] * 6
    assert [each["status"] for each in again] == ["UNCHANGED"] * 6
    assert [each["id"] for each in again] == [each["id"] for each in first]


async def test_a_line_that_contradicts_itself_is_refused_with_the_place(door):
    scales = [{"code": "CALM", "name": "Calm", "items": [{"key": "q9"}]}]

    (verdict,) = await door("instruments", [RATED | {"scales": scales}])

    assert verdict["status"] == "REFUSED"
    assert "'q9' is no item: add the item or correct the key" in str(verdict["problem"])


async def test_an_imported_interest_profiler_is_taken_and_scored(taking, door, data):
    (line,) = lines(data / "instruments" / "onet_interest_profiler_sf60.json")
    (verdict,) = await door("instruments", [line])
    letter = {each["key"]: scale["code"] for scale in line["scales"] for each in scale["items"]}

    await taking.take("dev", verdict["id"], {key: LIKES[code] for key, code in letter.items()})

    (result,) = await taking.results("dev")
    assert result["report"]["typeCode"] == "RIC"
    assert [each["raw"] for each in result["report"]["scales"]] == [40, 30, 0, 0, 0, 20]


async def test_the_923_occupations_of_onet_go_with_a_persons_interests(taking, door, data):
    rows = occupations(data)
    first = await door("occupation-interests", rows)
    again = await door("occupation-interests", rows)
    answers = {f"{letter}{at:02d}": LIKES[letter] for letter in LIKES for at in range(1, 11)}

    await taking.take("dev", built_in("interests-60"), answers)
    found = await taking.done("dev", "GET", "/assessments/compatible-occupations?first=3")

    assert [each["status"] for each in first] == ["CREATED"] * 923
    assert [each["status"] for each in again] == ["UNCHANGED"] * 923
    assert [(each["title"], each["congruence"], each["fit"]) for each in found] == [
        ("Automotive Engineering Technicians", 0.994, "STRONG"),
        ("Electronics Engineers, Except Computer", 0.9863, "STRONG"),
        ("Robotics Engineers", 0.9855, "STRONG"),
    ]
    assert await taking.done("lead", "GET", "/assessments/compatible-occupations") == []
