"""Finding by words, as they are: `%` and `_` mean themselves."""

from typing import Any

from sqlalchemy import ColumnElement, func, or_


def holds(words: Any, *columns: Any) -> ColumnElement[bool]:
    """Whether one of the columns contains the words, in whatever case."""
    return or_(*(func.strpos(func.lower(column), func.lower(words)) > 0 for column in columns))
