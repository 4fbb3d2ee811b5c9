"""The words of skills, who may say what about whom, and the steps of an assertion; no database, no clock."""

from collections.abc import Mapping
from enum import StrEnum

HIGHEST_LEVEL = 5.0
DEFAULT_HALF_LIFE_MONTHS = 36


class FrameworkSource(StrEnum):
    """Where a framework comes from."""

    LOCAL = "LOCAL"
    CASE = "CASE"
    ESCO = "ESCO"
    ONET = "ONET"


class FrameworkStatus(StrEnum):
    """Published frameworks are for everybody; deprecated ones take no new assertions."""

    DRAFT = "DRAFT"
    PUBLISHED = "PUBLISHED"
    DEPRECATED = "DEPRECATED"


class EstimateRule(StrEnum):
    """How the evidence on one skill becomes one level."""

    EVIDENCE_WEIGHTED = "EVIDENCE_WEIGHTED"
    BEST = "BEST"
    LATEST = "LATEST"


class RollUp(StrEnum):
    """How the levels of the skills below one become its level: by the mean, the lowest, or each by its weight."""

    MEAN = "MEAN"
    MIN = "MIN"
    WEIGHTED = "WEIGHTED"


class SkillType(StrEnum):
    """What kind of ability it is."""

    TECHNICAL = "TECHNICAL"
    BEHAVIOURAL = "BEHAVIOURAL"
    LEADERSHIP = "LEADERSHIP"
    KNOWLEDGE = "KNOWLEDGE"
    LANGUAGE = "LANGUAGE"
    NETWORKING = "NETWORKING"
    EXPERIENCE = "EXPERIENCE"


class AssertionSource(StrEnum):
    """Who or what says that somebody has a level."""

    SELF = "SELF"
    PEER = "PEER"
    MANAGER = "MANAGER"
    REPORT_360 = "REPORT_360"
    ASSESSMENT = "ASSESSMENT"
    COURSE = "COURSE"
    CERTIFICATION = "CERTIFICATION"
    PROJECT = "PROJECT"
    INFERRED = "INFERRED"
    IMPORT = "IMPORT"


class AssertionState(StrEnum):
    """Of the evidence only CONFIRMED counts; the self series shows its newest that stands."""

    DECLARED = "DECLARED"
    PENDING_REVIEW = "PENDING_REVIEW"
    CONFIRMED = "CONFIRMED"
    REJECTED = "REJECTED"
    SUPERSEDED = "SUPERSEDED"
    EXPIRED = "EXPIRED"
    RETRACTED = "RETRACTED"


class Polarity(StrEnum):
    """NEGATIVE: a failed test; it enters with its level."""

    POSITIVE = "POSITIVE"
    NEGATIVE = "NEGATIVE"


class EvidenceKind(StrEnum):
    """What backs an assertion; ASSESSMENT_RESULT (HR Open's word) is what a test said."""

    URL = "URL"
    FILE_REF = "FILE_REF"
    COURSE_COMPLETION = "COURSE_COMPLETION"
    ASSESSMENT_RESULT = "ASSESSMENT_RESULT"
    CREDENTIAL = "CREDENTIAL"
    FEEDBACK_REPORT = "FEEDBACK_REPORT"
    WORK_SAMPLE = "WORK_SAMPLE"
    TESTIMONY = "TESTIMONY"


STANDING = frozenset(
    {AssertionState.DECLARED, AssertionState.PENDING_REVIEW, AssertionState.CONFIRMED}
)

GONE = frozenset({AssertionState.REJECTED, AssertionState.RETRACTED})
"""Such a word was none: what it had superseded stands again."""

STEPS: Mapping[AssertionState, tuple[AssertionState, ...]] = {
    AssertionState.DECLARED: (
        AssertionState.PENDING_REVIEW,
        AssertionState.CONFIRMED,
        AssertionState.REJECTED,
        AssertionState.RETRACTED,
    ),
    AssertionState.PENDING_REVIEW: (
        AssertionState.CONFIRMED,
        AssertionState.REJECTED,
        AssertionState.RETRACTED,
    ),
    AssertionState.CONFIRMED: (AssertionState.RETRACTED,),
    AssertionState.REJECTED: (),
    AssertionState.SUPERSEDED: (),
    AssertionState.EXPIRED: (),
    AssertionState.RETRACTED: (),
}

FRAMEWORK_STEPS: Mapping[FrameworkStatus, tuple[FrameworkStatus, ...]] = {
    FrameworkStatus.DRAFT: (FrameworkStatus.PUBLISHED,),
    FrameworkStatus.PUBLISHED: (FrameworkStatus.DEPRECATED,),
    FrameworkStatus.DEPRECATED: (),
}

OWN_CLAIMS = frozenset(
    {AssertionSource.COURSE, AssertionSource.CERTIFICATION, AssertionSource.PROJECT}
)
"""What a person may claim about themself besides a self-rating: with evidence, and only counted once confirmed."""

RECORDED_BY: Mapping[AssertionSource, str] = {
    AssertionSource.SELF: "RECORD_OWN",
    AssertionSource.MANAGER: "RECORD_AS_MANAGER",
    AssertionSource.PEER: "RECORD_AS_HR",
    AssertionSource.ASSESSMENT: "RECORD_AS_HR",
    AssertionSource.PROJECT: "RECORD_VERIFIED",
    AssertionSource.COURSE: "RECORD_FACT",
    AssertionSource.CERTIFICATION: "RECORD_FACT",
    AssertionSource.IMPORT: "RECORD_FACT",
}
"""The action of the policy that recording such an assertion needs; what is missing comes from events only."""


def first_state(source: AssertionSource, *, own: bool, review: bool) -> AssertionState:
    """A self-rating is declared, another claim about oneself waits for review, what others say stands."""
    if source is AssertionSource.SELF:
        return AssertionState.PENDING_REVIEW if review else AssertionState.DECLARED
    return AssertionState.PENDING_REVIEW if own else AssertionState.CONFIRMED


def course_level(known: float | None, own: float | None, delta: float) -> float:
    """What a completed course attests: the level so far (else the self-rating, else 0) plus the expected delta."""
    base = known if known is not None else (own if own is not None else 0.0)
    return min(HIGHEST_LEVEL, max(0.0, base + delta))
