"""What could not be had: nulls at its fields, an error with the exact path for each, the rest of the answer whole."""

import json
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from graphql import GraphQLError

from shared.http import CallFailed

CODES = {
    400: "BAD_USER_INPUT",
    401: "UNAUTHENTICATED",
    403: "FORBIDDEN",
    404: "NOT_FOUND",
    409: "CONFLICT",
    412: "PRECONDITION_FAILED",
    422: "BAD_USER_INPUT",
    503: "SERVICE_UNAVAILABLE",
}


class UpstreamProblem(Exception):
    """A service answered with a problem instead of records."""

    def __init__(self, status: int, document: bytes) -> None:
        self.status = status
        try:
            self.problem: dict[str, Any] = json.loads(document)
        except ValueError:
            self.problem = {}
        super().__init__(str(self.problem.get("detail", "no problem document")))


@dataclass(frozen=True, slots=True)
class _Failure:
    paths: Sequence[tuple[str, ...]]
    error: Exception
    depth: int | None


@dataclass(slots=True)
class Failures:
    """The failures of one run. Marked places are found again in the finished answer to tell their exact paths."""

    _nonce: str = ""
    _failures: list[_Failure] = field(default_factory=list)

    def mark(
        self, paths: Sequence[tuple[str, ...]], error: Exception, depth: int | None = None
    ) -> bytes:
        """The text that stands for the missing value until `finish`.

        `depth` tells how many steps of the path lead to the place that becomes null; without it, all of them.
        """
        self._nonce = self._nonce or secrets.token_hex(8)
        self._failures.append(_Failure(paths, error, depth))
        return json.dumps(f"{self._nonce}{len(self._failures) - 1}").encode()

    def finish(self, fields: bytes) -> bytes:
        """The answer with `fields` as its data, marks replaced by null and told as errors."""
        if not self._failures:
            return b'{"data":' + fields + b"}"
        found = json.loads(fields)
        cleared = [
            (path, failure)
            for number, failure in enumerate(self._failures)
            for pattern in failure.paths
            for path in _clear(found, pattern, (), f"{self._nonce}{number}")
        ]
        for path, failure in cleared:
            _set_null(found, path[: failure.depth])
        errors = [describe(failure.error, path) for path, failure in cleared]
        return json.dumps({"data": found, "errors": errors}, separators=(",", ":")).encode()


def _set_null(node: Any, path: Sequence[str | int]) -> None:
    """Where another failure has left a null on the way, nothing is to do."""
    *above, last = path
    for step in above:
        if node is None:
            return
        node = node[step]
    if node is not None:
        node[last] = None


def _clear(
    node: Any, pattern: Sequence[str], path: tuple[str | int, ...], mark: str
) -> Iterator[tuple[str | int, ...]]:
    """Replaces the mark by null wherever the pattern leads and yields these paths."""
    step, *rest = pattern
    steps: Sequence[str | int] = (
        range(len(node)) if step == "*" and isinstance(node, list) else (step,)
    )
    for each in steps:
        child = node.get(each) if isinstance(node, dict) else node[each]
        if child == mark:
            node[each] = None
            yield (*path, each)
        elif rest and isinstance(child, dict | list):
            yield from _clear(child, rest, (*path, each), mark)


def describe(error: Exception, path: Sequence[str | int]) -> dict[str, Any]:
    """One entry of `errors`; what is not ours to tell is masked."""
    match error:
        case UpstreamProblem():
            extensions = {"code": CODES.get(error.status, "INTERNAL"), "problem": error.problem}
            message = str(error)
        case CallFailed():
            extensions = {"code": "SERVICE_UNAVAILABLE"}
            message = "A service did not answer in time; this part is missing."
        case GraphQLError():
            extensions = dict(error.extensions or {"code": "BAD_USER_INPUT"})
            message = error.message
        case _:
            extensions, message = {"code": "INTERNAL"}, "An unexpected error was logged."
    return {"message": message, "path": list(path), "extensions": extensions}
