"""May you: one table of rules a service, each rule an SQL predicate that lists and single rows share."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Table,
    Text,
    Uuid,
    and_,
    any_,
    bindparam,
    exists,
    false,
    func,
    literal,
    not_,
    or_,
    select,
    true,
)
from sqlalchemy.ext.asyncio import AsyncSession

from shared.problems import Forbidden, NotFound
from shared.tenancy import Actor, Principal

Relation = Callable[[Principal, ColumnElement[UUID]], ColumnElement[bool]]
"""Says, for a principal, which persons (a column, or one literal id) the relation holds for."""


def me(principal: Principal) -> ColumnElement[UUID]:
    """The principal's person as a parameter of a fixed name, so that one statement serves all callers of a shape."""
    return bindparam("me", principal.person_id, Uuid)


def own(principal: Principal, person: ColumnElement[UUID]) -> ColumnElement[bool]:
    """About oneself."""
    return person == me(principal) if principal.person_id else false()


def everybody(principal: Principal, person: ColumnElement[UUID]) -> ColumnElement[bool]:
    """Whoever is a known person of the tenant."""
    return true() if principal.person_id else false()


def reports(tree: Table, *, deepest: int | None = None) -> Relation:
    """Those below oneself in the reporting tree: `deepest=1` for direct reports, None for any depth."""

    def relation(principal: Principal, person: ColumnElement[UUID]) -> ColumnElement[bool]:
        if principal.person_id is None:
            return false()
        depth = tree.c.depth >= 1 if deepest is None else tree.c.depth.between(1, deepest)
        return person.in_(
            select(tree.c.descendant_id).where(tree.c.ancestor_id == me(principal), depth)
        )

    return relation


def granted(role: str) -> Relation:
    """Whoever holds the grant, whatever its subtree."""

    def relation(principal: Principal, person: ColumnElement[UUID]) -> ColumnElement[bool]:
        return true() if principal.granted(role) else false()

    return relation


def granted_over(role: str, *, people: Any, units: Table) -> Relation:
    """Persons whose organisation unit lies in a subtree that the grant covers.

    `people` is a mapped class or table with `id` and `org_unit_id`; `units` the closure of the organisation.
    """

    def relation(principal: Principal, person: ColumnElement[UUID]) -> ColumnElement[bool]:
        grants = principal.granted(role)
        if not grants:
            return false()
        if any(grant.org_unit_id is None for grant in grants):
            return true()
        columns = people.c if isinstance(people, Table) else people
        roots = bindparam(f"roots_{role}", [grant.org_unit_id for grant in grants], ARRAY(Uuid))
        covered = select(columns.id).join(units, units.c.descendant_id == columns.org_unit_id)
        return person.in_(covered.where(units.c.ancestor_id == any_(roots)))

    return relation


def scoped(scope: str) -> Relation:
    """A machine client that holds the scope."""

    def relation(principal: Principal, person: ColumnElement[UUID]) -> ColumnElement[bool]:
        held = principal.actor is Actor.CLIENT and principal.has_scope(scope)
        return true() if held else false()

    return relation


class Consented:
    """Whom the person has let in: by name or with everybody here, for the scope or one object, at this moment.

    `grants` has `subject_id`, `grantee_id` (NULL: everybody here), `scope`, `object_id` (NULL: everything), `until` and
    `revoked_at`. For whom one of the relations `barred` holds the consent opens nothing.
    """

    def __init__(self, scope: str, *, grants: Table, barred: Sequence[Relation] = ()) -> None:
        self._scope = scope
        self._grants = grants
        self._barred = barred

    def __call__(self, principal: Principal, person: ColumnElement[UUID]) -> ColumnElement[bool]:
        return self.over(principal, person, None)

    def over(
        self,
        principal: Principal,
        person: ColumnElement[UUID],
        object_id: ColumnElement[UUID] | None,
    ) -> ColumnElement[bool]:
        """Without an object only consents for the whole scope open."""
        if principal.person_id is None:
            return false()
        opens = self._given(principal, person, None)
        if object_id is not None:
            opens = or_(opens, self._given(principal, person, object_id))
        barred = [relation(principal, person) for relation in self._barred]
        return and_(opens, not_(or_(false(), *barred)))

    def _given(
        self,
        principal: Principal,
        person: ColumnElement[UUID],
        object_id: ColumnElement[UUID] | None,
    ) -> ColumnElement[bool]:
        """Each with equalities alone to the row outside, so that a long list hashes the consents once."""
        row = self._grants.alias()
        given = exists().where(
            row.c.subject_id == person,
            row.c.scope == literal(self._scope, Text()),
            or_(row.c.grantee_id.is_(None), row.c.grantee_id == me(principal)),
            row.c.revoked_at.is_(None),
            or_(row.c.until.is_(None), row.c.until > func.now()),
            row.c.object_id.is_(None) if object_id is None else row.c.object_id == object_id,
        )
        return given.correlate_except(row)


class Policy:
    """A service's rules: (object, action) → the relations of which one must hold. What has no rule is denied."""

    def __init__(self, rules: Mapping[tuple[str, str], tuple[Relation, ...]]) -> None:
        self._rules = rules

    def visible(
        self,
        principal: Principal,
        kind: str,
        action: str,
        person: ColumnElement[UUID] | Any,
        *,
        object_id: ColumnElement[UUID] | Any = None,
    ) -> ColumnElement[bool]:
        """The predicate for rows whose person stands in the column `person`.

        With `object_id`, the row's own id, consents that were given for that one row open it too.
        """
        if principal.actor is Actor.SYSTEM:
            return true()
        rules = self._rules.get((kind, action), ())
        return or_(
            false(),
            *(
                rule.over(principal, person, object_id)
                if isinstance(rule, Consented)
                else rule(principal, person)
                for rule in rules
            ),
        )

    async def may(
        self,
        session: AsyncSession,
        principal: Principal,
        kind: str,
        action: str,
        person_id: UUID | None,
        *,
        object_id: UUID | None = None,
    ) -> bool:
        """The same rule for one person, or with None for an object that is about nobody."""
        literal_id = literal(person_id or UUID(int=0))
        which = None if object_id is None else literal(object_id)
        predicate = self.visible(principal, kind, action, literal_id, object_id=which)
        return bool(await session.scalar(select(and_(predicate, true()))))

    async def require(
        self,
        session: AsyncSession,
        principal: Principal,
        kind: str,
        action: str,
        person_id: UUID | None,
        *,
        object_id: UUID | None = None,
    ) -> None:
        """Raises `NotFound` for who may not even read it, `Forbidden` for who may read but not act."""
        if await self.may(session, principal, kind, action, person_id, object_id=object_id):
            return
        if action != "READ" and await self.may(
            session, principal, kind, "READ", person_id, object_id=object_id
        ):
            raise Forbidden(f"You may read this {kind.lower()}, but not {action.lower()} it.")
        raise NotFound
