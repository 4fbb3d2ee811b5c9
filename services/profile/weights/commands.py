"""Changing the weights: a new version, then every estimate of the tenant anew."""

from typing import TypeAlias
from uuid import UUID

from sqlalchemy import select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from services.profile.policy import POLICY
from services.profile.reactions import jobs as profile_jobs
from services.profile.skills import estimates
from services.profile.skills.models import SkillEstimate
from services.profile.weights import queries, rules
from services.profile.weights.models import SourceWeights
from services.profile.weights.schemas import WeightsChange
from shared import clock, jobs
from shared.db import Database
from shared.ids import new_id
from shared.jobs import Job
from shared.problems import Forbidden, PreconditionFailed
from shared.tenancy import Principal

REWEIGH = "weights.changed"
MOST_AT_ONCE = 500

Pair: TypeAlias = tuple[UUID, UUID]
"""A person and a skill."""


async def change(
    session: AsyncSession, principal: Principal, *, expected: int, changes: WeightsChange
) -> UUID:
    """Adds a version; nothing is added when it changes nothing. Raises `Forbidden`, `PreconditionFailed`."""
    if not await POLICY.may(session, principal, "WEIGHTS", "WRITE", None):
        raise Forbidden("The weights of sources are an administrator's to set.")
    await estimates.lock_weights(session)
    before = await queries.in_force(session)
    if before.version != expected:
        raise PreconditionFailed("Somebody changed the weights in the meantime. Read them again.")
    after = {**before.weights, **{each.source: each.weight for each in changes.weights}}
    if after == before.weights:
        return await _id_of(session, before.version)
    row = SourceWeights(
        id=new_id(),
        version=before.version + 1,
        weights=rules.written(after),
        reason=changes.reason,
        changed_by_id=principal.person_id,
        changed_at=clock.now(),
    )
    session.add(row)
    await session.flush()
    await jobs.enqueue(session, principal, name=REWEIGH, dedupe_key=REWEIGH)
    return row.id


async def _id_of(session: AsyncSession, version: int) -> UUID:
    found = select(SourceWeights.id).where(SourceWeights.version == version)
    return await session.scalar(found) or queries.BUILT_IN_ID


@profile_jobs.job(REWEIGH, at_once=2, most_attempts=None)
async def reweigh(database: Database, principal: Principal, job: Job) -> None:
    """Computes every estimate of other weights anew, some hundred a transaction; what is done is not done again."""

    async def portion(session: AsyncSession, after: Pair | None) -> Pair | None:
        return await reweigh_some(session, principal, after=after)

    await jobs.sweep(database, principal.tenant_id, portion)


async def reweigh_some(
    session: AsyncSession, principal: Principal, *, after: Pair | None
) -> Pair | None:
    """The next estimates of other weights than those in force, in the order of person and skill."""
    version = (await queries.in_force(session)).version
    key = (SkillEstimate.person_id, SkillEstimate.skill_id)
    wanted = select(*key).where(SkillEstimate.weights_version != version)
    if after is not None:
        wanted = wanted.where(tuple_(*key) > after)
    rows = await session.execute(wanted.order_by(*key).limit(MOST_AT_ONCE))
    pairs = [(row.person_id, row.skill_id) for row in rows]
    await estimates.lock(session, {person for person, _ in pairs})
    await estimates.refresh(session, principal, pairs, today=clock.today())
    return pairs[-1] if pairs else None
