"""What a task may ask, and what it may be about."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import TypeAlias
from uuid import UUID


class SubjectType(StrEnum):
    """What it is about."""

    GOAL = "GOAL"
    CHECK_IN = "CHECK_IN"
    RATING = "RATING"
    CREDENTIAL = "CREDENTIAL"
    EXPERIENCE = "EXPERIENCE"
    ASSERTION = "ASSERTION"
    ASSESSMENT = "ASSESSMENT"
    INTERACTION = "INTERACTION"
    INTRODUCTION = "INTRODUCTION"


class TaskKind(StrEnum):
    """What is to be done."""

    APPROVE_GOAL = "APPROVE_GOAL"
    PREPARE_CHECK_IN = "PREPARE_CHECK_IN"
    COMPLETE_CHECK_IN = "COMPLETE_CHECK_IN"
    ANSWER_RATING = "ANSWER_RATING"
    VERIFY_CREDENTIAL = "VERIFY_CREDENTIAL"
    VERIFY_EXPERIENCE = "VERIFY_EXPERIENCE"
    REVIEW_SKILL = "REVIEW_SKILL"
    TAKE_ASSESSMENT = "TAKE_ASSESSMENT"
    RENEW_CREDENTIAL = "RENEW_CREDENTIAL"
    FOLLOW_UP = "FOLLOW_UP"
    ANSWER_INTRODUCTION = "ANSWER_INTRODUCTION"


SUBJECTS: Mapping[TaskKind, SubjectType] = {
    TaskKind.APPROVE_GOAL: SubjectType.GOAL,
    TaskKind.PREPARE_CHECK_IN: SubjectType.CHECK_IN,
    TaskKind.COMPLETE_CHECK_IN: SubjectType.CHECK_IN,
    TaskKind.ANSWER_RATING: SubjectType.RATING,
    TaskKind.VERIFY_CREDENTIAL: SubjectType.CREDENTIAL,
    TaskKind.VERIFY_EXPERIENCE: SubjectType.EXPERIENCE,
    TaskKind.REVIEW_SKILL: SubjectType.ASSERTION,
    TaskKind.TAKE_ASSESSMENT: SubjectType.ASSESSMENT,
    TaskKind.RENEW_CREDENTIAL: SubjectType.CREDENTIAL,
    TaskKind.FOLLOW_UP: SubjectType.INTERACTION,
    TaskKind.ANSWER_INTRODUCTION: SubjectType.INTRODUCTION,
}

FOR_MANAGERS = (TaskKind.VERIFY_CREDENTIAL, TaskKind.VERIFY_EXPERIENCE, TaskKind.REVIEW_SKILL)
"""What the manager of the moment does, or HR for whom nobody leads."""

Wanted: TypeAlias = Mapping[tuple[UUID, TaskKind], date | None]
"""Who has what to do, and by when."""
