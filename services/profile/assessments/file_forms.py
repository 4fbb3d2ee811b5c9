"""The files of O*NET's and IPIP's instruments, as far as they are read."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from services.profile.assessments.instruments import Option
from services.profile.assessments.parts import Text


class Form(BaseModel):
    """What is not read may stand there."""

    model_config = ConfigDict(extra="ignore", str_strip_whitespace=True)


class Activity(Form):
    """An item of the Interest Profiler."""

    index: int = Field(ge=1)
    area: Literal[
        "Realistic", "Investigative", "Artistic", "Social", "Enterprising", "Conventional"
    ]
    text: Text


class Profiler(Form):
    """The Interest Profiler's short form or Mini-IP."""

    id: Text
    title: Text
    license: Text
    items: list[Activity] = Field(min_length=1)
    scale: list[Option] = Field(min_length=2)


class Need(Form):
    """A statement about work that may matter to one."""

    id: Text
    name: Text
    statement: Text


class WorkValue(Form):
    """A value with the needs behind it."""

    name: Text
    description: Text
    needs: list[Need] = Field(min_length=1)


class WorkNeeds(Form):
    """The needs behind the six work values."""

    id: Text
    license: Text
    values: dict[str, WorkValue] = Field(min_length=2)


class Marker(Form):
    """An item of the Big-Five markers, in two wordings."""

    index: int = Field(ge=1)
    factor: Literal["E", "A", "C", "ES", "I"]
    keyed: Literal["+", "-"]
    self: Text
    observer: Text


class Markers(Form):
    """The fifty Big-Five markers."""

    id: Text
    title: Text
    items: list[Marker] = Field(min_length=1)


class Question(Form):
    """An item of the IPIP-NEO; its place in the file is its number."""

    text: Text
    keyed: Literal["plus", "minus"]
    domain: Literal["N", "E", "O", "A", "C"]
    facet: int = Field(ge=1, le=6)
