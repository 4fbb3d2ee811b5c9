"""`waymark events dead`: what handlers failed on, over all tenants that the streams know or one."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

import structlog
import typer

from deploy.cli import reaching
from deploy.cli.output import write_json, write_table
from deploy.local.problems import Refused
from shared.events import inbox, letters
from shared.events.letters import Letter, LetterKey, LetterState, Outcome, Replayed
from shared.service import Service

log = structlog.get_logger("operations")

COLUMNS = ("id", "type", "state", "attempts", "reason", "failed_at", "tenant_id")
ENDED = (Outcome.APPLIED, Outcome.DUPLICATE)


class NoSuchLetter(Refused):
    """No tenant has this dead letter."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which letters are meant."""

    service: str | None = None
    group: str | None = None
    tenant_id: UUID | None = None
    state: LetterState | None = LetterState.DEAD


def show_all(wanted: Wanted, *, as_json: bool) -> None:
    found = [
        {"tenant_id": tenant_id, **_members(letter)}
        for tenant_id, letter in asyncio.run(_all(wanted))
    ]
    if as_json:
        write_json(found)
    else:
        write_table(found, COLUMNS, none="No dead letters.")


def show(letter_id: str, *, tenant_id: UUID | None, full: bool, as_json: bool) -> None:
    """Raises `NoSuchLetter`."""
    found = asyncio.run(_show(_key(letter_id), tenant_id, full=full))
    if as_json:
        write_json(found)
    for name, value in {} if as_json else found.items():
        print(f"{name:12} {json.dumps(value) if name == 'payload' else value}")


def replay(letter_id: str, *, tenant_id: UUID | None, overtaken: bool, as_json: bool) -> None:
    """Exit code 1 unless it was applied. Raises `NoSuchLetter`."""
    _tell([asyncio.run(_replay(_key(letter_id), tenant_id, overtaken=overtaken))], as_json=as_json)


def replay_all(wanted: Wanted, *, overtaken: bool, as_json: bool) -> None:
    """Every letter of a group, oldest first; exit code 1 unless all were applied."""
    _tell(asyncio.run(_replay_all(wanted, overtaken=overtaken)), as_json=as_json)


def drop(letter_id: str, *, tenant_id: UUID | None, reason: str, as_json: bool) -> None:
    """Raises `NoSuchLetter`."""
    asyncio.run(_drop(_key(letter_id), tenant_id, reason))
    if as_json:
        write_json({"id": letter_id, "dropped": True})
    else:
        print(f"{letter_id} dropped")


def _tell(replayed: list[Replayed], *, as_json: bool) -> None:
    found = [asdict(each) for each in replayed]
    if as_json:
        write_json(found)
    else:
        write_table(found, ("id", "outcome", "reason"), none="Nothing to replay.")
    if any(each.outcome not in ENDED for each in replayed):
        raise typer.Exit(1)


async def _all(wanted: Wanted) -> list[tuple[UUID, Letter]]:
    found: list[tuple[UUID, Letter]] = []
    for name in reaching.services(wanted.service):
        async with reaching.service(name) as service:
            for tenant_id in await reaching.tenants(service, wanted.tenant_id):
                found += [(tenant_id, each) for each in await _of(service, tenant_id, wanted)]
    return found


async def _of(service: Service, tenant_id: UUID, wanted: Wanted) -> list[Letter]:
    after, found = None, []
    while True:
        async with service.database.transaction(tenant_id) as session:
            page, after = await letters.page(
                session, group=wanted.group, state=wanted.state, after=after, limit=500
            )
        found += page
        if after is None:
            return found


async def _show(key: LetterKey, tenant_id: UUID | None, *, full: bool) -> dict[str, Any]:
    async with _holding(key, tenant_id) as (service, tenant, letter):
        found = {"tenant_id": tenant, **_members(letter)}
        if full:
            async with service.database.transaction(tenant) as session:
                found["payload"] = json.loads(await letters.contents(session, key) or "null")
        return found


async def _replay(key: LetterKey, tenant_id: UUID | None, *, overtaken: bool) -> Replayed:
    async with _holding(key, tenant_id) as (service, tenant, _):
        return await _once_more(service, tenant, key, overtaken=overtaken)


async def _replay_all(wanted: Wanted, *, overtaken: bool) -> list[Replayed]:
    replayed = []
    for name in reaching.services(wanted.service):
        async with reaching.service(name) as service:
            for tenant_id in await reaching.tenants(service, wanted.tenant_id):
                for letter in await _of(service, tenant_id, wanted):
                    key = LetterKey(letter.group, letter.event_id)
                    outcome = await _once_more(service, tenant_id, key, overtaken=overtaken)
                    replayed.append(outcome)
    return replayed


async def _once_more(
    service: Service, tenant_id: UUID, key: LetterKey, *, overtaken: bool
) -> Replayed:
    try:
        async with service.database.transaction(tenant_id) as session:
            handlers = reaching.handlers_of(service)
            replayed = await letters.replay(session, handlers, key, overtaken=overtaken)
    except inbox.Rebuilding:
        raise Refused(f"{key.group} is being rebuilt: replay again when that is done.") from None
    return replayed or Replayed(str(key), Outcome.DUPLICATE, "It was settled meanwhile.")


async def _drop(key: LetterKey, tenant_id: UUID | None, reason: str) -> None:
    async with _holding(key, tenant_id) as (service, tenant, _):
        async with service.database.transaction(tenant) as session:
            await letters.drop(session, key)
        log.info(
            "dead letter dropped", tenant=str(tenant), by="waymark", id=str(key), because=reason
        )


@asynccontextmanager
async def _holding(
    key: LetterKey, tenant_id: UUID | None
) -> AsyncIterator[tuple[Service, UUID, Letter]]:
    """The service and the tenant that have the letter: groups are named after their service."""
    name = key.group.partition("-")[0].replace("integrations", "gateway")
    async with reaching.service(name) as service:
        for tenant in await reaching.tenants(service, tenant_id):
            async with service.database.transaction(tenant) as session:
                letter = await letters.find(session, key)
            if letter is not None:
                yield service, tenant, letter
                return
        raise NoSuchLetter(f"There is no dead letter {key}. See `waymark events dead list`.")


def _members(letter: Letter) -> dict[str, Any]:
    return {"id": letter.id, **asdict(letter)}


def _key(written: str) -> LetterKey:
    try:
        return LetterKey.parse(written)
    except ValueError:
        raise NoSuchLetter(f"{written!r} is no id of a dead letter: <group>.<event id>.") from None
