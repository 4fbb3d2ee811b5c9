"""Views: what a service lets the gateway read, a whole level of a query in one statement."""

from shared.views.declare import (
    Argument,
    Arguments,
    Columns,
    Elements,
    Embedded,
    Many,
    One,
    Scalar,
    View,
    column,
    columns,
    elements,
    global_id,
)

__all__ = [
    "Argument",
    "Arguments",
    "Columns",
    "Elements",
    "Embedded",
    "Many",
    "One",
    "Scalar",
    "View",
    "column",
    "columns",
    "elements",
    "global_id",
]
