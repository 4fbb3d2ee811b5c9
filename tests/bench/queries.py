"""The two queries as a front end would send them: fixed documents, variables, a token of its own for each caller."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from deploy.local.installation import Installation
from deploy.local.keys import mint

DASHBOARD = """\
query Dashboard($skills: Int!, $goals: Int!, $checkIns: Int!) {
  viewer {
    id displayName workEmail hireDate
    manager { id displayName }
    orgUnit { id name }
    skills(first: $skills) { level confidence skill { id statement } }
    role { id title level }
    gap { readiness gapCount items { status asIs required gap mandatory skill { id statement } } }
    goals(first: $goals) {
      nodes { id title state health progress dueDate milestones { id title state dueDate } }
    }
    checkIns(first: $checkIns) {
      nodes { id state scheduledFor employee { id displayName } manager { id displayName } }
    }
  }
}
"""

LIST = """\
query People($first: Int!, $after: String, $skills: Int!, $goals: Int!) {
  people(first: $first, after: $after) {
    nodes {
      id displayName roleTitle
      skills(first: $skills) { level skill { id statement } }
      goals(first: $goals) { nodes { id title state progress } }
    }
    pageInfo { hasNextPage endCursor }
  }
}
"""
DASHBOARD_VARIABLES = {"skills": 10, "goals": 5, "checkIns": 3}
PAGE = 25


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody with a token."""

    subject: str
    token: str


@dataclass(frozen=True, slots=True)
class Request:
    """A GraphQL request ready to be sent: its caller's token and the bytes of its body."""

    token: str
    body: bytes

    def wire(self, authority: str) -> bytes:
        """The whole HTTP/1.1 request."""
        head = (
            f"POST /graphql HTTP/1.1\r\nHost: {authority}\r\nAuthorization: Bearer {self.token}\r\n"
            "Content-Type: application/json\r\nAccept: application/json\r\n"
            f"Content-Length: {len(self.body)}\r\n\r\n"
        )
        return head.encode() + self.body


def caller(made: Installation, subject: str) -> Caller:
    token = mint(
        made.keys,
        environment=made.environment["WAYMARK_ENV"],
        subject=subject,
        tenant_id=made.tenant_id,
    )
    return Caller(subject, token)


def dashboards(callers: Iterable[Caller]) -> list[Request]:
    """One for each of these people."""
    body = _body(DASHBOARD, DASHBOARD_VARIABLES)
    return [Request(each.token, body) for each in callers]


def page(reader: Caller, *, after: str | None, first: int = PAGE) -> Request:
    """One page of the list of people."""
    return Request(
        reader.token, _body(LIST, {"first": first, "after": after, "skills": 5, "goals": 3})
    )


def _body(document: str, variables: dict[str, Any]) -> bytes:
    return json.dumps({"query": document, "variables": variables}).encode()


class NotWhole(Exception):
    """An answer lacks something, so that its cost would mean nothing."""


def whole_dashboard(answer: dict[str, Any]) -> None:
    """Raises `NotWhole` unless everything that the generator wrote is there."""
    found = _data(answer)["viewer"]
    counts = (
        len(found["skills"]),
        len(found["goals"]["nodes"]),
        sum(len(goal["milestones"]) for goal in found["goals"]["nodes"]),
        len(found["checkIns"]["nodes"]),
    )
    if counts != (10, 5, 20, 3) or not 20 <= len(found["gap"]["items"]) <= 30:
        raise NotWhole(f"dashboard: {counts} and {len(found['gap']['items'])} items of the gap")
    names = [
        found["manager"]["displayName"],
        found["orgUnit"]["name"],
        found["role"]["title"],
        *(each["skill"]["statement"] for each in (*found["skills"], *found["gap"]["items"])),
        *(each[side]["displayName"] for each in found["checkIns"]["nodes"] for side in SIDES),
    ]
    _all_named(names)


SIDES = ("employee", "manager")


def whole_page(answer: dict[str, Any], *, first: int = PAGE) -> str:
    """The cursor after this page; raises `NotWhole`."""
    people = _data(answer)["people"]
    nodes: Sequence[dict[str, Any]] = people["nodes"]
    counts = {(len(each["skills"]), len(each["goals"]["nodes"])) for each in nodes}
    if len(nodes) != first or counts != {(5, 3)}:
        raise NotWhole(f"list: {len(nodes)} people with {counts} skills and goals")
    _all_named([skill["skill"]["statement"] for each in nodes for skill in each["skills"]])
    cursor: str = people["pageInfo"]["endCursor"]
    return cursor


def _data(answer: dict[str, Any]) -> dict[str, Any]:
    if answer.get("errors"):
        raise NotWhole(json.dumps(answer["errors"][:3]))
    data: dict[str, Any] = answer["data"]
    return data


def _all_named(names: Sequence[object]) -> None:
    if not all(isinstance(name, str) and name for name in names):
        raise NotWhole(f"a name is missing among {names}")
