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
    the service owns people and so knows that there is nobody. Finding them sets `app.person` for the rest of the
    transaction, which the row-level policies of private tables read.

    `standing` selects the same as one text, by which a statement can tell that a caller is still who they were.
    """

    def __init__(self, known: Select[Any], *, refuse_nobody: bool = False) -> None:
        self._refuse_nobody = refuse_nobody
        found = known.limit(1).subquery()
        nobody = select(literal(1).label("one")).subquery()
        acting = func.set_config("app.person", func.coalesce(cast(found.c.id, Text), ""), True)
        grants = cast(found.c.grants, JSONB)
        self._found = select(found.c.id, grants.label("grants"), acting).select_from(
            nobody.outerjoin(found, true())
        )
        self.standing = select(func.json_build_array(found.c.id, grants).cast(Text))

    async def find(self, session: AsyncSession, claims: Claims) -> Principal:
        """Machine clients cost no statement: all that they may do stands in their scopes."""
        if claims.client_id is not None:
            return client(claims)
        row = (await session.execute(self._found, {"subject": claims.subject})).one()
        return self._person(claims, row.id, row.grants)

    def of_standing(self, claims: Claims, standing: str) -> Principal:
        """From what the statement `standing` answers, or nothing. Raises `NoAccess`."""
        person_id, grants = json.loads(standing) if standing else (None, None)
        return self._person(claims, UUID(person_id) if person_id else None, grants)

    def _person(self, claims: Claims, person_id: UUID | None, grants: Any) -> Principal:
        if person_id is None and self._refuse_nobody:
            raise NoAccess("Nobody who works here has this account. Ask your administrator.")
        return Principal(
            claims.tenant_id,
            claims.subject,
            Actor.PERSON,
            person_id=person_id,
            grants=tuple(_grant(each) for each in grants or ()),
        )


def client(claims: Claims) -> Principal:
    return Principal(claims.tenant_id, claims.subject, Actor.CLIENT, scopes=claims.scopes)


def _grant(stored: Mapping[str, str | None]) -> Grant:
    unit = stored.get("org_unit_id")
    return Grant(str(stored["role"]), UUID(unit) if unit else None)
