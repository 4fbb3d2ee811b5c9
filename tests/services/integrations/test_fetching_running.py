"""The worker itself at work, on committed rows: as many at once as the connection allows, whoever works."""

import asyncio
import threading
import time
from collections import Counter
from typing import Any

import httpx
import pytest
from prometheus_client import REGISTRY
from sqlalchemy import text

from services.gateway.integrations.fetching import measuring
from shared import jobs
from tests.conftest import Harness

from .fetching import FETCH, Sourced, sourced
from .test_fetching_jobs import thin
from .vending import Asked, Fault, serving
from .vendors import BambooHr

WORKERS = 3
AT_ONCE = 3
PATIENCE_SECONDS = 120.0
TABLES = (
    "fetching_listed",
    "fetching_reconciliation",
    "fetching_source",
    "webhooks_fetch_back",
    "webhooks_source_object",
    "webhooks_delivery",
    "connections_secret",
    "connections_connection",
    "outbox_event",
)


class Busy(BambooHr):
    """Takes its time, the first until a second one asks too, and counts how many ask at once."""

    def __init__(self) -> None:
        super().__init__()
        self.coming = threading.Condition()
        self.now = self.most = 0

    def answer(self, asked: Asked) -> Any:
        with self.coming:
            self.now += 1
            self.most = max(self.most, self.now)
            self.coming.notify_all()
            self.coming.wait_for(lambda: self.most > 1, timeout=PATIENCE_SECONDS)
        time.sleep(0.15)
        with self.coming:
            self.now -= 1
        return super().answer(asked)


@pytest.fixture
async def hris(apps, keys):
    app = await apps("integrations")
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    vendor = Busy()
    async with httpx.AsyncClient(transport=transport, base_url="http://integrations") as client:
        harness = Harness(app, client, keys)
        with serving(vendor):
            one = await sourced(harness, vendor, "BAMBOOHR")
            await one.set_up(mostAtOnce=AT_ONCE, reconcileHour=None)
            yield one
        async with harness.session() as session:
            for table in TABLES:
                await session.execute(text(f"DELETE FROM {table}"))
            await session.execute(
                text("DELETE FROM queue.job WHERE tenant_id = :tenant"),
                {"tenant": harness.tenant_id},
            )


async def test_several_workers_ask_each_thing_once_and_not_more_at_once_than_allowed(hris):
    people = [str(number) for number in range(12)]
    hris.vendor.hire(*people)
    for number in range(3):
        answer = await hris.lms.send(thin(*people), message_id=f"h-{number}")
        assert answer.status_code == 202

    await hris.lms.work()
    await _work_until_done(hris, 12)

    assert Counter(await hris.states()) == {"DONE": 12}
    assert Counter(hris.vendor.paths) == {f"/api/v1/employees/{each}": 1 for each in people}
    assert 1 < hris.vendor.most <= AT_ONCE
    assert len(await hris.told()) == 24


async def test_what_waits_is_measured_from_what_the_jobs_have_noted(hris):
    before = await _backlog(hris)
    hris.vendor.fail(*[Fault(503, {"retry-after": "600"})] * 2)
    for person in ("1", "2"):
        await hris.want("person", person)
    async with hris.lms.harness.session() as session:
        await session.execute(text(f"DELETE FROM queue.job WHERE name = '{FETCH}'"))

    await hris.tick()

    assert await _backlog(hris) - before == 2
    assert 60 <= (REGISTRY.get_sample_value("waymark_fetching_oldest_seconds") or 0) < 120


async def _backlog(hris: Sourced) -> float:
    await measuring.measure(hris.lms.harness.service.database)
    return REGISTRY.get_sample_value("waymark_fetching_backlog") or 0.0


async def _work_until_done(hris: Sourced, rows: int) -> None:
    service, stop = hris.lms.harness.service, asyncio.Event()
    running = [
        asyncio.create_task(
            jobs.run(service.database, service.blueprint.jobs, stop=stop, poll_seconds=0.02)
        )
        for _ in range(WORKERS)
    ]
    started = time.monotonic()
    try:
        while Counter(await hris.states())["DONE"] < rows:
            assert time.monotonic() - started < PATIENCE_SECONDS, "it did not happen in time"
            await asyncio.sleep(0.1)
    finally:
        stop.set()
        await asyncio.gather(*running)
