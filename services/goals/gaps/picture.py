"""A gap as a dot plot and as a table: a row a required skill, in the order of the gap.

A filled dot is the level, the bar over it its 90 % interval, a diamond the level that is required. A skill that nobody
has assessed has no dot, and says so: it is not a skill at zero.

A picture shows what is required, so there is one only for who may read the gap. Whoever rates themselves against a role
does not get it before they have: a self-assessment has no picture, and none of these is part of one.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.goals.gaps.rules import HIGHEST, LOWEST, GapStatus
from shared import drawing
from shared.drawing import Mark, Scale

WIDTH = 780
LEVELS = Scale(LOWEST, HIGHEST, 310, 610)
TOP, ROW, FOOT = 104, 36, 52
NAME_LETTERS, TITLE_LETTERS = 38, 80

HEADS = (
    "skillId", "skill", "status", "asIs", "intervalLow", "intervalHigh", "confidence", "required", "gap",
    "weight", "mandatory", "blocker",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class SkillGap:
    """One required skill; what is measured is None without evidence."""

    skill_id: UUID
    name: str
    status: GapStatus
    as_is: float | None
    interval_low: float | None
    interval_high: float | None
    confidence: float | None
    required: float
    gap: float | None
    weight: float
    mandatory: bool
    blocker: bool


@dataclass(frozen=True, slots=True)
class DrawnGap:
    """Against which role, on which day; the readiness is None when nothing that is required has been assessed."""

    role: str
    as_of: date
    readiness: float | None
    readiness_low: float | None
    readiness_high: float | None
    skills: Sequence[SkillGap]


def rows(gap: DrawnGap) -> Iterator[Sequence[object]]:
    """A row a skill, under HEADS; what is unknown is empty."""
    for each in gap.skills:
        yield (
            each.skill_id, each.name, each.status.value, each.as_is, each.interval_low, each.interval_high,
            each.confidence, each.required, each.gap, each.weight, each.mandatory, each.blocker,
        )  # fmt: skip


def dot_plot(gap: DrawnGap) -> str:
    """As SVG; its text alternative is a sentence for the whole and one a skill."""
    title = f"Gap to {gap.role}"
    height = TOP + ROW * max(len(gap.skills), 1) + FOOT
    marks = [
        drawing.text(
            16, 28, drawing.shortened(title, TITLE_LETTERS), size=drawing.HEADING, bold=True
        ),
        drawing.text(16, 50, _overall(gap), look="soft"),
        *_axis(height - FOOT),
        *(mark for at, each in enumerate(gap.skills) for mark in _row(each, TOP + ROW * at)),
        *_legend(height - 18),
    ]
    sentences = [_overall(gap), *(_sentence(each) for each in gap.skills)]
    return drawing.picture(title, sentences, marks, width=WIDTH, height=height)


def _overall(gap: DrawnGap) -> str:
    unknown = sum(each.status is GapStatus.UNASSESSED for each in gap.skills)
    day = f"As of {gap.as_of.isoformat()}"
    if not gap.skills:
        return f"{day}: the role requires no skills."
    if gap.readiness is None or gap.readiness_low is None or gap.readiness_high is None:
        return f"{day}: nothing that the role requires has been assessed."
    between = f"between {_percent(gap.readiness_low)} and {_percent(gap.readiness_high)}"
    assessed = f"{len(gap.skills) - unknown} of {len(gap.skills)} skills assessed"
    return f"{day}: readiness {_percent(gap.readiness)}, {between}; {assessed}."


def _sentence(skill: SkillGap) -> str:
    name = " ".join(skill.name.split())
    parts = [_measured(skill), f"required {drawing.number(skill.required)}"]
    if skill.as_is is not None:
        parts.append(_verdict(skill))
    if skill.mandatory:
        parts.append("mandatory")
    if skill.blocker:
        parts.append("blocks the role")
    return f"{name}: {', '.join(parts)}."


def _measured(skill: SkillGap) -> str:
    if skill.as_is is None or skill.interval_low is None or skill.interval_high is None:
        return _verdict(skill)
    between = f"{drawing.number(skill.interval_low)} to {drawing.number(skill.interval_high)}"
    return f"level {drawing.number(skill.as_is)} ({between})"


def _verdict(skill: SkillGap) -> str:
    match skill.status:
        case GapStatus.UNASSESSED:
            return "not assessed"
        case GapStatus.MET:
            return "met"
        case GapStatus.EXCEEDS:
            return "exceeded"
        case GapStatus.GAP:
            return f"{drawing.number(skill.gap or 0)} missing"


def _axis(bottom: float) -> Iterator[Mark]:
    for level in range(int(LOWEST), int(HIGHEST) + 1):
        x = LEVELS.at(level)
        yield drawing.text(x, 80, str(level), look="soft", size=drawing.SMALL, anchor="middle")
        yield drawing.line((x, 86), (x, bottom), thick=0.5, dash=drawing.DOTTED)


def _row(skill: SkillGap, y: float) -> Iterator[Mark]:
    yield drawing.text(16, y + 4, drawing.shortened(skill.name, NAME_LETTERS))
    if skill.mandatory:
        yield drawing.text(16, y + 18, "mandatory", look="soft", size=drawing.SMALL)
    if skill.as_is is None or skill.interval_low is None or skill.interval_high is None:
        yield drawing.line((LEVELS.start, y), (LEVELS.end, y), dash=drawing.DASHED)
    else:
        ends = LEVELS.at(skill.interval_low), LEVELS.at(skill.interval_high)
        yield drawing.interval(*ends, y, look="first")
        yield drawing.dot(LEVELS.at(skill.as_is), y, look="first")
    yield drawing.diamond(LEVELS.at(skill.required), y, look="second")
    yield drawing.text(636, y + 4, _verdict(skill), bold=skill.blocker)
    if skill.blocker:
        yield drawing.text(636, y + 18, "blocks the role", look="soft", size=drawing.SMALL)


def _legend(y: float) -> Iterator[Mark]:
    yield drawing.dot(24, y - 4, look="first")
    yield drawing.text(38, y, "level", look="soft")
    yield drawing.interval(92, 122, y - 4, look="first")
    yield drawing.text(132, y, "90 % interval", look="soft")
    yield drawing.diamond(252, y - 4, look="second")
    yield drawing.text(268, y, "required level", look="soft")
    yield drawing.line((384, y - 4), (424, y - 4), dash=drawing.DASHED)
    yield drawing.text(434, y, "not assessed", look="soft")


def _percent(share: float) -> str:
    return f"{share * 100:.0f} %"
