"""The vocabulary of experience, who may see a record, and when it is evidence; no database, no clock."""

from datetime import date
from enum import StrEnum


class ExperienceType(StrEnum):
    """What kind of experience it is."""

    EMPLOYMENT = "EMPLOYMENT"
    PART_TIME = "PART_TIME"
    VOLUNTEER = "VOLUNTEER"
    PROJECT = "PROJECT"
    ROTATION = "ROTATION"
    COMMITTEE = "COMMITTEE"
    TASK_FORCE = "TASK_FORCE"
    EDUCATION = "EDUCATION"
    LIFE = "LIFE"


class Verification(StrEnum):
    """Who stands for a record: its person alone, their manager or HR too, or nobody any more after an objection."""

    NONE = "NONE"
    DECLARED = "DECLARED"
    VERIFIED = "VERIFIED"


class Visibility(StrEnum):
    """PRIVATE: the person alone; no fact tells of it and nobody is asked to verify it. MANAGEMENT: managers and HR."""

    PRIVATE = "PRIVATE"
    MANAGEMENT = "MANAGEMENT"


class RevisionKind(StrEnum):
    """What happened to a record."""

    RECORDED = "RECORDED"
    CHANGED = "CHANGED"
    VERIFIED = "VERIFIED"
    OBJECTED = "OBJECTED"
    WITHDRAWN = "WITHDRAWN"


class TimelineKind(StrEnum):
    """What an entry of a career's timeline is."""

    ASSIGNMENT = "ASSIGNMENT"
    EXPERIENCE = "EXPERIENCE"
    CREDENTIAL = "CREDENTIAL"


class TimelinePart(StrEnum):
    """What of a position changed."""

    ROLE = "ROLE"
    LEVEL = "LEVEL"
    MANAGER = "MANAGER"
    ORG_UNIT = "ORG_UNIT"
    EMPLOYMENT_TYPE = "EMPLOYMENT_TYPE"


PRACTICE = frozenset(ExperienceType) - {ExperienceType.EDUCATION, ExperienceType.LIFE}
"""Types whose skills were used at work: a verified record of them is evidence, as a project is."""


def first_visibility(type: ExperienceType) -> Visibility:
    """What holds when the person does not say: life is theirs alone, work is not."""
    return Visibility.PRIVATE if type is ExperienceType.LIFE else Visibility.MANAGEMENT


def shown_until(ended_on: date | None, today: date) -> date:
    """The last day on which the skills of a record have been seen in use."""
    return today if ended_on is None else min(ended_on, today)
