"""What one service is made of: declared once, used by its API, its worker, its migrations and its tests."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from fastapi import APIRouter
from sqlalchemy import MetaData, Table

from shared.accesses import Accesses, AccessLog
from shared.auth import Verifier
from shared.callers import Callers
from shared.db import Database
from shared.settings import ServiceSettings

if TYPE_CHECKING:
    from shared.events import Fact, Handlers
    from shared.jobs import Jobs
    from shared.sealing import PersonKeys
    from shared.views import View


@dataclass(frozen=True, slots=True)
class Blueprint:
    """A service as declared: its name, tables, doors, views, facts, reactions and timed work.

    `database_name` names the section of migrations/alembic.ini. Every transaction finds `person_keys` by `keys_of`.
    """

    name: str
    title: str
    database_name: str
    metadata: MetaData
    callers: Callers
    routers: Sequence[APIRouter] = ()
    views: Sequence["View"] = ()
    facts: Sequence[type["Fact"]] = ()
    handlers: "Handlers | None" = None
    jobs: "Jobs | None" = None
    accesses: Accesses | None = None
    person_keys: "PersonKeys | None" = None


@dataclass(slots=True)
class Service:
    """A blueprint come to life with settings: what requests and workers find in `app.state.service`."""

    blueprint: Blueprint
    settings: ServiceSettings
    database: Database
    verifier: Verifier
    draining: bool = field(default=False)
    purges_planned: dict[UUID, date] = field(default_factory=dict)
    access_log: AccessLog | None = None

    def __post_init__(self) -> None:
        if (accesses := self.blueprint.accesses) is not None:
            self.access_log = AccessLog(self.blueprint.name, accesses, lambda: self.database)

    @property
    def callers(self) -> Callers:
        return self.blueprint.callers

    @property
    def idempotency_table(self) -> Table:
        return self.blueprint.metadata.tables["idempotency_key"]
