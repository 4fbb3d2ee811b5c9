"""360Learning's webhooks (Standard Webhooks): attempts at courses, and learners' states in path sessions.

Its ids are opaque; a course is told by its id, and a path as a course of the path's id.
"""

from collections.abc import Callable, Mapping
from typing import Any

from pydantic import ConfigDict
from pydantic.alias_generators import to_camel

from services.gateway.integrations.webhooks.events import (
    CourseReference,
    LearningCompleted,
    LearningEnrolled,
    PersonReference,
)
from services.gateway.integrations.webhooks.mapping.terms import (
    PING,
    FetchBack,
    Id,
    Mapped,
    Moment,
    Origin,
    Sent,
    Word,
    not_mapped,
    read_as,
    read_object,
    refuse_future,
)

ENROLLED = {"notYetStarted", "sessionNotOpened"}
COMPLETED = {"successful"}


class _Event(Sent):
    type: Word
    timestamp: Moment
    data: dict[str, Any]


class _Told(Sent):
    model_config = ConfigDict(alias_generator=to_camel)


class _ClosedAttempt(_Told):
    closed_at: Moment
    user_id: Id
    course_id: Id
    reason: Word


class _SessionStatus(_Told):
    user_id: Id
    path_id: Id
    status: Word
    updated_at: Moment


class _SessionEnrolment(_Told):
    path_id: Id
    session_id: Id


def read(body: bytes, origin: Origin) -> Mapped:
    told = read_object(body)
    if told is None:
        return PING
    event = read_as(_Event, told)
    refuse_future(event.timestamp, origin, "timestamp", event.type)
    reader = _READERS.get(event.type)
    return reader(event, origin) if reader else not_mapped(event.type)


def _attempt(event: _Event, origin: Origin) -> Mapped:
    attempt = read_as(_ClosedAttempt, event.data, event.type)
    if attempt.reason != "learnerFinished":
        return Mapped(event.type, ignored="data.reason: not the learner's own end of the course.")
    fact = LearningCompleted(
        connection_id=origin.connection_id,
        delivery_id=origin.delivery_id,
        system=origin.system,
        said_at=event.timestamp,
        person=PersonReference(external_id=attempt.user_id),
        course=CourseReference(provider=origin.course_provider, code=attempt.course_id),
        completed_at=attempt.closed_at,
    )
    return Mapped(event.type, [fact])


def _status(event: _Event, origin: Origin) -> Mapped:
    """Only the first state and the last one matter: what lies between is neither enrolment nor completion."""
    told = read_as(_SessionStatus, event.data, event.type)
    common: dict[str, Any] = {
        "connection_id": origin.connection_id,
        "delivery_id": origin.delivery_id,
        "system": origin.system,
        "said_at": event.timestamp,
        "person": PersonReference(external_id=told.user_id),
        "course": CourseReference(provider=origin.course_provider, code=told.path_id),
    }
    if told.status in COMPLETED:
        return Mapped(event.type, [LearningCompleted(**common, completed_at=told.updated_at)])
    if told.status in ENROLLED:
        return Mapped(event.type, [LearningEnrolled(**common, enrolled_at=told.updated_at)])
    return Mapped(event.type, ignored="data.status: neither enrolled nor successful.")


def _enrolments(event: _Event, origin: Origin) -> Mapped:
    """It says that somebody was enrolled, and not who."""
    told = read_as(_SessionEnrolment, event.data, event.type)
    wanted = FetchBack("path_session", f"{told.path_id}/{told.session_id}", event.timestamp)
    return Mapped(event.type, fetch_backs=[wanted])


_READERS: Mapping[str, Callable[[_Event, Origin], Mapped]] = {
    "course.attempt.closed": _attempt,
    "path.session.user.status.updated": _status,
    "path.session.users.enrolled": _enrolments,
    "path.session.users.unenrolled": _enrolments,
}
