"""Reading a GraphQL request: what is asked, in which form the answer is wanted, and whether it is well formed."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NoReturn
from urllib.parse import parse_qsl

from graphql import GraphQLError

from services.gateway.graph.limits import Limits

GRAPHQL_JSON = "application/graphql-response+json"
JSON = "application/json"
EVENT_STREAM = "text/event-stream"
HTML = "text/html"
_WEIGHT = re.compile(r"q=[01](\.\d{0,3})?")
_REFUSED = re.compile(r"q=0(\.0*)?|charset=(?!\"?utf-?8).*")
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")


class RequestError(Exception):
    """The request is refused before anything is executed.

    `of_document` are errors of the GraphQL document or its variables, which clients of plain JSON expect with 200.
    """

    def __init__(
        self,
        status: int,
        code: str,
        errors: list[Mapping[str, Any]] | str,
        *,
        allow: str | None = None,
        of_document: bool = False,
    ) -> None:
        self.status = status
        self.code = code
        self.allow = allow
        self.of_document = of_document
        self.errors: list[Mapping[str, Any]] = (
            [{"message": errors, "extensions": {"code": code}}]
            if isinstance(errors, str)
            else errors
        )

    @classmethod
    def of(
        cls, errors: list[GraphQLError], code: str, status: int = 400, *, of_document: bool = True
    ) -> "RequestError":
        """Errors without a code of their own get this one."""
        told: list[Mapping[str, Any]] = [
            {**each.formatted, "extensions": each.extensions or {"code": code}} for each in errors
        ]
        first = str((errors[0].extensions or {}).get("code", code))
        return cls(status, first, told, of_document=of_document)

    @property
    def limit(self) -> str:
        """The exceeded limit's name, or nothing."""
        return str(self.errors[0].get("extensions", {}).get("limit", ""))


@dataclass(frozen=True, slots=True)
class Asked:
    """A well-formed GraphQL request; `document_id` stands for a text that the gateway may know."""

    query: str
    operation_name: str | None
    variables: dict[str, Any]
    document_id: str | None = None


@lru_cache(maxsize=256)
def negotiate(accept: str) -> str:
    """The media type of the answer: the JSON that is liked better, else a stream. Raises `RequestError` (406)."""
    offered = _offered(accept or "*/*")
    if liked := [each for each in (GRAPHQL_JSON, JSON) if each in offered]:
        return max(liked, key=lambda each: offered[each])
    if EVENT_STREAM in offered:
        return EVENT_STREAM
    if {"*/*", "application/*"} & offered.keys():
        return JSON
    raise RequestError(
        406, "NOT_ACCEPTABLE", f"Accept {GRAPHQL_JSON}, {JSON} or, to subscribe, {EVENT_STREAM}."
    )


@lru_cache(maxsize=256)
def accepts(accept: str, media_type: str) -> bool:
    """Whether a media type is listed by its own name."""
    return media_type in _offered(accept)


def _offered(accept: str) -> dict[str, float]:
    """What is listed and not refused, with how much it is liked (RFC 9110, 12.4.2)."""
    found: dict[str, float] = {}
    for part in accept.split(","):
        name, *parameters = (each.strip().lower() for each in part.split(";"))
        if not any(_REFUSED.fullmatch(each) for each in parameters):
            found[name] = max(found.get(name, 0), _weight(parameters))
    return found


def _weight(parameters: Sequence[str]) -> float:
    weights = [float(each[2:]) for each in parameters if _WEIGHT.fullmatch(each)]
    return weights[0] if weights else 1.0


@lru_cache(maxsize=64)
def check_content(content_type: bytes, encoding: bytes) -> None:
    """Raises `RequestError` (415) for a body that is not plain JSON in UTF-8."""
    given = content_type.decode("latin-1").lower()
    media_type, *parameters = (each.strip() for each in given.split(";"))
    charsets = [each[8:].strip('"') for each in parameters if each.startswith("charset=")]
    if media_type != JSON or any(each not in ("utf-8", "utf8") for each in charsets):
        raise RequestError(
            415, "UNSUPPORTED_MEDIA_TYPE", f"Send Content-Type: {JSON}, encoded in UTF-8."
        )
    if encoding.lower() != b"identity":
        raise RequestError(415, "UNSUPPORTED_MEDIA_TYPE", "Send the body without Content-Encoding.")


def from_body(body: bytes, limits: Limits) -> Asked:
    """The request of a JSON body; raises `RequestError` (400)."""
    wire = decode(body, limits)
    if isinstance(wire, list):
        raise RequestError(
            400, "BATCHING_NOT_SUPPORTED", "Send one request at a time: batches are not taken."
        )
    return from_wire(wire)


def from_query_string(raw: bytes, limits: Limits) -> Asked:
    """The request of a GET; raises `RequestError` (400)."""
    try:
        pairs = parse_qsl(raw.decode("ascii"), max_num_fields=10, errors="strict")
    except ValueError:
        raise malformed("The query string cannot be read.") from None
    wire: dict[str, Any] = dict(pairs)
    for name in ("variables", "extensions"):
        if wire.get(name):
            wire[name] = decode(wire[name].encode(), limits)
    return from_wire(wire)


def from_wire(wire: Any) -> Asked:
    """The request of its JSON object; raises `RequestError` (400)."""
    if not isinstance(wire, dict):
        raise malformed("Send one JSON object with a `query`.")
    query = _member(wire, "query", str) or ""
    document_id = _document_id(wire)
    if not query and document_id is None:
        raise malformed("`query` is missing: send the text of a GraphQL document.")
    return Asked(
        query=query,
        operation_name=_member(wire, "operationName", str) or None,
        variables=_member(wire, "variables", dict) or {},
        document_id=document_id,
    )


def _document_id(wire: dict[str, Any]) -> str | None:
    """`documentId`, or the hash of Apollo's automatic persisted queries."""
    if (given := _member(wire, "documentId", str)) is not None:
        return str(given).removeprefix("sha256:")
    persisted = (_member(wire, "extensions", dict) or {}).get("persistedQuery")
    if persisted is None:
        return None
    if not isinstance(persisted, dict) or persisted.get("version") != 1:
        raise malformed("`extensions.persistedQuery` must have `version` 1 and `sha256Hash`.")
    return str(_member(persisted, "sha256Hash", str) or "")


def _member(wire: dict[str, Any], name: str, kind: type) -> Any:
    value = wire.get(name)
    if value is not None and not isinstance(value, kind):
        raise malformed(f"`{name}` has the wrong type.")
    return value


def exceeded(error: GraphQLError, status: int = 400) -> RequestError:
    """A limit of requests, not of documents."""
    return RequestError.of([error], "", status, of_document=False)


def malformed(message: str) -> RequestError:
    return RequestError(400, "BAD_REQUEST", message)


def _not_json(text: str) -> NoReturn:
    raise ValueError(text)


_DECODER = json.JSONDecoder(parse_constant=_not_json)


def decode(body: bytes, limits: Limits) -> Any:
    """JSON within the limits, in UTF-8; raises `RequestError`. Looks closer only where a limit is within reach."""
    try:
        wire = _DECODER.decode(body.decode())
    except RecursionError:
        raise exceeded(limits.refuse("json_depth")) from None
    except ValueError:
        raise malformed("The body is not JSON in UTF-8.") from None
    brackets = body.count(b"{") + body.count(b"[")
    if brackets > limits.json_depth or body.count(b",") >= limits.values or b"\\u" in body:
        _examine(wire, limits)
    return wire


def _examine(wire: Any, limits: Limits) -> None:
    level, depth, values = [wire], 0, 0
    while level:
        depth, values = depth + 1, values + len(level)
        if depth > limits.json_depth + 1 or values > limits.values:
            limit = "values" if values > limits.values else "json_depth"
            raise exceeded(limits.refuse(limit))
        below: list[Any] = []
        for each in level:
            if isinstance(each, str) and _UNSTORABLE.search(each):
                raise malformed("Text must not have the character U+0000 or half a surrogate pair.")
            if isinstance(each, dict):
                below.extend(each.values())
            elif isinstance(each, list):
                below.extend(each)
        level = below
