"""The bulk door seen from outside: NDJSON lines out, one answer a line back, patient with a restart."""

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Final, Self

import httpx

PAUSES: Final = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 8.0)
MOST_BYTES: Final = 7 * 1024 * 1024
_WORTH_WAITING: Final = {429, 502, 503, 504}
_LONGEST_PAUSE: Final = 30.0


class ImportStopped(Exception):
    """The import stopped. What was acknowledged stands; the same command continues after it."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the door says about one line; `reason` is set when the line was refused."""

    status: str
    id: str | None
    reason: str


class Door:
    """`POST /imports/{kind}` at one gateway, with one token.

    Lines are safe to send twice, so every transport failure and every "not now" is tried again;
    `waiting` hears why, before each of the `pauses` (seconds).
    """

    def __init__(
        self,
        gateway_url: str,
        token: str,
        *,
        dry_run: bool,
        pauses: Sequence[float] = PAUSES,
        waiting: Callable[[str], None],
    ) -> None:
        self._client = httpx.AsyncClient(
            base_url=gateway_url.rstrip("/"),
            headers={"Authorization": f"Bearer {token}"},
            timeout=httpx.Timeout(10, read=120, write=60),
            trust_env=False,
        )
        self._gateway_url = gateway_url
        self._dry_run = dry_run
        self._pauses = pauses
        self._waiting = waiting

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        _type: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        await self._client.aclose()

    async def send(self, kind: str, lines: Sequence[Mapping[str, Any]]) -> list[Answer]:
        """Answers in the order of the lines; as many requests as their bytes need."""
        answers: list[Answer] = []
        for body, count in _bodies(lines):
            answers += _answers(await self._post(kind, body), count)
        return answers

    async def _post(self, kind: str, body: bytes) -> httpx.Response:
        for pause in (*self._pauses, None):
            try:
                response = await self._client.post(
                    f"/imports/{kind}",
                    params={"dryRun": "true" if self._dry_run else "false"},
                    content=body,
                    headers={"Content-Type": "application/x-ndjson"},
                )
            except httpx.TransportError as error:
                reason = f"{self._gateway_url} does not answer ({type(error).__name__})"
                wait = pause
            else:
                if response.status_code not in _WORTH_WAITING:
                    return _accepted(response)
                reason = f"{self._gateway_url} answers {response.status_code}"
                wait = _asked_for(response, pause)
            if wait is None:
                break
            self._waiting(f"{reason}; trying again in {wait:g} s")
            await asyncio.sleep(wait)
        raise ImportStopped(
            f"{reason}, also after {len(self._pauses)} more tries. Once it is ready "
            "(waymark status), run the same command: it continues where it stopped."
        )


def _bodies(lines: Sequence[Mapping[str, Any]]) -> list[tuple[bytes, int]]:
    """Request bodies of at most `MOST_BYTES`, each with its number of lines."""
    bodies: list[list[bytes]] = []
    room = 0
    for line in lines:
        encoded = json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
        if len(encoded) > room:
            bodies.append([])
            room = MOST_BYTES
        bodies[-1].append(encoded)
        room -= len(encoded)
    return [(b"".join(body), len(body)) for body in bodies]


def _asked_for(response: httpx.Response, pause: float | None) -> float | None:
    """The door's own Retry-After in seconds, within reason; none when the tries are used up."""
    asked = response.headers.get("retry-after", "")
    if pause is None or not asked.isdigit():
        return pause
    return min(float(asked), _LONGEST_PAUSE)


def _accepted(response: httpx.Response) -> httpx.Response:
    if response.status_code == httpx.codes.OK:
        return response
    said = _sentence(_json_object(response.content)) or f"status {response.status_code}"
    if response.status_code == httpx.codes.UNAUTHORIZED:
        raise ImportStopped(
            f"The gateway does not accept the token: {said} Get a new one with "
            "`waymark token --as EMAIL` and run the same command: it continues where it stopped."
        )
    raise ImportStopped(f"The gateway refuses the request: {said}")


def _answers(response: httpx.Response, expected: int) -> list[Answer]:
    lines = [line for line in response.content.split(b"\n") if line.strip()]
    if len(lines) != expected:
        raise ImportStopped(
            f"The gateway answered {len(lines)} lines to {expected}: is it of another version?"
        )
    return [_answer(_json_object(line)) for line in lines]


def _answer(line: Mapping[str, Any]) -> Answer:
    if "status" not in line:
        raise ImportStopped("The gateway's answer has no status: is it of another version?")
    problem = line.get("problem") or {}
    refused = line["status"] == "REFUSED"
    return Answer(
        status=str(line["status"]),
        id=line.get("id"),
        reason=(_sentence(problem) or "refused without a reason") if refused else "",
    )


def _sentence(problem: Mapping[str, Any]) -> str:
    """Title, detail and field errors of an RFC 9457 problem in one sentence or two."""
    errors = [
        f"{error.get('pointer', '')}: {error.get('detail', '')}"
        for error in problem.get("errors", [])
    ]
    detail = str(problem.get("detail") or problem.get("title") or "")
    more = [error for error in errors if error not in detail]
    return " ".join([detail, "; ".join(more)]).strip()


def _json_object(text: bytes) -> Mapping[str, Any]:
    try:
        value = json.loads(text)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}
