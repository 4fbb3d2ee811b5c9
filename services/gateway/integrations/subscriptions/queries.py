"""Reading subscriptions."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.gateway.integrations.policy import POLICY, SUBSCRIPTION
from services.gateway.integrations.sealing import Vault
from services.gateway.integrations.subscriptions.models import SigningKey, Subscription
from services.gateway.integrations.subscriptions.schemas import SubscriptionRead
from services.gateway.integrations.subscriptions.signing import spelled_public
from shared import clock
from shared.paging import PageRequest, page_of
from shared.problems import NotFound
from shared.tenancy import Principal


async def get(
    session: AsyncSession, principal: Principal, subscription_id: UUID, *, action: str = "READ"
) -> Subscription:
    """Raises `NotFound`, `Forbidden`. To change it, the row is locked."""
    await POLICY.require(session, principal, SUBSCRIPTION, action, None)
    found = select(Subscription).where(Subscription.id == subscription_id)
    subscription = await session.scalar(found if action == "READ" else found.with_for_update())
    if subscription is None:
        raise NotFound
    return subscription


async def page(
    session: AsyncSession, principal: Principal, page: PageRequest
) -> tuple[Sequence[Subscription], UUID | None]:
    """Raises `NotFound` for who may see none."""
    await POLICY.require(session, principal, SUBSCRIPTION, "READ", None)
    return await page_of(session, select(Subscription), key=Subscription.id, page=page)


async def keys_of(
    session: AsyncSession, vault: Vault, subscription_id: UUID, *, now: datetime
) -> list[bytes]:
    """The keys that sign now, newest first."""
    found = select(SigningKey).where(SigningKey.subscription_id == subscription_id, _signs(now))
    rows = await session.scalars(found.order_by(SigningKey.id.desc()))
    return [vault.open(row.sealed, bound_to=row.id.bytes) for row in rows]


async def described(
    session: AsyncSession, subscriptions: Sequence[Subscription]
) -> list[SubscriptionRead]:
    """With the public keys that sign now, in one statement for all."""
    wanted = [each.id for each in subscriptions]
    found = select(SigningKey.subscription_id, SigningKey.public).where(
        SigningKey.subscription_id.in_(wanted), SigningKey.public.is_not(None), _signs(clock.now())
    )
    public: dict[UUID, list[str]] = defaultdict(list)
    for row in await session.execute(found.order_by(SigningKey.id.desc())):
        public[row.subscription_id].append(spelled_public(row.public))
    return [
        SubscriptionRead.model_validate(each).model_copy(update={"public_keys": public[each.id]})
        for each in subscriptions
    ]


def _signs(now: datetime) -> ColumnElement[bool]:
    return or_(SigningKey.retires_at.is_(None), SigningKey.retires_at > now)
