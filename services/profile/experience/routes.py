"""The doors of experience. Every change needs the ETag that was read."""

from collections.abc import Sequence
from uuid import UUID

from fastapi import Response, status

from services.profile.accesses.commands import noted
from services.profile.experience import commands, queries, timeline
from services.profile.experience.models import Experience, ExperienceRevision
from services.profile.experience.schemas import (
    ExperienceCreate,
    ExperienceRead,
    ExperienceReason,
    ExperienceUpdate,
    ExperienceVerification,
    Objection,
    RevisionRead,
    TimelineEntry,
)
from shared.door import Acting, ExpectedVersion, Transaction, etag, router

routes = router("/people", "experience")
ALL = "/{person_id}/experience"
ONE = f"{ALL}/{{record_id}}"


@routes.get("/{person_id}/timeline", response_model=list[TimelineEntry])
async def read_timeline(
    session: Transaction, principal: Acting, person_id: UUID
) -> list[TimelineEntry]:
    """Positions with what changed from one to the next, other experience and credentials, oldest first."""
    found = await timeline.of_person(session, principal, person_id=person_id)
    await noted(session, principal, what="TIMELINE", people=[person_id] if found else [])
    return found


@routes.get(ALL, response_model=list[ExperienceRead])
async def list_experience(
    session: Transaction, principal: Acting, person_id: UUID
) -> Sequence[Experience]:
    """What the person has done, the newest first; what is private only to themself."""
    found = await queries.of_person(session, principal, person_id=person_id)
    await noted(session, principal, what="EXPERIENCE", people=[person_id] if found else [])
    return found


@routes.post(ALL, response_model=ExperienceRead, status_code=status.HTTP_201_CREATED)
async def record_experience(
    response: Response,
    session: Transaction,
    principal: Acting,
    person_id: UUID,
    new: ExperienceCreate,
) -> Experience:
    """Something that you have done."""
    made = await commands.record(session, principal, person_id=person_id, new=new)
    response.headers["Location"] = f"/people/{person_id}/experience/{made.id}"
    return _tagged(response, made)


@routes.get(ONE, response_model=ExperienceRead)
async def read_experience(
    response: Response, session: Transaction, principal: Acting, person_id: UUID, record_id: UUID
) -> Experience:
    """One record."""
    found = await queries.record(session, principal, person_id=person_id, record_id=record_id)
    await noted(session, principal, what="EXPERIENCE", people=[person_id])
    return _tagged(response, found)


@routes.patch(ONE, response_model=ExperienceRead)
async def change_experience(
    response: Response,
    session: Transaction,
    principal: Acting,
    expected: ExpectedVersion,
    person_id: UUID,
    record_id: UUID,
    changes: ExperienceUpdate,
) -> Experience:
    """Changes the members that are sent; what was verified must then be verified anew."""
    found = await commands.change(
        session,
        principal,
        person_id=person_id,
        record_id=record_id,
        expected=expected,
        changes=changes,
    )
    return _tagged(response, found)


@routes.get(f"{ONE}/history", response_model=list[RevisionRead])
async def list_revisions(
    session: Transaction, principal: Acting, person_id: UUID, record_id: UUID
) -> Sequence[ExperienceRevision]:
    """Every state that the record was in, oldest first."""
    found = await queries.history(session, principal, person_id=person_id, record_id=record_id)
    await noted(session, principal, what="EXPERIENCE", people=[person_id])
    return found


@routes.post(f"{ONE}/verify", response_model=ExperienceRead)
async def verify_experience(
    response: Response,
    session: Transaction,
    principal: Acting,
    expected: ExpectedVersion,
    person_id: UUID,
    record_id: UUID,
    word: ExperienceVerification,
) -> Experience:
    """Stands for what a report or somebody in one's units has recorded; its skills become evidence."""
    found = await commands.verify(
        session, principal, person_id=person_id, record_id=record_id, expected=expected, word=word
    )
    return _tagged(response, found)


@routes.post(f"{ONE}/object", response_model=ExperienceRead)
async def object_to_experience(
    response: Response,
    session: Transaction,
    principal: Acting,
    expected: ExpectedVersion,
    person_id: UUID,
    record_id: UUID,
    objection: Objection,
) -> Experience:
    """Does not stand for the record, or no longer."""
    found = await commands.object_to(
        session,
        principal,
        person_id=person_id,
        record_id=record_id,
        expected=expected,
        reason=objection.reason,
    )
    return _tagged(response, found)


@routes.post(f"{ONE}/withdraw", response_model=ExperienceRead)
async def withdraw_experience(
    response: Response,
    session: Transaction,
    principal: Acting,
    expected: ExpectedVersion,
    person_id: UUID,
    record_id: UUID,
    wanted: ExperienceReason,
) -> Experience:
    """Takes back what you have recorded; its history stays with you."""
    found = await commands.withdraw(
        session,
        principal,
        person_id=person_id,
        record_id=record_id,
        expected=expected,
        reason=wanted.reason,
    )
    return _tagged(response, found)


def _tagged(response: Response, found: Experience) -> Experience:
    etag(response, found.version)
    return found
