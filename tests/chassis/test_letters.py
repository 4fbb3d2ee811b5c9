"""Dead letters are listed without contents, replayed, dropped; a rebuild or a gap is filled from the stream."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from shared import clock, events, idempotency, jobs
from shared.events import backlog, inbox, letters
from shared.events.facts import Envelope
from shared.events.letters import LetterKey, LetterState, Outcome
from shared.ids import new_id
from shared.jobs import upkeep
from shared.jobs.upkeep import JobState
from tests.chassis.conftest import PATIENCE_SECONDS, Broker, Place
from tests.chassis.listener import forget_people, handlers
from tests.chassis.saying import apply, envelope, publish, working

GROUP = handlers.groups["people"]


async def die(place: Place, event: Envelope) -> LetterKey:
    async with place.database.transaction(place.tenant_id) as session:
        await inbox.note_dead(session, GROUP, event, ValueError("a secret of somebody"))
    return LetterKey(GROUP.name, event.id)


async def replay(place: Place, key: LetterKey, *, overtaken: bool = False) -> Any:
    async with place.database.transaction(place.tenant_id) as session:
        return await letters.replay(session, handlers, key, overtaken=overtaken)


async def listed(place: Place, **wanted: Any) -> list[letters.Letter]:
    async with place.database.transaction(place.tenant_id) as session:
        found, _ = await letters.page(session, **wanted)
    return found


async def test_a_letter_is_listed_with_its_reason_and_without_contents(place: Place) -> None:
    event = envelope(place, "Ada", subject=new_id(), sequence=3)
    key = await die(place, event)

    (found,) = await listed(place, state=LetterState.DEAD, group="profile-people")

    assert (found.id, found.type, found.sequence) == (str(key), event.type, 3)
    assert (found.reason, found.attempts, found.state) == ("ValueError", 1, LetterState.DEAD)
    assert "Ada" not in str(found)
    assert await listed(place, state=LetterState.RETRYING) == []


async def test_pages_of_letters_end_between_events(place: Place) -> None:
    keys = [
        await die(place, envelope(place, "Ada", subject=new_id(), sequence=1)) for _ in range(3)
    ]

    async with place.database.transaction(place.tenant_id) as session:
        first, after = await letters.page(session, limit=2)
        second, end = await letters.page(session, after=after, limit=2)

    assert [each.event_id for each in (*first, *second)] == [key.event_id for key in keys]
    assert (len(first), end) == (2, None)


async def test_a_replayed_letter_takes_effect_once_and_is_gone(place: Place) -> None:
    key = await die(place, envelope(place, "Ada", subject=new_id(), sequence=1))

    first, second = await replay(place, key), await replay(place, key)

    assert first.outcome is Outcome.APPLIED
    assert second is None
    assert await place.rows("SELECT name, effects FROM person_copy") == [("Ada", 1)]
    assert await listed(place) == []


async def test_a_letter_that_fails_again_stays_with_the_new_reason(place: Place) -> None:
    key = await die(place, envelope(place, "missing", subject=new_id(), sequence=1))

    replayed = await replay(place, key)

    assert replayed.outcome is Outcome.FAILED
    assert replayed.reason.startswith("KeyError at copy_person:")
    (found,) = await listed(place, state=LetterState.DEAD)
    assert (found.attempts, found.reason) == (2, replayed.reason)
    assert await place.value("SELECT count(*) FROM inbox_event") == 0


async def test_a_letter_that_was_overtaken_changes_nothing_unless_it_is_told_to(
    place: Place,
) -> None:
    person_id = new_id()
    key = await die(place, envelope(place, "older", subject=person_id, sequence=1))
    await apply(place, envelope(place, "newer", subject=person_id, sequence=2))

    refused = await replay(place, key)
    kept = await place.rows("SELECT name FROM person_copy")
    forced = await replay(place, key, overtaken=True)

    assert (refused.outcome, kept) == (Outcome.OVERTAKEN, [("newer",)])
    assert forced.outcome is Outcome.APPLIED
    assert await place.rows("SELECT name, effects FROM person_copy") == [("older", 2)]


async def test_a_dropped_letter_never_takes_effect(place: Place) -> None:
    event = envelope(place, "Ada", subject=new_id(), sequence=1)
    key = await die(place, event)

    async with place.database.transaction(place.tenant_id) as session:
        dropped = await letters.drop(session, key)
    outcome = await apply(place, event)

    assert dropped is not None
    assert (outcome.applied, outcome.duplicate) == (0, 1)
    assert await place.value("SELECT count(*) FROM person_copy") == 0


async def test_another_tenant_sees_no_letter_and_replays_none(place: Place) -> None:
    key = await die(place, envelope(place, "Ada", subject=new_id(), sequence=1))

    async with place.database.transaction(new_id()) as session:
        found = (
            await letters.find(session, key),
            await letters.replay(session, handlers, key),
            await letters.drop(session, key),
        )

    assert found == (None, None, None)
    assert len(await listed(place)) == 1


async def test_a_rebuild_passes_a_fact_that_cannot_be_applied_and_keeps_it(
    place: Place, broker: Broker
) -> None:
    async with working(place, broker, most_failures=1):
        await publish(place, "Ada")
        await publish(place, "poison")
        await place.until("SELECT count(dead_at) FROM inbox_dead_letter", 1)
        applied = await events.rebuild(
            handlers, "people", database=place.database, nats_url=broker.url, reset=forget_people
        )

    assert applied == {place.tenant_id: 1}
    assert await place.rows("SELECT name, effects FROM person_copy") == [("Ada", 1)]
    assert [each.state for each in await listed(place)] == [LetterState.DEAD]


async def test_a_gap_is_filled_from_the_stream_without_a_second_effect(
    place: Place, broker: Broker
) -> None:
    async with working(place, broker):
        await publish(place, "Ada")
        await publish(place, "Bob")
        await place.until("SELECT count(*) FROM person_copy", 2)
    await place.value("DELETE FROM person_copy WHERE name = 'Bob'")
    await place.value(
        "DELETE FROM inbox_event WHERE event_id = (SELECT max(id::text)::uuid FROM outbox_event)"
    )
    await place.value("DELETE FROM inbox_sequence")

    applied = await events.catch_up(
        handlers,
        "people",
        database=place.database,
        nats_url=broker.url,
        since=clock.now() - timedelta(minutes=1),
    )

    assert applied == {place.tenant_id: 1}
    assert await place.rows("SELECT name, effects FROM person_copy ORDER BY name") == [
        ("Ada", 1),
        ("Bob", 1),
    ]


async def test_a_watcher_sees_facts_as_they_are_stored(place: Place, broker: Broker) -> None:
    async with working(place, broker):
        await publish(place, "Ada")
        await place.until("SELECT count(*) FROM person_copy", 1)
        watching = events.tail(
            broker.url,
            ["waymark.profile.person.*.*"],
            tenant_id=place.tenant_id,
            since=clock.now() - timedelta(minutes=1),
        )
        first = await anext(watching)
        await publish(place, "Bob")
        second = await anext(watching)
        await watching.aclose()

    assert b"Ada" in first.body
    assert b"Bob" in second.body


async def test_the_backlog_counts_what_is_on_its_way(place: Place, broker: Broker) -> None:
    await publish(place, "Ada")
    async with place.database.transaction(place.tenant_id) as session:
        before = await backlog.outbox(session)
    async with working(place, broker, most_failures=1):
        await publish(place, "poison")
        await place.until("SELECT count(*) FROM person_copy", 1)
        await place.until("SELECT count(dead_at) FROM inbox_dead_letter", 1)
        pending = await settled(place, broker)
    async with place.database.transaction(place.tenant_id) as session:
        after = await backlog.outbox(session)
        (group,) = await backlog.groups(session, handlers, pending=pending)

    assert (before.events, after.events) == (1, 0)
    assert (group.group, group.pending, group.dead) == ("profile-people", 0, 1)
    assert group.newest_applied_at is not None
    away = await backlog.pending_of(handlers, nats_url="nats://127.0.0.1:1", tenant_id=None)
    assert away == {}


async def settled(place: Place, broker: Broker) -> dict[str, int]:
    """What is pending once the last acknowledgement, which follows its row, is at the broker."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            found = await backlog.pending_of(
                handlers, nats_url=broker.url, tenant_id=place.tenant_id
            )
            if found == {GROUP.name: 0}:
                return found


async def test_a_failed_job_is_retried_or_dropped_by_its_tenant_only(place: Place) -> None:
    async with place.database.transaction(place.tenant_id) as session:
        await jobs.enqueue(session, place.principal, name="slow", arguments={"id": str(new_id())})
    await place.value("UPDATE queue.job SET failed_at = now(), attempts = 10, reason = 'Away'")

    async with place.database.transaction(place.tenant_id) as session:
        (kept,), _ = await upkeep.page(session, tenant_id=place.tenant_id, state=JobState.FAILED)
        others, _ = await upkeep.page(session, tenant_id=new_id())
        by_other = await upkeep.retry(session, kept.id, tenant_id=new_id())
        by_own = await upkeep.retry(session, kept.id, tenant_id=place.tenant_id)
        dropped = await upkeep.drop(session, kept.id, tenant_id=place.tenant_id)
        (load,) = await upkeep.loads(session, tenant_id=place.tenant_id)

    assert (kept.name, kept.reason, kept.attempts, others) == ("slow", "Away", 10, [])
    assert (by_other, by_own, dropped) == (False, True, False)
    assert (load.waiting, load.running, load.failed) == (1, 0, 0)


async def test_old_idempotency_keys_are_removed_and_young_ones_stay(place: Place) -> None:
    async with place.database.transaction(place.tenant_id) as session:
        for key, age in (("old", "25 hours"), ("young", "23 hours")):
            await session.execute(
                text(
                    "INSERT INTO idempotency_key (tenant_id, subject, key, fingerprint, created_at)"
                    f" VALUES (:tenant, 'ada', :key, '', now() - interval '{age}')"
                ),
                {"tenant": place.tenant_id, "key": key},
            )

    before = clock.now() - idempotency.KEPT
    removed = await idempotency.purge(place.database, place.tenant_id, before=before)

    assert removed == 1
    assert await place.rows("SELECT key FROM idempotency_key") == [("young",)]


@pytest.mark.parametrize("written", ["people", "people.no-id", ""])
def test_an_id_of_a_letter_that_is_none_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="badly formed"):
        LetterKey.parse(written)
