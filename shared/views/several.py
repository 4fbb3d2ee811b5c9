"""One statement for several callers: each is decided for themselves, on a row of their own values.

Starting a statement costs PostgreSQL more than reading what a page shows of one person. The statement of one caller
stands as a sub-select of a list of callers, and takes from there what it took from its parameters.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from shared.guard import PERSON, TENANT
from shared.views.statements import Text

_TYPE = r"(?:TIMESTAMP|TIME) WITH(?:OUT)? TIME ZONE|DOUBLE PRECISION|[A-Z]+(?:\([0-9, ]+\))?"
_PLACE = re.compile(rf"\$([0-9]+)(?:::({_TYPE})(\[\])?)?")
_READS_SETTING = re.compile(r"\bcurrent_setting\b")


@dataclass(frozen=True, slots=True)
class Several:
    """The statement: a row for each caller, in their order. `arrays` are the places whose values are lists.

    The tenant, number `tenant` of the values, is one for all. Nobody is `app.person`, number `person`: policies read it
    once a statement, so that whoever comes first would be it for all. What such policies guard is hidden here.
    """

    text: str
    arrays: frozenset[int]
    tenant: int
    person: int

    def values(self, of_callers: Sequence[Sequence[Any]]) -> list[Any]:
        """From each caller's values of the single statement."""
        columns: list[Any] = []
        for place, column in enumerate(zip(*of_callers, strict=True)):
            if place == self.tenant:
                columns.append(column[0])
            elif place == self.person:
                columns.append("")
            elif place in self.arrays:
                columns.append([_array(each) for each in column])
            else:
                columns.append(column)
        return columns


def for_several(statement: Text) -> Several | None:
    """None for one that reads who asks from a setting, or takes nothing but the tenant."""
    if _READS_SETTING.search(statement.text) or TENANT not in statement.names:
        return None
    common = {place for place, name in enumerate(statement.names) if name in (TENANT, PERSON)}
    kinds: dict[int, tuple[str, str]] = {}

    def of_row(found: re.Match[str]) -> str:
        place, kind, array = int(found[1]) - 1, found[2], found[3] or ""
        if kind is None or kinds.setdefault(place, (kind, array)) != (kind, array):
            raise ValueError(f"${place + 1} stands without a type, or with two.")
        return found[0] if place in common else f"asking.p{place}"

    of_one = _PLACE.sub(of_row, statement.text)
    rows = {place: kind for place, kind in sorted(kinds.items()) if place not in common}
    if not rows:
        return None
    names = ", ".join(f"p{place}" for place in rows)
    typed = ", ".join(
        f"p{place}::{kind}[] AS p{place}" if array else f"p{place}"
        for place, (kind, array) in rows.items()
    )
    taken = ", ".join(
        f"${place + 1}::{'TEXT' if array else kind}[]" for place, (kind, array) in rows.items()
    )
    return Several(
        # OFFSET keeps PostgreSQL from reading the lists anew wherever they are used.
        f"SELECT ({of_one}) FROM (SELECT {typed}, number FROM unnest({taken}) "
        f"WITH ORDINALITY AS given ({names}, number) OFFSET 0) AS asking ORDER BY asking.number",
        frozenset(place for place, (_, array) in rows.items() if array),
        statement.names.index(TENANT),
        statement.names.index(PERSON),
    )


def _array(values: Sequence[Any] | None) -> str | None:
    """A list as PostgreSQL spells it; a column of lists of several lengths can be sent in no other way."""
    return None if values is None else f"{{{','.join(map(_element, values))}}}"


def _element(value: Any) -> str:
    if value is None:
        return "NULL"
    escaped = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
