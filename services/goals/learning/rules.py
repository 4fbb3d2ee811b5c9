"""The vocabulary of learning, and which way a record goes."""

import hashlib
import json
from collections.abc import Mapping
from enum import StrEnum
from typing import Any


class ResourceType(StrEnum):
    """What kind of learning a resource is."""

    COURSE = "COURSE"
    WORKSHOP = "WORKSHOP"
    CERTIFICATION = "CERTIFICATION"
    DEGREE = "DEGREE"
    READING = "READING"
    CONFERENCE = "CONFERENCE"
    OTHER = "OTHER"


class ResourceStatus(StrEnum):
    """Whether a resource can still be taken."""

    ACTIVE = "ACTIVE"
    RETIRED = "RETIRED"


class RecordState(StrEnum):
    """Where a person stands with a resource."""

    ASSIGNED = "ASSIGNED"
    ENROLLED = "ENROLLED"
    IN_PROGRESS = "IN_PROGRESS"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"
    WITHDRAWN = "WITHDRAWN"
    EXPIRED = "EXPIRED"


class RecordSource(StrEnum):
    """Who told of it: the person, the learning system or another system."""

    MANUAL = "MANUAL"
    LMS = "LMS"
    HRIS = "HRIS"


class ToldKind(StrEnum):
    """What a learning system tells of a course."""

    ENROLMENT = "ENROLMENT"
    COMPLETION = "COMPLETION"


class WaitReason(StrEnum):
    """Why what was told cannot be done yet; an identifier or code of two things is nobody's."""

    UNKNOWN_PERSON = "UNKNOWN_PERSON"
    UNKNOWN_COURSE = "UNKNOWN_COURSE"


_UNDER_WAY = frozenset({RecordState.ASSIGNED, RecordState.ENROLLED, RecordState.IN_PROGRESS})
_OVER = frozenset({RecordState.FAILED, RecordState.WITHDRAWN, RecordState.EXPIRED})
_STEPS: Mapping[RecordState, frozenset[RecordState]] = {
    **{
        state: frozenset(
            {
                RecordState.IN_PROGRESS,
                RecordState.COMPLETED,
                RecordState.FAILED,
                RecordState.WITHDRAWN,
            }
        )
        - {state}
        for state in _UNDER_WAY
    },
    **{state: frozenset({RecordState.ENROLLED, RecordState.COMPLETED}) for state in _OVER},
    RecordState.COMPLETED: frozenset(),
}


def steps_from(state: RecordState) -> list[RecordState]:
    """A failed or withdrawn course can be taken again; what is completed stays completed."""
    return sorted(_STEPS[state])


def content_hash(content: Mapping[str, Any]) -> bytes:
    written = json.dumps(content, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(written.encode()).digest()
