"""Senders that do what real ones do: the same message again, until somebody has said that it was taken."""

import asyncio
import base64
import hashlib
import hmac
import json
import random
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx

from shared import clock
from tests.chaos.company import Company
from tests.chaos.place import Place

SENDERS = 24
FIRST_PAUSE, LONGEST_PAUSE = 0.2, 3.0
WITHIN = 10.0
MOST_SECONDS = 420.0
LEFT = 0.01
"""The share of senders that never try again: what they said may have happened or not, but not twice."""
TWICE = 0.02
"""The share that is sent once more although it was taken."""
KINDS = ("goal", "assertion", "progress")
GOAL = """
mutation($input: CreateGoalInput!) { createGoal(input: $input) { __typename ... on Goal { id } } }"""

Sent = httpx.Response | None


@dataclass(frozen=True, slots=True)
class Message:
    """One input: where it goes, what it says, and the key by which its effect is found."""

    kind: str
    key: tuple[str, str]
    door: str
    path: str
    body: bytes
    headers: dict[str, str]
    taken: int
    secret: str | None = None


@dataclass(slots=True)
class Ledger:
    """What was said and what was taken, by kind and key."""

    taken: dict[str, set[tuple[str, str]]] = field(default_factory=dict)
    left: dict[str, set[tuple[str, str]]] = field(default_factory=dict)
    answers: Counter[str] = field(default_factory=Counter)
    again: int = 0
    seconds: list[float] = field(default_factory=list)

    @property
    def acknowledged(self) -> int:
        return sum(map(len, self.taken.values()))

    def note(self, book: dict[str, set[tuple[str, str]]], message: Message) -> None:
        book.setdefault(message.kind, set()).add(message.key)


def messages(company: Company, inputs: int) -> Iterator[Message]:
    """Three of ten are writes of people, the others completed courses; each about something of its own."""
    people, writes = company.people, 0
    for number in range(10 * inputs):
        if number % 10 < 3:
            yield _write(KINDS[number % 10], company, writes)
            writes += number % 10 == 2
            continue
        place = number - 3 * (number // 10 + 1)
        person = people[place % len(people)]
        course = (place // len(people)) % len(company.courses)
        if place >= len(people) * len(company.courses):
            return
        yield _completion(company, person.email, course)


def _completion(company: Company, email: str, course: int) -> Message:
    code, now = company.courses[course], clock.now().isoformat()
    said = {
        "type": "learning.completed",
        "timestamp": now,
        "data": {
            "person": {"email": email},
            "course": {"provider": "Academy", "code": code},
            "completedAt": now,
        },
    }
    return Message(
        kind="learning",
        key=(email, code),
        door="gateway",
        path=company.webhook_path,
        body=json.dumps(said).encode(),
        headers={"webhook-id": f"msg_{email}_{code}", "content-type": "application/json"},
        taken=202,
        secret=company.secret,
    )


def _write(kind: str, company: Company, number: int) -> Message:
    """A goal through GraphQL, a word on a skill at profile, a step of a goal at goals."""
    person = company.people[number % len(company.people)]
    key = (kind, str(number))
    door, path, said, taken = _said(kind, company, number)
    if kind == "progress":
        person, goal_id = company.goals[number % len(company.goals)]
        path = path.format(goal_id)
    if kind == "assertion":
        said["personId"] = str(person.id)
    headers = {**person.bearer, "Idempotency-Key": "/".join(key)}
    headers["content-type"] = "application/json"
    return Message(kind, key, door, path, json.dumps(said).encode(), headers, taken)


def _said(kind: str, company: Company, number: int) -> tuple[str, str, dict[str, Any], int]:
    match kind:
        case "goal":
            variables = {"input": {"title": f"chaos/{number}"}}
            return "gateway", "/graphql", {"query": GOAL, "variables": variables}, 200
        case "progress":
            said = {"note": f"chaos/{number}", "value": number + 1}
            return "goals", "/goals/{}/progress", said, 200
    own = company.own[(number // len(company.people)) % len(company.own)]
    said = {"skillId": str(own), "source": "SELF", "level": 3, "note": f"chaos/{number}"}
    return "profile", "/skills/assertions", said, 201


class Senders:
    """Some at once, at a common pace, until so many inputs are acknowledged."""

    def __init__(self, place: Place, company: Company, *, inputs: int, rate: float, seed: int):
        self.ledger = Ledger()
        self._place = place
        self._inputs = inputs
        self._rate = rate
        self._random = random.Random(seed)
        self._messages = messages(company, inputs)
        self._begun = 0
        self._started = 0.0

    async def run(self) -> None:
        self._started = time.monotonic()
        await asyncio.gather(*(self._sender() for _ in range(SENDERS)))

    def _is_late(self) -> bool:
        """Nobody waits for a system that does not come back."""
        return time.monotonic() > self._started + MOST_SECONDS

    async def _sender(self) -> None:
        limits = httpx.Limits(max_connections=2)
        async with httpx.AsyncClient(trust_env=False, timeout=WITHIN, limits=limits) as client:
            while self.ledger.acknowledged < self._inputs and not self._is_late():
                message = next(self._messages, None)
                if message is None:
                    return
                self._begun += 1
                due = self._started + self._begun / self._rate
                await asyncio.sleep(max(0.0, due - time.monotonic()))
                await self._deliver(client, message)

    async def _deliver(self, client: httpx.AsyncClient, message: Message) -> None:
        leaves, twice = self._random.random() < LEFT, self._random.random() < TWICE
        pause = FIRST_PAUSE
        while not await self._taken(client, message):
            if leaves or self._is_late():
                self.ledger.note(self.ledger.left, message)
                return
            self.ledger.again += 1
            await asyncio.sleep(pause * self._random.uniform(0.5, 1.0))
            pause = min(2 * pause, LONGEST_PAUSE)
        self.ledger.note(self.ledger.taken, message)
        if twice:
            await self._taken(client, message)

    async def _taken(self, client: httpx.AsyncClient, message: Message) -> bool:
        """Whether it was acknowledged; every other answer is counted by its status."""
        begun = time.perf_counter()
        answer = await self._send(client, message)
        if answer is None:
            self.ledger.answers["none"] += 1
            return False
        if answer.status_code != message.taken:
            self.ledger.answers[str(answer.status_code)] += 1
            return False
        if message.kind == "goal" and not _made(answer):
            self.ledger.answers["graphql"] += 1
            return False
        self.ledger.seconds.append(time.perf_counter() - begun)
        return True

    async def _send(self, client: httpx.AsyncClient, message: Message) -> Sent:
        headers = message.headers
        if message.secret is not None:
            headers = {**headers, **_signature(message.secret, headers["webhook-id"], message.body)}
        url = self._place.door(message.door) + message.path
        try:
            return await client.post(url, content=message.body, headers=headers)
        except httpx.HTTPError:
            return None


def _made(answer: httpx.Response) -> bool:
    told = answer.json().get("data") or {}
    created = told.get("createGoal") or {}
    return bool(created.get("__typename") == "Goal")


def _signature(secret: str, message_id: str, body: bytes) -> dict[str, str]:
    """https://www.standardwebhooks.com; the time is that of this attempt."""
    sent_at = str(int(time.time()))
    key = base64.b64decode(secret.removeprefix("whsec_"))
    digest = hmac.digest(key, f"{message_id}.{sent_at}.".encode() + body, hashlib.sha256)
    signature = base64.b64encode(digest).decode()
    return {"webhook-timestamp": sent_at, "webhook-signature": f"v1,{signature}"}
