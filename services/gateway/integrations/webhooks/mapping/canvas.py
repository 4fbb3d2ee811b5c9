"""Canvas Live Events: `{"metadata": {"event_name", "event_time"}, "body": …}`, the payload of a signed JWT.

Some events name things by global ids (the shard times 10^13 and the local id), others by local ones: facts hold the
local ones of the root account's own shard.
"""

from collections.abc import Callable, Mapping
from typing import Any

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
    Maybe,
    Moment,
    Origin,
    Sent,
    Word,
    not_mapped,
    read_as,
    read_object,
    refuse_future,
)

SHARD = 10**13


class _Metadata(Sent):
    event_name: Word
    event_time: Moment
    root_account_id: Id | None = None


class _Event(Sent):
    metadata: _Metadata
    body: dict[str, Any]


class _User(Sent):
    id: Id
    email: Maybe = None


class _Course(Sent):
    id: Id
    sis_source_id: Maybe = None


class _Progress(Sent):
    completed_at: Moment | None = None


class _Completion(Sent):
    user: _User
    course: _Course
    progress: _Progress


class _Changed(Sent):
    user_id: Id
    course_id: Id
    type: Word
    workflow_state: Word


class _Enrolment(_Changed):
    created_at: Moment


def read(body: bytes, origin: Origin) -> Mapped:
    told = read_object(body)
    if told is None:
        return PING
    event = read_as(_Event, told)
    metadata = event.metadata
    refuse_future(metadata.event_time, origin, "metadata.event_time", metadata.event_name)
    reader = _READERS.get(metadata.event_name)
    return reader(event, origin) if reader else not_mapped(metadata.event_name)


def _completed(event: _Event, origin: Origin) -> Mapped:
    name = event.metadata.event_name
    told = read_as(_Completion, event.body, name)
    if told.progress.completed_at is None:
        return Mapped(name, ignored="body.progress.completed_at: not completed yet.")
    fact = LearningCompleted(
        **_common(event, origin),
        person=PersonReference(external_id=_local(told.user.id, event), email=told.user.email),
        course=CourseReference(
            provider=origin.course_provider,
            code=told.course.sis_source_id or _local(told.course.id, event),
        ),
        completed_at=told.progress.completed_at,
    )
    return Mapped(name, [fact])


def _enrolled(event: _Event, origin: Origin) -> Mapped:
    name = event.metadata.event_name
    told = read_as(_Enrolment, event.body, name)
    if told.type != "StudentEnrollment" or told.workflow_state not in {"active", "invited"}:
        return Mapped(name, ignored="body.type, body.workflow_state: no learner's enrolment.")
    fact = LearningEnrolled(
        **_common(event, origin),
        person=PersonReference(external_id=_local(told.user_id, event)),
        course=CourseReference(provider=origin.course_provider, code=_local(told.course_id, event)),
        enrolled_at=told.created_at,
    )
    return Mapped(name, [fact])


def _changed(event: _Event, origin: Origin) -> Mapped:
    """It does not say how far the learner is."""
    name = event.metadata.event_name
    told = read_as(_Changed, event.body, name)
    if told.type != "StudentEnrollment":
        return Mapped(name, ignored="body.type: no learner's enrolment.")
    enrolment = f"{_local(told.course_id, event)}/{_local(told.user_id, event)}"
    wanted = FetchBack("enrolment", enrolment, event.metadata.event_time, [name])
    return Mapped(name, fetch_backs=[wanted])


def _common(event: _Event, origin: Origin) -> dict[str, Any]:
    return {
        "connection_id": origin.connection_id,
        "delivery_id": origin.delivery_id,
        "system": origin.system,
        "said_at": event.metadata.event_time,
    }


def _local(identifier: str, event: _Event) -> str:
    root = event.metadata.root_account_id
    if not identifier.isdecimal() or root is None or not root.isdecimal():
        return identifier
    shard, local = divmod(int(identifier), SHARD)
    return str(local) if shard == int(root) // SHARD else identifier


_READERS: Mapping[str, Callable[[_Event, Origin], Mapped]] = {
    "course_completed": _completed,
    "enrollment_created": _enrolled,
    "enrollment_updated": _changed,
}
