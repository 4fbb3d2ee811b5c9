"""Bringing instruments, publishing them, giving them up, reading them."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.profile.assessments import accumulating, registry
from services.profile.assessments.instrument_schemas import (
    InstrumentItem,
    InstrumentOption,
    InstrumentRead,
    InstrumentScale,
    InstrumentWhole,
    LicenceRead,
    ReliabilityRead,
)
from services.profile.assessments.instruments import Instrument
from services.profile.assessments.models import InstrumentVersion
from services.profile.assessments.parts import Kind, Scale
from services.profile.assessments.problems import InstrumentIsBuiltIn, InstrumentNotYours
from services.profile.assessments.registry import Registered
from services.profile.assessments.reliability import of_instrument
from services.profile.assessments.rules import INSTRUMENT_STEPS, InstrumentStatus
from services.profile.policy import POLICY
from shared import clock
from shared.problems import NotFound, StateTransition
from shared.tenancy import Principal


async def allow(session: AsyncSession, principal: Principal) -> None:
    """Raises `InstrumentNotYours`."""
    if not await POLICY.may(session, principal, "INSTRUMENT", "WRITE", None):
        raise InstrumentNotYours("Ask HR or an administrator to do it.")


async def move(
    session: AsyncSession, principal: Principal, *, instrument_id: UUID, to: InstrumentStatus
) -> None:
    """Raises `InstrumentNotYours`, `InstrumentIsBuiltIn`, `NotFound`, `StateTransition`."""
    await allow(session, principal)
    if instrument_id in registry.built_in():
        raise InstrumentIsBuiltIn("Bring a version of your own to change it.")
    row = await session.scalar(
        select(InstrumentVersion).where(InstrumentVersion.id == instrument_id).with_for_update()
    )
    if row is None:
        raise NotFound
    if to not in INSTRUMENT_STEPS[row.status]:
        raise StateTransition(row.status, to, INSTRUMENT_STEPS[row.status])
    row.status = to
    row.sequence += 1
    if to is InstrumentStatus.PUBLISHED:
        row.published_at = clock.now()
    await session.flush()


async def instruments(
    session: AsyncSession, principal: Principal, *, kind: Kind | None, code: str | None
) -> list[InstrumentRead]:
    """By code, version and language; drafts only for who may work on them."""
    drafts = await POLICY.may(session, principal, "INSTRUMENT", "READ_DRAFT", None)
    await POLICY.require(session, principal, "INSTRUMENT", "READ", None)
    rows = (await session.scalars(select(InstrumentVersion))).all()
    every: Sequence[Registered] = [*registry.built_in().values(), *map(registry.registered, rows)]
    wanted = [
        each
        for each in every
        if (drafts or each.status is not InstrumentStatus.DRAFT)
        and kind in (None, each.instrument.kind)
        and code in (None, each.instrument.code)
    ]
    return [InstrumentRead(**_head(each)) for each in sorted(wanted, key=_name)]


async def instrument(
    session: AsyncSession, principal: Principal, instrument_id: UUID
) -> InstrumentWhole:
    """With items in their order, notices, and how reliable its scales are. Raises `NotFound`."""
    await POLICY.require(session, principal, "INSTRUMENT", "READ", None)
    found = await registry.find(session, instrument_id)
    drafts = await POLICY.may(session, principal, "INSTRUMENT", "READ_DRAFT", None)
    if found is None or (found.status is InstrumentStatus.DRAFT and not drafts):
        raise NotFound
    live = await accumulating.live(session, instrument_id)
    return _whole(
        found, [live.get(each.scale, each) for each in of_instrument(found.instrument, {})]
    )


def _whole(found: Registered, reliability: Sequence[object]) -> InstrumentWhole:
    content = found.instrument
    return InstrumentWhole(
        **_head(found),
        instructions=content.instructions,
        options=[InstrumentOption.model_validate(each) for each in content.response.options],
        items=[
            InstrumentItem.model_validate(each.model_dump() | {"choices": list(each.choices)})
            for each in content.items
        ],
        scales=[_scale(found, scale) for scale in content.scales],
        reliability=[ReliabilityRead.of(each) for each in reliability],  # type: ignore[arg-type]
    )


def _scale(found: Registered, scale: Scale) -> InstrumentScale:
    names = ("code", "name", "description", "parent", "low", "high")
    shown = InstrumentScale(**{name: getattr(scale, name) for name in names})
    if not found.purpose_locked:
        return shown
    keys = [each.key for each in scale.items]
    turned = [each.key for each in scale.items if each.reversed]
    return shown.model_copy(update={"items": keys, "reversed_items": turned})


def _head(found: Registered) -> dict[str, object]:
    content: Instrument = found.instrument
    names = ("code", "version", "locale", "name", "kind", "purpose_lock", "description")
    further = ("source", "normed", "normed_note", "cool_down_days", "expires_days", "valid_days")
    return {
        "id": found.id,
        "status": found.status,
        "built_in": found.id in registry.built_in(),
        "content_hash": found.content_hash,
        "licence": LicenceRead.model_validate(content.licence),
        **{name: getattr(content, name) for name in (*names, *further)},
    }


def _name(found: Registered) -> tuple[str, str, str]:
    return found.instrument.code, found.instrument.version, found.instrument.locale
