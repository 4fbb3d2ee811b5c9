"""Profile's facts about experience, credentials and consents as this service reads them, and the copies they make."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import Field
from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.goals.events import handlers
from services.goals.people.records import Credential, Experience, Expertise
from shared.events import Incoming, Payload
from shared.tenancy import Principal

EXPERTISE, COUNSELLOR = "EXPERTISE", "COUNSELLOR"


class ExperienceSnapshot(Payload):
    """A record of experience; one that was withdrawn is to be forgotten."""

    record_id: UUID
    person_id: UUID
    type: str
    title: str
    organisation: str | None = None
    started_on: date
    ended_on: date | None = None
    hours_per_week: float | None = None
    team_size_led: int | None = None
    skill_ids: list[UUID] = Field(default_factory=list)
    verification: str
    withdrawn: bool = False


class CredentialSnapshot(Payload):
    """A credential as it is; one that was withdrawn is to be forgotten."""

    credential_id: UUID
    person_id: UUID
    type: str
    name: str
    issuer: str | None = None
    issued_on: date | None = None
    expires_on: date | None = None
    revoked_on: date | None = None
    verification: str
    withdrawn: bool = False


class ConsentSnapshot(Payload):
    """A consent as it is; without a grantee it is given to everybody here."""

    consent_id: UUID
    person_id: UUID
    grantee_id: UUID | None = None
    scope: str
    role: str | None = None
    until: datetime | None = None
    revoked_at: datetime | None = None


@handlers.on("waymark.profile.experience.*.v1", group="records")
async def copy_experience(
    session: AsyncSession, _principal: Principal, event: Incoming[ExperienceSnapshot]
) -> None:
    told = event.payload
    if told.withdrawn:
        await session.execute(delete(Experience).where(Experience.id == told.record_id))
        return
    fresh = told.model_dump(exclude={"record_id", "withdrawn", "skill_ids"})
    fresh["skill_ids"] = [str(skill_id) for skill_id in told.skill_ids]
    await _keep(session, Experience, event.tenant_id, told.record_id, event.sequence, fresh)


@handlers.on("waymark.profile.credential.*.v1", group="records")
async def copy_credential(
    session: AsyncSession, _principal: Principal, event: Incoming[CredentialSnapshot]
) -> None:
    told = event.payload
    if told.withdrawn:
        await session.execute(delete(Credential).where(Credential.id == told.credential_id))
        return
    fresh = told.model_dump(exclude={"credential_id", "withdrawn"})
    await _keep(session, Credential, event.tenant_id, told.credential_id, event.sequence, fresh)


@handlers.on("waymark.profile.consent.*.v1", group="records")
async def copy_expertise(
    session: AsyncSession, _principal: Principal, event: Incoming[ConsentSnapshot]
) -> None:
    """Of all consents the one to be found for what one masters; not as anybody's counsellor."""
    told = event.payload
    if told.scope != EXPERTISE or told.role == COUNSELLOR:
        return
    if told.revoked_at is not None:
        await session.execute(delete(Expertise).where(Expertise.id == told.consent_id))
        return
    fresh = told.model_dump(include={"person_id", "grantee_id", "until"})
    await _keep(session, Expertise, event.tenant_id, told.consent_id, event.sequence, fresh)


async def _keep(
    session: AsyncSession,
    model: Any,
    tenant_id: UUID,
    row_id: UUID,
    sequence: int | None,
    fresh: dict[str, Any],
) -> None:
    row = {"tenant_id": tenant_id, "id": row_id}
    told = {**fresh, "sequence": sequence or 0}
    await session.execute(
        insert(model).values(**row, **told).on_conflict_do_update(index_elements=row, set_=told)
    )


@handlers.rebuilt_after("records")
async def forget_records(session: AsyncSession) -> None:
    """Empties the tenant's copy of experience, credentials and consents, before their events are replayed."""
    for model in (Experience, Credential, Expertise):
        await session.execute(delete(model))
