"""Relating skills, one by one and in bulk."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.profile.crosswalks.models import SkillAssociation
from services.profile.crosswalks.problems import AssociationExists, UnrelatedSkills
from services.profile.crosswalks.rules import AssociationType
from services.profile.crosswalks.schemas import AssociationCreate, AssociationRow
from services.profile.rowsets import insert_rows, rowset, update_rows
from services.profile.skills import commands as frameworks
from services.profile.skills.models import Skill, SkillFramework
from services.profile.skills.problems import RepeatedLine
from shared.bulk import Line, Verdict
from shared.ids import new_id
from shared.problems import NotFound
from shared.tenancy import Principal

Name = tuple[str, str]
"""A framework's key and a skill's code."""
Relation = tuple[UUID, UUID, AssociationType]


async def associate(
    session: AsyncSession, principal: Principal, *, new: AssociationCreate
) -> SkillAssociation:
    """Raises `Forbidden`, `UnrelatedSkills`, `AssociationExists`."""
    await frameworks.allow(session, principal)
    await frameworks.lock(session)
    ends = {new.origin_id, new.destination_id}
    known = await session.scalars(select(Skill.id).where(Skill.id.in_(ends)))
    if len(ends) < 2 or set(known) != ends:
        raise UnrelatedSkills("/destinationId: name two skills that exist and differ")
    relation = (new.origin_id, new.destination_id, new.type)
    if await _known(session, [relation]):
        raise AssociationExists("type: change nothing, or take the other one away first.")
    association = SkillAssociation(id=new_id(), **new.model_dump())
    session.add(association)
    await session.flush()
    return association


async def dissociate(session: AsyncSession, principal: Principal, *, association_id: UUID) -> None:
    """Raises `Forbidden`, `NotFound`."""
    await frameworks.allow(session, principal)
    gone = delete(SkillAssociation).where(SkillAssociation.id == association_id)
    if await session.scalar(gone.returning(SkillAssociation.id)) is None:
        raise NotFound


async def apply_associations(
    session: AsyncSession, principal: Principal, lines: Sequence[Line[AssociationRow]]
) -> None:
    """Settles or refuses each line. Refusals: unrelated-skills, repeated-line."""
    await frameworks.lock(session)
    ids = await _ids(session, lines)
    distinct = _distinct(lines, ids)
    known = await _known(session, distinct)
    new, changed = [], []
    for relation, line in distinct.items():
        said = line.row.model_dump(include={"confidence", "place"})
        before = known.get(relation)
        if before is None:
            row = dict(zip(("origin_id", "destination_id", "type"), relation, strict=True))
            new.append({"id": new_id(), **row, **said})
            line.settle(Verdict.CREATED, new[-1]["id"])
        elif all(before[name] == value for name, value in said.items()):
            line.settle(Verdict.UNCHANGED, before["id"])
        else:
            changed.append({"id": before["id"], **said})
            line.settle(Verdict.CHANGED, before["id"])
    await insert_rows(session, SkillAssociation, new)
    await update_rows(session, SkillAssociation, changed)


def _distinct(
    lines: Sequence[Line[AssociationRow]], ids: Mapping[Name, UUID]
) -> dict[Relation, Line[AssociationRow]]:
    distinct: dict[Relation, Line[AssociationRow]] = {}
    for line in lines:
        origin, destination = (ids.get(name) for name in _ends(line.row))
        if origin is None or destination is None or origin == destination:
            line.refuse(UnrelatedSkills("originCode, destinationCode: import the skills first."))
        elif (relation := (origin, destination, line.row.type)) in distinct:
            line.refuse(RepeatedLine("type: send each association once a request."))
        else:
            distinct[relation] = line
    return distinct


def _ends(row: AssociationRow) -> tuple[Name, Name]:
    return (
        (row.origin_framework, row.origin_code),
        (row.destination_framework, row.destination_code),
    )


async def _ids(session: AsyncSession, lines: Sequence[Line[AssociationRow]]) -> dict[Name, UUID]:
    names = dict.fromkeys(name for line in lines for name in _ends(line.row))
    key, code = SkillFramework.__table__.c.key, Skill.__table__.c.code
    given = rowset([key, code], [{"key": each[0], "code": each[1]} for each in names])
    rows = await session.execute(
        select(SkillFramework.key, Skill.code, Skill.id)
        .join(Skill, Skill.framework_id == SkillFramework.id)
        .join(given, (given.c.key == SkillFramework.key) & (given.c.code == Skill.code))
    )
    return {(row.key, row.code): row.id for row in rows}


async def _known(
    session: AsyncSession, relations: Iterable[Relation]
) -> dict[Relation, Mapping[str, Any]]:
    table = SkillAssociation.__table__
    names = ("origin_id", "destination_id", "type")
    rows = [dict(zip(names, relation, strict=True)) for relation in relations]
    given = rowset([table.c[name] for name in names], rows)
    same = [given.c[name] == table.c[name] for name in names]
    found = await session.execute(select(table).where(*same))
    return {
        (row["origin_id"], row["destination_id"], row["type"]): {**row} for row in found.mappings()
    }
