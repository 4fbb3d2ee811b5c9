"""The two bases of every wire model: what comes in is strict, what goes out is camelCase."""

from datetime import date
from typing import Annotated, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, field_validator
from pydantic.alias_generators import to_camel

FIRST_YEAR, LAST_YEAR = 1000, 9998
"""Python's first and last day stand for infinity in PostgreSQL, and nothing can be reckoned with them."""

T = TypeVar("T")


def in_reach(value: T) -> T:
    """Of days and moments; raises `ValueError` for one that nobody means."""
    if isinstance(value, date) and not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise ValueError(f"choose a day between the years {FIRST_YEAR} and {LAST_YEAR}")
    return value


Day = Annotated[date, AfterValidator(in_reach)]


class Input(BaseModel):
    """A body that a caller sends; a member that is not declared is an error, not a surprise."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        populate_by_name=True,
        extra="forbid",
        hide_input_in_errors=True,
        str_strip_whitespace=True,
    )

    _days_in_reach = field_validator("*", mode="after")(in_reach)


class Output(BaseModel):
    """A body that a service answers, read from rows."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, from_attributes=True)
