"""The vocabulary of what waits: what was told, why it cannot be done, what it waits for."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Kind(StrEnum):
    """What was told."""

    PERSON = "PERSON"
    TERMINATION = "TERMINATION"
    EMPLOYMENT = "EMPLOYMENT"
    ORG_UNIT = "ORG_UNIT"
    CREDENTIAL = "CREDENTIAL"


class Reason(StrEnum):
    """Why it cannot be done yet."""

    UNKNOWN_PERSON = "UNKNOWN_PERSON"
    UNKNOWN_ORG_UNIT = "UNKNOWN_ORG_UNIT"
    UNKNOWN_ROLE = "UNKNOWN_ROLE"
    AMBIGUOUS_PERSON = "AMBIGUOUS_PERSON"
    AMBIGUOUS_ROLE = "AMBIGUOUS_ROLE"
    WORK_EMAIL_TAKEN = "WORK_EMAIL_TAKEN"
    SUBJECT_TAKEN = "SUBJECT_TAKEN"
    CIRCULAR_REPORTING = "CIRCULAR_REPORTING"
    CIRCULAR_ORGANISATION = "CIRCULAR_ORGANISATION"
    NOT_EMPLOYED = "NOT_EMPLOYED"
    BEFORE_HIRE = "BEFORE_HIRE"
    INVALID = "INVALID"


class Awaited(StrEnum):
    """What kind of thing must arrive."""

    PERSON = "PERSON"
    ORG_UNIT = "ORG_UNIT"
    ROLE = "ROLE"


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why not yet. `system`, `value` and `email` name what must arrive; `blocked_by` is the person in the way."""

    reason: Reason
    awaited: Awaited | None = None
    system: str | None = None
    value: str | None = None
    email: str | None = None
    blocked_by: UUID | None = None
