"""Instruments on the wire, and the lines that bring them."""

from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, model_validator

from services.profile.assessments.instruments import Instrument
from services.profile.assessments.parts import Form, Kind, Part, PurposeLock, Text
from services.profile.assessments.reliability import Basis, ScaleReliability
from services.profile.assessments.rules import InstrumentStatus
from services.profile.skills.schemas import LevelValue
from services.profile.wording import Code
from shared.schemas import Output

Score = Annotated[float, Field(allow_inf_nan=False)]


class MeasuredLevel(Part):
    """From this raw score on the skill has this level, 0 to 5."""

    from_: Score = Field(alias="from")
    level: LevelValue


class Measure(Part):
    """Which skill a scale of a skill test measures; below `passFrom` the test is failed."""

    scale: Text
    framework_key: Code
    skill_code: Code
    pass_from: Score
    levels: tuple[MeasuredLevel, ...] = Field(min_length=1, max_length=50)


class InstrumentRow(Instrument):
    """A line of `/imports/instruments`: the instrument, whether to publish it, and what a skill test measures."""

    publish: bool = False
    measures: tuple[Measure, ...] = Field(default=(), max_length=100)

    @model_validator(mode="after")
    def _measures_what_it_may(self) -> Self:
        if self.measures and self.kind is not Kind.SKILL_TEST:
            raise ValueError("measures: only a SKILL_TEST measures skills: leave them out")
        codes = {scale.code for scale in self.scales}
        for place, measure in enumerate(self.measures):
            if measure.scale not in codes:
                raise ValueError(f"measures[{place}].scale: {measure.scale!r} is no scale")
        named = [(each.framework_key, each.skill_code) for each in self.measures]
        if len(set(named)) != len(named):
            raise ValueError("measures: name each skill once")
        return self

    def instrument(self) -> Instrument:
        return Instrument.model_validate(self.model_dump(exclude={"publish", "measures"}))


class LicenceRead(Output):
    """Under which terms it may be used, and what must be shown wherever it is taken."""

    spdx_or_text: str
    bundled: bool
    external_only: bool
    notice: str


class InstrumentRead(Output):
    """An instrument in one version and language."""

    id: UUID
    code: str
    version: str
    locale: str
    name: str
    kind: Kind
    purpose_lock: PurposeLock
    status: InstrumentStatus
    built_in: bool
    content_hash: str
    description: str | None
    licence: LicenceRead
    source: str
    normed: bool
    normed_note: str
    cool_down_days: int
    expires_days: int | None
    valid_days: int | None


class InstrumentOption(Output):
    """An option of every rated item."""

    value: int
    label: str


class InstrumentItem(Output):
    """One item, in the order in which it is asked."""

    key: str
    text: str
    form: Form
    required: bool
    choices: list[str]


class InstrumentScale(Output):
    """What is measured. How items are keyed is shown for guidance alone: of a test it would tell the answers."""

    code: str
    name: str
    description: str | None
    parent: str | None
    low: str | None
    high: str | None
    items: list[str] | None = None
    reversed_items: list[str] | None = None


class ReliabilityRead(Output):
    """How reliable a scale is, and how that is known."""

    scale: str
    basis: Basis
    alpha: float | None
    omega: float | None
    sd: float | None
    sessions: int | None
    source: str

    @classmethod
    def of(cls, found: ScaleReliability) -> "ReliabilityRead":
        live = found.basis is Basis.LIVE
        return cls.model_validate(found, from_attributes=True).model_copy(
            update={"sessions": found.sessions if live else None}
        )


class InstrumentWhole(InstrumentRead):
    """With everything that is asked."""

    instructions: str | None
    options: list[InstrumentOption]
    items: list[InstrumentItem]
    scales: list[InstrumentScale]
    reliability: list[ReliabilityRead]
