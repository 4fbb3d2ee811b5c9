"""What a baseline says, as the object that is hashed."""

from collections.abc import Iterable, Mapping
from typing import Any

from services.profile.baselines.models import BaselineSnapshot

MEMBERS = ("level", "mass", "variance", "interval_low", "interval_high", "self_level")


def content_of(snapshot: BaselineSnapshot, levels: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Everything but the hash itself; skills in the order of their ids, names as on the wire."""
    ordered = sorted(levels, key=lambda each: str(each["skill_id"]))
    return {
        "baselineId": str(snapshot.id),
        "personId": str(snapshot.person_id),
        "cycle": snapshot.cycle,
        "takenAt": snapshot.taken_at.isoformat(timespec="microseconds"),
        "asOf": snapshot.as_of.isoformat(),
        "engineVersion": snapshot.engine_version,
        "skills": [
            {
                "skillId": str(each["skill_id"]),
                "level": each["level"],
                "mass": each["mass"],
                "variance": each["variance"],
                "intervalLow": each["interval_low"],
                "intervalHigh": each["interval_high"],
                "selfLevel": each["self_level"],
            }
            for each in ordered
        ],
    }
