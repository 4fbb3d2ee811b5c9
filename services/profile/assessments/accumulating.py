"""Live reliability: sums over all scored sessions, from which no one's answers can be read.

Only sums, squares and products by scale are kept, sealed under the service's own key since those of the first few
would tell answers. What follows is shown from a hundred complete sessions on, and anew with every tenth, later with
every hundredth part. Who is erased stays in the sums, where nobody finds them.
"""

import asyncio
import json
from dataclasses import asdict
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.profile.assessments.answers import Answers
from services.profile.assessments.instruments import Instrument, Reliability
from services.profile.assessments.models import ItemMoments
from services.profile.assessments.reliability import (
    FEWEST_SESSIONS,
    Basis,
    Moments,
    ScaleReliability,
    consistent_scales,
    moments,
    of_instrument,
)
from shared.sealing import Vault

EVERY = 10


async def add(
    session: AsyncSession,
    vault: Vault,
    *,
    instrument_id: UUID,
    instrument: Instrument,
    answers: Answers,
) -> None:
    """Takes one scored session in; those of an instrument take turns."""
    if not consistent_scales(instrument):
        return
    identity = _identity(session, instrument_id)
    nothing = vault.seal(b"{}", bound_to=identity)
    empty = {"id": instrument_id, "tenant_id": session.info["tenant_id"], "sealed": nothing}
    first = empty | {"sessions": 0, "figures": [], "figured_sessions": 0}
    await session.execute(insert(ItemMoments).values(first).on_conflict_do_nothing())
    row = (
        await session.scalars(_of(instrument_id).with_for_update(), execution_options=FRESH)
    ).one()
    known = _read(vault.open(row.sealed, bound_to=identity))
    sums = moments(instrument, [answers], known)
    row.sessions += 1
    row.sealed = vault.seal(_spelled(sums), bound_to=identity)
    if _grew(row):
        found = await asyncio.to_thread(
            of_instrument, instrument, sums
        )  # some 250 ms for 35 scales
        row.figures = _figures(found)
        row.figured_sessions = row.sessions
    await session.flush()


async def live(session: AsyncSession, instrument_id: UUID) -> dict[str, ScaleReliability]:
    """By scale, what the tenant's own sessions say; nothing while they are too few."""
    row = await session.scalar(_of(instrument_id), execution_options=FRESH)
    found = [_figure(each) for each in row.figures] if row is not None else []
    return {each.scale: each for each in found}


async def known(session: AsyncSession, instrument_id: UUID) -> dict[str, Reliability]:
    """What scoring takes instead of the published coefficients."""
    found = await live(session, instrument_id)
    usable = ((scale, each.as_published()) for scale, each in found.items())
    return {scale: each for scale, each in usable if each is not None}


FRESH = {"populate_existing": True}


def _grew(row: ItemMoments) -> bool:
    step = max(EVERY, row.sessions // 100)
    return row.sessions >= FEWEST_SESSIONS and row.sessions - row.figured_sessions >= step


def _of(instrument_id: UUID) -> Select[ItemMoments]:
    return select(ItemMoments).where(ItemMoments.id == instrument_id)


def _identity(session: AsyncSession, instrument_id: UUID) -> bytes:
    tenant_id: UUID = session.info["tenant_id"]
    return tenant_id.bytes + instrument_id.bytes


def _read(spelled: bytes) -> dict[str, Moments]:
    return {
        scale: Moments(count, tuple(sums), tuple(tuple(row) for row in products))
        for scale, (count, sums, products) in json.loads(spelled).items()
    }


def _spelled(sums: dict[str, Moments]) -> bytes:
    whole = {scale: [each.count, each.sums, each.products] for scale, each in sums.items()}
    return json.dumps(whole, separators=(",", ":")).encode()


def _figures(found: tuple[ScaleReliability, ...]) -> list[dict[str, Any]]:
    return [asdict(each) for each in found if each.basis is Basis.LIVE]


def _figure(stored: dict[str, Any]) -> ScaleReliability:
    return ScaleReliability(**stored | {"basis": Basis(stored["basis"])})
