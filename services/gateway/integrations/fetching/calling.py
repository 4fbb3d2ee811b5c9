"""Requests to a vendor's API: authorised, bounded, and each failure told by what it means for the next request."""

import asyncio
import base64
import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from time import monotonic
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from services.gateway.integrations.fetching.rules import AWAY, DENIED, LONGEST_WAIT
from services.gateway.integrations.outbound.rules import retry_after
from shared import clock
from shared.outward import Outward, Reply, Unreached

SECONDS = 30.0
MOST_BYTES = 4 * 1024 * 1024
MOST_BYTES_LISTED = 64 * 1024 * 1024
PATIENCE = timedelta(seconds=60)
MOST_PATIENT_TRIES = 5
MOST_PAGES = 5_000
THROTTLED = timedelta(seconds=10)
TOKEN_SECONDS = 300.0
JSON = {"accept": "application/json", "content-type": "application/json"}
FORM = {"accept": "application/json", "content-type": "application/x-www-form-urlencoded"}
NEXT = re.compile(r'<([^<>]+)>\s*;[^,<]*\brel="?next"?')


class Unanswered(Exception):
    """The source did not answer as it should; the reason names no values.

    With `pause` it is not about the one thing: nothing of the connection is asked for that long. `status` where there
    was an answer.
    """

    def __init__(
        self, reason: str, *, pause: timedelta | None = None, status: int | None = None
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.pause = pause
        self.status = status


class Unfetchable(Exception):
    """This thing cannot be asked for, however often; the reason names no values."""


class NotThere(Exception):
    """The source does not have what a list was asked of."""


@dataclass(frozen=True, slots=True)
class Access:
    """Where and as whom a connection is asked."""

    outward: Outward
    base_url: str
    client_id: str | None
    secret: str


Query = Mapping[str, str | int] | Sequence[tuple[str, str | int]]
Authorize = Callable[[bool], Awaitable[Mapping[str, str]]]
"""The headers of a request; told whether the ones of before have been refused."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A JSON answer and its lower-case headers."""

    content: Any
    headers: Mapping[str, str]


class Caller:
    """Asks one vendor's API. A `patient` one waits by itself, up to a minute at a time, when it is asked to."""

    def __init__(self, access: Access, authorize: Authorize, *, patient: bool = False) -> None:
        self._access = access
        self._authorize = authorize
        self._patient = patient

    def patient(self) -> "Caller":
        """For listings, which would begin anew."""
        return Caller(self._access, self._authorize, patient=True)

    async def get(self, path: str, query: Query = ()) -> Answer | None:
        """None for what is not there. Raises `Unanswered`."""
        return await self._ask("GET", path + (f"?{urlencode(query)}" if query else ""))

    async def post(self, path: str, told: Any) -> Answer | None:
        """None for what is not there. Raises `Unanswered`."""
        return await self._ask("POST", path, json.dumps(told).encode())

    async def post_form(self, path: str, told: Mapping[str, str | int]) -> Answer | None:
        """None for what is not there. Raises `Unanswered`."""
        return await self._ask("POST", path, urlencode(told).encode(), FORM)

    async def pages(self, path: str, query: Query = ()) -> AsyncIterator[list[Any]]:
        """A list whose next page stands in the Link header, of which only the query is taken: nothing is sent to where
        an answer says. Raises `Unanswered`, `NotThere`.
        """
        for _ in range(MOST_PAGES):
            answer = await self.get(path, query)
            if answer is None:
                raise NotThere
            if not isinstance(answer.content, list):
                raise Unanswered("The answer is no list.")
            yield answer.content
            following = NEXT.search(answer.headers.get("link", ""))
            if following is None:
                return
            query = parse_qsl(urlsplit(following[1]).query)
        raise Unanswered("The list's pages do not end.")

    async def _ask(
        self, method: str, path: str, body: bytes = b"", kind: Mapping[str, str] = JSON
    ) -> Answer | None:
        renewed = False
        for tries in range(MOST_PATIENT_TRIES + 1):
            headers = {**kind, **await self._authorize(renewed)}
            most = MOST_BYTES_LISTED if self._patient else MOST_BYTES
            reply = await request(self._access, method, path, headers, body, most_bytes=most)
            if reply.status == 401 and not renewed:
                renewed = True
                continue
            try:
                return read(reply)
            except Unanswered as why:
                wait = why.pause if "retry-after" in reply.headers or _throttled(reply) else None
                if not self._patient or wait is None or wait > PATIENCE:
                    raise
                if tries == MOST_PATIENT_TRIES:
                    raise
                await asyncio.sleep(wait.total_seconds())
        raise Unanswered("The source refuses the credentials.", pause=DENIED)


async def request(
    access: Access,
    method: str,
    path: str,
    headers: Mapping[str, str],
    body: bytes = b"",
    *,
    most_bytes: int = MOST_BYTES,
) -> Reply:
    """Raises `Unanswered` when there is no answer at all."""
    url = access.base_url.rstrip("/") + path
    try:
        return await access.outward.fetch(
            method, url, headers=headers, body=body, within=SECONDS, most_bytes=most_bytes
        )
    except Unreached as why:
        raise Unanswered(f"The source was not reached: {why.reason}.", pause=AWAY) from None


def basic(user: str, password: str) -> Authorize:
    word = base64.b64encode(f"{user}:{password}".encode()).decode()

    async def authorize(_renew: bool) -> Mapping[str, str]:
        return {"authorization": f"Basic {word}"}

    return authorize


def bearer(token: str) -> Authorize:
    async def authorize(_renew: bool) -> Mapping[str, str]:
        return {"authorization": f"Bearer {token}"}

    return authorize


async def unauthorized(_renew: bool) -> Mapping[str, str]:
    """For an API that is told the token in the body."""
    return {}


class ClientCredentials:
    """OAuth 2.0's grant for machines; a token is used for as long as it lasts, and renewed once it is refused."""

    def __init__(
        self,
        access: Access,
        path: str,
        *,
        form: bool = True,
        headers: Mapping[str, str] | None = None,
        further: Mapping[str, str] | None = None,
    ) -> None:
        self._access = access
        self._path = path
        self._form = form
        self._headers = headers or {}
        self._further = further or {}
        self._token = ""
        self._until = 0.0
        self._lock = asyncio.Lock()

    async def __call__(self, renew: bool) -> Mapping[str, str]:
        async with self._lock:
            if renew or monotonic() >= self._until:
                await self._renew()
        return {"authorization": f"Bearer {self._token}", **self._headers}

    async def _renew(self) -> None:
        asked = {
            "grant_type": "client_credentials",
            "client_id": self._access.client_id or "",
            "client_secret": self._access.secret,
            **self._further,
        }
        body = urlencode(asked) if self._form else json.dumps(asked)
        headers = {**(FORM if self._form else JSON), **self._headers}
        reply = await request(self._access, "POST", self._path, headers, body.encode())
        if reply.status in (400, 401, 403):
            raise Unanswered("The source refuses the credentials.", pause=DENIED)
        answer = read(reply)
        told = answer.content if answer and isinstance(answer.content, dict) else {}
        token = told.get("access_token")
        if not isinstance(token, str) or not token.isascii() or not token.isprintable():
            raise Unanswered("The source's answer holds no access_token.", pause=AWAY)
        self._token = token
        self._until = monotonic() + _seconds(told.get("expires_in")) * 0.9


def _seconds(told: object) -> float:
    try:
        return min(max(float(str(told)), 0.0), 86_400.0)
    except ValueError:
        return TOKEN_SECONDS


def read(reply: Reply) -> Answer | None:
    """Raises `Unanswered`."""
    status = reply.status
    if status in (404, 410):
        return None
    if status in (429, 503) or _throttled(reply):
        told = retry_after(reply.headers.get("retry-after"), now=clock.now())
        wait = (THROTTLED if status == 403 else AWAY) if told is None else told
        why = f"The source asks to wait: {status}."
        raise Unanswered(why, pause=min(wait, LONGEST_WAIT), status=status)
    if status in (401, 403):
        why = f"The source refuses the credentials: {status}."
        raise Unanswered(why, pause=DENIED, status=status)
    if not 200 <= status < 300:
        raise Unanswered(f"The source answered {status}.", status=status)
    try:
        return Answer(json.loads(reply.body), reply.headers)
    except (ValueError, RecursionError):
        raise Unanswered("The source's answer is no JSON.") from None


def _throttled(reply: Reply) -> bool:
    """Canvas says so with 403 and these words, https://canvas.instructure.com/doc/api/file.throttling.html"""
    return reply.status == 403 and b"rate limit exceeded" in reply.body[:500].lower()
