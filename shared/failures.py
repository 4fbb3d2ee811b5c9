"""Whatever goes wrong becomes a problem: ours as they are, a library's by what they mean to the caller."""

from http import HTTPStatus

import structlog
from asyncpg import InterfaceError, PostgresError
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm.exc import StaleDataError
from starlette.exceptions import HTTPException
from starlette.routing import Match

from shared.problems import (
    MEDIA_TYPE,
    Invalid,
    NotFound,
    PreconditionFailed,
    Problem,
    Unavailable,
    problem_document,
    respond,
)

log = structlog.get_logger()


def install(app: FastAPI) -> None:
    """Every 4xx and 5xx of the application leaves as a problem document."""
    app.add_exception_handler(HTTPException, _http)
    for kind in (
        Problem,
        RequestValidationError,
        StaleDataError,
        PoolTimeout,
        DBAPIError,
        PostgresError,
        InterfaceError,
        OSError,
        Exception,
    ):
        app.add_exception_handler(kind, _respond)


async def _respond(_request: Request, error: Exception) -> JSONResponse:
    return respond(problem_of(error))


def problem_of(error: Exception) -> Problem:
    """The problem to answer; what nobody foresaw is logged here, without values of rows."""
    match error:
        case Problem():
            return error
        case RequestValidationError():
            return Invalid.found(error.errors())
        case StaleDataError():
            return PreconditionFailed("Somebody changed it in the meantime. Read it again.")
        case DBAPIError():
            state = getattr(error.orig, "sqlstate", None) or ""
            return _by_state(error, "08000" if error.connection_invalidated or not state else state)
        case PostgresError():
            return _by_state(error, error.sqlstate or "")
        case PoolTimeout() | InterfaceError() | OSError():
            return _unavailable(error)
    return _unforeseen(error)


def _by_state(error: Exception, state: str) -> Problem:
    """Connection, resources and operator intervention (a statement that took too long) are not the caller's doing."""
    if state[:2] in {"08", "53", "57"}:
        return _unavailable(error)
    if state == "22003":
        return Invalid("A number is out of the range that can be stored.")
    if state[:2] == "22":
        return Invalid(
            "A value does not fit where it is used. A cursor works with its own list and order only."
        )
    return _unforeseen(error)


def _unavailable(error: Exception) -> Unavailable:
    log.warning("unavailable", error=type(error).__name__)
    return Unavailable("The database did not answer in time. Try again in a moment.")


def _unforeseen(error: Exception) -> Problem:
    """A driver's message may carry a row's values, so only our own code's traceback is logged."""
    told = None if isinstance(error, DBAPIError | PostgresError) else error
    log.error("unexpected", error=type(error).__name__, exc_info=told)
    return Problem("An unexpected error was logged under this request's id.")


async def _http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    if error.status_code == HTTPStatus.NOT_FOUND:
        return respond(NotFound())
    phrase = HTTPStatus(error.status_code).phrase
    headers = dict(error.headers or {})
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        headers["Allow"] = ", ".join(_allowed_methods(request))
    slug = phrase.lower().replace(" ", "-")
    detail = str(error.detail) if error.detail else phrase
    return JSONResponse(
        problem_document(slug, phrase, error.status_code, detail),
        status_code=error.status_code,
        headers=headers,
        media_type=MEDIA_TYPE,
    )


def _allowed_methods(request: Request) -> list[str]:
    """All methods that some route takes at this path; Starlette's own header names one route's only."""
    return [
        method
        for method in ("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT")
        if any(
            route.matches({**request.scope, "method": method})[0] is Match.FULL
            for route in request.app.routes
        )
    ]
