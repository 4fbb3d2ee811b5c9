"""What a task may ask, and what it may be about."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import TypeAlias
from uuid import UUID


class TaskKind(StrEnum):
    """What is to be done."""

    APPROVE_GOAL = "APPROVE_GOAL"
    PREPARE_CHECK_IN = "PREPARE_CHECK_IN"
    COMPLETE_CHECK_IN = "COMPLETE_CHECK_IN"


class SubjectType(StrEnum):
    """What it is about."""

    GOAL = "GOAL"
    CHECK_IN = "CHECK_IN"


Wanted: TypeAlias = Mapping[tuple[UUID, TaskKind], date | None]
"""Who has what to do, and by when."""


def subject_of(kind: TaskKind) -> SubjectType:
    return SubjectType.GOAL if kind is TaskKind.APPROVE_GOAL else SubjectType.CHECK_IN
