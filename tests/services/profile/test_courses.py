"""Completed courses in one portion: what many of them cost, and two of one skill."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import event

from shared import clock
from shared.events.facts import Envelope
from shared.events.inbox import apply_batch
from shared.ids import new_id
from tests.services.profile.test_assertions import COMPLETED, level_of


def completed(here, who, gains, **facts):
    record = new_id()
    payload = {
        "recordId": str(record),
        "personId": here.people[who],
        "resourceId": str(new_id()),
        "completedAt": clock.now().isoformat(),
        "skills": [{"skillId": skill, "expectedDelta": delta} for skill, delta in gains.items()],
        "title": "A course",
        **facts,
    }
    body = json.dumps(payload).encode()
    return Envelope(
        id=new_id(),
        type=COMPLETED,
        subject=str(record),
        sequence=1,
        occurred_at=clock.now(),
        tenant_id=here.tenant_id,
        traceparent=None,
        body=body,
    )


@pytest.fixture
def apply(profile, here):
    async def apply(*events):
        """The portion in one transaction; answers the statements that it took."""
        groups = profile.service.blueprint.handlers.groups.values()
        (group,) = (g for g in groups if any(h.takes(COMPLETED) for h in g.handlers))
        statements = []

        def count(connection, cursor, statement, parameters, context, executemany):
            if "SAVEPOINT" not in statement:
                statements.append(statement)

        engine = profile.service.database.engine.sync_engine
        async with profile.session() as session:
            event.listen(engine, "before_cursor_execute", count)
            try:
                await apply_batch(session, group, here.tenant_id, list(events))
            finally:
                event.remove(engine, "before_cursor_execute", count)
        return statements

    return apply


async def test_a_portion_of_courses_takes_a_fixed_number_of_statements(
    profile, here, coding, apply
):
    one = await apply(completed(here, "dev", {coding: 1.5}))
    many = await apply(
        *(completed(here, who, {coding: 1.5}) for who in ("peer", "lead", "head", "operator"))
    )

    assert len(many) == len(one)
    assert [(await level_of(profile, here, who))["level"] for who in ("dev", "peer", "head")] == [
        1.5,
        1.5,
        1.5,
    ]


async def test_a_second_course_begins_where_the_first_has_led(profile, here, coding, apply):
    now = clock.now()
    early = completed(here, "dev", {coding: 1.5}, completedAt=now.isoformat())
    later = completed(here, "dev", {coding: 1.0}, completedAt=now.isoformat())
    await apply(early, completed(here, "peer", {coding: 2.0}), later)

    told = await profile.published("waymark.profile.skill_assertion.recorded.v1")
    said = [
        (fact["payload"]["personId"], fact["payload"]["level"], fact["payload"]["source"])
        for fact in told
    ]
    dev, peer = here.people["dev"], here.people["peer"]
    assert said == [(dev, 1.5, "COURSE"), (peer, 2.0, "COURSE"), (dev, 2.5, "COURSE")]
    assert (await level_of(profile, here))["level"] == 2.0


async def test_the_same_course_again_takes_the_place_of_the_one_before(
    profile, here, coding, apply
):
    resource, past = str(new_id()), (clock.now() - timedelta(days=40)).isoformat()
    first = completed(here, "dev", {coding: 1.0}, resourceId=resource, completedAt=past)
    again = completed(here, "dev", {coding: 1.0}, resourceId=resource)
    await apply(again)
    await apply(first)
    await apply(completed(here, "dev", {coding: 1.0}, resourceId=resource))

    answer = await profile.client.get(
        "/skills/assertions", params={"personId": here.people["dev"]}, headers=here.as_("dev")
    )
    states = sorted((each["state"], each["level"]) for each in answer.json())
    assert states == [("CONFIRMED", 2.0), ("SUPERSEDED", 1.0), ("SUPERSEDED", 2.0)]
