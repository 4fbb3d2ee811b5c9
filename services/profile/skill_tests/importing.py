"""The bulk door of skill tests: a fixed number of statements for new results, a few more for each corrected one."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.profile.people import naming
from services.profile.people.problems import UnknownPerson
from services.profile.rowsets import insert_rows, rowset, update_rows
from services.profile.skill_tests.models import SkillTestResult
from services.profile.skill_tests.rules import level_of
from services.profile.skill_tests.schemas import SkillTestRow
from services.profile.skills import asserting, estimates, queries
from services.profile.skills.asserting import Statement
from services.profile.skills.problems import (
    FrameworkIsDeprecated,
    FrameworkIsDraft,
    RepeatedLine,
    UnknownSkill,
)
from services.profile.skills.rules import (
    AssertionSource,
    AssertionState,
    EvidenceKind,
    FrameworkStatus,
    Polarity,
)
from shared import clock
from shared.bulk import Line, Verdict
from shared.ids import new_id
from shared.problems import Invalid
from shared.tenancy import Actor, Principal

Name = tuple[str, str, UUID]
"""The publisher, its id of the result, and the skill: one sitting may say something of several skills."""
Wanted = Mapping[Name, tuple[Line[SkillTestRow], Mapping[str, Any]]]
NAME = ("publisher", "external_id", "skill_id")
CORRECTED = "The publisher corrected the result."


async def apply(
    session: AsyncSession, principal: Principal, lines: Sequence[Line[SkillTestRow]]
) -> None:
    """Settles or refuses each line. Refusals: unknown-person, unknown-skill, framework-is-draft, …"""
    wanted = await _understood(session, lines)
    await estimates.lock(session, _people(wanted, await _known(session, wanted)))
    known = await _known(session, wanted)
    coming = {}
    for name, (line, row) in wanted.items():
        before = known.get(name)
        if before is not None and all(before[each] == value for each, value in row.items()):
            line.settle(Verdict.UNCHANGED, before["id"])
        else:
            coming[name] = (line, row)
    await _write(session, principal, await _without_closed(session, coming), known)


async def _understood(
    session: AsyncSession, lines: Sequence[Line[SkillTestRow]]
) -> dict[Name, tuple[Line[SkillTestRow], dict[str, Any]]]:
    """The lines whose person and skill are known, each with the row that it wants."""
    people = await naming.people_called(session, [(ln.row.system, ln.row.key) for ln in lines])
    codes = [(line.row.framework_key, line.row.skill_code) for line in lines]
    skills = await queries.skills_called(session, codes)
    understood: dict[Name, tuple[Line[SkillTestRow], dict[str, Any]]] = {}
    for line in lines:
        person = people.get((line.row.system, line.row.key))
        skill = skills.get((line.row.framework_key, line.row.skill_code))
        if person is None:
            line.refuse(UnknownPerson("key: import the person first."))
        elif skill is None:
            line.refuse(UnknownSkill("skillCode: import the skill first."))
        elif line.row.taken_on > clock.today():
            line.refuse(Invalid.field("/takenOn", "must not lie in the future"))
        elif (name := (line.row.publisher, line.row.external_id, skill.id)) in understood:
            line.refuse(RepeatedLine("externalId: send each result of a skill once a request."))
        else:
            understood[name] = (line, _fields(line.row, person.id, skill.id))
    return understood


def _fields(row: SkillTestRow, person_id: UUID, skill_id: UUID) -> dict[str, Any]:
    score = row.score
    return {
        "person_id": person_id,
        "skill_id": skill_id,
        **row.model_dump(
            include={"publisher", "external_id", "test", "success", "taken_on", "expires_on"}
        ),
        "score_raw": score.raw,
        "score_min": score.min,
        "score_max": score.max,
        "level": level_of(score.raw, score.min, score.max),
    }


async def _known(session: AsyncSession, names: Iterable[Name]) -> dict[Name, Mapping[str, Any]]:
    table = SkillTestResult.__table__
    rows = [dict(zip(NAME, name, strict=True)) for name in names]
    given = rowset([table.c[each] for each in NAME], rows)
    same = [given.c[each] == table.c[each] for each in NAME]
    found = (await session.execute(select(table).where(*same))).mappings()
    return {(row["publisher"], row["external_id"], row["skill_id"]): {**row} for row in found}


def _people(wanted: Wanted, known: Mapping[Name, Mapping[str, Any]]) -> set[UUID]:
    """Of now and, where a result was somebody else's, of before."""
    return {row["person_id"] for row in (*(row for _, row in wanted.values()), *known.values())}


async def _without_closed(session: AsyncSession, coming: Wanted) -> Wanted:
    """Refuses what is said of skills that take no new assertions."""
    codes = [(line.row.framework_key, line.row.skill_code) for line, _ in coming.values()]
    skills = await queries.skills_called(session, codes)
    refusals = {
        FrameworkStatus.DRAFT: FrameworkIsDraft("frameworkKey: publish the framework first."),
        FrameworkStatus.DEPRECATED: FrameworkIsDeprecated(
            "frameworkKey: use a framework that is in use."
        ),
    }
    kept = {}
    for name, (line, row) in coming.items():
        status = skills[line.row.framework_key, line.row.skill_code].status
        if (refusal := refusals.get(status)) is not None:
            line.refuse(refusal)
        else:
            kept[name] = (line, row)
    return kept


async def _write(
    session: AsyncSession,
    principal: Principal,
    coming: Wanted,
    known: Mapping[Name, Mapping[str, Any]],
) -> None:
    for name in coming.keys() & known.keys():
        await asserting.annul(session, principal, known[name]["assertion_id"], reason=CORRECTED)
    statements = [_statement(principal, line.row, row) for line, row in coming.values()]
    assertions = await asserting.record_many(session, principal, statements)
    new, changed = [], []
    for (name, (line, row)), assertion_id in zip(coming.items(), assertions, strict=True):
        before = known.get(name)
        told = {**row, "assertion_id": assertion_id, "recorded_at": clock.now()}
        if before is None:
            new.append({"id": new_id(), **told})
            line.settle(Verdict.CREATED, new[-1]["id"])
        else:
            changed.append({"id": before["id"], **told})
            line.settle(Verdict.CHANGED, before["id"])
    await insert_rows(session, SkillTestResult, new)
    await update_rows(session, SkillTestResult, changed)


def _statement(principal: Principal, line: SkillTestRow, row: Mapping[str, Any]) -> Statement:
    """Of one test of a publisher the newest result of a skill stands, as with any assessor."""
    score = line.score
    return Statement(
        person_id=row["person_id"],
        skill_id=row["skill_id"],
        source=AssertionSource.ASSESSMENT,
        level=row["level"],
        occurred_on=line.taken_on,
        expires_on=line.expires_on,
        state=AssertionState.CONFIRMED,
        polarity=Polarity.NEGATIVE if line.success is False else Polarity.POSITIVE,
        assessor_group=f"{line.publisher}: {line.test}",
        author_client=principal.subject if principal.actor is Actor.CLIENT else None,
        note=f"Scored {score.raw:g} on a scale from {score.min:g} to {score.max:g}.",
        evidence=[
            {
                "kind": EvidenceKind.ASSESSMENT_RESULT,
                "title": line.test,
                "capturedAt": clock.now().isoformat(),
                "provenance": {
                    "agent": line.publisher,
                    "activity": line.test,
                    "sourceSystem": line.system,
                    "sourceEventId": line.external_id,
                },
            }
        ],
    )
