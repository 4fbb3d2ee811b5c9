"""HiBob: `POST /v1/people/search`, for one employee or all of them; as a service user by basic authorisation."""

import json
from collections.abc import AsyncIterator, Sequence
from typing import Any

from services.gateway.integrations.fetching.calling import Access, Caller, Unanswered, basic
from services.gateway.integrations.fetching.vendors.terms import (
    Employee,
    Record,
    VendorApi,
    employee_facts,
)
from services.gateway.integrations.webhooks.events import Said
from services.gateway.integrations.webhooks.mapping import Origin
from services.gateway.integrations.webhooks.mapping.terms import (
    Day,
    Id,
    Maybe,
    Sent,
    read_as,
    read_object,
)

SEARCH = "/v1/people/search"
FIELDS = (
    "root.id",
    "root.displayName",
    "root.firstName",
    "root.surname",
    "root.email",
    "work.title",
    "work.department",
    "work.reportsTo",
    "work.startDate",
    "internal.status",
    "internal.terminationDate",
)
PAGE = 100
GONE = {"inactive", "terminated"}


class HiBob:
    """Lists are told with the words that people read, beside the ids of the words."""

    def __init__(self, access: Access) -> None:
        self._api = Caller(access, basic(access.client_id or "", access.secret))

    async def one(self, _kind: str, external_id: str) -> bytes | None:
        """Nobody is answered both for who does not exist and for who must not be seen."""
        by_id = {"fieldPath": "root.id", "operator": "equals", "values": [external_id]}
        found = await _search(self._api, [by_id])
        mine = [each for each in found if _id(each) == external_id]
        return json.dumps(mine[0]).encode() if mine else None

    async def listing(self) -> AsyncIterator[Sequence[Record]]:
        found = await _search(self._api.patient(), [])
        for start in range(0, len(found), PAGE):
            page = found[start : start + PAGE]
            yield [Record("person", _id(each), json.dumps(each).encode()) for each in page]


async def _search(api: Caller, filters: list[dict[str, Any]]) -> list[dict[str, Any]]:
    wanted: dict[str, Any] = {
        "fields": list(FIELDS),
        "showInactive": True,
        "humanReadable": "APPEND",
    }
    answer = await api.post(SEARCH, wanted | ({"filters": filters} if filters else {}))
    told = answer.content if answer else None
    employees = told.get("employees") if isinstance(told, dict) else None
    if not isinstance(employees, list) or not all(_id(each) for each in employees):
        raise Unanswered("The answer holds no employees with ids.")
    return employees


class _Told(Sent):
    id: Id
    display_name: Maybe
    first_name: Maybe
    surname: Maybe
    email: Maybe
    title: Maybe
    department: Maybe
    manager: Id | None
    start_date: Day
    status: Maybe
    termination_date: Day


def facts(_kind: str, external_id: str, content: bytes, origin: Origin) -> Sequence[Said]:
    told = read_object(content) or {}
    manager = _at(told, "work.reportsTo")
    words = told.get("humanReadable")
    spoken = _at(words, "work.title") if isinstance(words, dict) else None
    read = read_as(
        _Told,
        {
            "id": external_id,
            "display_name": _at(told, "root.displayName"),
            "first_name": _at(told, "root.firstName"),
            "surname": _at(told, "root.surname"),
            "email": _at(told, "root.email"),
            "title": spoken or _at(told, "work.title"),
            "department": _at(told, "work.department"),
            "manager": manager.get("id") if isinstance(manager, dict) else manager,
            "start_date": _at(told, "work.startDate"),
            "status": _at(told, "internal.status"),
            "termination_date": _at(told, "internal.terminationDate"),
        },
    )
    return employee_facts(_employee(read), origin)


def _employee(told: _Told) -> Employee:
    full = " ".join(part for part in (told.first_name, told.surname) if part)
    return Employee(
        id=told.id,
        has_left=(told.status or "").lower() in GONE,
        display_name=told.display_name or full or None,
        email=told.email,
        status="ACTIVE" if (told.status or "").lower() == "active" else None,
        hired_on=told.start_date,
        left_on=told.termination_date,
        title=told.title,
        unit=told.department,
        manager_id=told.manager,
    )


def _at(told: dict[str, Any], field: str) -> Any:
    """`root.email` as `{"/root/email": {"value": …}}`, or as `{"root": {"email": …}}`; those of root also flat."""
    flat = told.get("/" + field.replace(".", "/"))
    if isinstance(flat, dict) and "value" in flat:
        return flat["value"]
    part, name = field.split(".")
    inner = told if part == "root" else told.get(part)
    return inner.get(name) if isinstance(inner, dict) else None


def _id(told: object) -> str:
    return str(_at(told, "root.id") or "") if isinstance(told, dict) else ""


def _has_left(hints: Sequence[str]) -> bool:
    return "employee.deleted" in hints


def _target(_kind: str, external_id: str) -> tuple[str, str]:
    """What changes in a table of the employee's shows in the employee."""
    return "person", external_id


API = VendorApi(
    connect=HiBob,
    facts=facts,
    needs_client_id=True,
    target=_target,
    has_left=_has_left,
    lists="person",
)
