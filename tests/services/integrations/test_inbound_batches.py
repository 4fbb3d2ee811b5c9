"""Deliveries are mapped many at once, and each stands for itself."""

from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy import text

from services.gateway.integrations.sealing import Unsealable
from shared.ids import new_id
from shared.jobs import Job

from .inbound import states


async def test_a_delivery_that_we_fail_on_takes_none_of_its_batch_with_it(lms):
    good = await lms.send()
    bad = await lms.send(message_id="msg_2")
    async with lms.harness.session() as session:
        spoil = text("UPDATE webhooks_delivery SET sealed_body = 'x' WHERE id = :id")
        await session.execute(spoil, {"id": UUID(bad.json()["id"])})
    service, tenant = lms.harness.service, lms.harness.tenant_id
    lane = service.blueprint.jobs.lanes["webhooks.map"]
    held = [Job(new_id(), lane.name, tenant, {"id": each.json()["id"]}, 5) for each in (good, bad)]

    with pytest.raises(Unsealable):
        await lane.work(service.database, [replace(job, attempt=1) for job in held])
    assert await states(lms) == ["RECEIVED", "RECEIVED"]
    for job in held:
        await lane.work(service.database, [job])

    assert await states(lms) == ["PUBLISHED", "DEAD"]
