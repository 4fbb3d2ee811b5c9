"""Docebo's webhooks: enrolments and completions, one as `payload` or many as `payloads`; its times are UTC unsaid."""

from typing import Any

from pydantic import Field

from services.gateway.integrations.webhooks.events import (
    CourseReference,
    LearningCompleted,
    LearningEnrolled,
    PersonReference,
    Said,
)
from services.gateway.integrations.webhooks.mapping.terms import (
    MOST_ITEMS,
    PING,
    Id,
    Mapped,
    Maybe,
    Moment,
    Origin,
    Sent,
    Unmappable,
    Word,
    not_mapped,
    read_as,
    read_object,
    refuse_future,
)

ENROLLED = "course.enrollment.created"
COMPLETED = "course.enrollment.completed"


class _Event(Sent):
    event: Word
    payload: dict[str, Any] | None = None
    payloads: list[dict[str, Any]] = Field(default=[])


class _Enrolment(Sent):
    fired_at: Moment
    user_id: Id
    username: Maybe = None
    course_id: Id
    course_code: Maybe = None


class _Started(_Enrolment):
    enrollment_date: Moment


class _Completed(_Enrolment):
    completion_date: Moment


def read(body: bytes, origin: Origin) -> Mapped:
    told = read_object(body)
    if told is None:
        return PING
    event = read_as(_Event, told)
    if event.event not in {ENROLLED, COMPLETED}:
        return not_mapped(event.event)
    payloads = event.payloads if event.payload is None else [event.payload]
    if not payloads:
        raise Unmappable("payload: Field required", event_type=event.event)
    if len(payloads) > MOST_ITEMS:
        raise Unmappable(f"payloads: more than {MOST_ITEMS}", event_type=event.event)
    return Mapped(event.event, [_fact(event.event, each, origin) for each in payloads])


def _fact(event_type: str, payload: dict[str, Any], origin: Origin) -> Said:
    model = _Completed if event_type == COMPLETED else _Started
    told: _Enrolment = read_as(model, payload, event_type)
    refuse_future(told.fired_at, origin, "fired_at", event_type)
    common: dict[str, Any] = {
        "connection_id": origin.connection_id,
        "delivery_id": origin.delivery_id,
        "system": origin.system,
        "said_at": told.fired_at,
        "person": PersonReference(
            external_id=told.user_id,
            email=told.username if told.username and "@" in told.username else None,
        ),
        "course": CourseReference(
            provider=origin.course_provider, code=told.course_code or told.course_id
        ),
    }
    if isinstance(told, _Completed):
        return LearningCompleted(**common, completed_at=told.completion_date)
    assert isinstance(told, _Started)
    return LearningEnrolled(**common, enrolled_at=told.enrollment_date)
