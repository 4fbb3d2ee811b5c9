"""Reading credentials."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.profile.credentials.models import Credential
from services.profile.people import queries as people
from services.profile.policy import POLICY
from shared.tenancy import Principal


async def of_person(
    session: AsyncSession, principal: Principal, *, person_id: UUID
) -> Sequence[Credential]:
    """The newest first. Raises `NotFound`."""
    await people.person(session, principal, person_id)
    await POLICY.require(session, principal, "CREDENTIAL", "READ", person_id)
    rows = select(Credential).where(Credential.person_id == person_id)
    newest = rows.order_by(Credential.issued_on.desc().nulls_last(), Credential.id.desc())
    return (await session.scalars(newest)).all()


async def told_by(
    session: AsyncSession, *, person_id: UUID, system: str, key: str
) -> Credential | None:
    """Locked."""
    return await session.scalar(
        select(Credential)
        .where(
            Credential.person_id == person_id,
            Credential.system == system,
            Credential.source_key == key,
        )
        .with_for_update()
    )
