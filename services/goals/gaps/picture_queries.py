"""The gap of one, and the heat map of a unit, with the names that their pictures need."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from sqlalchemy import any_, bindparam, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.types import Uuid

from services.goals.accesses.commands import noted
from services.goals.accesses.rules import Kept
from services.goals.gaps import queries, unit_queries
from services.goals.gaps.heat_map_picture import Cell, DrawnHeatMap, SkillLine
from services.goals.gaps.picture import DrawnGap, SkillGap
from services.goals.gaps.queries import When
from services.goals.gaps.schemas import GapRead, HeatMapCell, HeatMapRead
from services.goals.people.models import OrgUnit, Skill
from services.goals.roles.models import RoleVersion
from shared.tenancy import Principal


async def gap_of_person(
    session: AsyncSession,
    principal: Principal,
    *,
    person_id: UUID | None,
    role_id: UUID | None,
    when: When,
) -> DrawnGap:
    """What `queries.of_person` shows to that caller, and not more. Raises what it raises."""
    found = await queries.of_person(
        session, principal, person_id=person_id, role_id=role_id, when=when
    )
    gap = GapRead.model_validate(found)
    await noted(session, principal, what=Kept.GAPS, people=[gap.person_id])
    title = await session.scalar(
        select(RoleVersion.title).where(RoleVersion.id == gap.role_version_id)
    )
    names = await _names(session, (each.skill_id for each in gap.items))
    return DrawnGap(
        role=title or "a role",
        as_of=gap.as_of,
        readiness=gap.readiness,
        readiness_low=gap.readiness_low,
        readiness_high=gap.readiness_high,
        skills=[
            SkillGap(
                name=names.get(each.skill_id, f"Skill {each.skill_id}"),
                **each.model_dump(exclude={"trace"}),
            )
            for each in gap.items
        ],
    )


async def heat_map_of_unit(
    session: AsyncSession, principal: Principal, *, org_unit_id: UUID
) -> DrawnHeatMap:
    """What `unit_queries.heat_map` shows to that caller, and not more. Raises what it raises."""
    told = HeatMapRead.model_validate(
        await unit_queries.heat_map(session, principal, org_unit_id=org_unit_id)
    )
    names = await _names(session, (each.skill_id for each in told.skills))
    units = await _units(session, told)
    return DrawnHeatMap(
        unit=units[org_unit_id],
        k=told.k,
        units=list(units.values()),
        skills=[
            SkillLine(
                names.get(each.skill_id, f"Skill {each.skill_id}"), _cells(each.cells, list(units))
            )
            for each in told.skills
        ],
    )


def _cells(cells: Iterable[HeatMapCell], units: Iterable[UUID]) -> list[Cell | None]:
    by_unit = {
        each.org_unit_id: Cell(**each.model_dump(exclude={"org_unit_id", "is_whole"}))
        for each in cells
    }
    return [by_unit.get(unit) for unit in units]


async def _units(session: AsyncSession, told: HeatMapRead) -> dict[UUID, str]:
    """The unit itself, then by name those below it that have a cell."""
    ids = {cell.org_unit_id for each in told.skills for cell in each.cells} | {told.org_unit_id}
    found = await session.execute(
        select(OrgUnit.id, OrgUnit.name)
        .where(OrgUnit.id == any_(bindparam("units", list(ids), ARRAY(Uuid))))
        .order_by(OrgUnit.id != told.org_unit_id, OrgUnit.name, OrgUnit.id)
    )
    return {row.id: row.name for row in found}


async def _names(session: AsyncSession, skills: Iterable[UUID]) -> Mapping[UUID, str]:
    """Of those that profile has told of."""
    wanted = bindparam("skills", list(skills), ARRAY(Uuid))
    found = await session.execute(select(Skill.id, Skill.statement).where(Skill.id == any_(wanted)))
    return {row.id: row.statement for row in found}
