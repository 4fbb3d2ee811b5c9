"""BambooHR: an employee by `GET /employees/{id}`, all of them by a report; basic authorisation with the API key.

What comes back has the fields of its webhooks, so it is read by their mapper.
"""

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from services.gateway.integrations.fetching.calling import Access, Caller, Unanswered, basic
from services.gateway.integrations.fetching.vendors.terms import Record, VendorApi
from services.gateway.integrations.webhooks.events import Said
from services.gateway.integrations.webhooks.mapping import Origin, bamboohr
from services.gateway.integrations.webhooks.mapping.terms import read_object

FIELDS = (
    "displayName",
    "firstName",
    "lastName",
    "preferredName",
    "workEmail",
    "hireDate",
    "status",
    "employmentHistoryStatus",
    "terminationDate",
    "jobTitle",
    "department",
    "supervisorEId",
)
PAGE = 100


class BambooHr:
    """The API under `/api/v1` of the company's own host."""

    def __init__(self, access: Access) -> None:
        self._api = Caller(access, basic(access.secret, "x"))

    async def one(self, _kind: str, external_id: str) -> bytes | None:
        path = f"/api/v1/employees/{quote(external_id, safe='')}"
        answer = await self._api.get(path, {"fields": ",".join(FIELDS)})
        return None if answer is None else json.dumps(answer.content).encode()

    async def listing(self) -> AsyncIterator[Sequence[Record]]:
        """One report of everybody, also who has left; it has no pages."""
        wanted = {"title": "Waymark", "fields": ["id", *FIELDS]}
        path = "/api/v1/reports/custom?format=JSON&onlyCurrent=false"
        answer = await self._api.patient().post(path, wanted)
        told = _object(answer.content).get("employees") if answer else None
        if not isinstance(told, list):
            raise Unanswered("The report holds no employees.")
        for start in range(0, len(told), PAGE):
            yield [_record(each) for each in told[start : start + PAGE]]


def facts(_kind: str, external_id: str, content: bytes, origin: Origin) -> Sequence[Said]:
    """The webhooks have no day for somebody without a termination date: here it is the day of now."""
    told = read_object(content) or {}
    fields = {_NAMES.get(name, name): value for name, value in told.items() if name != "id"}
    status, kind = (str(fields.get(name) or "").lower() for name in ("status", "employmentStatus"))
    if (status or kind) in bamboohr.GONE:
        if not str(fields.get("terminationDate") or "").strip("0- "):
            fields["terminationDate"] = origin.sent_at.date().isoformat()
    elif kind in bamboohr.GONE:
        del fields["employmentStatus"]
    employee = {"id": external_id, "timestamp": origin.sent_at.isoformat(), "fields": fields}
    return bamboohr.read(json.dumps({"employees": [employee]}).encode(), origin).facts


def _record(told: object) -> Record:
    employee = str(_object(told).get("id") or "")
    if not employee:
        raise Unanswered("The report holds an employee without id.")
    return Record("person", employee, json.dumps(told).encode())


def _object(told: object) -> dict[str, Any]:
    return told if isinstance(told, dict) else {}


def _has_left(_hints: Sequence[str]) -> bool:
    """404 is said of an employee who does not exist; of one who must not be seen it is 403."""
    return True


def _target(_kind: str, external_id: str) -> tuple[str, str]:
    return "person", external_id


_NAMES: Mapping[str, str] = {"employmentHistoryStatus": "employmentStatus"}
API = VendorApi(
    connect=BambooHr,
    facts=facts,
    needs_client_id=False,
    target=_target,
    has_left=_has_left,
    lists="person",
)
