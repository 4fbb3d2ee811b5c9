"""The two bases of every wire model: what comes in is strict, what goes out is camelCase."""

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel


class Input(BaseModel):
    """A body that a caller sends; a member that is not declared is an error, not a surprise."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        populate_by_name=True,
        extra="forbid",
        hide_input_in_errors=True,
        str_strip_whitespace=True,
    )


class Output(BaseModel):
    """A body that a service answers, read from rows."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, from_attributes=True)
