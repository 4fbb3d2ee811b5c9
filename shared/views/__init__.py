"""Views: what a service lets the gateway read, a whole level of a query in one statement."""

from shared.views.declare import (
    Argument,
    Arguments,
    Columns,
    Elements,
    Embedded,
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
