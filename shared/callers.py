"""Who is calling: found by the token's subject in the service's own copy of people, in one statement a transaction."""

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Text, cast, func, literal, select, true
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession

from shared.auth import Claims
from shared.problems import Forbidden
from shared.tenancy import Actor, Grant, Principal


class NoAccess(Forbidden):
    """This account has no access to Waymark."""


class Callers:
    """Turns verified claims into a principal.

    `known` selects `id` and `grants` (JSONB: `[{"role", "org_unit_id"}]`) of the person whose account is the parameter
    `subject`, declared with `required=False`. Whoever it does not find is nobody and sees nothing, or is refused where
    the service owns people and so knows that there is nobody. The same statement sets `app.person` for the rest of the
    transaction, which the row-level policies of private tables read.
    """

    def __init__(self, known: Select[Any], *, refuse_nobody: bool = False) -> None:
        self._refuse_nobody = refuse_nobody
        found = known.limit(1).subquery()
        nobody = select(literal(1).label("one")).subquery()
        acting = func.set_config("app.person", func.coalesce(cast(found.c.id, Text), ""), True)
        self.statement = select(
            found.c.id, cast(found.c.grants, JSONB).label("grants"), acting
        ).select_from(nobody.outerjoin(found, true()))

    async def find(self, session: AsyncSession, claims: Claims) -> Principal:
        """Machine clients cost no statement: all that they may do stands in their scopes."""
        if claims.client_id is not None:
            return client(claims)
        row = (await session.execute(self.statement, {"subject": claims.subject})).one()
        return self.person(claims, row.id, row.grants)

    def person(self, claims: Claims, person_id: UUID | None, grants: Any) -> Principal:
        """`grants` as read by SQLAlchemy, or as the JSON text that the bare driver answers. Raises `NoAccess`."""
        if person_id is None and self._refuse_nobody:
            raise NoAccess("Nobody who works here has this account. Ask your administrator.")
        read = json.loads(grants) if isinstance(grants, str) else grants
        return Principal(
            claims.tenant_id,
            claims.subject,
            Actor.PERSON,
            person_id=person_id,
            grants=tuple(_grant(each) for each in read or ()),
        )


def client(claims: Claims) -> Principal:
    return Principal(claims.tenant_id, claims.subject, Actor.CLIENT, scopes=claims.scopes)


def _grant(stored: Mapping[str, str | None]) -> Grant:
    unit = stored.get("org_unit_id")
    return Grant(str(stored["role"]), UUID(unit) if unit else None)
