"""What the oracle asks of the services: one record, or one whole list, at a time, and always in the same words."""

import asyncio
import base64
import binascii
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from graphql import GraphQLError

from services.gateway.graph.cursors import Cursors, NotACursor
from services.gateway.types.bindings import Target, ViewRef
from shared.http import Answer, CallFailed

MOST = 100
CODES = {
    400: "BAD_USER_INPUT",
    422: "BAD_USER_INPUT",
    401: "UNAUTHENTICATED",
    403: "FORBIDDEN",
    404: "NOT_FOUND",
}
NOUNS = {
    "personId": "Person",
    "skillId": "Skill",
    "orgUnitId": "OrgUnit",
    "baselineId": "Baseline",
}
NOUNS |= dict.fromkeys(("frameworkId", "fromFrameworkId", "toFrameworkId"), "SkillFramework")
NOUNS |= dict.fromkeys(("roleId", "fromRoleId", "toRoleId"), "Role")
CURSOR = re.compile(r"\x01c([^\x02]*)\x02")


@dataclass(frozen=True)
class Rows:
    """How a view is asked: by what, with which key, narrowed by which arguments."""

    target: Target
    by: str
    key: str = ""
    arguments: Mapping[str, Any] = field(default_factory=dict)


@dataclass
class Views:
    """The views as one caller sees them. `remembered` keeps what was answered to the very same request."""

    clients: Mapping[str, Any]
    caller: Mapping[str, str]
    remembered: dict[Any, asyncio.Future[Answer]]

    async def settle(self) -> None:
        """Waits for what was asked and then not waited for."""
        await asyncio.gather(*(each for each in self.remembered.values() if not each.done()))

    async def ask(
        self,
        rows: Rows,
        shape: str,
        select: Sequence[Mapping[str, Any]],
        values: Sequence[Any] = (MOST, None),
    ) -> Any:
        given = {name: value for name, value in rows.arguments.items() if value is not None}
        places = {name: 2 + place for place, name in enumerate(given)}
        if shape == "connection":
            places |= {"first": 0} | ({"after": 1} if values[1] is not None else {})
        ask = {"by": rows.by, "shape": shape, "with": places, "select": select}
        given_values = json.dumps([*values, *given.values()])
        lines = (rows.target.view, json.dumps(ask), given_values, rows.key)
        assert isinstance(rows.target, ViewRef)
        answer = await self._call(rows.target, "\n".join(lines).encode())
        found = [line.split("\t", 1) for line in answer.body.decode().split("\n") if line]
        records = {key: json.loads(CURSOR.sub(_quoted, value)) for key, value in found}
        return records.get(rows.key if rows.by != "viewer" else "")

    async def _call(self, target: ViewRef, body: bytes) -> Answer:
        identity = (target, body, tuple(self.caller.items()))
        asking = self.remembered.get(identity)
        if asking is None:
            asking = self.remembered[identity] = asyncio.ensure_future(self._send(target, body))
        answer = await asyncio.shield(asking)
        if answer.status != 200:
            code = CODES.get(answer.status, "INTERNAL")
            code = "SERVICE_UNAVAILABLE" if answer.status == 503 else code
            raise GraphQLError(answer.body.decode(), extensions={"code": code})
        return answer

    async def _send(self, target: ViewRef, body: bytes) -> Answer:
        lines = {"Content-Type": "text/plain", **self.caller}
        try:
            answered: Answer = await self.clients[target.service].call(
                b"POST",
                b"/views",
                headers="".join(f"{n}: {v}\r\n" for n, v in lines.items()).encode(),
                body=body,
                idempotent=True,
            )
        except CallFailed as error:
            return Answer(503, b"", str(error).encode())
        return answered


@dataclass
class Page:
    """The piece of a list that was asked for; `listed` is the list's name, as `Person.goals` and its order."""

    listed: str
    first: int | None
    after: str | None
    cursors: Cursors
    opened: Sequence[Any] = ()

    def check(self) -> None:
        if self.first is not None and not 0 <= self.first <= MOST:
            raise refused("first")
        if self.after is not None:
            try:
                self.opened = self.cursors.open(self.after, of=self.listed)
            except NotACursor:
                raise refused("after") from None

    def rest(self, edges: Sequence[Mapping[str, Any]]) -> Sequence[Mapping[str, Any]] | None:
        """What follows the row that the cursor was made of; None when it is of another list."""
        places = [
            n for n, edge in enumerate(edges) if json.loads(edge["cursor"])[1:] == self.opened
        ]
        return edges[places[0] + 1 :] if places else None

    def sealed(self, edge: Mapping[str, Any]) -> str:
        """The views are asked for lists of no name, which stands first in their cursors."""
        _nameless, *values = edge["cursor"].partition('", ')
        sealed = self.cursors.seal(f'["{self.listed}{"".join(values)}'.encode())
        return str(json.loads(sealed))


def refused(name: str) -> GraphQLError:
    return GraphQLError(f"{name} is refused", extensions={"code": "BAD_USER_INPUT"})


def decoded(global_id: str) -> tuple[str, str]:
    try:
        noun, _, key = base64.b64decode(global_id, validate=True).decode().partition(":")
        return noun, str(UUID(key))
    except (binascii.Error, ValueError):
        raise refused("id") from None


def wire(given: Mapping[str, Any]) -> dict[str, Any]:
    """Arguments as a view takes them: input objects flattened, global ids as keys."""
    flat: dict[str, Any] = {}
    for name, value in given.items():
        flat |= value if isinstance(value, dict) else {name: value}
    return {name: _keyed(name, value) for name, value in flat.items()}


def _keyed(name: str, value: Any) -> Any:
    if isinstance(value, list):
        return [_keyed(name, each) for each in value]
    if isinstance(value, dict):
        return {member: _keyed(member, inner) for member, inner in value.items()}
    if not isinstance(value, str) or (name not in NOUNS and name != "id"):
        return value
    noun, key = decoded(value)
    if NOUNS.get(name, noun) != noun:
        raise refused(name)
    return key


def entry(name: str, select: Any, shape: str = "record") -> dict[str, Any]:
    first = {"first": 0} if shape == "list" else {}
    return {"as": name, "field": name, "shape": shape, "with": first, "select": select}


def page_entry(name: str, select: Any, after: Any) -> dict[str, Any]:
    edges = [{"as": "cursor", "field": "cursor"}, entry("node", select)]
    page = {"first": 0} | ({"after": 1} if after is not None else {})
    listed = {"as": "edges", "field": "edges", "shape": "list", "select": edges}
    return {"as": name, "field": name, "shape": "connection", "with": page, "select": [listed]}


def _quoted(found: re.Match[str]) -> str:
    return json.dumps(found[1])
