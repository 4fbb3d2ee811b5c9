"""What the gateway mounts of the integrations."""

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter, Depends
from pydantic import SecretStr
from sqlalchemy import MetaData

from services.gateway.integrations.connections import routes as connections
from services.gateway.integrations.people import events as people
from services.gateway.integrations.people.queries import CALLERS
from services.gateway.integrations.registry import handlers
from services.gateway.integrations.sealing import Vault, provide
from services.gateway.integrations.tables import Base
from services.gateway.integrations.webhooks import models as webhooks_models
from services.gateway.integrations.webhooks import routes as webhooks
from services.gateway.integrations.webhooks.events import FACTS
from services.gateway.integrations.webhooks.publishing import add_jobs
from shared.callers import Callers
from shared.events import Fact, Handlers
from shared.jobs import Jobs

DATABASE_NAME = "integrations"
LISTENERS = (people, webhooks_models)
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


def parts(*, seal_key: SecretStr) -> Parts:
    """Made once a process. Raises `BadSealKey`."""
    vault = Vault.from_setting(seal_key)
    router = APIRouter(dependencies=[Depends(provide(vault))])
    for routes in (connections.routes, webhooks.inbound, webhooks.deliveries):
        router.include_router(routes)
    jobs = Jobs(DATABASE_NAME)
    add_jobs(jobs, vault)
    return Parts(
        database_name=DATABASE_NAME,
        metadata=Base.metadata,
        callers=CALLERS,
        routers=[router],
        facts=FACTS,
        handlers=handlers,
        jobs=jobs,
    )
