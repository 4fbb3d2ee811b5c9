"""Taking a baseline."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.profile.baselines.content import MEMBERS, content_of
from services.profile.baselines.events import BaselineCaptured
from services.profile.baselines.models import BaselineLevel, BaselineSnapshot
from services.profile.baselines.problems import CycleHasBaseline
from services.profile.baselines.rules import canonical, content_hash
from services.profile.baselines.schemas import BaselineCreate
from services.profile.people import queries as people
from services.profile.policy import POLICY
from services.profile.rowsets import AnyRow, insert_rows
from services.profile.skills import estimates
from services.profile.skills.estimation import (
    ENGINE_VERSION,
    Contribution,
    decay,
    from_contributions,
)
from services.profile.skills.models import SkillEstimate
from services.profile.skills.rules import AssertionSource
from shared import clock, events
from shared.ids import new_id
from shared.tenancy import Principal


async def capture(
    session: AsyncSession, principal: Principal, *, person_id: UUID, wanted: BaselineCreate
) -> BaselineSnapshot:
    """Keeps all that is known of one's skills today. Raises `NotFound`, `Forbidden`, `CycleHasBaseline`."""
    await people.person(session, principal, person_id)
    await POLICY.require(session, principal, "BASELINE", "CAPTURE", person_id)
    await estimates.lock(session, [person_id])
    await _refuse_second(session, person_id, wanted.cycle)
    levels = await _known(session, person_id, clock.today())
    snapshot = BaselineSnapshot(
        id=new_id(),
        person_id=person_id,
        cycle=wanted.cycle,
        taken_at=clock.now(),
        as_of=clock.today(),
        engine_version=ENGINE_VERSION,
        skill_count=len(levels),
    )
    snapshot.content_hash = content_hash(canonical(content_of(snapshot, levels)))
    session.add(snapshot)
    await session.flush()
    await insert_rows(session, BaselineLevel, [{"snapshot_id": snapshot.id, **e} for e in levels])
    await _tell(session, principal, snapshot)
    return snapshot


async def _refuse_second(session: AsyncSession, person_id: UUID, cycle: str | None) -> None:
    if cycle is None:
        return
    taken = select(BaselineSnapshot.id).where(
        BaselineSnapshot.person_id == person_id, BaselineSnapshot.cycle == cycle
    )
    if await session.scalar(taken) is not None:
        raise CycleHasBaseline("cycle: a baseline does not change; name another cycle or none.")


async def _known(session: AsyncSession, person_id: UUID, today: date) -> list[dict[str, Any]]:
    rows = await session.execute(
        select(SkillEstimate.__table__)
        .where(SkillEstimate.person_id == person_id)
        .order_by(SkillEstimate.skill_id)
    )
    return [_as_of(row, today) for row in rows]


def _as_of(estimate: AnyRow, today: date) -> dict[str, Any]:
    """The estimate from its own contributions, aged to the day."""
    aged = [_aged(each, today, estimate.half_life_months) for each in estimate.contributions]
    now = from_contributions(aged)
    known = {field.name for field in fields(now)}
    members = {name: getattr(now, name) for name in MEMBERS if name in known}
    return {"skill_id": estimate.skill_id, **members, "self_level": estimate.self_level}


def _aged(told: Mapping[str, Any], today: date, half_life_months: int) -> Contribution:
    occurred_on = date.fromisoformat(told["occurredOn"])
    return Contribution(
        assertion_id=UUID(told["assertionId"]),
        source=AssertionSource(told["source"]),
        level=told["level"],
        weight=told["weight"],
        decay=decay(occurred_on, today, half_life_months),
        occurred_on=occurred_on,
    )


async def _tell(session: AsyncSession, principal: Principal, snapshot: BaselineSnapshot) -> None:
    names: Sequence[str] = ("person_id", "cycle", "taken_at", "as_of", "skill_count")
    fact = BaselineCaptured(
        baseline_id=snapshot.id,
        content_hash=snapshot.content_hash,
        **{name: getattr(snapshot, name) for name in names},
    )
    await events.publish(session, principal, fact, subject=snapshot.id, sequence=1)
