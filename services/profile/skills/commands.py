"""Frameworks and skills: drafted, published, changed, deprecated."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Table, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.profile.people.rules import circular
from services.profile.policy import POLICY
from services.profile.rowsets import insert_rows, update_rows
from services.profile.skills import estimates, queries
from services.profile.skills.events import (
    FrameworkDeprecated,
    FrameworkFact,
    FrameworkPublished,
    skill_changed,
)
from services.profile.skills.models import ProficiencyScale, Skill, SkillFramework
from services.profile.skills.problems import (
    CircularSkills,
    FrameworkIsDeprecated,
    FrameworkIsPublished,
    FrameworkKeyTaken,
    SkillCodeTaken,
    UnknownFramework,
    UnknownSkill,
)
from services.profile.skills.rules import FRAMEWORK_STEPS, FrameworkStatus
from services.profile.skills.schemas import (
    FrameworkCreate,
    FrameworkUpdate,
    SkillCreate,
    SkillUpdate,
)
from shared import events, trees
from shared.ids import new_id
from shared.problems import Forbidden, PreconditionFailed, StateTransition
from shared.tenancy import Principal


async def lock(session: AsyncSession) -> None:
    """Every change of frameworks and skills takes its turn in its tenant."""
    table = Skill.__table__
    assert isinstance(table, Table)
    await trees.lock(session, table)


async def create_framework(
    session: AsyncSession, principal: Principal, *, new: FrameworkCreate
) -> UUID:
    """Raises `Forbidden`, `FrameworkKeyTaken`."""
    await allow(session, principal)
    await lock(session)
    if await session.scalar(select(SkillFramework.id).where(SkillFramework.key == new.key)):
        raise FrameworkKeyTaken("key: choose another one.")
    framework_id, scale_id = new_id(), new_id()
    await insert_rows(session, ProficiencyScale, [{"id": scale_id, **scale_of(new)}])
    row = new.model_dump(exclude={"scale"}) | {
        "id": framework_id,
        "scale_id": scale_id,
        "status": FrameworkStatus.DRAFT,
        "sequence": 1,
    }
    await insert_rows(session, SkillFramework, [row])
    return framework_id


def scale_of(new: FrameworkCreate | FrameworkUpdate) -> dict[str, Any]:
    """The columns of the scale."""
    assert new.scale is not None
    return new.scale.model_dump(mode="json", by_alias=True)


async def update_framework(
    session: AsyncSession,
    principal: Principal,
    *,
    framework_id: UUID,
    expected: int,
    changes: FrameworkUpdate,
) -> None:
    """Raises `NotFound`, `Forbidden`, `PreconditionFailed`, `FrameworkIsPublished`, `FrameworkIsDeprecated`."""
    before = await _for_writing(session, principal, framework_id)
    if before["sequence"] != expected:
        raise PreconditionFailed("Somebody changed this framework in the meantime. Read it again.")
    if before["status"] is FrameworkStatus.DEPRECATED:
        raise FrameworkIsDeprecated("Make a new framework instead.")
    sent = changes.model_fields_set
    if sent & {"rule", "scale"} and before["status"] is not FrameworkStatus.DRAFT:
        raise FrameworkIsPublished("rule, scale: make a new framework for another rule or scale.")
    fields = changes.model_dump(include=set(sent) - {"scale"})
    if "scale" in sent:
        row = {"id": before["scale_id"], **scale_of(changes)}
        await update_rows(session, ProficiencyScale, [row])
    row = {"id": framework_id, **fields, "sequence": expected + 1}
    await update_rows(session, SkillFramework, [row])


async def publish(session: AsyncSession, principal: Principal, *, framework_id: UUID) -> None:
    """Raises `NotFound`, `Forbidden`, `StateTransition`."""
    await _step(session, principal, framework_id, FrameworkStatus.PUBLISHED, FrameworkPublished)


async def deprecate(session: AsyncSession, principal: Principal, *, framework_id: UUID) -> None:
    """Raises `NotFound`, `Forbidden`, `StateTransition`."""
    await _step(session, principal, framework_id, FrameworkStatus.DEPRECATED, FrameworkDeprecated)


async def _step(
    session: AsyncSession,
    principal: Principal,
    framework_id: UUID,
    to: FrameworkStatus,
    fact: type[FrameworkFact],
) -> None:
    before = await _for_writing(session, principal, framework_id)
    if to not in FRAMEWORK_STEPS[before["status"]]:
        raise StateTransition(before["status"], to, FRAMEWORK_STEPS[before["status"]])
    sequence = before["sequence"] + 1
    row = {"id": framework_id, "status": to, "sequence": sequence}
    await update_rows(session, SkillFramework, [row])
    told = framework_fact(fact, before)
    await events.publish(session, principal, told, subject=framework_id, sequence=sequence)


def framework_fact(fact: type[FrameworkFact], row: Mapping[str, Any]) -> FrameworkFact:
    names = ("key", "title", "version", "source", "rule")
    return fact(framework_id=row["id"], **{name: row[name] for name in names})


async def create_skill(session: AsyncSession, principal: Principal, *, new: SkillCreate) -> UUID:
    """Raises `Forbidden`, `UnknownFramework`, `UnknownSkill`, `SkillCodeTaken`, `FrameworkIsDeprecated`."""
    await allow(session, principal)
    await lock(session)
    framework = await _framework(session, new.framework_id)
    if framework is None:
        raise UnknownFramework("/frameworkId: there is no such framework")
    _refuse_deprecated(framework)
    taken = select(Skill.id).where(Skill.framework_id == new.framework_id, Skill.code == new.code)
    if await session.scalar(taken):
        raise SkillCodeTaken("code: choose another one.")
    if new.parent_id and new.parent_id not in await parents_in(session, new.framework_id):
        raise UnknownSkill("/parentId: there is no such skill in this framework")
    row = new.model_dump() | {"id": new_id(), "sequence": 1}
    await insert_rows(session, Skill, [row])
    told = skill_changed(row, framework["key"])
    await events.publish(session, principal, told, subject=row["id"], sequence=1)
    skill_id: UUID = row["id"]
    return skill_id


async def update_skill(
    session: AsyncSession,
    principal: Principal,
    *,
    skill_id: UUID,
    expected: int,
    changes: SkillUpdate,
) -> None:
    """Raises `NotFound`, `Forbidden`, `PreconditionFailed`, `UnknownSkill`, `CircularSkills`, …"""
    await queries.skill(session, principal, skill_id)
    await allow(session, principal)
    await lock(session)
    rows = await session.execute(select(Skill.__table__).where(Skill.id == skill_id))
    before = dict(rows.mappings().one())
    framework = await _framework(session, before["framework_id"])
    assert framework is not None
    _refuse_deprecated(framework)
    if before["sequence"] != expected:
        raise PreconditionFailed("Somebody changed this skill in the meantime. Read it again.")
    fields = changes.model_dump(include=changes.model_fields_set)
    changed = {name: value for name, value in fields.items() if before[name] != value}
    if not changed:
        return
    if changed.get("parent_id"):
        await _refuse_parent(session, before, changed["parent_id"])
    await update_rows(session, Skill, [{"id": skill_id, **changed, "sequence": expected + 1}])
    told = skill_changed(before | changed, framework["key"])
    await events.publish(session, principal, told, subject=skill_id, sequence=expected + 1)
    if "half_life_months" in changed:
        await estimates.plan_half_lives(session, principal, {skill_id: before["half_life_months"]})


async def parents_in(session: AsyncSession, framework_id: UUID) -> dict[UUID, UUID | None]:
    """Every skill of the framework with the one above it."""
    rows = await session.execute(
        select(Skill.id, Skill.parent_id).where(Skill.framework_id == framework_id)
    )
    return {row.id: row.parent_id for row in rows}


async def allow(session: AsyncSession, principal: Principal) -> None:
    if not await POLICY.may(session, principal, "FRAMEWORK", "WRITE", None):
        raise Forbidden(
            "Frameworks and skills need HR, an administrator or the scope skills:write."
        )


async def _refuse_parent(session: AsyncSession, before: Mapping[str, Any], parent_id: UUID) -> None:
    tree = await parents_in(session, before["framework_id"])
    if parent_id not in tree:
        raise UnknownSkill("/parentId: there is no such skill in this framework")
    if circular(tree, {before["id"]: parent_id}):
        raise CircularSkills("/parentId: choose a skill that does not lie below this one.")


def _refuse_deprecated(framework: Mapping[str, Any]) -> None:
    if framework["status"] is FrameworkStatus.DEPRECATED:
        raise FrameworkIsDeprecated("Work with a framework that is in use.")


async def _for_writing(
    session: AsyncSession, principal: Principal, framework_id: UUID
) -> Mapping[str, Any]:
    await queries.framework(session, principal, framework_id)
    await allow(session, principal)
    await lock(session)
    found = await _framework(session, framework_id)
    assert found is not None
    return found


async def _framework(session: AsyncSession, framework_id: UUID) -> Mapping[str, Any] | None:
    rows = await session.execute(
        select(SkillFramework.__table__).where(SkillFramework.id == framework_id)
    )
    found = rows.mappings().one_or_none()
    return None if found is None else dict(found)
