"""Subscriptions: when a fact is told, the query that a subscription stands for is asked again with the caller's token.

So every answer is decided by the services at that moment, as any other query's is.
"""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from graphql import (
    ArgumentNode,
    FieldNode,
    NameNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    VariableNode,
)
from graphql.execution.values import VariableValues, get_argument_values

from services.gateway.graph.asking import RequestError
from services.gateway.graph.engine import Caller, Engine, Prepared
from services.gateway.graph.execute import Run, execute
from services.gateway.graph.observe import SKIPPED
from services.gateway.types.ids import NotAnId, decode_as, encode
from services.gateway.types.subscription import Watch
from shared.events.facts import Envelope, service_of
from shared.events.handlers import covers
from shared.events.live import Listener, Live
from shared.events.pull import BrokerAway

KEY = "__key"
MOST_OPEN, MOST_OF_ONE = 2000, 50
"""Of everybody in a process, and of one caller."""
SETTLING_SECONDS = (0.0, 0.2, 0.5, 1.0, 2.0)
"""A service that keeps a copy of others' facts applies one a moment after it is told: when to look again."""


@dataclass(slots=True)
class Subscriptions:
    """All open subscriptions of a process; `draining` says that it is about to end."""

    engine: Engine
    live: Live
    watches: Mapping[str, Watch]
    draining: Callable[[], bool]
    _open: Counter[tuple[UUID, str]] = field(default_factory=Counter)

    @asynccontextmanager
    async def open(self, prepared: Prepared, caller: Caller) -> AsyncIterator[AsyncIterator[bytes]]:
        """The answers as they come. Raises `RequestError`, before anything is told or asked."""
        watching = self._watching(prepared, caller)
        who = (caller.claims.tenant_id, caller.claims.subject)
        if self._open[who] >= MOST_OF_ONE:
            raise RequestError(
                429, "TOO_MANY_SUBSCRIPTIONS", f"Close one: one caller has at most {MOST_OF_ONE}."
            )
        if self._open.total() >= MOST_OPEN:
            raise RequestError(503, "TOO_MANY_SUBSCRIPTIONS", "Subscribe again in a moment.")
        self._open[who] += 1
        try:
            facts = (*watching.watch.facts, *watching.watch.of_everybody)
            async with self.live.listen(facts, caller.claims.tenant_id, watching.wants) as listener:
                yield watching.answers(listener)
                SKIPPED.inc(listener.dropped)
        except BrokerAway:
            raise RequestError(
                503, "SERVICE_UNAVAILABLE", "Nothing can be subscribed to now. Try again."
            ) from None
        finally:
            self._open -= Counter([who])

    def _watching(self, prepared: Prepared, caller: Caller) -> "_Watching":
        kind = self.engine.schema.subscription_type
        assert kind is not None
        collector = self.engine.documents.collector(prepared.document, prepared.variables)
        fields = collector.fields(kind, [prepared.operation.selection_set])
        ((alias, nodes),) = fields.items()
        name = nodes[0].name.value
        watch = self.watches[name]
        given = get_argument_values(kind.fields[name], nodes[0], prepared.variables)
        try:
            person_id = decode_as("Person", given.get("personId") or given["person_id"])
        except NotAnId as error:
            raise RequestError(
                400, "BAD_USER_INPUT", f"personId {error}.", of_document=True
            ) from None
        query = _query(prepared.operation, watch, alias, nodes)
        asking = replace(prepared, operation=query)
        return _Watching(self.engine, watch, person_id, alias, asking, caller)


@dataclass(frozen=True, slots=True)
class _Watching:
    engine: Engine
    watch: Watch
    person_id: str
    alias: str
    asking: Prepared
    caller: Caller

    def wants(self, event: Envelope, payload: dict[str, Any]) -> bool:
        if payload.get("personId") == self.person_id:
            return True
        return any(covers(pattern, event.type) for pattern in self.watch.of_everybody)

    async def answers(self, listener: Listener) -> AsyncIterator[bytes]:
        if self.watch.key is not None:
            nothing = json.dumps({"data": {self.alias: None}}, separators=(",", ":")).encode()
            while True:
                answer = await self._read(_key_of(await listener.next(), self.watch))
                if answer != nothing:
                    yield answer
        last = await self._read(None)
        while True:
            answer = await self._settled(await listener.next(), last)
            if answer != last:
                yield answer
                last = answer

    async def _settled(self, event: Envelope, last: bytes) -> bytes:
        """The answer after an event; another service's events are waited for until they show."""
        root = self.engine.documents.bindings.roots[self.watch.answered_by]
        own = root.target.services == (service_of(event.type),)
        answer = last
        for pause in SETTLING_SECONDS[:1] if own else SETTLING_SECONDS:
            await asyncio.sleep(pause)
            answer = await self._read(None)
            if answer != last:
                break
        return answer

    async def _read(self, key: str | None) -> bytes:
        variables = self.asking.variables
        if key is not None:
            variables = VariableValues(variables.sources, {**variables.coerced, KEY: key})
        run = Run(self.engine.context(self.caller), self.engine.cursors, variables)
        plan = self.engine.documents.plan(self.asking.document, self.asking.operation, variables)
        return await execute(plan, run)


def _key_of(event: Envelope, watch: Watch) -> str:
    """The global id of what the event is about."""
    assert watch.key is not None
    assert watch.noun is not None
    return encode(watch.noun, json.loads(event.body)[watch.key])


def _query(
    operation: OperationDefinitionNode, watch: Watch, alias: str, nodes: Sequence[FieldNode]
) -> OperationDefinitionNode:
    """The query that answers a subscription, under the subscription's own response key."""
    fields = [
        FieldNode(
            name=NameNode(value=watch.answered_by),
            alias=NameNode(value=alias),
            arguments=_by_key() if watch.key else node.arguments,
            directives=(),
            selection_set=node.selection_set,
        )
        for node in nodes
    ]
    return OperationDefinitionNode(
        operation=OperationType.QUERY,
        name=operation.name,
        variable_definitions=operation.variable_definitions,
        directives=(),
        selection_set=SelectionSetNode(selections=tuple(fields)),
    )


def _by_key() -> tuple[ArgumentNode, ...]:
    return (ArgumentNode(name=NameNode(value="id"), value=VariableNode(name=NameNode(value=KEY))),)
