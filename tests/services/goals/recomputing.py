"""A reader who has nothing but the answer: every number of a gap anew, by own arithmetic and no code of the service."""

import math
from calendar import monthrange
from datetime import date, timedelta
from typing import Any


def recomputed(gap: dict[str, Any]) -> dict[str, Any]:
    """The gap's numbers from the demands and traces in the answer alone: own arithmetic, no code of the service."""

    demanded = in_all = missing = down = up = 0.0
    items: dict[str, tuple[Any, ...]] = {}
    for item in sorted(gap["items"], key=lambda each: each["skillId"]):
        required, weight, trace = item["required"], item["weight"], item["trace"]
        in_all += weight * required
        if trace is None:
            items[item["skillId"]] = (None, None, None, None, None, "UNASSESSED", False)
            continue
        days = (
            date.fromisoformat(gap["asOf"]) - date.fromisoformat(trace["estimate"]["asOf"])
        ).days
        half_life = trace["estimate"]["halfLifeMonths"]
        factor = nine(0.5 ** min(days / 30.4375 / half_life, 100.0)) if half_life else 1.0
        assert (trace["decay"]["days"], trace["decay"]["factor"]) == (days, factor)
        as_is, mass = nine(trace["estimate"]["level"]), nine(trace["estimate"]["mass"] * factor)
        half = nine(1.64 * math.sqrt(trace["estimate"]["variance"] / (mass + 1e-6)))
        low, high = max(0.0, nine(as_is - half)), min(5.0, nine(as_is + half))
        short, at_low, at_high = (nine(max(0.0, required - level)) for level in (as_is, low, high))
        demanded += weight * required
        missing += weight * short
        down += (weight * (at_low - short)) * (weight * (at_low - short))
        up += (weight * (short - at_high)) * (weight * (short - at_high))
        status = "GAP" if as_is < required else "EXCEEDS" if as_is > required else "MET"
        blocker = item["mandatory"] and high < required
        items[item["skillId"]] = (
            as_is, low, high, nine(mass / (mass + 1.0)), short, status, blocker,
        )  # fmt: skip
    assessed = any(as_is is not None for as_is, *_ in items.values())
    readiness: Any = nine(1.0 - missing / demanded) if demanded else (1.0 if assessed else None)
    low_end = max(0.0, nine(readiness - math.sqrt(down) / demanded)) if demanded else readiness
    high_end = min(1.0, nine(readiness + math.sqrt(up) / demanded)) if demanded else readiness
    share = nine((in_all - demanded) / in_all) if in_all else 0.0
    return {"items": items, "readiness": (readiness, low_end, high_end), "share": share}


def told(gap: dict[str, Any]) -> dict[str, Any]:
    """The same numbers as the service answered them."""
    names = ("asIs", "intervalLow", "intervalHigh", "confidence", "gap", "status", "blocker")
    return {
        "items": {each["skillId"]: tuple(each[name] for name in names) for each in gap["items"]},
        "readiness": (gap["readiness"], gap["readinessLow"], gap["readinessHigh"]),
        "share": gap["unassessedShare"],
    }


def months_of(experience: dict[str, Any], as_of: str) -> dict[str, Any]:
    """The months of required experience and its status, from its trace."""
    whole, days = _lasting(experience["trace"]["records"], as_of)
    verified = [
        each for each in experience["trace"]["records"] if each["verification"] == "VERIFIED"
    ]
    verified_whole, verified_days = _lasting(verified, as_of)
    months = nine(whole + days / 30.4375)
    verified_months = nine(verified_whole + verified_days / 30.4375)
    required = experience["minMonths"]
    status = (
        "MET" if verified and verified_months >= required
        else "UNVERIFIED" if experience["trace"]["records"] and months >= required
        else "PARTLY" if months > 0
        else "MISSING"
    )  # fmt: skip
    return {
        "wholeMonths": whole,
        "days": days,
        "verifiedWholeMonths": verified_whole,
        "verifiedDays": verified_days,
        "months": months,
        "verifiedMonths": verified_months,
        "missingMonths": nine(max(0.0, required - months)),
        "status": status,
    }


def told_months(experience: dict[str, Any]) -> dict[str, Any]:
    """The same as the service answered it."""
    names = ("months", "verifiedMonths", "missingMonths", "status")
    counted = ("wholeMonths", "days", "verifiedWholeMonths", "verifiedDays")
    return {name: experience[name] for name in names} | {
        name: experience["trace"][name] for name in counted
    }


def nine(value: float) -> float:
    return round(value * 1e9) / 1e9


def _lasting(records: list[dict[str, Any]], as_of: str) -> tuple[int, int]:
    """Day by day: what is covered by any record, then stretch by stretch in months and days."""
    covered: set[date] = set()
    for record in records:
        last = min(record["endedOn"] or as_of, as_of)
        day = date.fromisoformat(record["startedOn"])
        while day <= date.fromisoformat(last):
            covered.add(day)
            day += timedelta(days=1)
    whole = left = 0
    for first in sorted(day for day in covered if day - timedelta(days=1) not in covered):
        after = first
        while after in covered:
            after += timedelta(days=1)
        months = 0
        while _later(first, months + 1) <= after and not _cut(first, months + 1, after):
            months += 1
        whole += months
        left += (after - _later(first, months)).days
    return whole, left


def _later(day: date, months: int) -> date:
    """That many calendar months on; a day that the month does not have is its last."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _cut(first: date, months: int, after: date) -> bool:
    """Whether the month is only full because its last day had to stand for a later one."""
    later = _later(first, months)
    return later == after and later.day < first.day
