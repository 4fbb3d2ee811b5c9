"""Reading erasures."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.profile.erasure.models import Erasure, ErasureReceipt
from services.profile.erasure.rules import state_of
from services.profile.erasure.schemas import ErasureRead, ReceiptRead
from services.profile.policy import POLICY
from shared import clock
from shared.problems import Forbidden, NotFound
from shared.tenancy import Principal


async def read(session: AsyncSession, principal: Principal, erasure_id: UUID) -> ErasureRead:
    """Raises `Forbidden`, `NotFound`."""
    if not await POLICY.may(session, principal, "ERASURE", "READ", None):
        raise Forbidden("Erasures are shown to administrators and to the scope people:erase.")
    erasure = await session.scalar(select(Erasure).where(Erasure.id == erasure_id))
    if erasure is None:
        raise NotFound
    receipts = await session.scalars(
        select(ErasureReceipt)
        .where(ErasureReceipt.erasure_id == erasure_id)
        .order_by(ErasureReceipt.service)
    )
    shown = [ReceiptRead.model_validate(each) for each in receipts]
    return ErasureRead(
        id=erasure.id,
        person_id=erasure.person_id,
        reason=erasure.reason,
        state=state_of(
            [each.service for each in shown],
            received_at=erasure.received_at,
            completed_at=erasure.completed_at,
            now=clock.now(),
        ),
        received_at=erasure.received_at,
        completed_at=erasure.completed_at,
        receipts=shown,
    )
