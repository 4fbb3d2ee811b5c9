"""Lets the requirements of roles follow their skills into another framework: a job, some roles a transaction.

What is decided of a requirement is written down, and decided once: a second run finds nothing to do, and a role whose
requirements somebody turns back by hand stays as they want it. A role's earlier versions stay as they are, so that a
gap as of an earlier day is what it was. When one framework replaced another that had replaced a third, roles follow
from the third to the last whichever was told first: who has arrived is sent on by those that are done already.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import exists, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.goals.crosswalks.models import Crosswalk, CrosswalkSkill, MovedRequirement
from services.goals.crosswalks.rules import (
    CrosswalkState,
    Decision,
    Outcome,
    Relation,
    decide,
)
from services.goals.events import jobs
from services.goals.roles import commands as roles
from services.goals.roles.commands import Draft
from services.goals.roles.models import Role, RoleSkill
from services.goals.roles.schemas import RoleContent
from shared import clock
from shared import jobs as queue
from shared.db import Database
from shared.ids import new_id
from shared.jobs import Job
from shared.tenancy import Principal

REPOINT = "crosswalks.repoint"
MOST_AT_ONCE = 100
KEPT = ("title", "level", "track", "description", "onet_soc_code", "experience", "credentials")
Related = Mapping[UUID, Sequence[Relation]]


async def begin(session: AsyncSession, principal: Principal, crosswalk: Crosswalk) -> None:
    """Its mapping is whole, or roles have come to where it starts."""
    crosswalk.state = CrosswalkState.RUNNING
    arguments = {"crosswalk": str(crosswalk.id)}
    await queue.enqueue(session, principal, name=REPOINT, arguments=arguments)


@jobs.job(REPOINT, at_once=2, most_attempts=None)
async def repoint(database: Database, principal: Principal, job: Job) -> None:
    crosswalk_id = UUID(job.arguments["crosswalk"])

    async def portion(session: AsyncSession, after: UUID | None) -> UUID | None:
        return await repoint_some(session, principal, crosswalk_id, after=after)

    await queue.sweep(database, principal.tenant_id, portion)


async def repoint_some(
    session: AsyncSession, principal: Principal, crosswalk_id: UUID, *, after: UUID | None
) -> UUID | None:
    """The next roles; closes the crosswalk when from the first on there was nothing to do."""
    locked = select(Crosswalk).where(Crosswalk.id == crosswalk_id).with_for_update()
    crosswalk = await session.scalar(locked)
    if crosswalk is None or crosswalk.state is not CrosswalkState.RUNNING:
        return None
    waiting = await _waiting(session, crosswalk_id, after)
    if waiting:
        await _follow(session, principal, crosswalk, waiting)
        return waiting[-1].id
    if after is None:
        await _close(session, principal, crosswalk)
    return None


async def _waiting(session: AsyncSession, crosswalk_id: UUID, after: UUID | None) -> Sequence[Role]:
    """Roles with a requirement of the old framework that nothing was decided of, locked."""
    decided = (
        exists()
        .where(
            MovedRequirement.crosswalk_id == crosswalk_id,
            MovedRequirement.role_id == Role.id,
            MovedRequirement.skill_id == RoleSkill.skill_id,
        )
        .correlate_except(MovedRequirement)
    )
    asks = (
        exists()
        .where(
            RoleSkill.version_id == Role.version_id,
            RoleSkill.skill_id == CrosswalkSkill.skill_id,
            CrosswalkSkill.crosswalk_id == crosswalk_id,
            ~decided,
        )
        .correlate(Role)
    )
    rows = select(Role).where(asks).order_by(Role.id).limit(MOST_AT_ONCE).with_for_update()
    fresh = {"populate_existing": True}
    found = await session.scalars(
        rows if after is None else rows.where(Role.id > after), execution_options=fresh
    )
    return found.all()


async def _follow(
    session: AsyncSession, principal: Principal, crosswalk: Crosswalk, waiting: Sequence[Role]
) -> None:
    required = await _required(session, waiting)
    asked = {each.skill_id for rows in required.values() for each in rows}
    related = await _related(session, crosswalk.id, asked)
    decided = await _decided(session, crosswalk.id, waiting)
    drafts, lines = [], []
    for role in waiting:
        rows = required[role.version_id]
        skills = [each.skill_id for each in rows]
        decisions = _undecided(decide(skills, related), decided[role.id])
        moved = {skill: each.target_id for skill, each in decisions.items() if each.target_id}
        lines += _lines(principal, crosswalk, role, decisions)
        if moved:
            drafts.append(_draft(crosswalk, role, rows, moved))
    await session.execute(insert(MovedRequirement), lines)
    await roles.publish(session, principal, drafts)


async def _required(
    session: AsyncSession, waiting: Sequence[Role]
) -> Mapping[UUID, list[RoleSkill]]:
    versions: dict[UUID, list[RoleSkill]] = {role.version_id: [] for role in waiting}
    rows = await session.scalars(select(RoleSkill).where(RoleSkill.version_id.in_(versions)))
    for row in rows:
        versions[row.version_id].append(row)
    return versions


async def _related(session: AsyncSession, crosswalk_id: UUID, skills: set[UUID]) -> Related:
    rows = await session.execute(
        select(CrosswalkSkill.skill_id, CrosswalkSkill.relations).where(
            CrosswalkSkill.crosswalk_id == crosswalk_id, CrosswalkSkill.skill_id.in_(skills)
        )
    )
    return {
        row.skill_id: [
            Relation(UUID(each["skillId"]), each["type"], each["turned"]) for each in row.relations
        ]
        for row in rows
    }


async def _decided(
    session: AsyncSession, crosswalk_id: UUID, waiting: Sequence[Role]
) -> Mapping[UUID, set[UUID]]:
    """The skills of each role that something was decided of in an earlier run."""
    found: dict[UUID, set[UUID]] = {role.id: set() for role in waiting}
    rows = await session.execute(
        select(MovedRequirement.role_id, MovedRequirement.skill_id).where(
            MovedRequirement.crosswalk_id == crosswalk_id, MovedRequirement.role_id.in_(found)
        )
    )
    for row in rows:
        found[row.role_id].add(row.skill_id)
    return found


def _undecided(decisions: Mapping[UUID, Decision], decided: set[UUID]) -> Mapping[UUID, Decision]:
    return {skill: each for skill, each in decisions.items() if skill not in decided}


def _lines(
    principal: Principal,
    crosswalk: Crosswalk,
    role: Role,
    decisions: Mapping[UUID, Decision],
) -> list[dict[str, Any]]:
    return [
        {
            "tenant_id": principal.tenant_id,
            "id": new_id(),
            "crosswalk_id": crosswalk.id,
            "role_id": role.id,
            "skill_id": skill_id,
            "outcome": decision.outcome,
            "target_id": decision.target_id,
            "from_version": role.version,
            "to_version": role.version + 1 if decision.outcome is Outcome.MOVED else None,
            "decided_at": clock.now(),
        }
        for skill_id, decision in decisions.items()
    ]


def _draft(
    crosswalk: Crosswalk, role: Role, rows: Sequence[RoleSkill], moved: Mapping[UUID, UUID]
) -> Draft:
    """The role as it is, asking for the new skills instead of the old ones."""
    content = RoleContent.model_validate(
        {name: getattr(role, name) for name in KEPT}
        | {
            "family": role.family_name,
            "requirements": [
                {
                    "skill_id": moved.get(each.skill_id, each.skill_id),
                    "required_level": each.required_level,
                    "importance": each.importance,
                    "mandatory": each.mandatory,
                }
                for each in rows
            ],
        }
    )
    pairs = [
        {"fromSkillId": str(skill), "toSkillId": str(target)}
        for skill, target in sorted(moved.items())
    ]
    provenance = {"crosswalkId": str(crosswalk.id), "moved": pairs}
    return Draft(role, content, is_new=False, provenance=provenance)


async def _close(session: AsyncSession, principal: Principal, crosswalk: Crosswalk) -> None:
    """Sends on who has come to a framework that was itself replaced."""
    crosswalk.state, crosswalk.applied_at = CrosswalkState.DONE, clock.now()
    further = await session.scalars(
        select(Crosswalk)
        .where(
            Crosswalk.from_id == crosswalk.to_id,
            Crosswalk.state == CrosswalkState.DONE,
            Crosswalk.id != crosswalk.id,
        )
        .order_by(Crosswalk.id)
        .with_for_update()
    )
    for each in further.all():
        if await _waiting(session, each.id, None):
            await begin(session, principal, each)
