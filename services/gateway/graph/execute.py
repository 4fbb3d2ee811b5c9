"""Runs a plan: one request a call, children of a level side by side, records spliced without being parsed."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from graphql import GraphQLError
from graphql.execution.values import VariableValues

from services.gateway.context import Context
from services.gateway.graph.arguments import refusal
from services.gateway.graph.cursors import Cursors
from services.gateway.graph.failures import Failures, UpstreamProblem
from services.gateway.graph.plan import Call, Plan, RootField
from services.gateway.types.ids import NotAnId, decode
from shared.http import CallFailed

MARK, END = b"\x01", b"\x02"
CURSOR = b"c"
ALL = b""
HTTP_OK = 200

Segments = list[bytes | tuple[int, bytes]]


@dataclass(slots=True)
class Records:
    """What a call answered, ready to be laid in: key → JSON text."""

    by_key: dict[bytes, bytes]
    empty: bytes

    def at(self, key: bytes) -> bytes:
        return self.by_key.get(key, self.empty)


@dataclass(slots=True)
class Run:
    """One execution of one plan."""

    context: Context
    cursors: Cursors
    variables: VariableValues
    failures: Failures = field(default_factory=Failures)

    async def fetch(self, call: Call, keys: Sequence[bytes]) -> Records:
        """All records of a call, its children's laid in. A failed call is recorded and stands as marked nulls."""
        if (refused := call.refused) is not None:
            return Records({}, self.failures.mark(call.paths, refused.error, refused.depth))
        try:
            call, values = self._values(call)
            segments, simple = await self._ask(call, keys, values)
        except (CallFailed, UpstreamProblem, GraphQLError) as error:
            return Records({}, self.failures.mark(call.paths, error))
        if segments:
            children = await self._children(call, segments)
            for key, parts in segments.items():
                simple[key] = b"".join(
                    part if isinstance(part, bytes) else children[part[0]].at(part[1])
                    for part in parts
                )
        return Records(simple, call.empty)

    def _values(self, call: Call) -> tuple[Call, bytes]:
        """The values to ask with, and the call, without the fields that they do not suit; raises `GraphQLError`."""
        read = call.values
        if isinstance(read, bytes):
            return call, read
        try:
            return call, read(self.variables)
        except GraphQLError:
            if call.without_refused is None:
                raise
            call = call.without_refused(self.variables)
            return call, call.values if isinstance(call.values, bytes) else call.values(
                self.variables
            )

    async def _ask(
        self, call: Call, keys: Sequence[bytes], values: bytes
    ) -> tuple[dict[bytes, Segments], dict[bytes, bytes]]:
        answer = await self.context.call(
            call.service, b"POST", call.target, body=b"\n".join((call.ask, values, b",".join(keys)))
        )
        if answer.status != HTTP_OK:
            raise UpstreamProblem(answer)
        segments: dict[bytes, Segments] = {}
        simple: dict[bytes, bytes] = {}
        for line in answer.body.split(b"\n") if answer.body else ():
            key, _, value = line.partition(b"\t")
            if MARK in value:
                segments[key] = self._split(value)
            else:
                simple[key] = value
        return segments, simple

    def _split(self, value: bytes) -> Segments:
        first, *rest = value.split(MARK)
        parts: Segments = [first]
        for piece in rest:
            marked, _, text = piece.partition(END)
            if marked[:1] == CURSOR:
                parts.append(self.cursors.seal(marked[1:]))
            else:
                slot, _, key = marked.partition(b":")
                parts.append((int(slot), key))
            parts.append(text)
        return parts

    async def _children(self, call: Call, segments: Mapping[bytes, Segments]) -> list[Records]:
        keys: list[dict[bytes, None]] = [{} for _ in call.slots]
        for parts in segments.values():
            for part in parts:
                if isinstance(part, tuple):
                    keys[part[0]][part[1]] = None
        return await asyncio.gather(
            *(
                self.fetch(child, list(asked)) if asked else _none(child)
                for child, asked in zip(call.slots, keys, strict=True)
            )
        )

    async def root(self, asked: RootField) -> bytes:
        """The value of one field of the operation."""
        if asked.constant is not None:
            return asked.constant
        try:
            keys = asked.keys(self.variables)
        except GraphQLError as error:
            return self.failures.mark([(asked.alias,)], error)
        if asked.by_noun is not None:
            return await self._nodes(asked, keys)
        assert asked.call is not None
        wanted = [str(key).encode() for key in keys] or [ALL]
        records = await self.fetch(asked.call, wanted)
        return records.at(wanted[0]) if keys else _only(records)

    async def _nodes(self, asked: RootField, ids: Sequence[Any]) -> bytes:
        assert asked.by_noun is not None
        wanted = [self._noun(asked, global_id) for global_id in ids]
        keys: dict[str, list[bytes]] = {}
        for noun, key in wanted:
            if noun:
                keys.setdefault(noun, []).append(key)
        fetched = await asyncio.gather(
            *(self.fetch(asked.by_noun[noun], of_noun) for noun, of_noun in keys.items())
        )
        found = dict(zip(keys, fetched, strict=True))
        values = [found[noun].at(key) if noun else key for noun, key in wanted]
        return b"[" + b",".join(values) + b"]" if asked.many else values[0]

    def _noun(self, asked: RootField, global_id: str) -> tuple[str, bytes]:
        """Noun and key of an id; of an unusable one nothing and what to lay in its place."""
        assert asked.by_noun is not None
        try:
            noun, key = decode(global_id)
        except NotAnId as error:
            failure = refusal(f"{'ids' if asked.many else 'id'} {error}.")
            path = (asked.alias, "*") if asked.many else (asked.alias,)
            return "", self.failures.mark([path], failure)
        return (noun, key.encode()) if noun in asked.by_noun else ("", b"null")


async def _none(call: Call) -> Records:
    return Records({}, call.empty)


def _only(records: Records) -> bytes:
    """The single record of a call that was asked for all, or for the caller's own."""
    return next(iter(records.by_key.values()), records.empty)


async def execute(plan: Plan, run: Run) -> bytes:
    """The whole answer: `{"data": …}`, with `errors` when something could not be had."""
    values = await asyncio.gather(*(run.root(asked) for asked in plan.fields))
    members = (
        b'"%b":%b' % (asked.alias.encode(), value)
        for asked, value in zip(plan.fields, values, strict=True)
    )
    return run.failures.finish(b"{" + b",".join(members) + b"}")
