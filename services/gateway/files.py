"""Pictures, tables and calendars at the gateway: `GET /files/{name}` goes to the service that makes the file.

Whether the caller may see what is in it that service decides, by the caller's own token. Ids are those of GraphQL, or
plain ones.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pydantic import AwareDatetime

from services.gateway.types.ids import NOUN_OF_ARGUMENT, NotAnId, decode_as
from shared import files
from shared.http import Answer, CallFailed, ServiceClient
from shared.problems import Invalid, NotFound, Unavailable, documented

ZIP = "application/zip"
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
    """Who makes it, and where; what stands in braces must be given. `seconds` where it takes longer than usual."""

    service: str
    path: str
    seconds: float | None = None

    def target(self, asked: Mapping[str, str]) -> str:
        """Path and query; raises `Invalid`."""
        rest = dict(asked)

        def given(found: re.Match[str]) -> str:
            if (value := rest.pop(found[1], None)) is None:
                raise Invalid.field(f"query:{found[1]}", "say which one")
            return value

        path = PLACEHOLDER.sub(given, self.path)
        return f"{path}?{urlencode(rest)}"


FILES: Mapping[str, File] = {
    "gap.svg": File("goals", "/gaps/gap.svg"),
    "gap.csv": File("goals", "/gaps/gap.csv"),
    "heat-map.svg": File("goals", "/gaps/heat-map.svg", seconds=31.0),
    "growth.svg": File("profile", "/skills/growth.svg"),
    "interests.svg": File("profile", "/assessments/results/{resultId}/hexagon.svg"),
    "export.zip": File("profile", "/exports/{exportId}/archive"),
    "goals.ics": File("goals", "/goals/calendar.ics"),
    "check-ins.ics": File("feedback", "/checkins/calendar.ics"),
}
MADE: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The file.",
        "content": {
            each: {"schema": {"type": "string"}} for each in (files.SVG, files.CSV, files.ICS, ZIP)
        },
    }
}

PLACEHOLDER = re.compile(r"{(\w+)}")

routes = APIRouter(tags=["files"], responses=documented(400, 401, 403, 404, 422, 503))


def _asked(
    person_id: Annotated[str | None, Query(alias="personId")] = None,
    role_id: Annotated[str | None, Query(alias="roleId")] = None,
    org_unit_id: Annotated[str | None, Query(alias="orgUnitId")] = None,
    export_id: Annotated[str | None, Query(alias="exportId")] = None,
    result_id: Annotated[str | None, Query(alias="resultId")] = None,
    baseline_id: Annotated[str | None, Query(alias="baselineId")] = None,
    since: Annotated[date | None, Query()] = None,
    as_of: Annotated[date | None, Query(alias="asOf")] = None,
    known_at: Annotated[AwareDatetime | None, Query(alias="knownAt")] = None,
) -> Mapping[str, str]:
    """What is given, under the names of the services' doors. Raises `Invalid`."""
    ids = {
        "personId": person_id,
        "roleId": role_id,
        "orgUnitId": org_unit_id,
        "exportId": export_id,
        "resultId": result_id,
        "baselineId": baseline_id,
    }
    asked = {name: _key(name, given) for name, given in ids.items() if given is not None}
    moments = {"since": since, "asOf": as_of, "knownAt": known_at}
    return asked | {name: each.isoformat() for name, each in moments.items() if each is not None}


@routes.get("/files/{name}", response_class=Response, responses=MADE)
async def read_file(
    request: Request,
    name: Annotated[str, Path(description=f"One of {', '.join(FILES)}.")],
    asked: Annotated[Mapping[str, str], Depends(_asked)],
) -> Response:
    """A file about oneself, or about a person that one may see it of."""
    if name not in FILES:
        raise NotFound(f"There is no file {name!r}; there are {', '.join(FILES)}.")
    clients: Mapping[str, ServiceClient] = request.app.state.clients
    file = FILES[name]
    target = file.target(asked).encode()
    token = request.headers.get("authorization")
    try:
        answer = await clients[file.service].call(
            b"GET",
            target,
            headers=f"Authorization: {token}\r\n".encode("latin-1") if token else b"",
            idempotent=True,
            within=file.seconds,
        )
    except CallFailed:
        raise Unavailable("The service that makes this file did not answer. Try again.") from None
    return _handed_back(answer)


def _key(argument: str, given: str) -> str:
    """Raises `Invalid`."""
    try:
        return str(UUID(given))
    except ValueError:
        pass
    try:
        return decode_as(NOUN_OF_ARGUMENT[argument], given)
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
