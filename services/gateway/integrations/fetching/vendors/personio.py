"""Personio's API of version 2: persons, and the employments of each; client credentials."""

import json
from collections.abc import AsyncIterator, Sequence
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

from pydantic import Field

from services.gateway.integrations.fetching.calling import (
    Access,
    Answer,
    Caller,
    ClientCredentials,
    Unanswered,
    Unfetchable,
)
from services.gateway.integrations.fetching.vendors.terms import (
    Employee,
    Record,
    VendorApi,
    employee_facts,
)
from services.gateway.integrations.webhooks.events import Said
from services.gateway.integrations.webhooks.mapping import Origin
from services.gateway.integrations.webhooks.mapping.terms import Day, Id, Maybe, Sent, read_as

PERSONS = "/v2/persons"
PAGE = 50
TYPES = {"INTERNAL": None, "EXTERNAL": "external"}


class Personio:
    """A person is told together with the employments, the newest first."""

    def __init__(self, access: Access) -> None:
        self._api = Caller(access, ClientCredentials(access, "/v2/auth/token"))

    async def one(self, kind: str, external_id: str) -> bytes | None:
        if kind != "person":
            raise Unfetchable(f"Of Personio, {kind} is not asked for without a person.")
        answer = await self._api.get(f"{PERSONS}/{quote(external_id, safe='')}")
        return None if answer is None else await _whole(self._api, answer.content)

    async def listing(self) -> AsyncIterator[Sequence[Record]]:
        api = self._api.patient()
        query: dict[str, str | int] = {"limit": PAGE}
        while True:
            answer = await api.get(PERSONS, query)
            told = [(_id(person), await _whole(api, person)) for person in _entries(answer)]
            yield [Record("person", person, content) for person, content in told if content]
            cursor = _cursor(answer)
            if cursor is None:
                return
            if cursor == query.get("cursor"):
                raise Unanswered("The listing's pages do not end.")
            query = {"limit": PAGE, "cursor": cursor}


async def _whole(api: Caller, person: Any) -> bytes | None:
    path = f"{PERSONS}/{quote(_id(person), safe='')}/employments"
    answer = await api.get(path, {"limit": PAGE})
    if answer is None:
        return None
    return json.dumps({"person": person, "employments": _entries(answer)}).encode()


class _Named(Sent):
    id: Id


class _Unit(Sent):
    id: Id
    type: Maybe = None


class _Position(Sent):
    title: Maybe = None


class _Termination(Sent):
    termination_date: Day = None
    last_working_day: Day = None


class _Employment(Sent):
    status: Maybe = None
    type: Maybe = None
    supervisor: _Named | None = None
    position: _Position | None = None
    org_units: list[_Unit] | None = None
    employment_start_date: Day = None
    employment_end_date: Day = None
    termination: _Termination | None = None


class _Person(Sent):
    id: Id
    first_name: Maybe = None
    last_name: Maybe = None
    preferred_name: Maybe = None
    email: Maybe = None
    status: Maybe = None


class _Told(Sent):
    person: _Person
    employments: list[_Employment] = Field(default=[])


def facts(_kind: str, _external_id: str, content: bytes, origin: Origin) -> Sequence[Said]:
    told = read_as(_Told, content)
    job = told.employments[0] if told.employments else _Employment()
    return employee_facts(_employee(told.person, job), origin)


def _employee(person: _Person, job: _Employment) -> Employee:
    full = " ".join(part for part in (person.first_name, person.last_name) if part)
    ended = job.termination or _Termination()
    units = {unit.type: unit.id for unit in reversed(job.org_units or [])}
    return Employee(
        id=person.id,
        has_left=(person.status or job.status or "").upper() == "INACTIVE",
        display_name=full or None,
        preferred_name=person.preferred_name,
        email=person.email,
        status=job.status or person.status,
        hired_on=job.employment_start_date,
        left_on=job.employment_end_date or ended.termination_date or ended.last_working_day,
        title=job.position.title if job.position else None,
        unit=units.get("department") or next(iter(units.values()), None),
        manager_id=job.supervisor.id if job.supervisor else None,
        employment_type=TYPES.get((job.type or "").upper()),
    )


def _entries(answer: Answer | None) -> list[Any]:
    told = answer.content.get("_data") if answer and isinstance(answer.content, dict) else None
    if not isinstance(told, list):
        raise Unanswered("The answer holds no _data.")
    return told


def _cursor(answer: Answer | None) -> str | None:
    """Only the cursor of the next page's address: nothing is sent to where an answer says."""
    links: Any = answer.content.get("_meta") if answer else None
    for name in ("links", "next", "href"):
        links = links.get(name) if isinstance(links, dict) else None
    if not isinstance(links, str):
        return None
    found = parse_qs(urlsplit(links).query).get("cursor")
    if not found:
        raise Unanswered("The next page's address holds no cursor.")
    return found[0]


def _id(person: Any) -> str:
    told = person.get("id") if isinstance(person, dict) else None
    if not told:
        raise Unanswered("The answer holds a person without id.")
    return str(told)


def _target(kind: str, external_id: str) -> tuple[str, str]:
    """An employment is asked for with its person, whose id stands before its own."""
    person, parted, _ = external_id.partition("/")
    return ("person", person) if kind == "employment" and parted else (kind, external_id)


def _has_left(hints: Sequence[str]) -> bool:
    return "person.deleted" in hints


API = VendorApi(
    connect=Personio,
    facts=facts,
    needs_client_id=True,
    target=_target,
    has_left=_has_left,
    lists="person",
)
