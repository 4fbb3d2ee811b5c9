"""Runs a mutation: each field a call to the owning service's REST door, its answer read back through the views."""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from graphql import (
    FieldNode,
    GraphQLError,
    GraphQLObjectType,
    OperationDefinitionNode,
    get_named_type,
)
from graphql.execution.values import get_argument_values

from services.gateway.graph.arguments import decoded
from services.gateway.graph.collect import TYPENAME, Collector
from services.gateway.graph.compile import Compiler
from services.gateway.graph.execute import ALL, Run
from services.gateway.graph.failures import UpstreamProblem
from services.gateway.types.problems import BY_SLUG, BY_STATUS
from services.gateway.types.writing import Write
from shared.http import Answer, CallFailed

PLACEHOLDER = re.compile(r"{(\w+)}")
SLUG_PREFIX = "urn:waymark:problem:"


@dataclass(frozen=True, slots=True)
class Mutations:
    """The writes of the schema by their names, and how to compile what they answer."""

    compiler: Compiler
    writes: Mapping[str, Write]

    async def execute(
        self, operation: OperationDefinitionNode, collector: Collector, run: Run
    ) -> bytes:
        """One field after the other, as the specification asks (§ 6.2.2)."""
        mutation = self.compiler.schema.mutation_type
        assert mutation is not None
        members = []
        asked = collector.fields(mutation, [operation.selection_set])
        for alias, nodes in asked.items():
            key = _key(run.context.idempotency_key, alias, alone=len(asked) == 1)
            value = await self._field(mutation, alias, nodes, collector, run, key)
            members.append(b'"%b":%b' % (alias.encode(), value))
        return run.failures.finish(b"{" + b",".join(members) + b"}")

    async def _field(
        self,
        mutation: GraphQLObjectType,
        alias: str,
        nodes: Sequence[FieldNode],
        collector: Collector,
        run: Run,
        key: str | None,
    ) -> bytes:
        name = nodes[0].name.value
        if name == TYPENAME:
            return json.dumps(mutation.name).encode()
        write = self.writes[name]
        try:
            given = get_argument_values(mutation.fields[name], nodes[0], run.variables)["input"]
            answer = await _send(write, decoded(given), run, key)
            if answer.status < HTTPStatus.BAD_REQUEST:
                return await self._noun(write, answer, alias, nodes, collector, run)
            return self._problem(answer, nodes, collector)
        except (CallFailed, UpstreamProblem, GraphQLError) as error:
            return run.failures.mark([(alias,)], error)

    async def _noun(
        self,
        write: Write,
        answer: Answer,
        alias: str,
        nodes: Sequence[FieldNode],
        collector: Collector,
        run: Run,
    ) -> bytes:
        kind = self._type(write.noun.__strawberry_definition__.name)  # type: ignore[attr-defined]
        if write.answers is None:
            call = self.compiler.record(kind, nodes, collector, alias, by="viewer")
            (records,) = await run.fetch([(call, [ALL])])
            return records.only()
        key = str(json.loads(answer.body)[write.answers]).encode()
        call = self.compiler.record(kind, nodes, collector, alias)
        (records,) = await run.fetch([(call, [key])])
        return records.at(key)

    def _problem(self, answer: Answer, nodes: Sequence[FieldNode], collector: Collector) -> bytes:
        refused = UpstreamProblem(answer.status, answer.body)
        slug = str(refused.problem.get("type", "")).removeprefix(SLUG_PREFIX)
        name = BY_SLUG.get(slug) or BY_STATUS.get(answer.status)
        if name is None:
            raise refused
        told = {"errors": [], "allowed": [], **refused.problem, "code": slug}
        return json.dumps(project(self._type(name), nodes, told, collector)).encode()

    def _type(self, name: str) -> GraphQLObjectType:
        kind = self.compiler.schema.get_type(name)
        assert isinstance(kind, GraphQLObjectType)
        return kind


def project(
    kind: GraphQLObjectType,
    nodes: Sequence[FieldNode],
    value: Mapping[str, Any],
    collector: Collector,
) -> dict[str, Any]:
    """The selected members of a JSON object that is at hand already."""
    shown: dict[str, Any] = {}
    for alias, asked in collector.fields(kind, [node.selection_set for node in nodes]).items():
        name = asked[0].name.value
        if name == TYPENAME:
            shown[alias] = kind.name
            continue
        member = value.get(name)
        if isinstance(member, list) and asked[0].selection_set is not None:
            inner = _element_type(kind, name)
            shown[alias] = [project(inner, asked, each, collector) for each in member]
        else:
            shown[alias] = member
    return shown


def _element_type(kind: GraphQLObjectType, name: str) -> GraphQLObjectType:
    named = get_named_type(kind.fields[name].type)
    assert isinstance(named, GraphQLObjectType)
    return named


def _key(given: str | None, alias: str, *, alone: bool) -> str | None:
    """A write of several has a key of its own, always the same: to a service one key is one write."""
    if not given or alone:
        return given
    return hashlib.sha256(f"{given}\0{alias}".encode()).hexdigest()


async def _send(write: Write, members: dict[str, Any], run: Run, key: str | None) -> Answer:
    path = PLACEHOLDER.sub(lambda found: str(members.pop(found[1])), write.path)
    headers = "Content-Type: application/json\r\n"
    if (version := members.pop("expectedVersion", None)) is not None:
        headers += f'If-Match: "{version}"\r\n'
    if key:
        headers += f"Idempotency-Key: {key}\r\n"
    body = json.dumps(members, ensure_ascii=False).encode() if write.method != "DELETE" else b""
    return await run.context.call(
        write.service,
        write.method.encode(),
        path.encode(),
        body=body,
        headers=headers.encode("latin-1"),
        idempotent=False,
    )
