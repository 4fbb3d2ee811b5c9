"""What counsellors and mentors wrote of results: for the person, and for its author while they are let in."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, false, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.profile.interpretations.models import ConfidantInterpretation
from services.profile.interpretations.schemas import InterpretationKept, InterpretationRead
from services.profile.policy import POLICY
from services.profile.tables import PERSON_KEYS
from shared import sealing
from shared.policy import me
from shared.problems import NotFound
from shared.tenancy import Principal
from shared.views import Columns


def visible(
    principal: Principal, row: Columns | type[ConfidantInterpretation]
) -> ColumnElement[bool]:
    """Whose consent has ended, or who has come to lead the person, sees their own words no longer either."""
    if principal.person_id is None:
        return false()
    let_in = POLICY.visible(
        principal, "GUIDANCE_RESULT", "READ", row.person_id, object_id=row.result_id
    )
    written = and_(row.author_id == me(principal), let_in)
    return or_(POLICY.visible(principal, "ASSESSMENT", "READ", row.person_id), written)


async def of_result(
    session: AsyncSession, principal: Principal, *, result_id: UUID
) -> Sequence[InterpretationRead]:
    """The first written first; of a result that the caller may not see, nothing."""
    wanted = _seen(principal).where(ConfidantInterpretation.result_id == result_id)
    ordered = wanted.order_by(ConfidantInterpretation.written_at, ConfidantInterpretation.id)
    return [await _read(session, each) for each in await session.scalars(ordered)]


async def interpretation(
    session: AsyncSession, principal: Principal, interpretation_id: UUID
) -> ConfidantInterpretation:
    """Raises `NotFound`."""
    wanted = _seen(principal).where(ConfidantInterpretation.id == interpretation_id)
    found = await session.scalar(wanted)
    if found is None:
        raise NotFound
    return found


def _seen(principal: Principal) -> Select[ConfidantInterpretation]:
    return select(ConfidantInterpretation).where(visible(principal, ConfidantInterpretation))


async def _read(session: AsyncSession, row: ConfidantInterpretation) -> InterpretationRead:
    key = select(PERSON_KEYS.c.wrapped).where(PERSON_KEYS.c.person_id == row.person_id)
    text = sealing.keys_of(session).open(
        await session.scalar(key),
        row.sealed,
        tenant_id=row.tenant_id,
        person_id=row.person_id,
        bound_to=row.id.bytes,
    )
    kept = InterpretationKept.model_validate(row)
    return InterpretationRead(**kept.model_dump(), text=text)
