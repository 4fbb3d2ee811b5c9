"""Reads what callers ask of a service's views: one statement for all asks of a caller, or of several who ask alike."""

import asyncio
import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, TypeAlias
from uuid import UUID

import asyncpg
import structlog

from shared import callers, telemetry
from shared.auth import Claims
from shared.guard import PERSON, STANDING, TENANT, within_tenant
from shared.problems import Problem, TakesTooLong, Unavailable
from shared.service import Service
from shared.tenancy import Principal
from shared.views.declare import Patience, View
from shared.views.several import Several, for_several
from shared.views.statements import MOST_STATEMENTS, Statements, Text, prefix, spelled
from shared.views.wire import Asked

log = structlog.get_logger("views")

MOST_CALLERS = 4096
MOST_CHANGES = 5
"""Of a caller, while they ask: somebody who has just been imported may change a few times in a row."""
_PRIVATE = (
    "SELECT coalesce(string_agg(DISTINCT tablename, ','), '') FROM pg_policies "
    "WHERE concat(qual, with_check) LIKE '%app.person%'"
)
_WORD = re.compile(r"[a-z_]+")

Asking: TypeAlias = tuple[Claims, Sequence[Asked]]
"""A caller and what they ask."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody who asks, and the standing that the service found them with; a machine client has none."""

    principal: Principal
    standing: str


@dataclass(frozen=True, slots=True)
class _Group:
    """Callers of one tenant who ask alike: the statement, and of each their number and their values of it."""

    statement: Text
    callers: list[tuple[int, Caller]] = field(default_factory=list)
    values: list[Sequence[Any]] = field(default_factory=list)


class Reader:
    """Reads for one caller, or for several at once."""

    def __init__(self, service: Service, views: Sequence[View]) -> None:
        self._service = service
        self._statements = Statements(views, service.callers)
        self._standing = spelled(within_tenant(service.callers.standing))
        self._known: dict[Claims, Caller] = {}
        self._several: dict[str, Several | None] = {}
        self._private: frozenset[str] | None = None
        self._count_several = telemetry.OF_SEVERAL.labels(service.blueprint.name).inc
        self._count_statement = telemetry.STATEMENTS.labels(service.blueprint.name).inc

    def patience(self, asked: Asked) -> Patience | None:
        """How long an ask may take where that is longer than usual."""
        return self._statements.patience(asked)

    async def texts(
        self, asked: Sequence[Asked], claims: Claims, patience: Patience | None = None
    ) -> list[str]:
        """The records of each ask, all by one statement; looks anew who asks where that has changed meanwhile."""
        caller = self._known.get(claims)
        for _ in range(MOST_CHANGES):
            caller = caller or await self._find(claims)
            statement, values = self._ready(asked, caller)
            found: list[str] | None = await self._value(statement, values, patience)
            if found is not None:
                return await self._told(found, caller)
            caller = None
        raise Unavailable("Your account is being changed. Try again in a moment.")

    async def texts_of_several(self, asking: Sequence[Asking]) -> list[list[str] | None]:
        """The same for several callers, by one statement for those who ask alike.

        None for whom it has to be read alone: nobody asks as they do, their ask or the statement was refused, or they
        are not known yet, or not any more who they were.
        """
        found: list[list[str] | None] = [None] * len(asking)
        alike = [group for group in self._alike(asking) if len(group.callers) > 1]
        await asyncio.gather(*(self._read(group, found) for group in alike))
        return found

    def _alike(self, asking: Sequence[Asking]) -> Iterable[_Group]:
        groups: dict[tuple[str, UUID], _Group] = {}
        for number, (claims, asked) in enumerate(asking):
            caller = self._known.get(claims)
            if caller is None or any(map(self.patience, asked)):
                continue
            with suppress(Problem):
                statement, values = self._ready(asked, caller)
                group = groups.setdefault((statement.text, claims.tenant_id), _Group(statement))
                group.callers.append((number, caller))
                group.values.append(values)
        return groups.values()

    async def _read(self, group: _Group, found: list[list[str] | None]) -> None:
        try:
            several = await self._for_several(group.statement)
            if several is None:
                return
            self._count_statement()
            self._count_several()
            rows = await self._service.database.column(several.text, several.values(group.values))
        except asyncpg.SyntaxOrAccessError as error:
            log.warning("statement is for one caller only", reason=str(error))
            self._several[group.statement.text] = None
        except (asyncpg.PostgresError, ValueError):
            return
        else:
            for (number, caller), texts in zip(group.callers, rows, strict=True):
                if texts is not None:
                    found[number] = await self._told(texts, caller)

    async def _for_several(self, statement: Text) -> Several | None:
        """None for one that reads what a policy shows to one person alone."""
        text = statement.text
        if text not in self._several:
            if self._private is None:
                names = await self._service.database.value(_PRIVATE, ())
                self._private = frozenset(names.split(","))
            alone = not self._private.isdisjoint(_WORD.findall(text))
            if len(self._several) >= MOST_STATEMENTS:
                self._several.clear()
            self._several[text] = None if alone else for_several(statement)
        return self._several[text]

    async def _told(self, texts: list[str], caller: Caller) -> list[str]:
        access_log = self._service.access_log
        return texts if access_log is None else await access_log.take(texts, caller.principal)

    async def _find(self, claims: Claims) -> Caller:
        """Remembered as they are found now; every statement makes sure that they are still the same."""
        if claims.client_id is not None:
            caller = Caller(callers.client(claims), "")
        else:
            parameters = {TENANT: str(claims.tenant_id), "subject": claims.subject}
            values = self._standing.values(parameters)
            standing = await self._value(self._standing, values) or ""
            caller = Caller(self._service.callers.of_standing(claims, standing), standing)
        if len(self._known) >= MOST_CALLERS:
            self._known.clear()
        self._known[claims] = caller
        return caller

    def _ready(self, asked: Sequence[Asked], caller: Caller) -> tuple[Text, list[Any]]:
        """The statement for their asks, and its values; raises `BadRequest`, `Invalid`, `NotFound`."""
        principal = caller.principal
        together = self._statements.prepare(asked, principal)
        parameters = {
            **principal.parameters(),
            TENANT: str(principal.tenant_id),
            PERSON: str(principal.person_id or ""),
            STANDING: caller.standing,
            "subject": principal.subject,
        }
        for number, (each, prepared) in enumerate(zip(asked, together.parts, strict=True)):
            parameters |= each.parameters(prepared, prefix(number))
        return together.statement, together.statement.values(parameters)

    async def _value(
        self, statement: Text, values: Sequence[Any], patience: Patience | None = None
    ) -> Any:
        self._count_statement()
        database = self._service.database
        if patience is None:
            return await database.value(statement.text, values)
        too_long = TakesTooLong.field(patience.pointer, patience.instead)
        if patience.seconds <= 0:
            raise too_long
        try:
            return await database.patient_value(statement.text, values, seconds=patience.seconds)
        except asyncpg.QueryCanceledError:
            raise too_long from None
