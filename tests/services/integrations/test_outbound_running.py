"""The worker itself at work, on committed rows: several receivers at once, and one that is killed."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import httpx
import pytest
from prometheus_client import REGISTRY
from sqlalchemy import text

from deploy.local.keys import AUDIENCE, ISSUER
from services.gateway.integrations.outbound import commands, measuring
from services.gateway.integrations.outbound.sending import Sender
from services.gateway.integrations.retention import Kept, retention
from services.gateway.integrations.sealing import Vault
from shared import clock, jobs
from shared.addresses import AddressRules
from shared.ids import new_id
from shared.outward import Outward
from shared.tenancy import Principal
from tests.conftest import Harness
from tests.services.integrations.conftest import SEAL_KEY
from tests.services.integrations.receiving import GOAL, Outbound, receiving

ROOT = Path(__file__).resolve().parents[3]
PATIENCE_SECONDS = 120.0


@pytest.fixture
async def real(apps, keys) -> AsyncIterator[Outbound]:
    """A tenant of its own on the real pool."""
    app = await apps("integrations")
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://integrations") as client:
        outbound = Outbound(Harness(app, client, keys))
        yield outbound
        async with outbound.harness.session() as session:
            await session.execute(text("DELETE FROM subscriptions_subscription"))
            await session.execute(text("DELETE FROM outbound_event"))
            await session.execute(
                text("DELETE FROM queue.job WHERE tenant_id = :tenant"),
                {"tenant": outbound.harness.tenant_id},
            )


@asynccontextmanager
async def working(outbound: Outbound, workers: int = 1) -> AsyncIterator[None]:
    service, stop = outbound.harness.service, asyncio.Event()
    running = [
        asyncio.create_task(
            jobs.run(service.database, service.blueprint.jobs, stop=stop, poll_seconds=0.02)
        )
        for _ in range(workers)
    ]
    try:
        yield
    finally:
        stop.set()
        await asyncio.gather(*running)


async def until(condition) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not condition():
            await asyncio.sleep(0.02)


async def test_a_slow_receiver_holds_up_nobody_else(real):
    async with receiving() as slow, receiving() as quick:
        await real.subscribe(slow.url, mostAtOnce=2)
        await real.subscribe(quick.url, mostAtOnce=4)
        slow.got.clear()
        quick.got.clear()
        slow.held = asyncio.Event()

        async with working(real):
            for _ in range(40):
                await real.say()
            await until(lambda: len(quick.posts) == 40)
            await until(lambda: slow.at_once == 2)
            most_slow = slow.most_at_once
            slow.held.set()

    assert most_slow == 2


@pytest.mark.parametrize("workers", [1, 3])
async def test_each_fact_goes_out_once_whatever_the_number_of_workers(real, workers):
    async with receiving() as receiver:
        made = await real.subscribe(receiver.url, mostAtOnce=5)
        receiver.got.clear()
        receiver.most_at_once = 0
        receiver.wait = 0.01

        async with working(real, workers):
            ids = [str(await real.say()) for _ in range(120)]
            await until(lambda: len(receiver.posts) >= 120)
            await asyncio.sleep(0.3)

        got = [each.headers["webhook-id"] for each in receiver.posts]

    assert sorted(got) == sorted(ids)
    assert receiver.most_at_once <= 5
    states = await real.call("GET", f"/{made['id']}/deliveries?state=WAITING&limit=100")
    assert states.json() == []


async def test_the_backlog_and_the_age_of_the_oldest_are_measured(real):
    async with receiving() as receiver:
        await real.subscribe(receiver.url)
        receiver.answers = [(500, {})] * 3
        before = await backlog(real)
        for _ in range(3):
            await real.say()
        await real.tick()
        waiting = await backlog(real)
        await real.hurry()
        await real.tick()

    assert waiting - before == 3
    assert 0 <= (REGISTRY.get_sample_value("waymark_webhooks_oldest_seconds") or 0) < 60
    assert await backlog(real) == before


async def backlog(real) -> float:
    """Of all tenants: other tests may have left some."""
    await measuring.measure(real.harness.service.database)
    return REGISTRY.get_sample_value("waymark_webhooks_backlog") or 0.0


@pytest.mark.slow
async def test_a_worker_killed_between_request_and_commit_sends_again_under_the_same_id(
    real, cluster, keys
):
    async with receiving() as receiver:
        made = await real.subscribe(receiver.url)
        receiver.got.clear()
        receiver.held = asyncio.Event()
        event_id = await real.say()

        with worker(cluster, keys) as first:
            await until(lambda: len(receiver.posts) == 1)
            first.kill()
        receiver.held.set()
        await _let_the_claim_lapse(real)
        with worker(cluster, keys):
            await until(lambda: len(receiver.posts) == 2)
            async with asyncio.timeout(PATIENCE_SECONDS):
                while (await real.deliveries(made))[0]["state"] != "DELIVERED":
                    await asyncio.sleep(0.02)

        first_try, second_try = receiver.posts
    assert first_try.headers["webhook-id"] == second_try.headers["webhook-id"] == str(event_id)
    assert first_try.body == second_try.body
    assert len(await real.deliveries(made)) == 1


async def _let_the_claim_lapse(real: Outbound) -> None:
    async with real.harness.session() as session:
        await session.execute(
            text("UPDATE outbound_delivery SET claimed_until = :now"), {"now": clock.now()}
        )


@contextmanager
def worker(cluster, keys) -> Iterator["subprocess.Popen[bytes]"]:
    """The gateway's worker as a process of its own, without a broker."""
    environment = {
        **os.environ,
        "WAYMARK_ENV": "test",
        "NATS_URL": "nats://127.0.0.1:1",
        "WAYMARK_AUTH_JWKS": str(keys / "jwks.json"),
        "WAYMARK_AUTH_ISSUER": ISSUER,
        "WAYMARK_AUTH_AUDIENCE": AUDIENCE,
        "INTEGRATIONS_DATABASE_URL": cluster.url("integrations", "integrations_app"),
        "INTEGRATIONS_SEAL_KEY": SEAL_KEY.get_secret_value(),
        "GATEWAY_CURSOR_SECRET": "a secret of the tests",
        "GATEWAY_WEBHOOK_PRIVATE": "true",
        "GATEWAY_METRICS_PORT": "0",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "services.gateway", "worker"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


async def test_a_test_of_an_address_inside_is_refused_without_telling_what_is_there(real):
    made = await real.subscribe("https://inside.example.org/", GOAL, active=False)

    async def resolve(host, port):
        return ["10.1.2.3"]

    strict = Outward(AddressRules(), resolve=resolve)
    vault, tenant_id = Vault.from_setting(SEAL_KEY), real.harness.tenant_id
    attempted, state = await commands.test(
        real.harness.service.database,
        Principal.system(tenant_id, "test"),
        Sender(vault, strict, retention(Kept()), service="integrations"),
        vault,
        subscription_id=made["id"],
        origin=str(new_id()),
    )

    assert (attempted.outcome, attempted.reply) == ("ADDRESS_REFUSED", None)
    assert state == "PENDING_VERIFICATION"
