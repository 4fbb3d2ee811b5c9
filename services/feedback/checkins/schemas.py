"""Check-ins on the wire."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, Field, StringConstraints

from services.feedback.checkins.rules import Cadence, ChangeKind, CheckInState
from shared.schemas import Input, Output

PLAIN = r"^[^\x00]*$"
Line = Annotated[str, StringConstraints(min_length=1, max_length=500, pattern=PLAIN)]
Notes = Annotated[str, StringConstraints(max_length=20_000, pattern=PLAIN)]


class CheckInCreate(Input):
    """A talk between an employee and their manager of now; `employeeId` is left out by the employee themself."""

    employee_id: UUID | None = None
    scheduled_for: AwareDatetime
    cadence: Cadence = Cadence.NONE
    priorities: list[Line] = Field(default_factory=list, max_length=20)
    goal_refs: list[UUID] = Field(default_factory=list, max_length=50)


class CheckInUpdate(Input):
    """What is left out, or null, stays; only notes are emptied by null.

    Each writes their own notes: `employeeNotes` the employee, `managerNotes` the manager.
    """

    scheduled_for: AwareDatetime | None = None
    cadence: Cadence | None = None
    priorities: list[Line] | None = Field(default=None, max_length=20)
    goal_refs: list[UUID] | None = Field(default=None, max_length=50)
    employee_notes: Notes | None = None
    manager_notes: Notes | None = None


class AgendaItemCreate(Input):
    """A point to talk about."""

    text: Line


class ActionItemCreate(Input):
    """What one of the pair will do."""

    text: Line
    owner_id: UUID
    due_on: date | None = None


class PrivateNoteWrite(Input):
    """The manager's note for themself; it replaces the one before."""

    text: Notes


class AgendaItemRead(Output):
    """A point of the agenda."""

    id: UUID
    author_id: UUID
    text: str
    created_at: AwareDatetime


class ActionItemRead(Output):
    """What one of the pair will do, or has done."""

    id: UUID
    owner_id: UUID
    text: str
    due_on: date | None
    done_at: AwareDatetime | None


class ChangeRead(Output):
    """What changed for the employee since the last check-in; progress is 0 to 1, a level 0 to 5."""

    id: UUID
    kind: ChangeKind
    subject_id: UUID
    goal_id: UUID | None
    title: str
    from_value: float | None
    to_value: float | None
    occurred_at: AwareDatetime


class CheckInRead(Output):
    """A check-in as one of its pair sees it; `privateManagerNote` is shown to its author only, never by a POST."""

    id: UUID
    employee_id: UUID
    manager_id: UUID
    previous_id: UUID | None
    cadence: Cadence
    scheduled_for: AwareDatetime
    state: CheckInState
    priorities: list[str]
    goal_refs: list[UUID]
    employee_notes: str | None
    manager_notes: str | None
    private_manager_note: str | None = None
    employee_seen_at: AwareDatetime | None
    manager_seen_at: AwareDatetime | None
    held_at: AwareDatetime | None
    closed_at: AwareDatetime | None
    created_at: AwareDatetime
    version: int
    agenda: list[AgendaItemRead] = Field(default_factory=list)
    action_items: list[ActionItemRead] = Field(default_factory=list)
    changes: list[ChangeRead] = Field(default_factory=list)


class CompletionRead(Output):
    """How many check-ins of a unit took place; no counts where fewer than five people have any."""

    org_unit_id: UUID
    since: date
    until: date
    people: int | None
    due: int | None
    completed: int | None
    missed: int | None
    suppressed_reason: str | None
