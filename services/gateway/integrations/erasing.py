"""The integrations' part when a person is erased: what other systems sent of them, and what was sent on."""

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Text, cast, delete, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.gateway.integrations.fetching.models import Listed
from services.gateway.integrations.outbound.models import OutboundEvent
from services.gateway.integrations.people.models import GrantHolder
from services.gateway.integrations.sealing import Unsealable, Vault
from services.gateway.integrations.webhooks.models import Delivery, FetchBackRequest
from shared.erasure import Erasing, Receipt, Subject
from shared.tenancy import Principal

DELIVERIES_AT_ONCE = 500


class ErasureReceipted(Receipt, type="waymark.integrations.erasure.receipted.v1"):
    """The integrations have removed the person."""


@dataclass(frozen=True, slots=True)
class _Eraser:
    """Bodies of deliveries are sealed under the integrations' key, so each is opened to see whom it names."""

    vault: Vault

    async def erase(self, session: AsyncSession, _principal: Principal, person: Subject) -> int:
        removed = await _removed(session, GrantHolder, GrantHolder.id == person.person_id)
        values = [each.value for each in person.identifiers]
        for model in (FetchBackRequest, Listed):
            named = model.external_id, func.split_part(model.external_id, "/", 1)
            theirs = or_(*(each.in_(values) for each in named))
            removed += await _removed(session, model, theirs)
        removed += await self._outbound(session, person)
        return removed + await self._deliveries(session, person)

    async def _outbound(self, session: AsyncSession, person: Subject) -> int:
        """Facts that were sent or wait to be, with their deliveries and attempts."""
        whole = func.lower(func.concat(OutboundEvent.subject, cast(OutboundEvent.payload, Text)))
        named = or_(*(func.strpos(whole, needle) > 0 for needle in person.needles()))
        rows = await session.execute(
            select(OutboundEvent.id, OutboundEvent.subject, OutboundEvent.payload).where(named)
        )
        about = [row.id for row in rows if person.is_in(row.payload, of=row.subject)]
        return await _removed(session, OutboundEvent, OutboundEvent.id.in_(about))

    async def _deliveries(self, session: AsyncSession, person: Subject) -> int:
        """With them goes the memory that they came: should a source send one again, it is news."""
        removed, last = 0, None
        while True:
            page = select(Delivery.id, Delivery.sealed_body, Delivery.settled_at)
            if last is not None:
                page = page.where(Delivery.id > last)
            rows = (
                await session.execute(page.order_by(Delivery.id).limit(DELIVERIES_AT_ONCE))
            ).all()
            about = [row.id for row in rows if self._names(person, row)]
            removed += await _removed(session, Delivery, Delivery.id.in_(about))
            if len(rows) < DELIVERIES_AT_ONCE:
                return removed
            last = rows[-1].id

    def _names(self, person: Subject, row: Any) -> bool:
        """By an address in any; by another system's id, which may name other things too, only in what is settled."""
        try:
            body = self.vault.open(row.sealed_body, bound_to=row.id.bytes)
        except Unsealable:
            return False
        lower = body.decode(errors="replace").lower()
        if any(each in lower for each in person.texts):
            return True
        values = {each.value for each in person.identifiers}
        return row.settled_at is not None and any(v in lower for v in values) and _has(body, values)


def _has(body: bytes, values: set[str]) -> bool:
    """Whether one of the values is a whole value somewhere in the JSON."""
    try:
        parts = [json.loads(body)]
    except ValueError:
        return False
    while parts:
        match parts.pop():
            case dict() as members:
                parts += members.values()
            case list() as members:
                parts += members
            case bool() | None:
                continue
            case scalar if str(scalar) in values:
                return True
    return False


def erasing(vault: Vault) -> Erasing:
    return Erasing("integrations", ErasureReceipted, _Eraser(vault).erase)


async def _removed(session: AsyncSession, model: Any, which: ColumnElement[bool]) -> int:
    removed = await session.execute(delete(model).where(which).returning(model.id))
    return len(removed.all())
