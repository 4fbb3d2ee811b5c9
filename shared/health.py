"""Is it alive, is it ready, has it started: never a question to another service."""

from time import monotonic

from alembic.script import ScriptDirectory
from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from shared.migrations import script_directory
from shared.problems import Unavailable, respond
from shared.service import Service

CACHE_SECONDS = 1.0

routes = APIRouter(include_in_schema=False)


class Readiness:
    """The database answers at the expected revision; asked at most once in `CACHE_SECONDS`."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._expected = _head(script_directory(service.blueprint.database_name))
        self._asked_at = float("-inf")
        self._reason: str | None = "not asked yet"

    async def reason_against(self) -> str | None:
        """None when ready, else one sentence."""
        if self._service.draining:
            return "shutting down"
        if monotonic() - self._asked_at > CACHE_SECONDS:
            self._reason = await self._ask()
            self._asked_at = monotonic()
        return self._reason

    async def _ask(self) -> str | None:
        try:
            async with self._service.database.engine.connect() as connection:
                revision = await connection.scalar(text("SELECT version_num FROM alembic_version"))
        except (SQLAlchemyError, OSError) as error:
            return f"database: {type(error).__name__}"
        if revision != self._expected:
            return f"database is at revision {revision}, this code expects {self._expected}"
        return None


def _head(scripts: ScriptDirectory) -> str | None:
    return scripts.get_current_head()


@routes.get("/livez")
async def livez() -> Response:
    return JSONResponse({"status": "alive"})


@routes.get("/readyz")
@routes.get("/startupz")
async def readyz(request: Request) -> Response:
    readiness: Readiness = request.app.state.readiness
    reason = await readiness.reason_against()
    if reason is not None:
        return respond(Unavailable(reason))
    instance: str = request.app.state.service.settings.instance
    headers = {"X-Waymark-Instance": instance} if instance else None
    return JSONResponse({"status": "ready"}, headers=headers)
