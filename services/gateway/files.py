"""Pictures, tables and calendars at the gateway: `GET /files/{name}` goes to the service that makes the file.

Whether the caller may see what is in it that service decides, by the caller's own token. Ids are those of GraphQL, or
plain ones.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import AwareDatetime

from services.gateway.types.ids import NotAnId, decode_as
from shared import files
from shared.http import Answer, CallFailed, ServiceClient
from shared.problems import Invalid, NotFound, Unavailable, documented

HANDED_BACK = (
    "Cache-Control",
    "Content-Disposition",
    "Content-Security-Policy",
    "Content-Type",
    "Vary",
    "WWW-Authenticate",
)


@dataclass(frozen=True, slots=True)
class File:
    """Which service makes it, where, and within how many seconds where that is longer than usual."""

    service: str
    path: str
    seconds: float | None = None


FILES: Mapping[str, File] = {
    "gap.svg": File("goals", "/gaps/gap.svg"),
    "gap.csv": File("goals", "/gaps/gap.csv"),
    "heat-map.svg": File("goals", "/gaps/heat-map.svg", seconds=31.0),
    "goals.ics": File("goals", "/goals/calendar.ics"),
    "check-ins.ics": File("feedback", "/checkins/calendar.ics"),
}
MADE: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The file.",
        "content": {
            each: {"schema": {"type": "string"}} for each in (files.SVG, files.CSV, files.ICS)
        },
    }
}

routes = APIRouter(tags=["files"], responses=documented(400, 401, 403, 404, 422, 503))


@routes.get("/files/{name}", response_class=Response, responses=MADE)
async def read_file(
    request: Request,
    name: Annotated[str, Path(description=f"One of {', '.join(FILES)}.")],
    person_id: Annotated[str | None, Query(alias="personId")] = None,
    role_id: Annotated[str | None, Query(alias="roleId")] = None,
    org_unit_id: Annotated[str | None, Query(alias="orgUnitId")] = None,
    as_of: Annotated[date | None, Query(alias="asOf")] = None,
    known_at: Annotated[AwareDatetime | None, Query(alias="knownAt")] = None,
) -> Response:
    """A file about oneself, or about a person that one may see it of."""
    if name not in FILES:
        raise NotFound(f"There is no file {name!r}; there are {', '.join(FILES)}.")
    asked = {
        "personId": _key("personId", "Person", person_id),
        "roleId": _key("roleId", "Role", role_id),
        "orgUnitId": _key("orgUnitId", "OrgUnit", org_unit_id),
        "asOf": as_of and as_of.isoformat(),
        "knownAt": known_at and known_at.isoformat(),
    }
    clients: Mapping[str, ServiceClient] = request.app.state.clients
    file = FILES[name]
    told = urlencode({each: value for each, value in asked.items() if value is not None})
    token = request.headers.get("authorization")
    try:
        answer = await clients[file.service].call(
            b"GET",
            f"{file.path}?{told}".encode(),
            headers=f"Authorization: {token}\r\n".encode("latin-1") if token else b"",
            idempotent=True,
            within=file.seconds,
        )
    except CallFailed:
        raise Unavailable("The service that makes this file did not answer. Try again.") from None
    return _handed_back(answer)


def _key(argument: str, noun: str, given: str | None) -> str | None:
    """Raises `Invalid`."""
    if given is None:
        return None
    try:
        return str(UUID(given))
    except ValueError:
        pass
    try:
        return decode_as(noun, given)
    except NotAnId as problem:
        raise Invalid.field(f"query:{argument}", str(problem)) from None


def _handed_back(answer: Answer) -> Response:
    told = answer.headers
    headers = {
        name: told[name.lower().encode()].decode("latin-1")
        for name in HANDED_BACK
        if name.lower().encode() in told
    }
    return Response(answer.body, status_code=answer.status, headers=headers)
