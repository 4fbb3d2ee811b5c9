"""Networks on the wire."""

from datetime import date, datetime
from typing import Self
from uuid import UUID

from pydantic import model_validator

from services.profile.network.rules import (
    ContactRelation,
    InteractionPurpose,
    IntroductionState,
    Part,
)
from services.profile.wording import Line, Paragraph
from shared.schemas import Input, Output


class ContactCreate(Input):
    """A colleague by `contactPersonId`, or anybody else by `name`."""

    contact_person_id: UUID | None = None
    name: Line | None = None
    organisation: Line | None = None
    relation: ContactRelation = ContactRelation.OTHER
    note: Paragraph | None = None

    @model_validator(mode="after")
    def _is_named_once(self) -> Self:
        if (self.contact_person_id is None) == (self.name is None):
            raise ValueError("name: give this or contactPersonId, one of the two")
        return self


class ContactUpdate(Input):
    """What is not given stays."""

    organisation: Line | None = None
    relation: ContactRelation | None = None
    note: Paragraph | None = None


class ContactRead(Output):
    """A contact of your own; nobody else sees it."""

    id: UUID
    contact_person_id: UUID | None
    name: str | None
    organisation: str | None
    relation: ContactRelation
    note: str | None
    added_at: datetime
    version: int


class InteractionCreate(Input):
    """A talk; `questions` make one for INFORMATION an informational interview."""

    purpose: InteractionPurpose
    held_on: date
    summary: Paragraph | None = None
    questions: Paragraph | None = None
    notes: Paragraph | None = None
    follow_up_on: date | None = None


class InteractionUpdate(Input):
    """What is not given stays; `followedUp` says that the follow-up is done."""

    held_on: date | None = None
    summary: Paragraph | None = None
    questions: Paragraph | None = None
    notes: Paragraph | None = None
    follow_up_on: date | None = None
    followed_up: bool | None = None


class InteractionRead(Output):
    """A talk of your own; nobody else sees it."""

    id: UUID
    contact_id: UUID
    purpose: InteractionPurpose
    held_on: date
    summary: str | None
    questions: str | None
    notes: str | None
    follow_up_on: date | None
    followed_up_at: datetime | None
    recorded_at: datetime
    version: int


class IntroductionCreate(Input):
    """Whom to ask, to be introduced to whom; both read the message."""

    introducer_id: UUID
    target_id: UUID
    message: Paragraph


class IntroductionRead(Output):
    """An introduction as far as you know of it; the e-mails stand once all have said yes."""

    id: UUID
    part: Part
    state: IntroductionState
    requester_id: UUID
    introducer_id: UUID
    target_id: UUID
    message: str | None
    asked_at: datetime
    requester_email: str | None
    target_email: str | None
