"""Failures as classes with a sentence, rendered once as RFC 9457 problem documents."""

import re
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

import structlog
from asyncpg import InterfaceError, PostgresError
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm.exc import StaleDataError
from starlette.exceptions import HTTPException
from starlette.routing import Match

log = structlog.get_logger()

MEDIA_TYPE = "application/problem+json"


class Problem(Exception):
    """Something went wrong."""

    status = HTTPStatus.INTERNAL_SERVER_ERROR

    def __init__(
        self, detail: str, *, headers: Mapping[str, str] | None = None, **members: Any
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.headers = dict(headers or {})
        self.members = members

    @classmethod
    def slug(cls) -> str:
        """The stable name of this kind of problem, e.g. `goal-already-closed`."""
        return re.sub(r"(?<!^)(?=[A-Z])", "-", cls.__name__).lower()

    def document(self) -> dict[str, Any]:
        """The RFC 9457 members; the class's docstring is the title."""
        return problem_document(
            self.slug(), (self.__doc__ or "").strip(), self.status, self.detail, **self.members
        )


class BadRequest(Problem):
    """The request could not be understood."""

    status = HTTPStatus.BAD_REQUEST


class Unauthenticated(Problem):
    """A valid access token is required."""

    status = HTTPStatus.UNAUTHORIZED

    def __init__(self, detail: str) -> None:
        super().__init__(detail, headers={"WWW-Authenticate": "Bearer"})


class Forbidden(Problem):
    """You may see this, but not do that with it."""

    status = HTTPStatus.FORBIDDEN


class NotFound(Problem):
    """There is no such thing, or it is not yours to see."""

    status = HTTPStatus.NOT_FOUND

    def __init__(self, detail: str = "Nothing is found at this address for you.") -> None:
        super().__init__(detail)


class Conflict(Problem):
    """The request does not fit the current state."""

    status = HTTPStatus.CONFLICT


class StateTransition(Conflict):
    """That step is not possible from the current state."""

    def __init__(self, current: str, wanted: str, allowed: Sequence[str]) -> None:
        steps = ", ".join(allowed) or "none"
        super().__init__(
            f"From {current} to {wanted} is no step; possible: {steps}.", allowed=list(allowed)
        )


class PreconditionFailed(Problem):
    """The row has changed since you read it."""

    status = HTTPStatus.PRECONDITION_FAILED


class PreconditionRequired(Problem):
    """This change needs an If-Match header."""

    status = HTTPStatus.PRECONDITION_REQUIRED


class TooLarge(Problem):
    """The request is too large."""

    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE


class Invalid(Problem):
    """Some fields are not valid."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY

    @classmethod
    def field(cls, pointer: str, detail: str) -> "Invalid":
        """One wrong field, named by its JSON pointer, with the fix."""
        return cls(f"{pointer}: {detail}", errors=[{"pointer": pointer, "detail": detail}])


class Unavailable(Problem):
    """Waymark cannot answer this right now."""

    status = HTTPStatus.SERVICE_UNAVAILABLE

    def __init__(self, detail: str) -> None:
        super().__init__(detail, headers={"Retry-After": "2"})


class FieldError(BaseModel):
    """One wrong field of a request."""

    pointer: str
    detail: str


class ProblemDocument(BaseModel):
    """An RFC 9457 problem; further members depend on its type."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[FieldError] = []


def problem_document(
    slug: str, title: str, status: int, detail: str, **members: Any
) -> dict[str, Any]:
    return {
        "type": f"urn:waymark:problem:{slug}",
        "title": title,
        "status": int(status),
        "detail": detail,
        **members,
    }


def respond(problem: Problem) -> JSONResponse:
    return JSONResponse(
        problem.document(),
        status_code=problem.status,
        headers=problem.headers,
        media_type=MEDIA_TYPE,
    )


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The `responses=` of a route that may answer problems with these statuses."""
    return {
        status: {
            "description": HTTPStatus(status).phrase,
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemDocument"}}},
        }
        for status in statuses
    }


def install(app: FastAPI) -> None:
    """Every 4xx and 5xx of the application leaves as a problem document."""
    app.add_exception_handler(Problem, _problem)
    app.add_exception_handler(RequestValidationError, _validation)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(StaleDataError, _stale)
    app.add_exception_handler(PoolTimeout, _unavailable)
    app.add_exception_handler(DBAPIError, _database)
    app.add_exception_handler(PostgresError, _postgres)
    app.add_exception_handler(InterfaceError, _unavailable)
    app.add_exception_handler(OSError, _unavailable)
    app.add_exception_handler(Exception, _unexpected)


async def _problem(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, Problem)
    return respond(error)


async def _validation(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    errors = [
        {"pointer": pointer(found["loc"]), "detail": found["msg"]} for found in error.errors()
    ]
    return respond(
        Invalid("; ".join(f"{e['pointer']}: {e['detail']}" for e in errors), errors=errors)
    )


def pointer(location: Sequence[str | int]) -> str:
    """A pydantic location as a JSON pointer into the body, or `query:name` for what stands elsewhere."""
    place, *path = location or ("body",)
    if place == "body":
        return "/" + "/".join(str(part) for part in path)
    return ":".join(str(part) for part in location)


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


async def _stale(_request: Request, _error: Exception) -> JSONResponse:
    return respond(
        PreconditionFailed("Somebody changed it in the meantime. Read it again and repeat.")
    )


async def _database(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, DBAPIError)
    state = getattr(error.orig, "sqlstate", None) or ""
    if error.connection_invalidated or not state:
        return await _unavailable(request, error)
    return await _by_state(request, error, state)


async def _postgres(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, PostgresError)
    return await _by_state(request, error, error.sqlstate or "")


async def _by_state(request: Request, error: Exception, state: str) -> JSONResponse:
    """Connection, resources and operator's intervention (a statement that took too long) are not the caller's doing."""
    if state[:2] in {"08", "53", "57"}:
        return await _unavailable(request, error)
    if state == "22003":
        return respond(Invalid("A number is out of the range that can be stored."))
    return await _unexpected(request, error)


async def _unavailable(_request: Request, error: Exception) -> JSONResponse:
    log.warning("unavailable", error=type(error).__name__)
    return respond(Unavailable("The database did not answer in time. Try again in a moment."))


async def _unexpected(_request: Request, error: Exception) -> JSONResponse:
    log.error("unexpected", error=type(error).__name__, exc_info=_without_values(error))
    return respond(Problem("An unexpected error was logged under this request's id."))


def _without_values(error: Exception) -> Exception | None:
    """Only our own code's traceback: a driver's message may carry a row's values."""
    return None if isinstance(error, DBAPIError | PostgresError) else error
