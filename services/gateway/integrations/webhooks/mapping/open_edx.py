"""Open edX events as its webhook plugin sends them: the event's data beside `event_metadata`.

A certificate is what says that a course has been completed there; it is a credential too.
"""

from collections.abc import Callable, Mapping
from typing import Any

from services.gateway.integrations.webhooks.events import (
    CourseReference,
    CredentialIssued,
    CredentialReference,
    CredentialRevoked,
    LearningCompleted,
    LearningEnrolled,
    PersonReference,
    Said,
)
from services.gateway.integrations.webhooks.mapping.terms import (
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

PASSED = {"downloadable"}


class _Metadata(Sent):
    event_type: Word
    time: Moment


class _Pii(Sent):
    email: Maybe = None


class _User(Sent):
    id: Id
    pii: _Pii = _Pii()


class _Course(Sent):
    course_key: Id
    display_name: Maybe = None


class _Enrolment(Sent):
    user: _User
    course: _Course
    is_active: bool = True
    creation_date: Moment


class _Certificate(Sent):
    user: _User
    course: _Course
    current_status: Word
    grade: Maybe = None
    download_url: Maybe = None


class _Event(Sent):
    event_metadata: _Metadata
    enrollment: dict[str, Any] | None = None
    certificate: dict[str, Any] | None = None


def read(body: bytes, origin: Origin) -> Mapped:
    told = read_object(body)
    if told is None:
        return PING
    event = read_as(_Event, told)
    event_type = event.event_metadata.event_type
    refuse_future(event.event_metadata.time, origin, "event_metadata.time", event_type)
    reader = _READERS.get(event_type)
    return reader(event, origin) if reader else not_mapped(event_type)


def _enrolled(event: _Event, origin: Origin) -> Mapped:
    event_type = event.event_metadata.event_type
    told = read_as(_Enrolment, _part(event.enrollment, "enrollment", event_type), event_type)
    if not told.is_active:
        return Mapped(event_type, ignored="enrollment.is_active: not enrolled.")
    common = _common(event, origin, told.user)
    course = CourseReference(provider=origin.course_provider, code=told.course.course_key)
    return Mapped(
        event_type, [LearningEnrolled(**common, course=course, enrolled_at=told.creation_date)]
    )


def _certified(event: _Event, origin: Origin) -> Mapped:
    event_type, said_at = event.event_metadata.event_type, event.event_metadata.time
    told = read_as(_Certificate, _part(event.certificate, "certificate", event_type), event_type)
    if told.current_status not in PASSED:
        return Mapped(event_type, ignored="certificate.current_status: no certificate to show.")
    common = _common(event, origin, told.user)
    course = CourseReference(provider=origin.course_provider, code=told.course.course_key)
    score, notes = _score(told.grade)
    facts: list[Said] = [
        LearningCompleted(**common, course=course, completed_at=said_at, score=score),
        CredentialIssued(
            **common,
            credential=_credential(told),
            issued_on=said_at.date(),
            url=told.download_url,
        ),
    ]
    return Mapped(event_type, facts, notes=notes)


def _revoked(event: _Event, origin: Origin) -> Mapped:
    event_type, said_at = event.event_metadata.event_type, event.event_metadata.time
    told = read_as(_Certificate, _part(event.certificate, "certificate", event_type), event_type)
    fact = CredentialRevoked(
        **_common(event, origin, told.user),
        credential=_credential(told),
        revoked_on=said_at.date(),
    )
    return Mapped(event_type, [fact])


def _part(told: dict[str, Any] | None, name: str, event_type: str) -> dict[str, Any]:
    if told is None:
        raise Unmappable(f"{name}: Field required", event_type=event_type)
    return told


def _common(event: _Event, origin: Origin, user: _User) -> dict[str, Any]:
    return {
        "connection_id": origin.connection_id,
        "delivery_id": origin.delivery_id,
        "system": origin.system,
        "said_at": event.event_metadata.time,
        "person": PersonReference(external_id=user.id, email=user.pii.email),
    }


def _credential(told: _Certificate) -> CredentialReference:
    return CredentialReference(
        external_id=f"{told.user.id}/{told.course.course_key}",
        type="CERTIFICATION",
        name=told.course.display_name or told.course.course_key,
    )


def _score(grade: str | None) -> tuple[float | None, list[str]]:
    """Grades are shares of 1 as text; a score is of 100."""
    if grade is None:
        return None, []
    try:
        share = float(grade)
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        return None, ["certificate.grade: no share of 1, left out"]
    return round(share * 100, 2), []


_READERS: Mapping[str, Callable[[_Event, Origin], Mapped]] = {
    "org.openedx.learning.course.enrollment.created.v1": _enrolled,
    "org.openedx.learning.certificate.created.v1": _certified,
    "org.openedx.learning.certificate.changed.v1": _certified,
    "org.openedx.learning.certificate.revoked.v1": _revoked,
}
