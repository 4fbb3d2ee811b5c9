"""Runs a plan level by level, one request a service and level; records are spliced without being parsed."""

import asyncio
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from graphql import GraphQLError
from graphql.execution.values import VariableValues

from services.gateway.context import Context
from services.gateway.graph import spread
from services.gateway.graph.arguments import refusal
from services.gateway.graph.cursors import Cursors
from services.gateway.graph.failures import Failures, UpstreamProblem
from services.gateway.graph.plan import Call, Plan, ReadValues, RootField
from services.gateway.graph.records import Answered, Records
from services.gateway.types.ids import NotAnId, decode
from shared.http import Answer, CallFailed
from shared.views.endpoint import PROBLEM, SEPARATOR

ALL = b""
HTTP_OK = 200

Wanted: TypeAlias = tuple[Call, Sequence[bytes]]
"""A call, and the keys of the records that are wanted of it."""
Lines: TypeAlias = dict[int, tuple[Call, bytes]]
"""By identity of a plan's call: the call to make with some variables, and its values."""
Finish: TypeAlias = Callable[[Sequence[Records]], bytes]
"""The value of a field of the operation, once the records are there."""


@dataclass(slots=True)
class _Fetched:
    """A call on its way: its values and keys as a request has them, its answer, the calls whose records are laid in.

    Or the calls of which it is made, and the size of its page.
    """

    call: Call
    keys: Sequence[bytes]
    records: Records
    lines: bytes = b""
    answered: Answered | None = None
    children: list["_Fetched"] = field(default_factory=list)
    parts: Sequence["_Fetched"] = ()
    first: int = 0

    @classmethod
    def of(cls, call: Call, keys: Sequence[bytes]) -> "_Fetched":
        parts = [cls.of(part, keys) for part in call.parts] if call.parts else ()
        return cls(call, keys, Records({}, call.empty), parts=parts)

    def fail(self, mark: bytes) -> None:
        self.records.empty = mark

    def descend(self) -> list["_Fetched"]:
        """The calls of the next level, as the answer names their keys."""
        if self.answered is not None and self.call.slots:
            keys = self.answered.wanted(len(self.call.slots))
            self.children = [
                _Fetched.of(call, of_call)
                for call, of_call in zip(self.call.slots, keys, strict=True)
            ]
        return self.children

    def lay_in(self, cursors: Cursors) -> None:
        if self.answered is not None:
            children = [child.records for child in self.children]
            self.records.by_key = self.answered.laid_in(children, cursors)
        elif self.parts:
            self.records.by_key = {key: self._of_parts(key, cursors) for key in self.keys}

    def _of_parts(self, key: bytes, cursors: Cursors) -> bytes:
        answers = {part.call.service: part.records.at(key) for part in self.parts}
        if self.call.layout is None:
            return spread.record(answers)
        return spread.page(self.call.layout, answers, self.first, cursors)


@dataclass(slots=True)
class Run:
    """One execution of one plan."""

    context: Context
    cursors: Cursors
    variables: VariableValues
    lines: Lines = field(default_factory=dict)
    failures: Failures = field(default_factory=Failures)

    async def fetch(self, wanted: Sequence[Wanted]) -> list[Records]:
        """All records of some calls, their children's laid in, level by level: each service is asked once a level.

        A failed call is recorded and stands as marked nulls.
        """
        top = [_Fetched.of(call, keys) for call, keys in wanted]
        every, level = list(top), top
        while level:
            if parts := [p for each in level if each.parts for p in self._parts(each)]:
                every += parts
                level = [*level, *parts]
            await self._ask_all(level)
            level = [child for fetched in level for child in fetched.descend()]
            every += level
        for fetched in reversed(every):
            fetched.lay_in(self.cursors)
        return [fetched.records for fetched in top]

    async def _ask_all(self, level: Sequence["_Fetched"]) -> None:
        """The services side by side; the last needs no task of its own."""
        services: dict[tuple[str, bool], list[_Fetched]] = {}
        for fetched in level:
            if self._lines_of(fetched):
                call = fetched.call
                services.setdefault((call.service, call.patient), []).append(fetched)
        if not services:
            return
        *others, last = services.items()
        loop = asyncio.get_running_loop()
        tasks = [loop.create_task(self._ask(*whom, asked)) for whom, asked in others]
        try:
            await self._ask(*last[0], last[1])
            for task in tasks:
                await task
        finally:
            for task in tasks:
                task.cancel()

    def _parts(self, fetched: "_Fetched") -> Sequence["_Fetched"]:
        """Those of which it is made, unless its arguments cannot be read."""
        if fetched.keys and (layout := fetched.call.layout) is not None:
            try:
                _, values = self._values(fetched.call)
            except GraphQLError as error:
                fetched.fail(self.failures.mark(fetched.call.paths, error))
                fetched.parts = ()
            else:
                fetched.first = json.loads(values)[layout.first]
        return fetched.parts

    def _lines_of(self, fetched: "_Fetched") -> bool:
        """Whether there is something to ask; fills in the lines of the request."""
        call = fetched.call
        if (refused := call.refused) is not None:
            fetched.fail(self.failures.mark(call.paths, refused.error, refused.depth))
        elif fetched.keys and not call.parts:
            try:
                fetched.call, values = self._values(call)
            except GraphQLError as error:
                fetched.fail(self.failures.mark(call.paths, error))
            else:
                fetched.lines = b"%b\n%b" % (values, b",".join(fetched.keys))
        return bool(fetched.lines)

    def _values(self, call: Call) -> tuple[Call, bytes]:
        """The values to ask with, and the call, without the fields that they do not suit; raises `GraphQLError`."""
        if isinstance(call.values, bytes):
            return call, call.values
        found = self.lines.get(id(call))
        if found is None:
            found = self.lines[id(call)] = self._read(call, call.values)
        return found

    def _read(self, call: Call, read: ReadValues) -> tuple[Call, bytes]:
        try:
            return call, read(self.variables)
        except GraphQLError:
            if call.without_refused is None:
                raise
            rest = call.without_refused(self.variables)
            values = rest.values
            return rest, values if isinstance(values, bytes) else values(self.variables)

    async def _ask(self, service: str, patient: bool, asked: Sequence["_Fetched"]) -> None:
        """One request for all that a level wants of a service, or for what of it may take long."""
        heads = tuple([fetched.call.head for fetched in asked])
        lines = [fetched.lines for fetched in asked]
        try:
            answer = await self.context.ask(service, heads, lines, patient=patient)
            parts = _parts(answer, len(asked))
        except (CallFailed, UpstreamProblem) as error:
            for fetched in asked:
                fetched.fail(self.failures.mark(fetched.call.paths, error))
            return
        for fetched, part in zip(asked, parts, strict=True):
            if isinstance(part, UpstreamProblem):
                fetched.fail(self.failures.mark(fetched.call.paths, part))
            else:
                fetched.answered = Answered.read(part)

    def start(self, asked: RootField, wanted: list[Wanted]) -> Finish:
        """Adds what a field of the operation wants, and tells how its value comes of it."""
        if (constant := asked.constant) is not None:
            return lambda _found: constant
        try:
            keys = asked.keys(self.variables)
        except GraphQLError as error:
            failed = self.failures.mark([(asked.alias,)], error)
            return lambda _found: failed
        if asked.by_noun is not None:
            return self._nodes(asked, keys, wanted)
        assert asked.call is not None
        place = len(wanted)
        if not keys:
            wanted.append((asked.call, [ALL]))
            return lambda found: found[place].only()
        key = str(keys[0]).encode()
        wanted.append((asked.call, [key]))
        return lambda found: found[place].at(key)

    def _nodes(self, asked: RootField, ids: Sequence[Any], wanted: list[Wanted]) -> Finish:
        assert asked.by_noun is not None
        nodes = [self._noun(asked, global_id) for global_id in ids]
        places: dict[str, int] = {}
        for noun in dict.fromkeys(noun for noun, _ in nodes if noun):
            places[noun] = len(wanted)
            wanted.append((asked.by_noun[noun], [key for of, key in nodes if of == noun]))

        def finish(found: Sequence[Records]) -> bytes:
            values = [found[places[noun]].at(key) if noun else key for noun, key in nodes]
            return b"[" + b",".join(values) + b"]" if asked.many else values[0]

        return finish

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


def _parts(answer: Answer, count: int) -> list[bytes | UpstreamProblem]:
    """What a service answered to each of so many asks; raises `UpstreamProblem` when it refused them all."""
    if answer.status != HTTP_OK:
        raise UpstreamProblem(answer.status, answer.body)
    if count == 1:
        return [answer.body]
    return [
        _problem(part[1:]) if part.startswith(PROBLEM) else part
        for part in answer.body.split(SEPARATOR)
    ]


def _problem(document: bytes) -> UpstreamProblem:
    return UpstreamProblem(int(json.loads(document)["status"]), document)


async def execute(plan: Plan, run: Run) -> bytes:
    """The whole answer: `{"data": …}`, with `errors` when something could not be had."""
    wanted: list[Wanted] = []
    starts = [run.start(asked, wanted) for asked in plan.fields]
    found = await run.fetch(wanted)
    members = [
        b'"%b":%b' % (asked.alias.encode(), finish(found))
        for asked, finish in zip(plan.fields, starts, strict=True)
    ]
    return run.failures.finish(b"{" + b",".join(members) + b"}")
