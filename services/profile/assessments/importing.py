"""The bulk doors of instruments and of occupations' interests."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from services.profile.assessments import registry
from services.profile.assessments.instrument_schemas import InstrumentRow
from services.profile.assessments.models import InstrumentVersion
from services.profile.assessments.problems import (
    InstrumentIsBuiltIn,
    InstrumentIsPublished,
    RepeatedLine,
    UnknownMeasure,
)
from services.profile.assessments.rules import InstrumentStatus
from services.profile.rowsets import insert_rows, update_rows
from services.profile.skills.models import Skill, SkillFramework
from shared import clock
from shared.bulk import Line, Verdict
from shared.ids import new_id
from shared.tenancy import Principal

Name = tuple[str, str, str]
"""Code, version and language."""


async def apply_instruments(
    session: AsyncSession, principal: Principal, lines: Sequence[Line[InstrumentRow]]
) -> None:
    """Settles or refuses each line: what is published stays as it is, what changes needs another version."""
    distinct = _distinct(lines)
    known = await _known(session, list(distinct))
    skills = await _skills(session, [line.row for line in distinct.values()])
    new: list[dict[str, Any]] = []
    changed: list[dict[str, Any]] = []
    for name, line in distinct.items():
        missing = [each for each in _measured(line.row) if each not in skills]
        if missing:
            line.refuse(UnknownMeasure(f"measures: there is no skill {missing[0][1]!r} there."))
        else:
            _settle(line, known.get(name), new, changed)
    await insert_rows(session, InstrumentVersion, new)
    await update_rows(session, InstrumentVersion, changed)


def _distinct(lines: Sequence[Line[InstrumentRow]]) -> dict[Name, Line[InstrumentRow]]:
    packaged = {_name(each.instrument): id_ for id_, each in registry.built_in().items()}
    distinct: dict[Name, Line[InstrumentRow]] = {}
    for line in lines:
        name = _name(line.row)
        if name in distinct:
            line.refuse(RepeatedLine("code: send each version and language once a request."))
        elif (id_ := packaged.get(name)) is None:
            distinct[name] = line
        elif registry.built_in()[id_].content_hash == _hash(line.row):
            line.settle(Verdict.UNCHANGED, id_)
        else:
            line.refuse(InstrumentIsBuiltIn("version: give your own version another name."))
    return distinct


def _settle(
    line: Line[InstrumentRow],
    before: Mapping[str, Any] | None,
    new: list[dict[str, Any]],
    changed: list[dict[str, Any]],
) -> None:
    wanted = _row(line.row)
    if before is None:
        row = wanted | _published(line.row.publish) | {"id": new_id(), "sequence": 1}
        new.append(row)
        line.settle(Verdict.CREATED, row["id"])
        return
    same = all(before[name] == wanted[name] for name in ("content_hash", "measures"))
    same = same and before["content"].get("validDays") == wanted["content"]["validDays"]
    publishes = line.row.publish and before["status"] is InstrumentStatus.DRAFT
    if same and not publishes:
        line.settle(Verdict.UNCHANGED, before["id"])
    elif before["status"] is not InstrumentStatus.DRAFT:
        line.refuse(InstrumentIsPublished("version: a change needs another version."))
    else:
        counted = {"id": before["id"], "sequence": before["sequence"] + 1}
        changed.append(wanted | _published(line.row.publish) | counted)
        line.settle(Verdict.CHANGED, before["id"])


def _row(row: InstrumentRow) -> dict[str, Any]:
    content = registry.content_of(row.instrument())
    names = ("code", "version", "locale", "name", "kind", "purpose_lock")
    return {
        **{name: getattr(row, name) for name in names},
        "content": content,
        "content_hash": registry.hash_of(content),
        "measures": [each.model_dump(mode="json", by_alias=True) for each in row.measures],
    }


def _published(publish: bool) -> dict[str, Any]:
    status = InstrumentStatus.PUBLISHED if publish else InstrumentStatus.DRAFT
    return {"status": status, "published_at": clock.now() if publish else None}


async def _known(session: AsyncSession, names: Sequence[Name]) -> dict[Name, Mapping[str, Any]]:
    """Locked."""
    table = InstrumentVersion.metadata.tables[InstrumentVersion.__tablename__]
    named = tuple_(table.c.code, table.c.version, table.c.locale)
    found = await session.execute(select(table).where(named.in_(names)).with_for_update())
    return {(row["code"], row["version"], row["locale"]): {**row} for row in found.mappings()}


async def _skills(session: AsyncSession, rows: Sequence[InstrumentRow]) -> set[tuple[str, str]]:
    wanted = {each for row in rows for each in _measured(row)}
    if not wanted:
        return set()
    found = await session.execute(
        select(SkillFramework.key, Skill.code)
        .join(SkillFramework, SkillFramework.id == Skill.framework_id)
        .where(tuple_(SkillFramework.key, Skill.code).in_(list(wanted)))
    )
    return {(row.key, row.code) for row in found}


def _measured(row: InstrumentRow) -> list[tuple[str, str]]:
    return [(each.framework_key, each.skill_code) for each in row.measures]


def _name(instrument: Any) -> Name:
    return instrument.code, instrument.version, instrument.locale


def _hash(row: InstrumentRow) -> str:
    return registry.hash_of(registry.content_of(row.instrument()))


def key_of(row: InstrumentRow) -> str:
    """How an answer names the line."""
    return "/".join(_name(row))
