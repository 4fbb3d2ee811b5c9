"""The bulk door of skills: a fixed number of statements for any number of lines."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.profile.people.rules import circular
from services.profile.rowsets import insert_rows, rowset, update_rows
from services.profile.skills import commands, estimates
from services.profile.skills.events import skill_changed
from services.profile.skills.framework_importing import frameworks_called
from services.profile.skills.models import Skill
from services.profile.skills.problems import (
    CircularSkills,
    FrameworkIsDeprecated,
    RepeatedLine,
    UnknownFramework,
    UnknownSkill,
)
from services.profile.skills.rules import FrameworkStatus
from services.profile.skills.schemas import SkillRow
from shared import events
from shared.bulk import Line, Verdict
from shared.ids import new_id
from shared.tenancy import Principal

SKILL_FIELDS = (
    "statement", "description", "type", "half_life_months", "weight", "alignments", "parent_id",
)  # fmt: skip
Code = tuple[UUID, str]
"""A framework and the code of one of its skills."""


async def apply_skills(
    session: AsyncSession, principal: Principal, lines: Sequence[Line[SkillRow]]
) -> None:
    """Settles or refuses each line. Refusals: unknown-framework, unknown-skill (a parent), circular-skills, …"""
    await commands.lock(session)
    frameworks = await frameworks_called(session, [line.row.framework_key for line in lines])
    distinct = _distinct(lines, frameworks)
    known = await _skills(session, distinct)
    ids = {code: row["id"] for code, row in known.items()}
    _refuse_orphans(distinct, ids)
    ids |= {code: new_id() for code in distinct if code not in ids}
    wanted = {code: _fields(line.row, code, ids, known) for code, line in distinct.items()}
    await _refuse_circles(session, distinct, wanted, known, ids)
    await _write(session, principal, distinct, wanted, known, ids)


def _distinct(
    lines: Sequence[Line[SkillRow]], frameworks: Mapping[str, Mapping[str, Any]]
) -> dict[Code, Line[SkillRow]]:
    distinct: dict[Code, Line[SkillRow]] = {}
    for line in lines:
        framework = frameworks.get(line.row.framework_key)
        if framework is None:
            line.refuse(UnknownFramework("frameworkKey: import the framework first."))
        elif framework["status"] is FrameworkStatus.DEPRECATED:
            line.refuse(FrameworkIsDeprecated("frameworkKey: use a framework that is in use."))
        elif (framework["id"], line.row.code) in distinct:
            line.refuse(RepeatedLine("code: send each skill once a request."))
        else:
            distinct[framework["id"], line.row.code] = line
    return distinct


async def _skills(
    session: AsyncSession, codes: Mapping[Code, Line[SkillRow]]
) -> dict[Code, Mapping[str, Any]]:
    """The skills that the lines are about or hang below."""
    parents = [(code[0], line.row.parent_code) for code, line in codes.items()]
    names = dict.fromkeys([*codes, *(code for code in parents if code[1])])
    table = Skill.__table__
    rows = [{"framework_id": framework_id, "code": code} for framework_id, code in names]
    given = rowset([table.c.framework_id, table.c.code], rows)
    same = (given.c.framework_id == Skill.framework_id) & (given.c.code == Skill.code)
    found = await session.execute(select(table).join(given, same))
    return {(row["framework_id"], row["code"]): {**row} for row in found.mappings()}


def _refuse_orphans(distinct: dict[Code, Line[SkillRow]], ids: Mapping[Code, UUID]) -> None:
    """Until none hangs below a skill that is neither known nor made by a line that stands."""
    while True:
        orphans = [
            code
            for code, line in distinct.items()
            if (parent := line.row.parent_code)
            and (code[0], parent) not in ids
            and (code[0], parent) not in distinct
        ]
        if not orphans:
            return
        for code in orphans:
            distinct.pop(code).refuse(UnknownSkill("parentCode: import that skill first."))


def _fields(
    row: SkillRow,
    code: Code,
    ids: Mapping[Code, UUID],
    known: Mapping[Code, Mapping[str, Any]],
) -> dict[str, Any]:
    """The skill as the line wants it; what it does not send stays as it is."""
    before = known.get(code)
    fields = row.model_dump(mode="python", exclude={"framework_key", "code", "parent_code"})
    fields["parent_id"] = ids[code[0], row.parent_code] if row.parent_code else None
    if before is not None:
        unsent = fields.keys() - row.model_fields_set
        unsent -= {"parent_id"} if "parent_code" in row.model_fields_set else set()
        fields |= {name: before[name] for name in unsent}
    return fields


async def _refuse_circles(
    session: AsyncSession,
    distinct: dict[Code, Line[SkillRow]],
    wanted: Mapping[Code, Mapping[str, Any]],
    known: Mapping[Code, Mapping[str, Any]],
    ids: Mapping[Code, UUID],
) -> None:
    moves = {
        ids[code]: wanted[code]["parent_id"]
        for code in distinct
        if wanted[code]["parent_id"] != (known[code]["parent_id"] if code in known else None)
    }
    if not any(moves.values()):
        return
    frameworks = {code[0] for code in distinct}
    rows = await session.execute(
        select(Skill.id, Skill.parent_id).where(Skill.framework_id.in_(frameworks))
    )
    new = {ids[code] for code in distinct if code not in known}
    refused = circular({row.id: row.parent_id for row in rows}, moves, new=new)
    for code in [code for code in distinct if ids[code] in refused]:
        distinct.pop(code).refuse(
            CircularSkills("parentCode: that skill lies below this one, or is refused.")
        )


async def _write(
    session: AsyncSession,
    principal: Principal,
    distinct: Mapping[Code, Line[SkillRow]],
    wanted: Mapping[Code, Mapping[str, Any]],
    known: Mapping[Code, Mapping[str, Any]],
    ids: Mapping[Code, UUID],
) -> None:
    new, changed, facts = [], [], []
    half_lives: dict[UUID, int | None] = {}
    for code, line in distinct.items():
        before, after = known.get(code), wanted[code]
        if before is not None and all(before[name] == after[name] for name in SKILL_FIELDS):
            line.settle(Verdict.UNCHANGED, ids[code])
            continue
        row = {"id": ids[code], "framework_id": code[0], "code": code[1], **after}
        if before is None:
            line.settle(Verdict.CREATED, ids[code])
            new.append(row | {"sequence": 1})
        else:
            line.settle(Verdict.CHANGED, ids[code])
            changed.append(row | {"sequence": before["sequence"] + 1})
            if before["half_life_months"] != after["half_life_months"]:
                half_lives[ids[code]] = before["half_life_months"]
        sequence = before["sequence"] + 1 if before else 1
        facts.append((skill_changed(row, line.row.framework_key), ids[code], sequence))
    await insert_rows(session, Skill, new)
    await update_rows(session, Skill, changed)
    await events.publish_many(session, principal, facts=facts)
    await estimates.plan_half_lives(session, principal, half_lives)
