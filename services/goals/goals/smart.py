"""The SMART linter: which letters a goal's wording and fields satisfy, each with its reasons. Doran 1981."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from services.goals.goals.rules import AmountType

ENGINE_VERSION = "smart-1"
HOURS_A_WEEK = 40

_VAGUE = re.compile(
    r"\b(get|become|be|being|getting|becoming)\s+(much\s+|a\s+)?(better|good|great|stronger|more|less)\b"
    r"|\b(improve|enhance|grow|develop|strengthen|work on|learn more|learn about|try|explore|focus on)\b"
)
_RESULT = re.compile(
    r"\b(achieve|obtain|earn|pass|complete|finish|deliver|publish|launch|release|reduce|increase|raise|cut"
    r"|lead|write|build|present|give|hold|run|mentor|reach|win|hire|train|certify|close|migrate|document"
    r"|design|implement|organi[sz]e|read|attend|teach|graduate|master|introduce|replace|automate|sell"
    r"|speak|visit|interview|shadow|save|double|halve|prepare|create|set up|move|join|take over)(s|es|d|ed|ing)?\b"
)
_COUNTED = re.compile(r"\d|\b(one|two|three|four|five|six|seven|eight|nine|ten|twelve)\b")
_TIME = re.compile(
    r"\b(within|in|by|before|until|over|during)\s+(the\s+)?(next\s+)?"
    r"((\d+|one|two|three|four|five|six|nine|twelve|eighteen)\s+(day|week|month|quarter|year)s?"
    r"|(end of\s+)?(the\s+)?(day|week|month|quarter|year)\b|q[1-4]\b|\d{4}\b"
    r"|(end of\s+)?(january|february|march|april|may|june|july|august|september|october|november|december))"
)
_PROVEN = re.compile(
    r"\b(certifi\w+|certificate|degree|diploma|licence|license|exam\w*|accreditation|qualification)\b"
)
FEWEST_WORDS = 4
PRAISE = {
    "S": "It says what will be reached.",
    "M": "It can be told when it is reached.",
    "A": "It says what it takes.",
    "R": "It says what it is good for.",
    "T": "It says by when.",
}


class Verdict(StrEnum):
    """What a letter got; only FAIL keeps a goal from being proposed."""

    PASS = "PASS"  # noqa: S105
    WARN = "WARN"
    FAIL = "FAIL"


@dataclass(frozen=True, slots=True)
class Wording:
    """What the linter reads of a goal."""

    title: str
    specific: str | None = None
    metric: str | None = None
    amount_type: AmountType | None = None
    start: float | None = None
    target: float | None = None
    rationale: str | None = None
    effort_hours: float | None = None
    why: str | None = None
    alignments: int = 0
    start_on: date | None = None
    due_on: date | None = None
    milestones: int = 0

    @property
    def text(self) -> str:
        return f"{self.title} {self.specific or ''}".casefold()


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter's verdict."""

    letter: str
    verdict: Verdict
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SmartVerdict:
    """All five; `passes` when none of them fails."""

    passes: bool
    letters: tuple[Letter, ...]
    engine_version: str = ENGINE_VERSION


def judge(goal: Wording, *, today: date) -> SmartVerdict:
    """Deterministic for a goal and a day."""
    letters = (
        _letter("S", failures=_not_specific(goal)),
        _letter("M", failures=_not_measurable(goal)),
        _letter("A", failures=_not_achievable(goal), warnings=_unexplained(goal)),
        _letter("R", warnings=_unrelated(goal)),
        _letter("T", failures=_not_time_bound(goal, today)),
    )
    return SmartVerdict(all(each.verdict is not Verdict.FAIL for each in letters), letters)


def _letter(letter: str, *, failures: Sequence[str] = (), warnings: Sequence[str] = ()) -> Letter:
    if failures:
        return Letter(letter, Verdict.FAIL, tuple(failures))
    return Letter(letter, Verdict.WARN if warnings else Verdict.PASS, tuple(warnings))


def _not_specific(goal: Wording) -> list[str]:
    vague = _VAGUE.search(goal.text)
    if vague and not _names_result(goal):
        return [
            f"“{vague.group().strip()}” names no result: say what will be done, delivered or reached."
        ]
    if len(goal.text.split()) < FEWEST_WORDS and not goal.metric:
        return ["Too short to be understood by somebody else: say what, for whom and where."]
    return []


def _names_result(goal: Wording) -> bool:
    """A vague verb is forgiven where the goal also says what it will be seen by."""
    return bool(_RESULT.search(goal.text) or goal.metric)


def _not_measurable(goal: Wording) -> list[str]:
    if goal.amount_type is not None:
        return _measure_faults(goal)
    without_time = _TIME.sub(" ", goal.text)
    provable = _PROVEN.search(goal.text) or _COUNTED.search(without_time)
    if provable or goal.milestones:
        return []
    return ["Nothing tells when it is reached: add a measure with a target, or milestones."]


def _measure_faults(goal: Wording) -> list[str]:
    if goal.target is None:
        return ["The measure has no target: say which value is enough."]
    if goal.amount_type is not AmountType.BINARY and goal.start == goal.target:
        return ["The measure's target is where it starts: nothing would have to change."]
    return []


def _not_achievable(goal: Wording) -> list[str]:
    if goal.effort_hours is None or goal.start_on is None or goal.due_on is None:
        return []
    weeks = max(0.0, (goal.due_on - goal.start_on).days / 7)
    if goal.effort_hours > weeks * HOURS_A_WEEK:
        return [
            f"{goal.effort_hours:g} hours do not fit into {weeks:.1f} weeks: "
            "move the date or cut the goal."
        ]
    return []


def _unexplained(goal: Wording) -> list[str]:
    if goal.rationale or goal.effort_hours is not None:
        return []
    return ["Nothing says why it can be reached: add the effort in hours or a sentence."]


def _unrelated(goal: Wording) -> list[str]:
    if goal.why or goal.alignments:
        return []
    return ["Nothing says what it is good for: add a reason or align it with an objective."]


def _not_time_bound(goal: Wording, today: date) -> list[str]:
    if goal.due_on is None:
        if _TIME.search(goal.text):
            return []
        return ["There is no date: say by when."]
    if goal.due_on < today:
        return [f"The due date {goal.due_on.isoformat()} has passed: set a later one."]
    if goal.start_on is not None and goal.due_on <= goal.start_on:
        return ["It is due before it starts: set a later due date or an earlier start."]
    return []
