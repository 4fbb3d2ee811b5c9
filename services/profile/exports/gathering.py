"""How the rows about somebody become the entries of a file: wire names, opened texts, other people as their part."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias
from uuid import UUID

from sqlalchemy import ColumnElement, Table, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.profile.people.models import PersonGrant, reporting_line
from services.profile.people.rules import GrantRole
from services.profile.tables import PERSON_KEYS
from shared.sealing import PersonKeys

Entry: TypeAlias = dict[str, Any]
HIDDEN = frozenset({"tenant_id", "sequence", "version"})


@dataclass(frozen=True, slots=True)
class About:
    """Whom an export is of, how their sealed texts open, and what others are to them."""

    session: AsyncSession
    tenant_id: UUID
    person_id: UUID
    keys: PersonKeys
    wrapped: bytes | None
    parts: Mapping[UUID, str]

    def part(self, person_id: UUID | None) -> str | None:
        """What stands in place of somebody's id."""
        if person_id is None:
            return None
        return "SELF" if person_id == self.person_id else self.parts.get(person_id, "COLLEAGUE")

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


async def about(session: AsyncSession, tenant_id: UUID, person_id: UUID, keys: PersonKeys) -> About:
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
    return About(session, tenant_id, person_id, keys, wrapped, parts)


@dataclass(frozen=True, slots=True)
class Rows:
    """All rows of a table about the person, for the many that need no more than that.

    `others` are columns that name people; `sealed` columns whose texts are bound to the row's id; `only` limits the
    columns. `also` narrows the rows, `shaped` turns an entry into what stands in the file.
    """

    table: Table
    person: str = "person_id"
    others: tuple[str, ...] = ()
    sealed: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    leave_out: tuple[str, ...] = ()
    also: ColumnElement[bool] | None = None
    shaped: Callable[[Entry], Entry] = field(default=lambda entry: entry)

    async def __call__(self, of: About) -> Sequence[Entry]:
        wanted = select(self.table).where(self.table.c[self.person] == of.person_id)
        if self.also is not None:
            wanted = wanted.where(self.also)
        rows = await of.session.execute(wanted.order_by(self.table.c.id))
        return [self.shaped(self._entry(of, row)) for row in rows.mappings()]

    def _entry(self, of: About, row: Mapping[Any, Any]) -> Entry:
        hidden = HIDDEN | {self.person} | {*self.leave_out}
        names = self.only or tuple(name for name in row if name not in hidden)
        return {camel(name): self._value(of, row, name) for name in names}

    def _value(self, of: About, row: Mapping[Any, Any], name: str) -> Any:
        if name in self.others:
            return of.part(row[name])
        return of.opened(row[name], row["id"]) if name in self.sealed else row[name]


def camel(name: str) -> str:
    """`due_on` as `dueOn`."""
    first, *rest = name.split("_")
    return first + "".join(part.title() for part in rest)
