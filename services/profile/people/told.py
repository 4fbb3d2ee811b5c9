"""The canonical facts of HR systems as they are read here; a field that was not named is None and changes nothing."""

from datetime import date

from services.profile.unresolved.commands import Said
from shared.events import Payload


class PersonReference(Payload):
    """A person as the source knows them."""

    external_id: str | None = None
    email: str | None = None


class PersonTold(Said):
    """`waymark.integrations.person.upserted.v1`."""

    person: PersonReference
    display_name: str | None = None
    preferred_name: str | None = None
    work_email: str | None = None
    locale: str | None = None
    time_zone: str | None = None
    status: str | None = None
    hire_date: date | None = None


class TerminationTold(Said):
    """`waymark.integrations.person.terminated.v1`: the first day without employment."""

    person: PersonReference
    termination_date: date


class EmploymentTold(Said):
    """`waymark.integrations.employment.changed.v1`."""

    person: PersonReference
    effective_from: date
    role_code: str | None = None
    role_title: str | None = None
    level: int | None = None
    org_unit_key: str | None = None
    manager: PersonReference | None = None
    employment_type: str | None = None
    change_reason: str | None = None


class UnitTold(Said):
    """`waymark.integrations.org_unit.changed.v1`."""

    key: str
    name: str | None = None
    unit_type: str | None = None
    parent_key: str | None = None
    leader: PersonReference | None = None
