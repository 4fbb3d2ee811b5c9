"""Moodle's events as its webhook plugins send them: the event's own data, the person in it `relateduserid`."""

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


class _Event(Sent):
    """`userid` did it, to `relateduserid` if anybody; `timecreated` in seconds."""

    eventname: Word
    timecreated: Moment
    userid: Id | None = None
    relateduserid: Id | None = None
    courseid: Id | None = None
    objectid: Id | None = None


def read(body: bytes, origin: Origin) -> Mapped:
    told = read_object(body)
    if told is None:
        return PING
    event = read_as(_Event, told)
    refuse_future(event.timecreated, origin, "timecreated", event.eventname)
    reader = _READERS.get(event.eventname.lstrip("\\"))
    return reader(event, origin) if reader else not_mapped(event.eventname)


def _completed(event: _Event, origin: Origin) -> Mapped:
    fact = LearningCompleted(**_common(event, origin), completed_at=event.timecreated)
    return Mapped(event.eventname, [fact])


def _enrolled(event: _Event, origin: Origin) -> Mapped:
    fact = LearningEnrolled(**_common(event, origin), enrolled_at=event.timecreated)
    return Mapped(event.eventname, [fact])


def _badge(event: _Event, origin: Origin) -> Mapped:
    """It names the badge by its number only."""
    if event.objectid is None:
        raise Unmappable("objectid: Field required", event_type=event.eventname)
    wanted = FetchBack("badge", f"{_person(event)}/{event.objectid}", event.timecreated)
    return Mapped(event.eventname, fetch_backs=[wanted])


def _common(event: _Event, origin: Origin) -> dict[str, Any]:
    if event.courseid is None:
        raise Unmappable("courseid: Field required", event_type=event.eventname)
    return {
        "connection_id": origin.connection_id,
        "delivery_id": origin.delivery_id,
        "system": origin.system,
        "said_at": event.timecreated,
        "person": PersonReference(external_id=_person(event)),
        "course": CourseReference(provider=origin.course_provider, code=event.courseid),
    }


def _person(event: _Event) -> str:
    person = event.relateduserid or event.userid
    if person is None:
        raise Unmappable("relateduserid: Field required", event_type=event.eventname)
    return person


_READERS: Mapping[str, Callable[[_Event, Origin], Mapped]] = {
    r"core\event\course_completed": _completed,
    r"core\event\user_enrolment_created": _enrolled,
    r"core\event\badge_awarded": _badge,
}
