"""Bulk doors at the gateway: `POST /imports/{kind}` goes to the service that owns the kind, with the caller's token."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from shared.http import CallFailed, ServiceClient
from shared.problems import NotFound, Unavailable, documented

OWNERS = {
    "org-units": "profile",
    "people": "profile",
    "grants": "profile",
    "frameworks": "profile",
    "skills": "profile",
    "instruments": "profile",
    "interpretations": "profile",
    "occupation-interests": "profile",
    "occupation-values": "profile",
    "skill-associations": "profile",
    "skill-tests": "profile",
    "roles": "goals",
    "courses": "goals",
}
SECONDS = 60.0

routes = APIRouter(tags=["imports"], responses=documented(400, 401, 403, 404, 413, 422, 503))


@routes.post(
    "/imports/{kind}",
    response_class=Response,
    responses={200: {"content": {"application/x-ndjson": {}}, "description": "A verdict a line."}},
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"application/x-ndjson": {"schema": {"type": "string"}}},
        }
    },
)
async def import_rows(
    request: Request,
    kind: Annotated[str, Path(description=f"One of {', '.join(OWNERS)}.")],
    dry_run: Annotated[bool, Query(alias="dryRun", description="Try, and take back.")] = False,
) -> Response:
    """Takes rows as NDJSON, at most 1,000 lines, and answers one verdict a line."""
    if kind not in OWNERS:
        raise NotFound(f"There is no import of {kind!r}; there are {', '.join(OWNERS)}.")
    clients: Mapping[str, ServiceClient] = request.app.state.clients
    try:
        answer = await clients[OWNERS[kind]].call(
            b"POST",
            f"/imports/{kind}?dryRun={str(dry_run).lower()}".encode(),
            headers=_handed_on(request),
            body=await request.body(),
            idempotent=False,
            within=SECONDS,
        )
    except CallFailed:
        raise Unavailable("The service behind this import did not answer. Send it again.") from None
    media_type = answer.headers.get(b"content-type", b"application/x-ndjson").decode("latin-1")
    return Response(answer.body, status_code=answer.status, media_type=media_type)


def _handed_on(request: Request) -> bytes:
    lines = [
        f"{name}: {value}\r\n"
        for name in ("Authorization", "Content-Type", "Idempotency-Key")
        if (value := request.headers.get(name)) is not None
    ]
    return "".join(lines).encode("latin-1")
