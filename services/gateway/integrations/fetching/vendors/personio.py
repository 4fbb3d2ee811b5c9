"""Personio's API of version 2: persons with the employments of each, and units; client credentials.

A unit is asked for by its type and id: the ids of departments and of teams are not told apart by anything else, so a
team's key is `team/5` where a department's is `5`.
"""

import json
from collections.abc import AsyncIterator, Mapping, Sequence
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
from services.gateway.integrations.webhooks.events import OrgUnitChanged, Said
from services.gateway.integrations.webhooks.mapping import Origin
from services.gateway.integrations.webhooks.mapping import enumerations as enums
from services.gateway.integrations.webhooks.mapping.terms import (
    Day,
    Id,
    Maybe,
    Sent,
    Word,
    known,
    read_as,
)

PERSONS = "/v2/persons"
UNITS = "/v2/org-units"
DEPARTMENT = "department"
UNIT_TYPES = (DEPARTMENT, "team")
NOT_SHOWN = 403
PAGE = 50
TYPES = {"INTERNAL": None, "EXTERNAL": "external"}


class Personio:
    """A person is told together with the employments, the newest first."""

    def __init__(self, access: Access) -> None:
        self._api = Caller(access, ClientCredentials(access, "/v2/auth/token"))

    async def one(self, kind: str, external_id: str) -> bytes | None:
        if kind == "org_unit":
            return await self._unit(external_id)
        if kind != "person":
            raise Unfetchable(f"Of Personio, {kind} is not asked for without a person.")
        answer = await self._api.get(f"{PERSONS}/{quote(external_id, safe='')}")
        return None if answer is None else await _whole(self._api, answer.content)

    async def listing(self) -> AsyncIterator[Sequence[Record]]:
        """Units last, and only where the credentials may see them."""
        api = self._api.patient()
        async for persons in _pages(api, PERSONS, {"limit": PAGE}):
            told = [(_id(person), await _whole(api, person)) for person in persons]
            yield [Record("person", person, content) for person, content in told if content]
        for kind in UNIT_TYPES:
            try:
                async for units in _pages(api, UNITS, {"limit": PAGE, "type": kind}):
                    yield [
                        Record("org_unit", _unit_key(kind, _id(unit)), _typed(unit, kind))
                        for unit in units
                    ]
            except Unanswered as why:
                if why.status != NOT_SHOWN:
                    raise

    async def _unit(self, external_id: str) -> bytes | None:
        """A bare id may be that of any type."""
        kind, parted, unit = external_id.partition("/")
        for each in (kind,) if parted else UNIT_TYPES:
            path = f"{UNITS}/{quote(unit if parted else external_id, safe='')}"
            try:
                answer = await self._api.get(path, {"type": each})
            except Unanswered as why:
                if why.status != NOT_SHOWN:
                    raise
                return None
            if answer is not None:
                return _typed(answer.content, each)
        return None


async def _pages(
    api: Caller, path: str, query: Mapping[str, str | int]
) -> AsyncIterator[list[Any]]:
    """Nothing where the API has no such list."""
    cursor = None
    while True:
        answer = await api.get(path, {**query, "cursor": cursor} if cursor else query)
        if answer is None and path == UNITS:
            return
        yield _entries(answer)
        following = _cursor(answer)
        if following is None:
            return
        if following == cursor:
            raise Unanswered("The listing's pages do not end.")
        cursor = following


def _typed(unit: Any, kind: str) -> bytes:
    return json.dumps({**unit, "type": kind} if isinstance(unit, dict) else unit).encode()


def _unit_key(kind: str, unit: str) -> str:
    return unit if kind == DEPARTMENT else f"{kind}/{unit}"


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


class _OrgUnit(Sent):
    id: Id
    type: Word
    name: Maybe = None
    parent_id: Id | None = None


def facts(kind: str, _external_id: str, content: bytes, origin: Origin) -> Sequence[Said]:
    if kind == "org_unit":
        return [_unit_changed(read_as(_OrgUnit, content), origin)]
    told = read_as(_Told, content)
    job = told.employments[0] if told.employments else _Employment()
    return employee_facts(_employee(told.person, job), origin)


def _unit_changed(unit: _OrgUnit, origin: Origin) -> Said:
    """A unit without a parent is one at the top, or one whose parent is not shown: nothing is said of it."""
    unit_type, _ = known(unit.type, enums.UNIT_TYPES, enums.UnitType.OTHER)
    return OrgUnitChanged(
        connection_id=origin.connection_id,
        delivery_id=origin.delivery_id,
        system=origin.system,
        said_at=origin.sent_at,
        key=_unit_key(unit.type, unit.id),
        name=unit.name,
        unit_type=unit_type,
        parent_key=_unit_key(unit.type, unit.parent_id) if unit.parent_id else None,
    )


def _employee(person: _Person, job: _Employment) -> Employee:
    full = " ".join(part for part in (person.first_name, person.last_name) if part)
    ended = job.termination or _Termination()
    units = {
        unit.type: _unit_key(unit.type or DEPARTMENT, unit.id)
        for unit in reversed(job.org_units or [])
    }
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
        unit=units.get(DEPARTMENT) or next(iter(units.values()), None),
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


def _id(each: Any) -> str:
    told = each.get("id") if isinstance(each, dict) else None
    if not told:
        raise Unanswered("The answer holds something without id.")
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
