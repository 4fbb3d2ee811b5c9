"""Views: what a service lets the gateway read, a whole level of a query in one statement."""

from shared.views.declare import (
    Argument,
    Arguments,
    Columns,
    Elements,
    Embedded,
    Logged,
    Many,
    One,
    Part,
    Scalar,
    View,
    column,
    columns,
    elements,
    global_id,
    part,
)

__all__ = [
    "Argument",
    "Arguments",
    "Columns",
    "Elements",
    "Embedded",
    "Logged",
    "Many",
    "One",
    "Part",
    "Scalar",
    "View",
    "column",
    "columns",
    "elements",
    "global_id",
    "part",
]
