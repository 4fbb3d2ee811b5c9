"""The source's whole listing against what was told: what is new is told page by page, who has vanished at its end.

A listing that is cut off says nothing of those whom it did not come to. Leavers wait for the end too, so that they are
counted together.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import Row, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.gateway.integrations.connections.models import Connection
from services.gateway.integrations.connections.rules import ConnectionState
from services.gateway.integrations.connections.settings import ConnectionSettings
from services.gateway.integrations.fetching import comparing, metrics
from services.gateway.integrations.fetching.calling import Unanswered, Unfetchable
from services.gateway.integrations.fetching.claiming import LONGEST_REASON, pause
from services.gateway.integrations.fetching.models import Listed, ReconciliationRun, Source
from services.gateway.integrations.fetching.rules import (
    MOST_RUN_TRIES,
    OPEN,
    ReconciliationState,
    next_try,
)
from services.gateway.integrations.fetching.vendors import (
    APIS,
    Client,
    Record,
    VendorApi,
    departed,
)
from services.gateway.integrations.webhooks import telling, things
from services.gateway.integrations.webhooks.events import Said
from services.gateway.integrations.webhooks.mapping import Origin, Unmappable
from services.gateway.integrations.webhooks.models import SourceObject
from shared import clock
from shared.db import Database
from shared.jobs import TryLater
from shared.tenancy import Principal

AT_ONCE = 500
NOT_ASKED = "The connection is disabled, or nobody has set up how it is asked."
_Absent = Row[UUID, str, datetime | None]
CLIENTS = Callable[[Source, VendorApi], Client]


@dataclass(slots=True)
class _Reading:
    """One try of a run, and what it has put aside."""

    tries: int
    connection: Connection
    source: Source
    api: VendorApi
    origin: Origin
    leaving: list[Said] = field(default_factory=list)
    fingerprints: dict[UUID, bytes] = field(default_factory=dict)


class Reconciling:
    """One run; whoever has lost it to another worker changes nothing at its end."""

    def __init__(
        self, database: Database, principal: Principal, run_id: UUID, clients: CLIENTS
    ) -> None:
        self._database = database
        self._principal = principal
        self._run_id = run_id
        self._clients = clients

    async def run(self) -> None:
        """Raises `TryLater` for a listing that was cut off, a few times."""
        reading = await self._begin()
        if reading is None:
            return
        try:
            listing = self._clients(reading.source, reading.api).listing()
            async for page in listing:
                for start in range(0, len(page), AT_ONCE):
                    await self._page(reading, page[start : start + AT_ONCE])
        except Unanswered as why:
            await self._cut_off(reading, why)
        except Unfetchable as why:
            await self._cut_off(reading, Unanswered(str(why)), for_good=True)
        else:
            _count(reading, await self._finish(reading))

    async def _begin(self) -> _Reading | None:
        async with self._database.transaction(self._principal.tenant_id) as session:
            run = await session.scalar(self._mine().with_for_update())
            if run is None:
                return None
            now = clock.now()
            connection = await session.get_one(Connection, (run.tenant_id, run.connection_id))
            source = await session.scalar(select(Source).where(Source.id == connection.id))
            if source is None or connection.state is ConnectionState.DISABLED:
                _fail(run, NOT_ASKED)
                return None
            run.state, run.tries = ReconciliationState.RUNNING, run.tries + 1
            run.started_at = now
            run.seen = run.unread = 0
            origin = comparing.origin_of(connection, cause=run.id, said_at=now, now=now)
            return _Reading(run.tries, connection, source, APIS[connection.vendor], origin)

    async def _page(self, reading: _Reading, page: Sequence[Record]) -> None:
        contents, unread = [], 0
        for record in page:
            try:
                contents.append(
                    comparing.read(
                        reading.api,
                        record.kind,
                        record.external_id,
                        record.content,
                        reading.origin,
                    )
                )
            except Unmappable:
                unread += 1
        async with self._database.transaction(self._principal.tenant_id) as session:
            facts = [fact for content in contents for fact in content.facts]
            prints = {key: each for one in contents for key, each in one.fingerprints.items()}
            told = await self._told(session, reading, comparing.Content(facts, prints))
            leavers = {_person(fact) for fact in facts if things.is_departure(fact)}
            await self._list(session, reading, page, leavers)
            counted = update(ReconciliationRun).where(ReconciliationRun.id == self._run_id)
            await session.execute(
                counted.values(
                    seen=ReconciliationRun.seen + len(page),
                    told=ReconciliationRun.told + told,
                    unread=ReconciliationRun.unread + unread,
                )
            )

    async def _told(
        self, session: AsyncSession, reading: _Reading, content: comparing.Content
    ) -> int:
        """Puts leavers aside; somebody who had left before the connection ever named them is nobody's loss."""
        news = await comparing.news(session, content)
        staying = [fact for fact in news.facts if not things.is_departure(fact)]
        for fact in news.facts:
            thing = things.id_of(fact)
            if things.is_departure(fact) and thing in news.known:
                reading.leaving.append(fact)
                reading.fingerprints[thing] = content.fingerprints[thing]
        return await telling.tell(
            session,
            self._principal,
            facts=staying,
            now=clock.now(),
            fingerprints=content.fingerprints,
        )

    async def _list(
        self,
        session: AsyncSession,
        reading: _Reading,
        page: Sequence[Record],
        leavers: set[str],
    ) -> None:
        rows = {
            record.external_id: {
                "tenant_id": self._principal.tenant_id,
                "id": uuid5(reading.connection.id, f"{record.kind}:{record.external_id}"),
                "connection_id": reading.connection.id,
                "external_id": record.external_id,
                "run_id": self._run_id,
                "present_at": None if record.external_id in leavers else reading.origin.sent_at,
                "gone_at": None,
            }
            for record in page
            if record.kind == reading.api.lists
        }
        if not rows:
            return
        named = insert(Listed).values(sorted(rows.values(), key=lambda row: str(row["id"])))
        new = named.excluded
        changed = {"run_id": new.run_id, "present_at": new.present_at, "gone_at": None}
        keys = ["tenant_id", "id"]
        await session.execute(named.on_conflict_do_update(index_elements=keys, set_=changed))

    async def _finish(self, reading: _Reading) -> ReconciliationRun | None:
        """The run, unless it has been lost."""
        async with self._database.transaction(self._principal.tenant_id) as session:
            run: ReconciliationRun | None = await session.scalar(self._mine().with_for_update())
            if run is None or run.tries != reading.tries:
                return None
            now = clock.now()
            vanished = await self._vanished(session, reading) if self._of_people(reading) else []
            facts = [departed(row.external_id, reading.origin) for row in vanished]
            leaving = [*reading.leaving, *facts]
            limit = ConnectionSettings.model_validate(reading.connection.settings).terminations
            run.finished_at, run.error = now, None
            if not run.approved and await telling.would_end_too_many(
                session,
                connection_id=reading.connection.id,
                facts=leaving,
                limit=limit,
                now=now,
            ):
                run.state, run.held = ReconciliationState.HELD, len(leaving)
                return run
            run.told += await telling.tell(
                session,
                self._principal,
                facts=leaving,
                now=now,
                fingerprints=reading.fingerprints,
            )
            run.state, run.vanished = ReconciliationState.DONE, len(vanished)
            away = update(Listed).where(Listed.id.in_([row.id for row in vanished]))
            await session.execute(away.values(gone_at=now))
            return run

    async def _vanished(self, session: AsyncSession, reading: _Reading) -> list[_Absent]:
        """Who was there and is not any more; who has left by another word has not vanished."""
        mine = Listed.connection_id == reading.connection.id
        found = await session.execute(
            select(Listed.id, Listed.external_id, Listed.present_at).where(
                mine,
                Listed.run_id != self._run_id,
                Listed.gone_at.is_(None),
                Listed.present_at.is_not(None),
            )
        )
        rows = found.all()
        by_thing = {things.id_of(departed(row.external_id, reading.origin)): row for row in rows}
        left = select(SourceObject.id, SourceObject.ended_at).where(
            SourceObject.connection_id == reading.connection.id,
            SourceObject.ended_at.is_not(None),
        )
        ended = {row.id: row.ended_at for row in await session.execute(left)}
        return [
            row
            for thing, row in by_thing.items()
            if thing not in ended or ended[thing] < row.present_at
        ]

    async def _cut_off(self, reading: _Reading, why: Unanswered, *, for_good: bool = False) -> None:
        """Raises `TryLater`."""
        async with self._database.transaction(self._principal.tenant_id) as session:
            run = await session.scalar(self._mine().with_for_update())
            if run is None or run.tries != reading.tries:
                return
            if why.pause is not None:
                until = clock.now() + why.pause
                await pause(session, reading.connection.id, why, until=until)
            wait = why.pause or next_try(run.tries)
            if for_good or wait is None or run.tries >= MOST_RUN_TRIES:
                _fail(run, why.reason)
                _count(reading, run)
                return
            run.state, run.error = ReconciliationState.WAITING, why.reason[:LONGEST_REASON]
        metrics.RUNS.labels(reading.connection.vendor, "CUT_OFF").inc()
        raise TryLater(wait)

    def _of_people(self, reading: _Reading) -> bool:
        return reading.api.lists == "person"

    def _mine(self) -> Any:
        return select(ReconciliationRun).where(
            ReconciliationRun.id == self._run_id, ReconciliationRun.state.in_(OPEN)
        )


def _count(reading: _Reading, run: ReconciliationRun | None) -> None:
    if run is None:
        return
    metrics.ended(
        reading.connection.vendor,
        run.state,
        {name: getattr(run, name) for name in ("seen", "told", "vanished", "held", "unread")},
        started_at=run.started_at,
        finished_at=run.finished_at,
    )


def _fail(run: ReconciliationRun, reason: str) -> None:
    run.state, run.error = ReconciliationState.FAILED, reason[:LONGEST_REASON]
    run.finished_at = clock.now()


def _person(fact: Said) -> str:
    told = getattr(fact, "person", None)
    return told.external_id or "" if told is not None else ""
