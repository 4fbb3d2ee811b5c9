"""Reading credentials."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.profile.credentials.models import Credential
from services.profile.people import queries as people
from services.profile.policy import POLICY
from shared.problems import NotFound
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


async def to_change(
    session: AsyncSession, principal: Principal, *, person_id: UUID, credential_id: UUID
) -> Credential:
    """Locked. Raises `NotFound`, also for what is not yours to see."""
    rows = select(Credential).where(
        Credential.id == credential_id,
        Credential.person_id == person_id,
        POLICY.visible(principal, "CREDENTIAL", "READ", Credential.person_id),
    )
    found = await session.scalar(rows.with_for_update())
    if found is None:
        raise NotFound
    return found


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
