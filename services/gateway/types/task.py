"""Tasks: what waits for somebody, from whichever service it comes."""

from datetime import date, datetime
from enum import StrEnum

import strawberry

from services.gateway.types.assessment import AssessmentSession
from services.gateway.types.checkin import CheckIn
from services.gateway.types.experience import Credential, Experience
from services.gateway.types.fields import shown, told
from services.gateway.types.goal import Goal
from services.gateway.types.lazy import LazyPerson
from services.gateway.types.network import Interaction, Introduction
from services.gateway.types.rating import Rating
from services.gateway.types.relay import Node
from services.gateway.types.skill import SkillAssertion


@told(
    "What is to be done.",
    APPROVE_GOAL="Say yes to a goal that was proposed, or change it.",
    PREPARE_CHECK_IN="Prepare a check-in.",
    COMPLETE_CHECK_IN="See the notes of a check-in that took place, and complete it.",
    ANSWER_RATING="Rate a colleague's skills, or decline.",
    VERIFY_CREDENTIAL="Stand for what a report says to have earned, or object.",
    VERIFY_EXPERIENCE="Stand for what a report says to have done, or object.",
    REVIEW_SKILL="Stand for what a report says of a skill of theirs, or object.",
    TAKE_ASSESSMENT="Answer an instrument that HR has asked for, or decline.",
    RENEW_CREDENTIAL="Renew what runs out, or take it back.",
    FOLLOW_UP="Follow up a talk with a contact.",
    ANSWER_INTRODUCTION="Say whether to introduce somebody, or to meet them.",
)
class TaskKind(StrEnum):
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


@strawberry.type(
    description="Something that somebody has to do; nobody else sees it. It closes by being done."
)
class Task(Node):
    kind: TaskKind = shown("What is to be done.")
    added_at: datetime = shown("Since when it waits.")
    closed_at: datetime | None = shown("When it was done, or no longer theirs to do.")
    due_on: date | None = shown("By when.")
    goal: Goal | None = shown("The goal that it is about.")
    check_in: CheckIn | None = shown("The check-in that it is about.")
    rating: Rating | None = shown("The rating that it is about.")
    credential: Credential | None = shown("The credential that it is about.")
    experience: Experience | None = shown("The record of experience that it is about.")
    assertion: SkillAssertion | None = shown("The word on a skill that it is about.")
    assessment: AssessmentSession | None = shown("The assessment that it is about.")
    interaction: Interaction | None = shown("The talk that it is about.")
    introduction: Introduction | None = shown("The introduction that it is about.")
    person: LazyPerson | None = shown("Whose task it is.")
