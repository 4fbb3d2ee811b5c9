"""The integrations' part of an erasure: deliveries and outgoing facts that name the person go, the others stay."""

import pytest
from sqlalchemy import text

from services.gateway.integrations.erasing import erasing
from services.gateway.integrations.registry import handlers
from services.gateway.integrations.sealing import Vault
from shared.ids import new_id
from tests.services.integrations.conftest import COMPLETED, SEAL_KEY


@pytest.fixture(autouse=True)
def own_vault():
    """Other tests of the process make gateways with other keys; the last one made is who erases."""
    erasing(Vault.from_setting(SEAL_KEY)).listen(handlers, group="people")


async def rows(harness, statement):
    async with harness.session() as session:
        return [tuple(row) for row in await session.execute(text(statement))]


async def erase(harness, person_id, *texts, hris=()):
    person = {
        "personId": str(person_id),
        "texts": list(texts),
        "identifiers": [{"system": "hris", "value": value} for value in hris],
    }
    await harness.deliver(
        "waymark.profile.erasure.ordered.v1",
        subject=person_id,
        sequence=1_000,
        payload={"erasureId": str(new_id()), "person": person},
    )


async def test_what_other_systems_sent_of_the_person_goes(lms, integrations):
    for number, who in enumerate(("4711", "4712")):
        person = {"system": "hris", "value": who}
        told = COMPLETED | {"data": COMPLETED["data"] | {"person": person}}
        answer = await lms.send(told, message_id=f"msg_{number}")
        assert answer.status_code == 202, answer.text
    await lms.work()

    await erase(integrations, new_id(), "ada@example.org", hris=["4711"])

    assert await rows(integrations, "SELECT message_id FROM webhooks_delivery") == [("msg_1",)]
    facts = await integrations.published()
    assert [fact["payload"]["person"]["externalId"] for fact in facts] == ["4712"]


async def test_what_waits_to_be_sent_on_of_the_person_goes(integrations):
    ada, other = new_id(), new_id()
    told = (
        (ada, f'{{"personId": "{ada}", "displayName": "Ada"}}'),
        (other, f'{{"personId": "{other}", "managerId": "{ada}"}}'),
    )
    async with integrations.session() as session:
        for subject, payload in told:
            await session.execute(
                text(
                    "INSERT INTO outbound_event (tenant_id, id, type, subject, occurred_at, payload) "
                    "VALUES (:tenant, gen_random_uuid(), 'waymark.profile.person.updated.v1', "
                    ":subject, now(), CAST(:payload AS jsonb))"
                ),
                {
                    "tenant": integrations.tenant_id,
                    "subject": str(subject),
                    "payload": payload,
                },
            )

    await erase(integrations, ada, "ada@example.org")

    assert await rows(integrations, "SELECT subject FROM outbound_event") == [(str(other),)]
