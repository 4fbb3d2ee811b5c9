"""The facts that may leave Waymark. What does not stand here is internal, until somebody decides otherwise."""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum


class Leaves(StrEnum):
    """How much of a fact may leave.

    THIN: it tells what a person plans, can do or has been told. A subscription holds no permission on persons, so only
    the news leaves, whatever the subscription asks for; the receiver reads the rest through the API, as far as it may.
    """

    FULL = "FULL"
    THIN = "THIN"


def _facts(leaves: Leaves, aggregate: str, *verbs: str) -> dict[str, Leaves]:
    return {f"waymark.{aggregate}.{verb}.v1": leaves for verb in verbs}


CATALOGUE: Mapping[str, Leaves] = {
    **_facts(Leaves.FULL, "profile.person", "registered", "updated", "terminated", "reactivated"),
    **_facts(Leaves.FULL, "profile.assignment", "started", "changed", "ended"),
    **_facts(Leaves.FULL, "profile.manager", "changed"),
    **_facts(Leaves.FULL, "profile.org_unit", "changed"),
    **_facts(Leaves.FULL, "profile.subject", "erased"),
    **_facts(Leaves.THIN, "profile.subject", "export_ready"),
    **_facts(Leaves.FULL, "profile.skill", "changed"),
    **_facts(Leaves.FULL, "profile.framework", "published", "deprecated"),
    **_facts(Leaves.FULL, "profile.framework_migration", "finished"),
    **_facts(
        Leaves.THIN,
        "profile.skill_assertion",
        "recorded",
        "review_requested",
        "confirmed",
        "rejected",
        "superseded",
        "expired",
        "retracted",
    ),
    **_facts(Leaves.THIN, "profile.skill_estimate", "changed"),
    **_facts(
        Leaves.THIN, "profile.rating", "asked", "answered", "declined", "cancelled", "expired"
    ),
    **_facts(Leaves.THIN, "profile.consent", "granted", "revoked"),
    **_facts(
        Leaves.THIN, "profile.credential", "added", "expiring", "expired", "revoked", "withdrawn"
    ),
    **_facts(Leaves.THIN, "profile.experience", "recorded", "changed", "verified", "withdrawn"),
    **_facts(Leaves.THIN, "profile.baseline", "captured"),
    **_facts(
        Leaves.THIN,
        "goals.goal",
        "proposed",
        "activated",
        "changed",
        "progressed",
        "health_changed",
        "held",
        "resumed",
        "achieved",
        "partially_achieved",
        "not_achieved",
        "cancelled",
        "archived",
    ),
    **_facts(Leaves.THIN, "goals.milestone", "completed", "missed"),
    **_facts(Leaves.FULL, "goals.learning_record", "enrolled", "completed", "failed", "withdrawn"),
    **_facts(Leaves.FULL, "goals.learning_resource", "changed"),
    **_facts(Leaves.FULL, "goals.role", "published"),
    **_facts(
        Leaves.THIN, "feedback.check_in", "scheduled", "held", "completed", "missed", "cancelled"
    ),
    **_facts(Leaves.THIN, "feedback.task", "added", "closed"),
    **_facts(Leaves.FULL, "integrations.subscription", "disabled"),
}


def covers(pattern: str, event_type: str) -> bool:
    """A pattern is a type, or the beginning of some and `.*`."""
    if pattern.endswith(".*"):
        return event_type.startswith(pattern[:-1])
    return pattern == event_type


def wanted(patterns: Iterable[str], event_type: str) -> bool:
    """Whether somebody who asked for these patterns is told of that type; of internal ones nobody is."""
    return event_type in CATALOGUE and any(covers(each, event_type) for each in patterns)


def types_of(patterns: Sequence[str]) -> list[str]:
    """All types of the catalogue that the patterns stand for."""
    return [each for each in CATALOGUE if wanted(patterns, each)]
