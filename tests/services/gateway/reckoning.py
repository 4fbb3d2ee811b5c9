"""A reader of the API alone: levels and their shifts from the assertions, by own arithmetic and no code of ours.

Nothing is read off the trace but what it is held against: the trace must say what the assertions say.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from math import isclose, sqrt
from typing import Any

Record = Mapping[str, Any]
HALF_LIFE_DAYS = 365.25 / 12
CLOSE = {"rel_tol": 1e-9, "abs_tol": 1e-9}


def standing(assertions: Iterable[Record], *, today: str) -> list[Record]:
    """What counts by the words of the documentation: confirmed by somebody else, not expired, not one's own."""
    return [
        each
        for each in assertions
        if each["state"] == "CONFIRMED"
        and each["source"] != "SELF"
        and (each["expiresOn"] is None or each["expiresOn"] > today)
    ]


def level_of(
    words: Sequence[Record],
    *,
    rule: str,
    weights: Mapping[str, float],
    half_life: float,
    as_of: str,
) -> dict[str, Any]:
    """Level, mass, variance, interval and the words that it rests on."""
    weighed = [each for each in words if weights[each["source"]] > 0]
    if rule == "BEST":
        weighed = sorted(weighed, key=lambda e: (e["level"], e["occurredOn"], e["id"]))[-1:]
    if rule == "LATEST":
        weighed = sorted(weighed, key=lambda e: (e["occurredOn"], e["id"]))[-1:]
    masses = {each["id"]: _mass(each, weights, half_life, as_of) for each in weighed}
    mass = sum(masses.values())
    if not weighed:
        return {
            "level": None,
            "mass": 0.0,
            "variance": None,
            "low": None,
            "high": None,
            "on": set(),
        }
    level = sum(masses[each["id"]] * each["level"] for each in weighed) / mass
    spread = sum(masses[e["id"]] * (e["level"] - level) ** 2 for e in weighed) / mass
    variance = max(0.25, spread)
    reach = 1.64 * sqrt(variance / (mass + 1e-6))
    low, high = max(0.0, level - reach), min(5.0, level + reach)
    found = {"level": level, "mass": mass, "variance": variance, "low": low, "high": high}
    return found | {"on": set(masses)}


def _mass(word: Record, weights: Mapping[str, float], half_life: float, as_of: str) -> float:
    age = max(0, (date.fromisoformat(as_of) - date.fromisoformat(word["occurredOn"])).days)
    halvings = min(60.0, age / HALF_LIFE_DAYS / half_life)
    weight: float = weights[word["source"]] * 0.5**halvings
    return weight


def faults_of_level(
    told: Record, words: Sequence[Record], weights: Mapping[str, float]
) -> list[str]:
    """What of an answered level is not what the assertions say; shifts are reckoned by leaving each one out."""
    how = {"rule": told["rule"], "weights": weights, "half_life": told["halfLifeMonths"]}
    as_of = told["asOf"]
    mine = level_of(words, as_of=as_of, **how)
    pairs = [
        ("level", mine["level"], told["level"]),
        ("mass", mine["mass"], told["mass"]),
        ("variance", mine["variance"], told["variance"]),
        ("low", mine["low"], told["intervalLow"]),
        ("high", mine["high"], told["intervalHigh"]),
        ("confidence", mine["mass"] / (mine["mass"] + 1), told["confidence"]),
    ]
    found = [f"{name}: {a} is told as {b}" for name, a, b in pairs if not same(a, b)]
    if {each["assertionId"] for each in told["contributions"]} != mine["on"]:
        found.append(f"contributions: {mine['on']}")
    for each in told["contributions"]:
        rest = level_of([w for w in words if w["id"] != each["assertionId"]], as_of=as_of, **how)
        none_left = mine["level"] is None or rest["level"] is None
        shift = None if none_left else mine["level"] - rest["level"]
        if not same(shift, each["shift"]) or not same(rest["level"], each["levelWithout"]):
            found.append(f"shift: {shift} is told as {each['shift']}")
        instead = next(iter(rest["on"]), None) if told["rule"] != "EVIDENCE_WEIGHTED" else None
        if each["insteadId"] != instead:
            found.append(f"insteadId: {instead} is told as {each['insteadId']}")
    return found


def same(one: float | None, other: float | None) -> bool:
    return one is other if one is None or other is None else isclose(one, other, **CLOSE)
