"""A service in miniature that publishes persons and keeps a copy of them; run as a module, its worker."""

import asyncio
import os
import signal

from sqlalchemy import BigInteger, Column, Integer, Table, Text, Uuid, delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from shared import events, idempotency, sealing
from shared.db import Database, new_metadata
from shared.events import Fact, Handlers, Incoming, Payload
from shared.jobs import Job, Jobs
from shared.tenancy import Principal

METADATA = new_metadata()
TABLES = events.define_tables(METADATA)
idempotency.define_table(METADATA)
PERSON_KEYS = sealing.define_table(METADATA)
COPY = Table(
    "person_copy",
    METADATA,
    Column("tenant_id", Uuid, primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("name", Text, nullable=False),
    Column("sequence", BigInteger),
    Column("effects", Integer, nullable=False),
)

TROUBLES = {"poison": ValueError, "missing": KeyError}

handlers = Handlers("profile")
registry = Jobs("profile")


class PersonUpdated(Fact, type="waymark.profile.person.updated.v1"):
    """All of a person, each time."""

    display_name: str
    secret_plan: str = ""


class PersonRegistered(PersonUpdated, type="waymark.profile.person.registered.v1"):
    """The same for the first time."""


class PersonSnapshot(Payload):
    """What the copy needs of a person."""

    display_name: str


@handlers.on("waymark.profile.person.*.v1", group="people")
async def copy_person(
    session: AsyncSession, principal: Principal, event: Incoming[PersonSnapshot]
) -> None:
    name = event.payload.display_name
    if name in TROUBLES:
        raise TROUBLES[name]("a secret of somebody")
    await asyncio.sleep(float(os.environ.get("LISTENER_SLOWNESS", "0")))
    row = insert(COPY).values(
        tenant_id=principal.tenant_id,
        id=event.subject,
        name=name,
        sequence=event.sequence,
        effects=1,
    )
    changes = {"name": name, "sequence": event.sequence, "effects": COPY.c.effects + 1}
    await session.execute(
        row.on_conflict_do_update(index_elements=["tenant_id", "id"], set_=changes)
    )


async def forget_people(session: AsyncSession) -> None:
    await session.execute(delete(COPY).where(COPY.c.tenant_id == session.info["tenant_id"]))


@registry.job("slow")
async def slow(database: Database, principal: Principal, job: Job) -> None:
    """Takes its time before its effect."""
    await asyncio.sleep(float(os.environ.get("LISTENER_SLOWNESS", "0")))
    async with database.transaction(principal.tenant_id) as session:
        row = insert(COPY).values(
            tenant_id=principal.tenant_id,
            id=job.arguments["id"],
            name="slow",
            sequence=0,
            effects=1,
        )
        await session.execute(row)


async def main() -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    database = Database.connect(os.environ["LISTENER_DATABASE_URL"], application_name="listener")
    await events.run_worker(
        database,
        handlers=handlers,
        registry=registry,
        nats_url=os.environ["NATS_URL"],
        stop=stop,
        most_failures=3,
    )
    await database.close()


if __name__ == "__main__":
    asyncio.run(main())
