"""Failures as classes with a sentence, rendered once as RFC 9457 problem documents."""

import re
from collections.abc import Iterable, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi.responses import JSONResponse
from pydantic import BaseModel

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


class MethodNotAllowed(Problem):
    """That method is not possible here."""

    status = HTTPStatus.METHOD_NOT_ALLOWED

    def __init__(self, allowed: str) -> None:
        super().__init__(f"Possible here: {allowed}.", headers={"Allow": allowed})


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

    @classmethod
    def found(cls, errors: Iterable[Mapping[str, Any]], *within: str) -> "Invalid":
        """What pydantic found; `within` leads from the request to what it looked at, e.g. "body"."""
        wrong = [
            {"pointer": pointer((*within, *each["loc"])), "detail": each["msg"]} for each in errors
        ]
        return cls("; ".join(f"{e['pointer']}: {e['detail']}" for e in wrong), errors=wrong)


class TakesTooLong(Invalid):
    """That much cannot be reckoned at once."""


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
        headers={
            **problem.headers,
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
        },
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


def pointer(location: Sequence[str | int]) -> str:
    """A pydantic location as a JSON pointer into the body, or `query:name` for what stands elsewhere."""
    place, *path = location or ("body",)
    if place == "body":
        return "/" + "/".join(str(part) for part in path)
    return ":".join(str(part) for part in location)
