"""A fact with sealed fields: on its whole way nobody reads them but its own service, and after the erasure nobody."""

import json
import os
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import pytest
from pydantic_core import PydanticSerializationError
from sqlalchemy import event
from structlog.testing import CapturingLogger

from shared import clock, events, sealing
from shared.events import Fact, Handlers, Incoming, Payload, consumer, letters
from shared.events.facts import Envelope
from shared.events.letters import LetterKey, Outcome
from shared.ids import new_id
from shared.sealing import (
    KeyDestroyed,
    NoKeys,
    NotSealed,
    PersonKeys,
    Sealed,
    SealedField,
    Unsealed,
    Vault,
)
from shared.tenancy import Principal
from tests.chassis.conftest import Broker, Place
from tests.chassis.listener import PERSON_KEYS
from tests.chassis.saying import talking

TEXT = "I want to leave the Zanzibar office"
CHOICE = "Quokka"
WRITTEN = "waymark.feedback.reflection.written.v1"


class ReflectionWritten(Fact, type=WRITTEN, sealed_for="author_id"):
    """Somebody has written something down."""

    entry_id: UUID
    author_id: UUID
    text: Sealed[str]
    choices: Sealed[list[str]]


class Reflection(Payload):
    """What its own service reads again."""

    entry_id: UUID
    text: Unsealed[str]
    choices: Unsealed[list[str]]


class Entry(Payload):
    """What others read."""

    entry_id: UUID


handlers = Handlers("feedback")
read: list[Reflection] = []
noted: list[UUID] = []
trouble: list[Exception] = []


@handlers.on(WRITTEN, group="own")
async def read_again(_session: Any, _principal: Principal, told: Incoming[Reflection]) -> None:
    if trouble:
        raise ValueError(told.payload.text)
    read.append(told.payload)


@handlers.on(WRITTEN, group="other")
async def note(_session: Any, _principal: Principal, told: Incoming[Entry]) -> None:
    noted.append(told.payload.entry_id)


@pytest.fixture
def person_keys(place: Place) -> PersonKeys:
    keys = PersonKeys(PERSON_KEYS, Vault([os.urandom(32)]))
    sealing.hand_down(place.database, keys)
    for kept in (read, noted, trouble):
        kept.clear()
    return keys


@pytest.fixture
async def working(place: Place, broker: Broker) -> AsyncIterator[None]:
    async with events.worker(
        place.database, handlers=handlers, nats_url=broker.url, most_failures=1
    ):
        yield


async def write(place: Place, author_id: UUID, *, text: str = TEXT) -> UUID:
    fact = ReflectionWritten(
        entry_id=new_id(), author_id=author_id, text=text, choices=[CHOICE, "Wombat"]
    )
    async with place.database.transaction(place.tenant_id) as session:
        return await events.publish(
            session, place.principal, fact, subject=fact.entry_id, sequence=1
        )


async def erase(place: Place, person_id: UUID) -> None:
    async with place.database.transaction(place.tenant_id) as session:
        await sealing.destroy(session, PERSON_KEYS, person_id)


async def everything(place: Place, broker: Broker) -> str:
    """Every row of every table, and the stream, as whoever steals them sees them."""
    found = []
    tables = await place.rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    for (table,) in tables:
        found += await place.rows(f"SELECT t::text FROM {table} t")
    found += await place.rows("SELECT t::text FROM queue.job t")
    async with talking(broker) as client:
        stream = client.jetstream()
        state = (await stream.stream_info("WAYMARK_FEEDBACK")).state
        for number in range(state.first_seq, state.last_seq + 1):
            message = await stream.get_msg("WAYMARK_FEEDBACK", number)
            found.append((str(message.headers), str(message.data)))
    return "\n".join(map(str, found))


async def test_nothing_on_its_way_holds_the_text_and_its_own_service_reads_it(
    place: Place, broker: Broker, person_keys: PersonKeys, working: None
) -> None:
    await write(place, new_id())
    await place.until("SELECT count(*) FROM inbox_event", 2)

    (reflection,) = read
    assert (reflection.text, reflection.choices) == (TEXT, [CHOICE, "Wombat"])
    assert noted == [reflection.entry_id]
    lying = await everything(place, broker)
    assert str(reflection.entry_id) in lying
    assert "Zanzibar" not in lying
    assert CHOICE not in lying
    assert TEXT not in repr(reflection)


async def test_a_dead_letter_and_its_log_hold_no_text_and_its_replay_reads_it(
    place: Place,
    broker: Broker,
    person_keys: PersonKeys,
    working: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    log = CapturingLogger()
    monkeypatch.setattr(consumer, "log", log)
    trouble.append(ValueError())
    event_id = await write(place, new_id())
    await place.until("SELECT count(*) FROM inbox_dead_letter WHERE dead_at IS NOT NULL", 1)

    assert [call.args for call in log.calls] == [("event dead",)]
    assert "Zanzibar" not in str(log.calls)
    assert "Zanzibar" not in await everything(place, broker)
    trouble.clear()
    assert await replayed(place, event_id) is Outcome.APPLIED
    assert [each.text for each in read] == [TEXT]


async def test_after_the_erasure_nothing_opens_in_outbox_stream_and_dead_letters(
    place: Place, broker: Broker, person_keys: PersonKeys, working: None
) -> None:
    gone, stays = new_id(), new_id()
    trouble.append(ValueError())
    ids = [await write(place, each) for each in (gone, stays)]
    await place.until("SELECT count(*) FROM inbox_dead_letter WHERE dead_at IS NOT NULL", 2)
    trouble.clear()

    await erase(place, gone)

    assert [await replayed(place, each) for each in ids] == [Outcome.APPLIED] * 2
    assert [each.text for each in read] == [None, TEXT]
    read.clear()
    await events.rebuild(
        handlers, "own", database=place.database, nats_url=broker.url, reset=keep_all
    )
    assert sorted([each.text or "" for each in read]) == ["", TEXT]
    with pytest.raises(KeyDestroyed):
        await write(place, gone)


async def test_two_facts_of_an_author_do_not_open_in_each_others_place(
    place: Place, person_keys: PersonKeys
) -> None:
    author_id = new_id()
    first, second = await write(place, author_id), await write(place, author_id, text="Other")
    rows = await place.rows("SELECT id, payload::text FROM outbox_event ORDER BY id")
    bodies = {row[0]: row[1] for row in rows}

    swapped = json.loads(bodies[second])
    swapped["text"], swapped["choices"] = swapped["choices"], swapped["text"]

    await apply(place, first, bodies[second])
    await apply(place, second, json.dumps(swapped))
    await apply(place, second, bodies[second])

    assert [(each.text, each.choices) for each in read[:2]] == [(None, None)] * 2
    assert read[2].text == "Other"


async def test_a_text_from_before_the_field_was_sealed_is_read_as_it_is(
    place: Place, person_keys: PersonKeys
) -> None:
    await apply(place, new_id(), f'{{"entryId": "{new_id()}", "text": "Old", "choices": ["a"]}}')

    assert [(each.text, each.choices) for each in read] == [("Old", ["a"])]


async def test_a_service_without_keys_neither_says_nor_reads_sealed_fields(place: Place) -> None:
    with pytest.raises(NoKeys):
        await write(place, new_id())
    assert await place.value("SELECT count(*) FROM outbox_event") == 0


async def test_the_keys_of_many_facts_are_fetched_at_once(
    place: Place, person_keys: PersonKeys
) -> None:
    authors = [new_id() for _ in range(20)]
    async with place.database.transaction(place.tenant_id) as session:
        await person_keys.make(session, authors)
    facts = [
        (ReflectionWritten(entry_id=new_id(), author_id=each, text=TEXT, choices=[]), each, None)
        for each in authors
    ]
    said: list[str] = []

    def note_statement(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        said.append(statement)

    engine = place.database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", note_statement)
    async with place.database.transaction(place.tenant_id) as session:
        await events.publish_many(session, place.principal, facts=facts)
    event.remove(engine, "before_cursor_execute", note_statement)

    assert len([each for each in said if "person_key" in each]) == 1
    assert await place.value("SELECT count(*) FROM outbox_event") == 20


def test_a_fact_with_sealed_fields_names_whom_they_are_sealed_for() -> None:
    with pytest.raises(TypeError, match="sealed_for"):

        class Nobodys(Fact, type="waymark.feedback.reflection.dropped.v1"):
            text: Sealed[str | None]


def test_only_publish_writes_a_sealed_field() -> None:
    fact = ReflectionWritten(entry_id=new_id(), author_id=new_id(), text=TEXT, choices=[])

    for dump in (fact.model_dump, fact.model_dump_json):
        with pytest.raises(PydanticSerializationError, match=NotSealed.__name__) as refused:
            dump()
        assert TEXT not in str(refused.value)
    assert TEXT not in repr(fact)


def test_the_asyncapi_document_says_that_a_field_is_sealed() -> None:
    document = events.asyncapi(handlers, [ReflectionWritten])

    described = document["components"]["schemas"]["ReflectionWritten"]["properties"]
    assert described["entryId"]["format"] == "uuid"
    for name in ("text", "choices"):
        assert described[name]["title"] == SealedField.__name__
        assert set(described[name]["properties"]) == {"personId", "sealed"}
        assert "erased" in described[name]["description"]


async def replayed(place: Place, event_id: UUID) -> Outcome:
    async with place.database.transaction(place.tenant_id) as session:
        key = LetterKey(handlers.groups["own"].name, event_id)
        outcome = await letters.replay(session, handlers, key)
    assert outcome
    return outcome.outcome


async def apply(place: Place, event_id: UUID, body: str) -> None:
    event = Envelope(
        id=event_id,
        type=WRITTEN,
        subject="1",
        sequence=None,
        occurred_at=clock.now(),
        tenant_id=place.tenant_id,
        traceparent=None,
        body=body.encode(),
    )
    async with place.database.transaction(place.tenant_id) as session:
        await handlers.groups["own"].apply(session, [event])


async def keep_all(_session: Any) -> None:
    """Nothing is kept that a rebuilding would empty."""
