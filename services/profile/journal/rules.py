"""The vocabulary of a journal and its prompts; no database, no clock."""

from dataclasses import dataclass
from enum import StrEnum


class NoteKind(StrEnum):
    """What a person notes of themself."""

    LIKE = "LIKE"
    DISLIKE = "DISLIKE"
    TALENT = "TALENT"
    NEED = "NEED"
    MOTIVATOR = "MOTIVATOR"
    STRENGTH = "STRENGTH"
    DEVELOPMENT_AREA = "DEVELOPMENT_AREA"


class Origin(StrEnum):
    """Whether a talent came by itself or by practice."""

    NATURAL = "NATURAL"
    HONED = "HONED"


class Horizon(StrEnum):
    """How far away an aspiration is."""

    SHORT = "SHORT"
    MEDIUM = "MEDIUM"
    LONG = "LONG"


class Standing(StrEnum):
    """What a skill is to a person, compared with what else they can do."""

    STRENGTH = "STRENGTH"
    DEVELOPMENT_AREA = "DEVELOPMENT_AREA"
    NEITHER = "NEITHER"


class EvidenceType(StrEnum):
    """What an insight may rest on: something that is the person's own."""

    ASSERTION = "ASSERTION"
    EXPERIENCE = "EXPERIENCE"
    CREDENTIAL = "CREDENTIAL"
    REFLECTION = "REFLECTION"


@dataclass(frozen=True, slots=True)
class Prompt:
    """A question to think about; a new wording has a new version, so that old answers keep their question."""

    code: str
    version: int
    question: str


PROMPTS = (
    Prompt(
        "ENERGISING_ENVIRONMENT",
        1,
        "Think of days that left you with more energy than you came with. Where were you, who was there, "
        "and what was it about the place?",
    ),
    Prompt(
        "REWARDING_TASKS",
        1,
        "Which parts of your work would you do even if nobody noticed, and what do they give you?",
    ),
    Prompt(
        "UNIQUE_TALENTS",
        1,
        "What comes easily to you that others find hard, and what have you become good at by practice?",
    ),
    Prompt(
        "SKILLS_TO_DEVELOP",
        1,
        "Which ability, if you had it a year from now, would open the most doors for you? What keeps you from it?",
    ),
    Prompt(
        "WORK_STYLE",
        1,
        "How do you work when you are at your best: alone or with others, in what rhythm, with how much structure?",
    ),
)

LEAST_SKILLS = 3
"""Below so many assessed skills there is no own mean to speak of, and nothing is derived."""


def newest(code: str) -> Prompt | None:
    return max(
        (each for each in PROMPTS if each.code == code), key=lambda p: p.version, default=None
    )


def may_have_origin(kind: NoteKind) -> bool:
    return kind is NoteKind.TALENT
