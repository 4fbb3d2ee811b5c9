"""Reading a service's log: whose is it to read, as a list and as a view for the gateway."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Table, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from shared.policy import Policy
from shared.problems import NotFound
from shared.tenancy import Principal
from shared.views import Columns, View, columns, global_id

MOST_ENTRIES = 1_000
OBJECT = "ACCESS_LOG"


@dataclass(frozen=True, slots=True)
class Reading:
    """One's own log (`READ`), and who oversees it (`OVERSEE`), by the service's policy on `ACCESS_LOG`.

    What was looked at by a `withheld` right is shown to the person alone: whom one trusts is not theirs who oversee.
    """

    table: Table
    policy: Policy
    withheld: Sequence[str] = ()

    def readable(self, principal: Principal, row: Columns) -> ColumnElement[bool]:
        own = self.policy.visible(principal, OBJECT, "READ", row.subject_id)
        overseen = self.policy.visible(principal, OBJECT, "OVERSEE", row.subject_id)
        return or_(own, and_(overseen, *(row.via != each for each in self.withheld)))

    async def of_person(
        self, session: AsyncSession, principal: Principal, *, person_id: UUID, since: date
    ) -> Sequence[Row[Any]]:
        """The latest first, at most `MOST_ENTRIES`. Raises `NotFound` for who may not read it."""
        for action in ("READ", "OVERSEE"):
            if await self.policy.may(session, principal, OBJECT, action, person_id):
                break
        else:
            raise NotFound
        row = self.table.c
        found = select(self.table).where(
            row.subject_id == person_id, row.day >= since, self.readable(principal, row)
        )
        latest = found.order_by(row.last_at.desc(), row.id.desc()).limit(MOST_ENTRIES)
        return (await session.execute(latest)).all()

    def view(self) -> View:
        """Ordered as every service has it, so that the gateway can lay their entries into one list."""
        return View(
            name="access_log",
            source=self.table,
            visible=self.readable,
            fields={
                "id": global_id("Access"),
                **columns("subjectId", "day", "reader", "readerId", "what", "via", "times"),
                **columns("firstAt", "lastAt"),
            },
            lists={"person": "subject_id"},
            order=("-last_at", "-id"),
        )
