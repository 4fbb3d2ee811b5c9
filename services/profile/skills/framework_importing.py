"""The bulk door of frameworks."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.profile.people.queries import among
from services.profile.rowsets import insert_rows, update_rows
from services.profile.skills import commands
from services.profile.skills.events import FrameworkPublished
from services.profile.skills.models import ProficiencyScale, SkillFramework
from services.profile.skills.problems import (
    FrameworkIsDeprecated,
    FrameworkIsPublished,
    RepeatedLine,
)
from services.profile.skills.rules import FrameworkStatus
from services.profile.skills.schemas import FrameworkRow
from shared import events
from shared.bulk import Line, Verdict
from shared.ids import new_id
from shared.tenancy import Principal


async def apply_frameworks(
    session: AsyncSession, principal: Principal, lines: Sequence[Line[FrameworkRow]]
) -> None:
    """Settles or refuses each line. Refusals: framework-is-published, framework-is-deprecated, repeated-line."""
    await commands.lock(session)
    known = await frameworks_called(session, [line.row.key for line in lines])
    scales = await _scales(session, [row["scale_id"] for row in known.values()])
    seen: set[str] = set()
    new, changed, new_scales, changed_scales, told = [], [], [], [], []
    for line in lines:
        before = known.get(line.row.key)
        scale = commands.scale_of(line.row)
        if _refused(line, before, scales, seen):
            continue
        seen.add(line.row.key)
        row = _framework_row(line.row, before)
        same_scale = before is not None and _same(scales[before["scale_id"]], scale)
        if before is None:
            line.settle(Verdict.CREATED, row["id"])
            new.append(row)
            new_scales.append({"id": row["scale_id"], **scale})
        elif same_scale and all(before[name] == row[name] for name in row if name != "sequence"):
            line.settle(Verdict.UNCHANGED, row["id"])
            continue
        else:
            line.settle(Verdict.CHANGED, row["id"])
            changed.append(row)
            changed_scales.append({"id": row["scale_id"], **scale})
        was = before["status"] if before else FrameworkStatus.DRAFT
        if was is FrameworkStatus.DRAFT and row["status"] is FrameworkStatus.PUBLISHED:
            fact = commands.framework_fact(FrameworkPublished, row)
            told.append((fact, row["id"], row["sequence"]))
    await insert_rows(session, ProficiencyScale, new_scales)
    await insert_rows(session, SkillFramework, new)
    await update_rows(session, ProficiencyScale, changed_scales)
    await update_rows(session, SkillFramework, changed)
    await events.publish_many(session, principal, facts=told)


def _refused(
    line: Line[FrameworkRow],
    before: Mapping[str, Any] | None,
    scales: Mapping[UUID, Mapping[str, Any]],
    seen: set[str],
) -> bool:
    row = line.row
    if row.key in seen:
        line.refuse(RepeatedLine("key: send each framework once a request."))
    elif before is None or before["status"] is FrameworkStatus.DRAFT:
        return False
    elif before["status"] is FrameworkStatus.DEPRECATED:
        line.refuse(FrameworkIsDeprecated("key: make a new framework instead."))
    elif before["rule"] is not row.rule or not _same(
        scales[before["scale_id"]], commands.scale_of(row)
    ):
        line.refuse(FrameworkIsPublished("rule, scale: make a new framework for another one."))
    else:
        return False
    return True


def _same(before: Mapping[str, Any], scale: Mapping[str, Any]) -> bool:
    return all(before[name] == scale[name] for name in scale)


def _framework_row(row: FrameworkRow, before: Mapping[str, Any] | None) -> dict[str, Any]:
    status = FrameworkStatus.PUBLISHED if row.publish else FrameworkStatus.DRAFT
    fields = row.model_dump(exclude={"scale", "publish"})
    if before is None:
        ids = {"id": new_id(), "scale_id": new_id()}
        return ids | fields | {"status": status, "sequence": 1}
    if before["status"] is FrameworkStatus.PUBLISHED:
        status = FrameworkStatus.PUBLISHED
    ids = {"id": before["id"], "scale_id": before["scale_id"]}
    return ids | fields | {"status": status, "sequence": before["sequence"] + 1}


async def frameworks_called(
    session: AsyncSession, keys: Sequence[str]
) -> dict[str, Mapping[str, Any]]:
    rows = await session.execute(
        select(SkillFramework.__table__).where(SkillFramework.key.in_(set(keys)))
    )
    return {row["key"]: {**row} for row in rows.mappings()}


async def _scales(session: AsyncSession, ids: Sequence[UUID]) -> dict[UUID, Mapping[str, Any]]:
    rows = await session.execute(
        select(ProficiencyScale.__table__).where(among(ProficiencyScale.id, ids))
    )
    return {row["id"]: {**row} for row in rows.mappings()}
