"""Everything that is read of frameworks, skills and what is said about people."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, any_, literal, or_, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.types import Uuid

from services.profile.people.queries import among, contains
from services.profile.policy import POLICY
from services.profile.rowsets import AnyRow, rowset
from services.profile.skills import tree_levels
from services.profile.skills.contrast import contrast
from services.profile.skills.level_schemas import LevelRead
from services.profile.skills.models import (
    ProficiencyScale,
    Skill,
    SkillAssertion,
    SkillEstimate,
    SkillFramework,
)
from services.profile.skills.rules import AssertionSource, FrameworkStatus, SkillType
from services.profile.skills.schemas import FrameworkRead
from shared.paging import PageRequest, page_of
from shared.policy import me
from shared.problems import NotFound
from shared.tenancy import Actor, Principal

FRESH = {"populate_existing": True}


def open_frameworks(principal: Principal) -> ColumnElement[bool]:
    """Frameworks that the principal may read: all but drafts, which only those see who may work on them."""
    read = POLICY.visible(principal, "FRAMEWORK", "READ", SkillFramework.id)
    draft = POLICY.visible(principal, "FRAMEWORK", "READ_DRAFT", SkillFramework.id)
    return or_(and_(read, SkillFramework.status != FrameworkStatus.DRAFT), draft)


def open_skills(principal: Principal) -> ColumnElement[bool]:
    """Skills of frameworks that the principal may read."""
    frameworks = select(SkillFramework.id).where(open_frameworks(principal))
    return and_(
        POLICY.visible(principal, "SKILL", "READ", Skill.id), Skill.framework_id.in_(frameworks)
    )


def readable_assertions(principal: Principal, person: Any, source: Any) -> ColumnElement[bool]:
    """The self series goes by a rule of its own."""
    others = POLICY.visible(principal, "ASSERTION", "READ", person)
    own = POLICY.visible(principal, "SELF_ASSERTION", "READ", person)
    return or_(and_(source != AssertionSource.SELF, others), own)


async def framework(
    session: AsyncSession, principal: Principal, framework_id: UUID
) -> FrameworkRead:
    """Raises `NotFound`."""
    rows = _frameworks(principal).where(SkillFramework.id == framework_id)
    found = (await session.execute(rows, execution_options=FRESH)).one_or_none()
    if found is None:
        raise NotFound
    return _with_scale(found)


async def frameworks(
    session: AsyncSession, principal: Principal, *, ids: Sequence[UUID], page: PageRequest
) -> tuple[list[FrameworkRead], UUID | None]:
    rows = select(SkillFramework).where(open_frameworks(principal))
    if ids:
        rows = rows.where(among(SkillFramework.id, ids))
    found, after = await page_of(session, rows, key=SkillFramework.id, page=page)
    wanted = _frameworks(principal).where(among(SkillFramework.id, [each.id for each in found]))
    whole = (await session.execute(wanted.order_by(SkillFramework.id))).all()
    return [_with_scale(row) for row in whole], after


def _frameworks(principal: Principal) -> Select[SkillFramework, ProficiencyScale]:
    return (
        select(SkillFramework, ProficiencyScale)
        .join(ProficiencyScale, ProficiencyScale.id == SkillFramework.scale_id)
        .where(open_frameworks(principal))
    )


def _with_scale(row: Row[SkillFramework, ProficiencyScale]) -> FrameworkRead:
    found, scale = row
    names = FrameworkRead.model_fields.keys() - {"scale"}
    members = {name: getattr(found, name) for name in names}
    return FrameworkRead.model_validate(
        members | {"scale": {"name": scale.name, "levels": scale.levels}}
    )


async def skill(session: AsyncSession, principal: Principal, skill_id: UUID) -> Skill:
    """Raises `NotFound`."""
    rows = select(Skill).where(Skill.id == skill_id, open_skills(principal))
    found = await session.scalar(rows, execution_options=FRESH)
    if found is None:
        raise NotFound
    return found


async def skills_of_ids(
    session: AsyncSession, principal: Principal, ids: Sequence[UUID]
) -> Sequence[Skill]:
    rows = select(Skill).where(among(Skill.id, ids), open_skills(principal)).order_by(Skill.id)
    return (await session.scalars(rows)).all()


async def skills_called(
    session: AsyncSession, names: Sequence[tuple[str, str]]
) -> dict[tuple[str, str], AnyRow]:
    """By the key of the framework and the skill's code: each one's id and its framework's status."""
    key, code = SkillFramework.__table__.c.key, Skill.__table__.c.code
    given = rowset([key, code], [{"key": name[0], "code": name[1]} for name in set(names)])
    rows = await session.execute(
        select(SkillFramework.key, Skill.code, Skill.id, SkillFramework.status)
        .join(Skill, Skill.framework_id == SkillFramework.id)
        .join(given, (given.c.key == SkillFramework.key) & (given.c.code == Skill.code))
    )
    return {(row.key, row.code): row for row in rows}


async def skills(
    session: AsyncSession,
    principal: Principal,
    *,
    search: str | None,
    framework_id: UUID | None,
    type: SkillType | None,
    page: PageRequest,
) -> tuple[Sequence[Skill], UUID | None]:
    rows = select(Skill).where(open_skills(principal))
    if search:
        rows = rows.where(contains([Skill.statement, Skill.code], search))
    if framework_id:
        rows = rows.where(Skill.framework_id == framework_id)
    if type:
        rows = rows.where(Skill.type == type)
    return await page_of(session, rows, key=Skill.id, page=page)


async def assertion(
    session: AsyncSession, principal: Principal, assertion_id: UUID
) -> SkillAssertion:
    """What one may read or has written. Raises `NotFound`."""
    visible = readable_assertions(principal, SkillAssertion.person_id, SkillAssertion.source)
    if principal.actor is Actor.CLIENT:
        visible = or_(visible, SkillAssertion.author_client == principal.subject)
    elif principal.person_id is not None:
        visible = or_(visible, SkillAssertion.author_id == me(principal))
    rows = select(SkillAssertion).where(SkillAssertion.id == assertion_id, visible)
    found = await session.scalar(rows, execution_options=FRESH)
    if found is None:
        raise NotFound
    return found


async def assertions(
    session: AsyncSession,
    principal: Principal,
    *,
    people: Sequence[UUID],
    skill_id: UUID | None,
    page: PageRequest,
) -> tuple[Sequence[SkillAssertion], UUID | None]:
    """Of these persons, in the order of recording."""
    visible = readable_assertions(principal, SkillAssertion.person_id, SkillAssertion.source)
    rows = select(SkillAssertion).where(among(SkillAssertion.person_id, people), visible)
    if skill_id:
        rows = rows.where(SkillAssertion.skill_id == skill_id)
    return await page_of(session, rows, key=SkillAssertion.id, page=page)


async def levels(
    session: AsyncSession,
    principal: Principal,
    *,
    people: Sequence[UUID],
    skills: Sequence[UUID],
    page: PageRequest,
) -> tuple[list[LevelRead], UUID | None]:
    """Of these persons; without the self-rating where that is not the caller's to see."""
    visible = POLICY.visible(principal, "ESTIMATE", "READ", SkillEstimate.person_id)
    rows = select(SkillEstimate).where(among(SkillEstimate.person_id, people), visible)
    if skills:
        rows = rows.where(among(SkillEstimate.skill_id, skills))
    found, after = await page_of(session, rows, key=SkillEstimate.id, page=page)
    own = select(SkillEstimate.id).where(
        SkillEstimate.id == any_(literal([each.id for each in found], ARRAY(Uuid))),
        POLICY.visible(principal, "SELF_ASSERTION", "READ", SkillEstimate.person_id),
    )
    with_self = set(await session.scalars(own)) if found else set()
    return [_shown(each, with_self=each.id in with_self) for each in found], after


def _shown(estimate: SkillEstimate, *, with_self: bool) -> LevelRead:
    read = LevelRead.model_validate(estimate)
    if not with_self:
        return read.model_copy(update={"self_level": None})
    stands = contrast(read.self_level, read.level, read.interval_low, read.interval_high)
    return read.model_copy(update={"contrast": stands})


async def groups(
    session: AsyncSession, principal: Principal, *, people: Sequence[UUID]
) -> Sequence[Row[*tuple[Any, ...]]]:
    """The levels of these persons' skills that have others below them, by these."""
    row = tree_levels.of_people()
    visible = POLICY.visible(principal, "ESTIMATE", "READ", row.c.person_id)
    asked = row.c.person_id == any_(literal(list(people), ARRAY(Uuid)))
    ordered = select(row).where(asked, visible).order_by(row.c.person_id, row.c.skill_id)
    return (await session.execute(ordered)).all()
