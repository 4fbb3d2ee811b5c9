"""BambooHR's webhooks: a list of employees, each with the fields that changed and the values that it was told to send.

Field names are whatever the account calls them, so they are compared by their letters alone. An employee without
usable values is fetched back; so is one who was deleted, since a deletion has no date.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from pydantic import AliasChoices, Field

from services.gateway.integrations.webhooks.events import (
    EmploymentChanged,
    PersonReference,
    PersonTerminated,
    PersonUpserted,
    Said,
)
from services.gateway.integrations.webhooks.mapping import enumerations as enums
from services.gateway.integrations.webhooks.mapping.terms import (
    PING,
    Day,
    FetchBack,
    Id,
    Mapped,
    Maybe,
    Moment,
    Origin,
    Sent,
    Unmappable,
    Word,
    known,
    read_as,
    read_object,
    refuse_future,
)

EVENT_TYPE = "employees"
MOST_EMPLOYEES = 1000
GONE = {"inactive", "terminated"}


class _Employee(Sent):
    id: Id
    action: Maybe = None
    timestamp: Moment | None = None
    changed_fields: list[Word] = Field(default=[], validation_alias=AliasChoices("changedFields"))
    fields: dict[str, Any] = Field(default={})


class _Event(Sent):
    employees: list[_Employee]


class _Values(Sent):
    """The values that we know, by the letters of their names."""

    displayname: Maybe = None
    firstname: Maybe = None
    lastname: Maybe = None
    preferredname: Maybe = None
    workemail: Maybe = None
    hiredate: Day = None
    status: Maybe = None
    employmentstatus: Maybe = None
    terminationdate: Day = None
    jobtitle: Maybe = None
    department: Maybe = None
    supervisoreid: Maybe = None
    jobinformationdate: Day = None


def read(body: bytes, origin: Origin) -> Mapped:
    told = read_object(body)
    if told is None:
        return PING
    employees = read_as(_Event, told, EVENT_TYPE).employees
    if len(employees) > MOST_EMPLOYEES:
        raise Unmappable(f"employees: more than {MOST_EMPLOYEES}", event_type=EVENT_TYPE)
    facts: list[Said] = []
    wanted: list[FetchBack] = []
    notes: list[str] = []
    for employee in employees:
        said_at = employee.timestamp or origin.sent_at
        refuse_future(said_at, origin, "employees.timestamp", EVENT_TYPE)
        told_facts = _facts(employee, said_at, origin, notes)
        facts.extend(told_facts)
        missing = employee.changed_fields if not told_facts else _untold(employee)
        if missing or not told_facts:
            wanted.append(FetchBack("person", employee.id, said_at, missing))
    return Mapped(EVENT_TYPE, facts, wanted, notes)


def _facts(
    employee: _Employee, said_at: datetime, origin: Origin, notes: list[str]
) -> Sequence[Said]:
    if (employee.action or "").lower() == "deleted":
        return []
    values = read_as(_Values, _by_letters(employee.fields), EVENT_TYPE)
    if (values.status or "").lower() in GONE or (values.employmentstatus or "").lower() in GONE:
        return _departure(employee, values, said_at, origin)
    person = _person(employee, values, said_at, origin)
    job = _job(employee, values, said_at, origin, notes)
    return [each for each in (person, job) if each is not None]


def _departure(
    employee: _Employee, values: _Values, said_at: datetime, origin: Origin
) -> Sequence[Said]:
    if values.terminationdate is None:
        return []
    return [
        PersonTerminated(
            **_common(employee, values, said_at, origin), termination_date=values.terminationdate
        )
    ]


def _person(
    employee: _Employee, values: _Values, said_at: datetime, origin: Origin
) -> PersonUpserted | None:
    full = " ".join(part for part in (values.firstname, values.lastname) if part)
    told: dict[str, Any] = {
        "display_name": values.displayname
        or (full if values.firstname and values.lastname else None),
        "preferred_name": values.preferredname,
        "work_email": values.workemail,
        "hire_date": values.hiredate,
        "status": "ACTIVE" if (values.status or "").lower() == "active" else None,
    }
    if not any(told.values()):
        return None
    return PersonUpserted(**_common(employee, values, said_at, origin), **told)


def _job(
    employee: _Employee, values: _Values, said_at: datetime, origin: Origin, notes: list[str]
) -> EmploymentChanged | None:
    kind, strange = known(
        values.employmentstatus, enums.EMPLOYMENT_TYPES, enums.EmploymentType.OTHER
    )
    if strange:
        notes.append("fields.employmentStatus: not known here, taken as OTHER")
    told: dict[str, Any] = {
        "role_title": values.jobtitle,
        "org_unit_key": values.department,
        "manager": PersonReference(external_id=values.supervisoreid)
        if values.supervisoreid
        else None,
        "employment_type": kind,
    }
    if not any(told.values()):
        return None
    begins: date = values.jobinformationdate or said_at.date()
    return EmploymentChanged(
        **_common(employee, values, said_at, origin), effective_from=begins, **told
    )


def _common(
    employee: _Employee, values: _Values, said_at: datetime, origin: Origin
) -> dict[str, Any]:
    return {
        "connection_id": origin.connection_id,
        "delivery_id": origin.delivery_id,
        "system": origin.system,
        "said_at": said_at,
        "person": PersonReference(external_id=employee.id, email=values.workemail),
    }


def _untold(employee: _Employee) -> list[str]:
    """Changed fields that matter and whose values were not sent."""
    sent = _by_letters(employee.fields)
    relevant = _Values.model_fields.keys() - sent.keys()
    return [name for name in employee.changed_fields if _letters(name) in relevant]


def _by_letters(fields: Mapping[str, Any]) -> dict[str, Any]:
    """`{"Job Title": {"value": …}}` and `{"jobTitle": …}` alike."""
    plain: dict[str, Any] = {}
    for name, told in fields.items():
        value = told.get("value") if isinstance(told, dict) else told
        plain[_letters(name)] = str(value) if isinstance(value, int) else value
    return plain


def _letters(name: str) -> str:
    return "".join(letter for letter in name.lower() if letter.isalnum())
