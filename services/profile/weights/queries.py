"""Reading the weights."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.profile.policy import POLICY
from services.profile.skills.estimation import WEIGHTS, Weights
from services.profile.weights import rules
from services.profile.weights.models import SourceWeights
from services.profile.weights.schemas import WeightsRead
from shared.tenancy import Principal

BUILT_IN_ID = UUID(int=0)
BUILT_IN_REASON = "Built in."
BUILT_IN = WeightsRead.model_validate(
    {
        "id": BUILT_IN_ID,
        "version": rules.BUILT_IN_VERSION,
        "weights": rules.written(WEIGHTS),
        "reason": BUILT_IN_REASON,
        "changed_by_id": None,
        "changed_at": None,
    }
)


@dataclass(frozen=True, slots=True)
class InForce:
    """What a word of each source weighs, and which version says so."""

    version: int
    weights: Weights


async def in_force(session: AsyncSession, *, known_at: datetime | None = None) -> InForce:
    """The newest version, or the newest that was known at an instant."""
    rows = _newest_first().limit(1)
    if known_at is not None:
        rows = rows.where(SourceWeights.changed_at <= known_at)
    found = await session.scalar(rows)
    if found is None:
        return stored(None)
    return stored({"version": found.version, "weights": found.weights})


def stored(version: Mapping[str, Any] | None) -> InForce:
    """Of a row; without one the built-in weights."""
    if version is None:
        return InForce(rules.BUILT_IN_VERSION, WEIGHTS)
    return InForce(version["version"], rules.read(version["weights"]))


async def versions(session: AsyncSession, principal: Principal) -> Sequence[WeightsRead]:
    """All of them, the newest first. Raises `NotFound`."""
    await POLICY.require(session, principal, "WEIGHTS", "READ", None)
    found = await session.scalars(_newest_first())
    return [*(WeightsRead.model_validate(each) for each in found), BUILT_IN]


def _newest_first() -> Select[SourceWeights]:
    return select(SourceWeights).order_by(SourceWeights.version.desc())
