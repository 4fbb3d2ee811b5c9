"""Marks that PostgreSQL lays into an answer where it shows somebody else's data; they are taken out before it is sent.

So the statement that reads also says of whom it has shown something, and what nobody is shown is in no log.
"""

from uuid import UUID

from sqlalchemy import ColumnElement, case

from shared.policy import me
from shared.tenancy import Principal
from shared.views.declare import Columns, Logged
from shared.views.sql import concat, number, quoted, text_of

MARK, END, CERTAIN = "\x05", "\x06", "!"
"""Raw control characters, which cannot occur inside JSON text."""


def of_row(principal: Principal, logged: Logged | None, row: Columns) -> list[ColumnElement[str]]:
    """What stands behind a record."""
    if logged is None:
        return []
    person = logged.person
    return [_mark(principal, logged, row[person] if isinstance(person, str) else person(row))]


def of_list(
    principal: Principal,
    logged: Logged | None,
    person: ColumnElement[UUID] | None,
    count: ColumnElement[int],
) -> list[ColumnElement[str]]:
    """What stands behind a list of one person's rows: one mark for all of them, if there are any."""
    if logged is None or person is None:
        return []
    return [case((count > number(0), _mark(principal, logged, person)))]


def _mark(principal: Principal, logged: Logged, person: ColumnElement[UUID]) -> ColumnElement[str]:
    """NULL for what is one's own."""
    sure = CERTAIN if logged.certain else ""
    text = concat([quoted(f"{MARK}{sure}{logged.what}:"), text_of(person), quoted(END)])
    if principal.person_id is None:
        return text
    return case((person != me(principal), text))


def take_out(text: str) -> tuple[str, list[str]]:
    """The answer as it goes out, and what it shows: `what:person`, some after a `!`."""
    first, *rest = text.split(MARK)
    parts, marks = [first], []
    for each in rest:
        found, _, after = each.partition(END)
        marks.append(found)
        parts.append(after)
    return "".join(parts), marks
