"""What the gateway mounts of the integrations."""

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter, Depends
from pydantic import SecretStr
from sqlalchemy import MetaData

from services.gateway.integrations import erasing
from services.gateway.integrations.connections import routes as connections
from services.gateway.integrations.fetching import routes as fetching
from services.gateway.integrations.fetching.working import Fetcher
from services.gateway.integrations.outbound import events as outbound_events
from services.gateway.integrations.outbound import routes as outbound
from services.gateway.integrations.outbound.sending import Sender
from services.gateway.integrations.people import events as people
from services.gateway.integrations.people.queries import CALLERS
from services.gateway.integrations.registry import handlers
from services.gateway.integrations.retention import Kept, retention
from services.gateway.integrations.sealing import Vault, provide
from services.gateway.integrations.subscriptions import addressing
from services.gateway.integrations.subscriptions import events as subscriptions_events
from services.gateway.integrations.subscriptions import routes as subscriptions
from services.gateway.integrations.tables import Base
from services.gateway.integrations.webhooks import events as webhooks_events
from services.gateway.integrations.webhooks import models as webhooks_models
from services.gateway.integrations.webhooks import routes as webhooks
from services.gateway.integrations.webhooks.publishing import add_jobs
from shared.addresses import AddressRules
from shared.callers import Callers
from shared.events import Fact, Handlers
from shared.jobs import Jobs
from shared.outward import Outward

DATABASE_NAME = "integrations"
LISTENERS = (people, webhooks_models, outbound_events)
"""Importing them has filled the handlers and the metadata."""


@dataclass(frozen=True, slots=True)
class Parts:
    """The integrations' share of a blueprint, under the names that a blueprint has for them."""

    database_name: str
    metadata: MetaData
    callers: Callers
    routers: Sequence[APIRouter]
    facts: Sequence[type[Fact]]
    handlers: Handlers
    jobs: Jobs


def parts(
    *, seal_key: SecretStr, outward: Outward | None = None, kept: Kept | None = None
) -> Parts:
    """Made once a process; `outward` sends webhooks, by default to the public internet only. Raises `BadSealKey`."""
    vault = Vault.from_setting(seal_key)
    outward = outward or Outward(AddressRules())
    retained = retention(kept or Kept())
    sender = Sender(vault, outward, retained, service=DATABASE_NAME)
    handed_down = [Depends(provide(vault)), Depends(addressing.provide(outward))]
    router = APIRouter(dependencies=handed_down)
    for routes in (
        connections.routes,
        fetching.sources,
        fetching.fetch_backs,
        webhooks.inbound,
        webhooks.deliveries,
    ):
        router.include_router(routes)
    router.include_router(_telling(sender))
    jobs = Jobs(DATABASE_NAME)
    retained.add_job(jobs, formerly=["outbound.purge"])
    add_jobs(jobs, vault, retained)
    sender.add_jobs(jobs)
    erasing.erasing(vault).listen(handlers, group="people")
    Fetcher(vault, outward, retained, service=DATABASE_NAME).add_jobs(jobs)
    return Parts(
        database_name=DATABASE_NAME,
        metadata=Base.metadata,
        callers=CALLERS,
        routers=[router],
        facts=(
            *webhooks_events.FACTS,
            *subscriptions_events.FACTS,
            erasing.ErasureReceipted,
        ),
        handlers=handlers,
        jobs=jobs,
    )


def _telling(sender: Sender) -> APIRouter:
    """Waymark's own webhooks."""
    router = APIRouter(dependencies=[Depends(outbound.provide(sender))])
    for routes in (subscriptions.types, subscriptions.routes, outbound.routes):
        router.include_router(routes)
    return router
