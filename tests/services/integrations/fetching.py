"""Connections whose source is asked; `tick` and `night` do what the worker does."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import text

from shared.ids import new_id
from shared.jobs import Job, TryLater

from .conftest import Lms
from .inbound import asked, connect, rows
from .vending import CLIENT, SECRET, Vendor

FETCH = "fetching.fetch"
RECONCILE = "fetching.reconcile"


@dataclass
class Sourced:
    """A connection, and the vendor behind it."""

    lms: Lms
    vendor: Any

    async def call(self, method: str, path: str, **further: Any) -> Any:
        return await asked(self.lms, method, path, **further)

    async def set_up(self, **further: Any) -> Any:
        wanted = {"baseUrl": self.vendor.address, "clientId": CLIENT, "secret": SECRET}
        path = f"/connections/{self.lms.id}/fetching"
        body = wanted | {"mostAtOnce": 1} | further
        return await self.call("PUT", path, json={k: v for k, v in body.items() if v is not ...})

    async def hint(self, *hints: Any, name: str = "h") -> None:
        """Bodies as the vendor sends them, mapped."""
        for number, body in enumerate(hints):
            answer = await self.lms.send(body, message_id=f"{name}-{number}")
            assert answer.status_code == 202, answer.text
        await self.lms.work()

    async def want(self, kind: str, external_id: str, *fields: str) -> None:
        """A hint that was mapped, whatever the vendor's bodies look like."""
        async with self.lms.harness.session() as session:
            await session.execute(
                text(
                    "INSERT INTO webhooks_fetch_back (tenant_id, id, connection_id, delivery_id, "
                    "kind, external_id, changed_fields, said_at, state, asked_at) SELECT "
                    "tenant_id, :id, id, :id, :kind, :external, to_jsonb(CAST(:fields AS text[])),"
                    " :at, 'WAITING', :at FROM connections_connection"
                ),
                {
                    "id": new_id(),
                    "kind": kind,
                    "external": external_id,
                    "fields": list(fields),
                    "at": datetime.now(UTC) - timedelta(minutes=1),
                },
            )

    async def tick(self) -> None:
        """Asks for what is due."""
        (row,) = await rows(self.lms, "SELECT id FROM connections_connection")
        service = self.lms.harness.service
        arguments = {"id": str(row["id"])}
        job = Job(new_id(), FETCH, self.lms.harness.tenant_id, arguments, 1)
        await service.blueprint.jobs.lanes[FETCH].work(service.database, [job])

    async def hurry(self) -> None:
        """Whatever waits may be asked for now."""
        async with self.lms.harness.session() as session:
            await session.execute(
                text("UPDATE webhooks_fetch_back SET due_at = now() - interval '1 s'")
            )
            await session.execute(text("UPDATE fetching_source SET paused_until = NULL"))

    async def fetch_backs(self) -> list[dict[str, Any]]:
        return list((await self.call("GET", "/fetch-backs")).json())

    async def states(self) -> list[str]:
        return [each["state"] for each in await self.fetch_backs()]

    async def reconcile(self, *, approve: bool = False) -> dict[str, Any]:
        """Wants a comparison and makes it; answers what became of it."""
        path = f"/connections/{self.lms.id}/reconcile"
        wanted = await self.call("POST", path, json={"approveTerminations": approve})
        assert wanted.status_code == 202, wanted.text
        await self.work(RECONCILE, {"id": wanted.json()["id"]})
        return (await self.runs())[-1]

    async def work(self, name: str, arguments: dict[str, Any]) -> TryLater | None:
        service = self.lms.harness.service
        job = Job(new_id(), name, self.lms.harness.tenant_id, arguments, 1)
        try:
            await service.blueprint.jobs.lanes[name].work(service.database, [job])
        except TryLater as later:
            return later
        return None

    async def runs(self) -> list[dict[str, Any]]:
        path = f"/connections/{self.lms.id}/reconciliations"
        return list((await self.call("GET", path)).json())

    async def told(self, name: str = "") -> list[dict[str, Any]]:
        """What was published, without the time, the connection and the cause."""
        found = await self.lms.harness.published()
        return [row for row in found if name in row["type"]]


async def sourced(integrations: Any, vendor: Vendor, name: str, **further: Any) -> Sourced:
    """Set up and ready; the deliveries are signed as Standard Webhooks."""
    kind = "HRIS" if name in {"BAMBOOHR", "HIBOB", "PERSONIO"} else "LMS"
    lms = await connect(integrations, vendor=name, kind=kind, **further)
    one = Sourced(lms, vendor)
    answer = await one.set_up()
    assert answer.status_code == 200, answer.text
    return one
