from collections import Counter
from collections.abc import Iterable
from typing import Any

from deploy.importers.rows import Row, Skipped


def of_kind(rows: Iterable[Row | Skipped], kind: str) -> list[dict[str, Any]]:
    return [dict(row.fields) for row in rows if isinstance(row, Row) and row.kind == kind]


def kinds(rows: Iterable[Row | Skipped]) -> dict[str, int]:
    return dict(Counter(row.kind for row in rows if isinstance(row, Row)))


def reasons(rows: Iterable[Row | Skipped]) -> dict[str, int]:
    return dict(Counter(row.reason for row in rows if isinstance(row, Skipped)))
