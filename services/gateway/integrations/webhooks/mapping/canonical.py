"""The data of each canonical type as it is sent, and the fact that it becomes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import AwareDatetime, ConfigDict, Field, model_validator
from pydantic.alias_generators import to_camel

from services.gateway.integrations.webhooks import events
from services.gateway.integrations.webhooks.events import Said
from services.gateway.integrations.webhooks.mapping import enumerations as enums
from services.gateway.integrations.webhooks.mapping.terms import (
    Origin,
    Sent,
    Text,
    Unmappable,
    Word,
    known,
    read_as,
    refuse_future,
)


class _Sent(Sent):
    model_config = ConfigDict(alias_generator=to_camel)


class _Person(_Sent):
    system: Word | None = None
    value: Word | None = None
    email: Word | None = None

    @model_validator(mode="after")
    def _named(self) -> "_Person":
        if self.email is None and (self.system is None or self.value is None):
            raise ValueError("name the person by system and value, or by email")
        return self

    @property
    def reference(self) -> events.PersonReference:
        by_id = self.system is not None and self.value is not None
        return events.PersonReference(external_id=self.value if by_id else None, email=self.email)


class _Course(_Sent):
    provider: Word | None = None
    code: Word


class _Credential(_Sent):
    external_id: Word | None = None
    type: Word
    name: Word
    issuer: Word | None = None


class _Of(_Sent):
    person: _Person


class _Enrolment(_Of):
    course: _Course
    enrolled_at: AwareDatetime
    due_on: date | None = None


class _Completion(_Of):
    course: _Course
    completed_at: AwareDatetime
    score: Annotated[float, Field(allow_inf_nan=False)] | None = None


class _Issue(_Of):
    credential: _Credential
    issued_on: date
    expires_on: date | None = None
    url: Text | None = None


class _Expiry(_Of):
    credential: _Credential
    expired_on: date


class _Revocation(_Of):
    credential: _Credential
    revoked_on: date
    reason: Text | None = None


class _Upsert(_Of):
    display_name: Word | None = None
    preferred_name: Word | None = None
    work_email: Word | None = None
    locale: Word | None = None
    time_zone: Word | None = None
    status: Word | None = None
    hire_date: date | None = None


class _Termination(_Of):
    termination_date: date


class _Employment(_Of):
    effective_from: date
    role_code: Word | None = None
    role_title: Word | None = None
    level: Annotated[int, Field(ge=0, le=1000)] | None = None
    org_unit_key: Word | None = None
    manager: _Person | None = None
    employment_type: Word | None = None
    change_reason: Word | None = None


class _Unit(_Sent):
    key: Word
    system: Word | None = None
    name: Word | None = None
    unit_type: Word | None = None
    parent_key: Word | None = None
    leader: _Person | None = None


@dataclass(frozen=True, slots=True)
class Context:
    """What is known of a word beside its data."""

    origin: Origin
    said_at: datetime
    event_type: str


Reader = Callable[[Any, Context], tuple[Said, list[str]]]

_ENUMERATIONS: Mapping[str, tuple[Mapping[str, Any], Any]] = {
    "employment_type": (enums.EMPLOYMENT_TYPES, enums.EmploymentType.OTHER),
    "change_reason": (enums.CHANGE_REASONS, enums.ChangeReason.OTHER),
    "unit_type": (enums.UNIT_TYPES, enums.UnitType.OTHER),
    "status": (enums.STATUSES, enums.PersonStatus.OTHER),
}


def name_of(event_type: str) -> str | None:
    """The canonical type: bare, or behind a reversed domain as CloudEvents have it."""
    return next((n for n in READERS if event_type == n or event_type.endswith(f".{n}")), None)


def _reader(model: type[_Sent], fact: type[Said], *past: str) -> Reader:
    """`past` are the moments that cannot lie ahead."""

    class Wrapped(_Sent):
        data: model  # type: ignore[valid-type]

    def read_one(told: Any, context: Context) -> tuple[Said, list[str]]:
        sent: _Sent = read_as(Wrapped, {"data": told}, context.event_type).data
        for name in past:
            moment = getattr(sent, name)
            refuse_future(moment, context.origin, f"data.{to_camel(name)}", context.event_type)
        members, notes = _members(sent, context)
        said = fact(
            connection_id=context.origin.connection_id,
            delivery_id=context.origin.delivery_id,
            said_at=context.said_at,
            **members,
        )
        return said, notes

    return read_one


def _members(sent: _Sent, context: Context) -> tuple[dict[str, Any], list[str]]:
    members: dict[str, Any] = {"system": _system(sent, context)}
    notes: list[str] = []
    for name in type(sent).model_fields:
        value = getattr(sent, name)
        if isinstance(value, _Person):
            value = value.reference
        elif isinstance(value, _Course):
            provider = value.provider or context.origin.course_provider
            value = events.CourseReference(provider=provider, code=value.code)
        elif isinstance(value, _Credential):
            value = _credential(value, notes)
        elif name in _ENUMERATIONS:
            value, strange = known(value, *_ENUMERATIONS[name])
            if strange:
                notes.append(f"data.{to_camel(name)}: not known here, taken as OTHER")
        members.setdefault(name, value)
    return members, notes


def _credential(sent: _Credential, notes: list[str]) -> events.CredentialReference:
    kind, strange = known(sent.type, enums.CREDENTIAL_TYPES, enums.CredentialType.OTHER)
    if strange:
        notes.append("data.credential.type: not known here, taken as OTHER")
    return events.CredentialReference(
        external_id=sent.external_id, type=str(kind), name=sent.name, issuer=sent.issuer
    )


def _system(sent: _Sent, context: Context) -> str:
    """A fact has one system for all of its identifiers. Raises `Unmappable`."""
    named = [getattr(sent, name, None) for name in ("person", "manager", "leader")]
    systems = [each.system for each in named if each is not None and each.value is not None]
    if isinstance(sent, _Unit) and sent.system is not None:
        systems.append(sent.system)
    distinct = {system for system in systems if system is not None}
    if len(distinct) > 1:
        raise Unmappable(
            "data: name everybody by identifiers of one system", event_type=context.event_type
        )
    return distinct.pop() if distinct else context.origin.system


READERS: Mapping[str, Reader] = {
    "learning.enrolled": _reader(_Enrolment, events.LearningEnrolled, "enrolled_at"),
    "learning.completed": _reader(_Completion, events.LearningCompleted, "completed_at"),
    "credential.issued": _reader(_Issue, events.CredentialIssued),
    "credential.expired": _reader(_Expiry, events.CredentialExpired),
    "credential.revoked": _reader(_Revocation, events.CredentialRevoked),
    "person.upserted": _reader(_Upsert, events.PersonUpserted),
    "person.terminated": _reader(_Termination, events.PersonTerminated),
    "employment.changed": _reader(_Employment, events.EmploymentChanged),
    "org_unit.changed": _reader(_Unit, events.OrgUnitChanged),
}
