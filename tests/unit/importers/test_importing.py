import asyncio
import base64
import json
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from deploy.cli.importing import ImportStopped, Progress, run_import
from deploy.importers.rows import ReadOptions, UnreadableSource
from tests.unit.importers.bulk_door import BulkDoor, open_door

SCRIPT = """
import asyncio, sys
from pathlib import Path
from deploy.cli.importing import run_import
asyncio.run(run_import("people", Path(sys.argv[1]), gateway_url=sys.argv[2], token="t",
                       home=Path(sys.argv[3]), report=lambda progress: None))
"""
ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
async def door():
    async with open_door() as opened:
        yield opened


@pytest.fixture
def people(tmp_path):
    path = tmp_path / "people.csv"
    lines = [f"{number},Person {number},Tide" for number in range(1, 1201)]
    path.write_text("\n".join(["Employee ID,Name,Team", *lines]) + "\n")
    return path


@pytest.fixture
def ladders(tmp_path):
    """Two skills, one role that needs both."""
    path = tmp_path / "ladders.json"
    axes = {name: [{"level": 1, "name": "Does", "description": "it"}] for name in ("Sea", "Land")}
    requires = {"Sea": 2, "Land": 3}
    position = {"ladder": "Pilot", "code": "P1", "title": "Pilot", "level": 1, "requires": requires}
    path.write_text(json.dumps({"axes": axes, "positions": [position]}))
    return path


@pytest.fixture
def start(door, tmp_path):
    def started(kind, path, **further):
        return run_import(
            kind,
            path,
            **{
                "gateway_url": door.url,
                "token": "t",
                "home": tmp_path / "home",
                "report": lambda progress: None,
                "pauses": (0.01, 0.01),
            }
            | further,
        )

    return started


async def test_skills_are_sent_before_roles_and_their_ids_take_the_place_of_codes(
    door, start, ladders
):
    summary = await start("ladder", ladders)

    sea, _ = door.rows["skills", "sea"]
    land, _ = door.rows["skills", "land"]
    _, role = door.rows["roles", "P1"]
    assert door.requests == [("frameworks", 1), ("skills", 2), ("roles", 1)]
    assert role["requirements"] == [
        {"skillId": sea, "requiredLevel": 2, "importance": 3, "mandatory": False},
        {"skillId": land, "requiredLevel": 3, "importance": 3, "mandatory": False},
    ]
    assert summary.counts == {
        "frameworks": {"CREATED": 1},
        "skills": {"CREATED": 2},
        "roles": {"CREATED": 1},
    }
    assert door.tokens == {"Bearer t"}


async def test_the_same_import_again_changes_nothing(start, ladders, tmp_path):
    await start("ladder", ladders)

    again = await start("ladder", ladders)

    assert (again.changed, again.sentence) == (0, "4 rows: 0 changed, 0 refused")
    assert list((tmp_path / "home" / "imports").iterdir()) == []


async def test_a_refused_line_is_told_with_its_place_and_stops_only_what_needs_it(
    door, start, ladders
):
    door.refused["sea"] = "The statement is too short."

    summary = await start("ladder", ladders)

    assert [(one.kind, one.line, one.key, one.reason) for one in summary.refused] == [
        ("skills", 1, "sea", "The statement is too short."),
        ("roles", 1, "P1", "it names skill sea, which was refused or is not in this import"),
    ]
    assert door.counts() == {"frameworks": 1, "skills": 1}


async def test_a_dry_run_changes_nothing_and_says_what_it_could_not_check(
    door, start, ladders, tmp_path
):
    summary = await start("ladder", ladders, dry_run=True)

    assert door.rows == {}
    assert summary.counts["roles"] == {"UNCHECKED": 1}
    assert summary.notes == [
        "1 of the roles could not be checked whole: they name skills or roles that do not exist yet and "
        "would be created by this import."
    ]
    assert not (tmp_path / "home").exists()


async def test_a_dry_run_over_what_exists_checks_everything(door, start, ladders):
    await start("ladder", ladders)

    summary = await start("ladder", ladders, dry_run=True)

    assert (summary.changed, summary.notes) == (0, [])
    assert summary.counts["roles"] == {"UNCHANGED": 1}


async def test_progress_counts_the_rows_of_each_kind(start, people):
    seen: list[Progress] = []

    await start("people", people, report=seen.append)

    assert [(step.kind, step.done, step.total) for step in seen] == [
        ("org-units", 1, 1),
        ("people", 500, 1200),
        ("people", 1000, 1200),
        ("people", 1200, 1200),
    ]


async def test_a_door_that_is_not_ready_is_tried_again(door, start, ladders):
    door.failures = [503, 502]
    seen: list[Progress] = []

    summary = await start("ladder", ladders, report=seen.append)

    assert summary.changed == 4
    assert [step.note for step in seen if step.note] == [
        f"{door.url} answers 503; trying again in 0.01 s",
        f"{door.url} answers 502; trying again in 0.01 s",
    ]


async def test_a_gateway_that_stays_away_stops_the_import_with_a_sentence(start, ladders):
    with pytest.raises(ImportStopped, match=r"does not answer \(ConnectError\), also after 2 more"):
        await start("ladder", ladders, gateway_url="http://127.0.0.1:1")


@pytest.mark.parametrize(
    ("status", "sentence"),
    [(401, "does not accept the token: Not now."), (403, "refuses the request: Not now.")],
)
async def test_a_refused_request_stops_the_import(door, start, ladders, status, sentence):
    door.failures = [status]

    with pytest.raises(ImportStopped, match=sentence):
        await start("ladder", ladders)
    assert door.rows == {}


async def test_an_import_that_was_killed_continues_where_it_was(door, start, people, tmp_path):
    door.hold_at = 3
    killed = await asyncio.create_subprocess_exec(
        sys.executable, "-c", SCRIPT, people, door.url, tmp_path / "home", cwd=ROOT
    )
    await asyncio.wait_for(door.held.wait(), 120)
    killed.kill()
    await killed.wait()
    door.let_go.set()
    sent_before = len(door.requests)

    summary = await start("people", people)

    assert door.requests[sent_before:] == [("org-units", 1), ("people", 500), ("people", 200)]
    assert summary.continued_after == 501
    assert sum(summary.counts["people"].values()) == 1200
    assert door.counts() == {"org-units": 1, "people": 1200}
    assert (await start("people", people)).changed == 0


async def test_an_import_continues_from_the_start_when_the_target_was_emptied(door, start, people):
    await _stop_after_two_requests(door, start, people)
    door.rows.clear()

    summary = await start("people", people)

    assert summary.continued_after == 0
    assert door.counts() == {"org-units": 1, "people": 1200}


async def test_another_tenant_does_not_continue_somebody_elses_import(door, start, people):
    await _stop_after_two_requests(door, start, people)

    summary = await start("people", people, token=f"h.{_claims('another')}.s")

    assert summary.continued_after == 0


async def test_a_source_that_cannot_be_read_sends_nothing(door, start, tmp_path):
    with pytest.raises(UnreadableSource, match="is missing"):
        await start("gdad", tmp_path)
    with pytest.raises(UnreadableSource, match="'moon' is not one of onet, gdad"):
        await start("moon", tmp_path)
    assert door.requests == []


async def test_courses_name_their_skills_by_the_starter_frameworks_codes(door, start, tmp_path):
    path = tmp_path / "courses.csv"
    path.write_text("provider,title,skills\nSea School,Tides,coding:0.5\nSea School,Sky,moon:1\n")

    summary = await start("courses", path)

    coding, _ = door.rows["skills", "coding"]
    _, course = door.rows["courses", "tides"]
    assert course["skills"] == [{"skillId": coding, "expectedDelta": 0.5}]
    assert [(one.line, one.reason) for one in summary.refused] == [
        (3, "it names skill moon, which was refused or is not in this import")
    ]


async def test_the_official_gdad_is_imported_whole_and_again_without_a_change(door, start, data):
    first = await start("gdad", data / "gdad")

    again = await start("gdad", data / "gdad")

    assert first.counts == {
        "frameworks": {"CREATED": 1},
        "skills": {"CREATED": 188},
        "roles": {"CREATED": 164},
    }
    assert [(left.count, left.reason) for left in first.skipped] == [
        (28, "its level says NOT IN USE"),
        (16, "an exact copy of an earlier line"),
    ]
    assert again.sentence == "353 rows: 0 changed, 0 refused"


async def test_the_demo_organisation_is_sent_with_its_catalogue(door, start):
    summary = await start("demo", None, options=ReadOptions(today=date(2026, 7, 1)))

    engineer, _ = door.rows["roles", "software-engineer"]
    _, amara = door.rows["people", "amara.lindqvist"]
    assert summary.refused == []
    assert amara["roleId"] == engineer
    assert door.counts()["people"] == 62


async def _stop_after_two_requests(door: BulkDoor, start: Any, people: Path) -> None:
    """Two batches are acknowledged, the third fails for good."""

    def fail_next(progress: Progress) -> None:
        if progress.done == 500:
            door.failures = [503, 503, 503]

    with pytest.raises(ImportStopped):
        await start("people", people, report=fail_next)
    door.failures = []


def _claims(tenant: str) -> str:
    return base64.urlsafe_b64encode(json.dumps({"tenant": tenant}).encode()).decode().rstrip("=")
