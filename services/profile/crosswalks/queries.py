"""Reading associations and migrations; what a migration would do."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, cast, column, distinct, func, or_, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from services.profile.crosswalks.models import FrameworkMigration, SkillAssociation
from services.profile.crosswalks.problems import FrameworkNotInUse
from services.profile.crosswalks.rules import Fate, Relation, fates, relations, targets
from services.profile.crosswalks.schemas import (
    FateSum,
    MigrationReport,
    MigrationWanted,
    SkillFate,
)
from services.profile.rowsets import AnyRow, rowset
from services.profile.skills import commands as frameworks
from services.profile.skills import queries as skills
from services.profile.skills.models import Skill, SkillAssertion
from services.profile.skills.rules import STANDING, AssertionState, FrameworkStatus
from shared.problems import NotFound
from shared.tenancy import Principal

Mapped = Mapping[UUID, Sequence[UUID]]
_ASSOCIATED = select(
    SkillAssociation.origin_id, SkillAssociation.destination_id, SkillAssociation.type
)


async def associations(
    session: AsyncSession, principal: Principal, *, skill_id: UUID
) -> Sequence[SkillAssociation]:
    """From and to the skill. Raises `NotFound`."""
    await skills.skill(session, principal, skill_id)
    ends = or_(SkillAssociation.origin_id == skill_id, SkillAssociation.destination_id == skill_id)
    rows = select(SkillAssociation).where(ends).order_by(SkillAssociation.id)
    return (await session.scalars(rows)).all()


async def migrations(
    session: AsyncSession, principal: Principal, *, framework_id: UUID
) -> Sequence[FrameworkMigration]:
    """From the framework, the newest first. Raises `NotFound`, `Forbidden`."""
    await skills.framework(session, principal, framework_id)
    await frameworks.allow(session, principal)
    rows = select(FrameworkMigration).where(FrameworkMigration.from_id == framework_id)
    return (await session.scalars(rows.order_by(FrameworkMigration.id.desc()))).all()


async def migration(
    session: AsyncSession, principal: Principal, migration_id: UUID
) -> FrameworkMigration:
    """Raises `NotFound`, `Forbidden`."""
    await frameworks.allow(session, principal)
    rows = select(FrameworkMigration).where(FrameworkMigration.id == migration_id)
    found = await session.scalar(rows, execution_options={"populate_existing": True})
    if found is None:
        raise NotFound
    return found


async def preview(
    session: AsyncSession, principal: Principal, *, framework_id: UUID, wanted: MigrationWanted
) -> MigrationReport:
    """What a migration would do; nothing is written. Raises `NotFound`, `Forbidden`, `FrameworkNotInUse`."""
    await _refuse_unused(session, principal, framework_id, wanted.to_framework_id)
    await frameworks.allow(session, principal)
    rows = (await session.execute(_counted(framework_id))).all()
    mapping = await mapped(session, [row.id for row in rows], wanted)
    return await _report(session, framework_id, wanted, rows, mapping)


async def mapped(session: AsyncSession, origins: Sequence[UUID], wanted: MigrationWanted) -> Mapped:
    """For each skill those that take its evidence."""
    new = await frameworks.parents_in(session, wanted.to_framework_id)
    related = _ASSOCIATED.where(SkillAssociation.type.in_(wanted.using))
    rows = (await session.execute(related)).all()
    return targets([(row[0], row[1], row[2]) for row in rows], wanted.using, origins, new.keys())


async def relations_to(
    session: AsyncSession, origins: Collection[UUID], to_framework_id: UUID
) -> Mapping[UUID, Sequence[Relation]]:
    """For each skill how it stands to those of another framework, by whatever association."""
    new = await frameworks.parents_in(session, to_framework_id)
    rows = (await session.execute(_ASSOCIATED)).all()
    return relations([(row[0], row[1], row[2]) for row in rows], origins, new.keys())


async def _refuse_unused(
    session: AsyncSession, principal: Principal, from_id: UUID, to_id: UUID
) -> None:
    old = await skills.framework(session, principal, from_id)
    new = await skills.framework(session, principal, to_id)
    if old.status is FrameworkStatus.DRAFT:
        raise FrameworkNotInUse("The framework is a draft: nothing is said with it.")
    if new.status is not FrameworkStatus.PUBLISHED or old.id == new.id:
        raise FrameworkNotInUse("toFrameworkId: choose another framework that is published.")


def _counted(framework_id: UUID) -> Any:
    """The skills with what is said of them and stands, and of how many people."""
    return (
        select(
            Skill.id,
            Skill.code,
            Skill.statement,
            func.count(SkillAssertion.id).label("assertions"),
            func.count(distinct(SkillAssertion.person_id)).label("people"),
        )
        .outerjoin(
            SkillAssertion,
            (SkillAssertion.skill_id == Skill.id) & SkillAssertion.state.in_(STANDING),
        )
        .where(Skill.framework_id == framework_id)
        .group_by(Skill.id, Skill.code, Skill.statement)
        .order_by(Skill.code)
    )


async def _report(
    session: AsyncSession,
    framework_id: UUID,
    wanted: MigrationWanted,
    rows: Sequence[AnyRow],
    mapping: Mapped,
) -> MigrationReport:
    fate_of = fates(mapping)
    listed = [
        SkillFate(
            skill_id=row.id,
            code=row.code,
            statement=row.statement,
            fate=fate_of[row.id],
            target_ids=list(mapping[row.id]),
            assertions=row.assertions,
            people=row.people,
        )
        for row in rows
    ]
    lost = [each.skill_id for each in listed if each.fate is Fate.LOST]
    return MigrationReport(
        from_id=framework_id,
        to_id=wanted.to_framework_id,
        using=wanted.using,
        assertions=sum(each.assertions for each in listed),
        people=await _people(session, [each.skill_id for each in listed]),
        superseded=await _superseded(session, mapping),
        lost_assertions=sum(each.assertions for each in listed if each.fate is Fate.LOST),
        lost_people=await _people(session, lost),
        sums=[_sum(fate, listed) for fate in Fate],
        skills=listed,
    )


def _sum(fate: Fate, listed: Sequence[SkillFate]) -> FateSum:
    of_fate = [each for each in listed if each.fate is fate]
    return FateSum(
        fate=fate, skills=len(of_fate), assertions=sum(each.assertions for each in of_fate)
    )


async def _people(session: AsyncSession, skill_ids: Sequence[UUID]) -> int:
    of_them = select(func.count(distinct(SkillAssertion.person_id))).where(
        SkillAssertion.skill_id.in_(skill_ids), SkillAssertion.state.in_(STANDING)
    )
    return await session.scalar(of_them) or 0


async def _superseded(session: AsyncSession, mapping: Mapped) -> int:
    """How many words would meet another one of the same source and assessor on the same skill of the person."""
    pairs = [
        {"origin_id": str(origin), "target_id": str(place)}
        for origin, places in mapping.items()
        for place in places
    ]
    given = rowset([column("origin_id", Uuid), column("target_id", Uuid)], pairs)
    key = (
        SkillAssertion.person_id,
        SkillAssertion.source,
        SkillAssertion.assessor_id,
        SkillAssertion.assessor_group,
    )
    counts = SkillAssertion.state == AssertionState.CONFIRMED
    coming = select(given.c.target_id.label("skill_id"), *key).join(
        SkillAssertion, SkillAssertion.skill_id == given.c.origin_id
    )
    there = select(cast(SkillAssertion.skill_id, Uuid).label("skill_id"), *key).where(
        SkillAssertion.skill_id.in_(select(given.c.target_id))
    )
    words = union_all(coming.where(counts), there.where(counts)).subquery()
    counted = select((func.count() - 1).label("more")).select_from(words)
    each = counted.group_by(*words.c).subquery()
    return int(await session.scalar(select(func.coalesce(func.sum(each.c.more), 0))) or 0)
