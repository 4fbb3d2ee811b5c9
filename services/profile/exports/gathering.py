"""How the rows about somebody become the entries of a file: wire names, opened texts, other people as their part."""

import re
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Table, Uuid, any_, literal, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.profile.people.models import Person, PersonGrant, reporting_line
from services.profile.people.rules import GrantRole
from services.profile.tables import PERSON_KEYS
from shared.sealing import PersonKeys, keys_of

Entry: TypeAlias = dict[str, Any]
HIDDEN = frozenset({"tenant_id", "sequence", "version"})
TEXT = {"sealed": "text"}
"""What a column of that name is called once it is opened."""

UUID_TEXT = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class About:
    """Whom an export is of, how their sealed texts open, and what others are to them."""

    session: AsyncSession
    tenant_id: UUID
    person_id: UUID
    keys: PersonKeys
    wrapped: bytes | None
    parts: Mapping[UUID, str]

    def opened(self, sealed: bytes | None, bound_to: UUID) -> str | None:
        if sealed is None:
            return None
        return self.keys.open(
            self.wrapped,
            sealed,
            tenant_id=self.tenant_id,
            person_id=self.person_id,
            bound_to=bound_to.bytes,
        )


Write: TypeAlias = Callable[[About], Awaitable[Sequence[Entry]]]


@dataclass(frozen=True, slots=True)
class Exporter:
    """One file: its name, the tables that it tells of, and how its entries are found."""

    name: str
    tables: tuple[str, ...]
    write: Write


async def about(session: AsyncSession, tenant_id: UUID, person_id: UUID) -> About:
    """As `app.person` the person."""
    key = select(PERSON_KEYS.c.wrapped).where(PERSON_KEYS.c.person_id == person_id)
    partners = select(PersonGrant.person_id).where(PersonGrant.role == GrantRole.HR_PARTNER)
    above = select(reporting_line.c.ancestor_id).where(
        reporting_line.c.descendant_id == person_id, reporting_line.c.depth >= 1
    )
    below = select(reporting_line.c.descendant_id).where(
        reporting_line.c.ancestor_id == person_id, reporting_line.c.depth >= 1
    )
    parts = dict.fromkeys(await session.scalars(partners), "HR_PARTNER")
    parts |= dict.fromkeys(await session.scalars(below), "REPORT")
    parts |= dict.fromkeys(await session.scalars(above), "MANAGER")
    wrapped = await session.scalar(key)
    return About(session, tenant_id, person_id, keys_of(session), wrapped, parts)


@dataclass(frozen=True, slots=True)
class Rows:
    """All rows of a table about the person, for the many that need no more than that.

    `person` is the column that names them; `through` is for rows that hang on others: the column that leads to those,
    and their table, which names the person. `sealed` columns hold texts bound to the row's id. `only` limits the
    columns and `leave_out` takes some away; `shaped` turns an entry into what stands in the file.
    """

    table: Table
    person: str = "person_id"
    through: tuple[str, Table] | None = None
    sealed: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    leave_out: tuple[str, ...] = ()
    shaped: Callable[[Entry], Entry] = field(default=lambda entry: entry)

    async def __call__(self, of: About) -> Sequence[Entry]:
        wanted = select(self.table).where(self._are_of(of.person_id))
        rows = await of.session.execute(wanted.order_by(*self.table.primary_key.columns))
        return [self.shaped(self._entry(of, row)) for row in rows.mappings()]

    def _are_of(self, person_id: UUID) -> ColumnElement[bool]:
        if self.through is None:
            return self.table.c[self.person] == person_id
        leads_by, above = self.through
        theirs = select(above.c.id).where(above.c[self.person] == person_id)
        return self.table.c[leads_by].in_(theirs)

    def _entry(self, of: About, row: Mapping[Any, Any]) -> Entry:
        hidden = HIDDEN | {self.person} | {*self.leave_out}
        names = self.only or tuple(name for name in row if name not in hidden)
        return {camel(TEXT.get(name, name)): self._value(of, row, name) for name in names}

    def _value(self, of: About, row: Mapping[Any, Any], name: str) -> Any:
        return of.opened(row[name], row["id"]) if name in self.sealed else row[name]


async def redacted(of: About, files: Mapping[str, Sequence[Entry]]) -> dict[str, list[Entry]]:
    """The same with each person's id, wherever it stands, replaced by what they are to whom the export is of."""
    ids = {each for entries in files.values() for each in _ids(entries)} - {of.person_id}
    among = Person.id == any_(literal(sorted(ids), ARRAY(Uuid)))
    people = set(await of.session.scalars(select(Person.id).where(among)))
    parts = {each: of.parts.get(each, "COLLEAGUE") for each in people} | {of.person_id: "SELF"}
    return {name: [_replaced(entry, parts) for entry in entries] for name, entries in files.items()}


def _ids(value: Any) -> Iterator[UUID]:
    match value:
        case UUID():
            yield value
        case str() if UUID_TEXT.fullmatch(value):
            yield UUID(value)
        case dict():
            for each in value.values():
                yield from _ids(each)
        case list() | tuple():
            for each in value:
                yield from _ids(each)


def _replaced(value: Any, parts: Mapping[UUID, str]) -> Any:
    match value:
        case UUID():
            return parts.get(value, value)
        case str() if UUID_TEXT.fullmatch(value):
            return parts.get(UUID(value), value)
        case dict():
            return {name: _replaced(each, parts) for name, each in value.items()}
        case list() | tuple():
            return [_replaced(each, parts) for each in value]
    return value


def camel(name: str) -> str:
    """`due_on` as `dueOn`."""
    first, *rest = name.split("_")
    return first + "".join(part.title() for part in rest)
