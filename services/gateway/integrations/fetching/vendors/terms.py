"""What every vendor's API is asked by, and the facts of an employee whoever told of them."""

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from services.gateway.integrations.fetching.calling import Access
from services.gateway.integrations.webhooks.events import (
    EmploymentChanged,
    PersonReference,
    PersonTerminated,
    PersonUpserted,
    Said,
)
from services.gateway.integrations.webhooks.mapping import Origin
from services.gateway.integrations.webhooks.mapping import enumerations as enums
from services.gateway.integrations.webhooks.mapping.terms import known


@dataclass(frozen=True, slots=True)
class Record:
    """One thing of a listing, as `one` would answer it."""

    kind: str
    external_id: str
    content: bytes


class Client(Protocol):
    """One vendor's API, as one connection. Raises `Unanswered`, `Unfetchable`."""

    async def one(self, kind: str, external_id: str) -> bytes | None:
        """None for what the source does not have, or does not show."""
        ...

    def listing(self) -> AsyncIterator[Sequence[Record]]:
        """Everything, page by page; ends only when there is no more."""
        ...


FactsOf = Callable[[str, str, bytes, Origin], Sequence[Said]]
"""Kind, id and content become facts as of the origin's `sent_at`. Pure. Raises `Unmappable`."""


def _itself(kind: str, external_id: str) -> tuple[str, str]:
    return kind, external_id


def _never(_hints: Sequence[str]) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class VendorApi:
    """`target` is what is asked for on a hint: hints with one target are one fetch.

    `has_left` says whether a person who is not there any more has left, by what the hints named. `lists` what the
    listing is of; None where it is not read.
    """

    connect: Callable[[Access], Client]
    facts: FactsOf
    needs_client_id: bool
    target: Callable[[str, str], tuple[str, str]] = _itself
    has_left: Callable[[Sequence[str]], bool] = _never
    lists: str | None = None


@dataclass(frozen=True, slots=True)
class Employee:
    """What an HRIS says of one person now."""

    id: str
    has_left: bool
    display_name: str | None = None
    preferred_name: str | None = None
    email: str | None = None
    status: str | None = None
    hired_on: date | None = None
    left_on: date | None = None
    title: str | None = None
    unit: str | None = None
    manager_id: str | None = None
    employment_type: str | None = None
    job_since: date | None = None


def employee_facts(told: Employee, origin: Origin) -> Sequence[Said]:
    """A leaver whose last day the source does not name has left on the day that it said so."""
    common: dict[str, Any] = {
        "connection_id": origin.connection_id,
        "delivery_id": origin.delivery_id,
        "system": origin.system,
        "said_at": origin.sent_at,
        "person": PersonReference(external_id=told.id, email=told.email),
    }
    if told.has_left:
        day = told.left_on or origin.sent_at.date()
        return [PersonTerminated(**common, termination_date=day)]
    status, _ = known(told.status, enums.STATUSES, enums.PersonStatus.OTHER)
    person = PersonUpserted(
        **common,
        display_name=told.display_name,
        preferred_name=told.preferred_name,
        work_email=told.email,
        status=status,
        hire_date=told.hired_on,
    )
    kind, _ = known(told.employment_type, enums.EMPLOYMENT_TYPES, enums.EmploymentType.OTHER)
    manager = PersonReference(external_id=told.manager_id) if told.manager_id else None
    job: dict[str, Any] = {
        "role_title": told.title,
        "org_unit_key": told.unit,
        "manager": manager,
        "employment_type": kind,
    }
    if not any(job.values()):
        return [person]
    since = told.job_since or origin.sent_at.date()
    return [person, EmploymentChanged(**common, effective_from=since, **job)]


def departed(external_id: str, origin: Origin) -> PersonTerminated:
    """For somebody whom the source does not have any more."""
    return PersonTerminated(
        connection_id=origin.connection_id,
        delivery_id=origin.delivery_id,
        system=origin.system,
        said_at=origin.sent_at,
        person=PersonReference(external_id=external_id),
        termination_date=origin.sent_at.date(),
    )
