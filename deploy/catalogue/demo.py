"""Tideline Works, an invented company of 62: the same people, skills and goals for the same `today`.

The rows go through the bulk doors. Assertions, goals and check-ins are to be posted as the person
who would write them: `authorKey`, `ownerKey` and `managerKey` name people, `email_of` their accounts.
"""

import hashlib
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final

from deploy.catalogue import loader
from deploy.importers.rows import ReadOptions, Row, UnreadableSource

DEMO_DOMAIN: Final = "example.org"
PEOPLE_WITH_GOALS: Final = 40
PAIRS_WITH_CHECK_INS: Final = 25
FRIDAY: Final = 5
_DAYS_PER_MONTH: Final = 30.44
_GOAL_ENTRIES: Final = (
    "title",
    "description",
    "horizon",
    "specific",
    "achievable",
    "relevant",
)
_CADENCES: Final = (("WEEKLY", 7), ("BIWEEKLY", 14), ("MONTHLY", 28))


def email_of(key: str) -> str:
    return f"{key}@{DEMO_DOMAIN}"


DEMO_SUBJECT: Final = email_of("amara.lindqvist")


def read(_path: Path, options: ReadOptions) -> Iterator[Row]:
    """The starter catalogue, then the company; people name their role by code."""
    if options.today is None:
        raise UnreadableSource("The demo organisation needs a date: set the option `today`.")
    return _rows(options.today)


def files(path: Path, options: ReadOptions) -> list[Path]:
    return [*loader.files(path, options), loader.FOLDER / "demo.json"]


def _rows(today: date) -> Iterator[Row]:
    yield from loader.read(Path(), ReadOptions())
    yield from org_unit_rows()
    yield from people_rows(today)
    yield from grant_rows()


def org_unit_rows() -> Iterator[Row]:
    company = loader.load("demo")
    for number, unit in enumerate(company["units"], start=1):
        yield Row("org-units", {"system": company["system"]} | unit, "demo.json", number)


def people_rows(today: date) -> Iterator[Row]:
    company = loader.load("demo")
    titles = {role["code"]: role["title"] for role in loader.load("roles")["roles"]}
    for number, person in enumerate(company["people"], start=1):
        promoted = person["monthsInRole"] < person["monthsEmployed"]
        fields = {
            "system": company["system"],
            "key": person["key"],
            "displayName": person["name"],
            "workEmail": email_of(person["key"]),
            "status": "ACTIVE",
            "hireDate": _months_before(today, person["monthsEmployed"]).isoformat(),
            "orgUnitKey": person["unit"],
            "roleCode": person["role"],
            "roleTitle": titles[person["role"]],
            "employmentType": "FULL_TIME",
            "effectiveFrom": _months_before(today, person["monthsInRole"]).isoformat(),
            "changeReason": "PROMOTION" if promoted else "HIRE",
        }
        if person["manager"]:
            fields["managerKey"] = person["manager"]
        yield Row("people", fields, "demo.json", number)


def grant_rows() -> Iterator[Row]:
    company = loader.load("demo")
    for number, grant in enumerate(company["grants"], start=1):
        fields = {"system": company["system"], "key": grant["person"], "role": grant["role"]}
        if "unit" in grant:
            fields["orgUnitKey"] = grant["unit"]
        yield Row("grants", fields, "demo.json", number)


def assertions(today: date) -> list[dict[str, Any]]:
    """Self and manager ratings of the last two years, oldest first.

    Some required skills stay without any, as in life: unassessed is not zero.
    """
    story = loader.load("demo")["story"]
    found = [
        _assertion(today, person, rating["skillCode"], rating)
        for person in loader.load("demo")["people"]
        if person["key"] == story["subject"]
        for rating in story["assertions"]
    ]
    for person in loader.load("demo")["people"]:
        if person["key"] != story["subject"]:
            found += _ratings_of(today, person)
    return sorted(found, key=lambda assertion: assertion["occurredOn"])


def course_completions(today: date) -> list[dict[str, Any]]:
    """{subjectKey, provider, courseCode, completedOn}: what the learning system would report."""
    story = loader.load("demo")["story"]
    found = [
        _completion(today, story["subject"], done, done["daysAgo"]) for done in story["completions"]
    ]
    for person in loader.load("demo")["people"]:
        if person["key"] != story["subject"] and _pick(person["key"], "course", 3) == 0:
            course = _fitting_course(person)
            days_ago = 20 + _pick(person["key"], "completed", 500)
            found.append(_completion(today, person["key"], course, days_ago))
    return found


def goals(today: date) -> list[dict[str, Any]]:
    """SMART goals of about 40 people; `dependsOn` counts the goal's own milestones from 0."""
    company = loader.load("demo")
    story = company["story"]
    found = [_goal(today, story["subject"], goal) for goal in story["goals"]]
    families = {role["code"]: role["family"] for role in loader.load("roles")["roles"]}
    others = [person for person in company["people"] if person["key"] != story["subject"]]
    for person in others[: PEOPLE_WITH_GOALS - 1]:
        choices = company["goals"][families[person["role"]]]
        template = choices[_pick(person["key"], "goal", len(choices))]
        pace = {
            "startDaysAgo": 14 + _pick(person["key"], "begun", 120),
            "dueInDays": 21 + _pick(person["key"], "due", 180),
            "progress": _pick(person["key"], "progress", 9) / 10,
        }
        found.append(_goal(today, person["key"], template | pace))
    return found


def check_ins(today: date) -> list[dict[str, Any]]:
    """The next meeting of about 25 pairs, two for the demo person; times are UTC, on working days."""
    company = loader.load("demo")
    story, topics = company["story"], company["topics"]
    manager_of = {person["key"]: person["manager"] for person in company["people"]}
    found = [
        _check_in(today, story["subject"], manager_of[story["subject"]], meeting)
        for meeting in story["checkIns"]
    ]
    others = [key for key, manager in manager_of.items() if manager and key != story["subject"]]
    for key in others[: PAIRS_WITH_CHECK_INS - 1]:
        cadence, days = _CADENCES[_pick(key, "cadence", len(_CADENCES))]
        meeting = {
            "cadence": cadence,
            "inDays": 1 + _pick(key, "meeting", days),
            "agenda": _some(topics["agenda"], key, 3),
            "priorities": _some(topics["priorities"], key, 2),
        }
        found.append(_check_in(today, key, manager_of[key], meeting))
    return found


def _ratings_of(today: date, person: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    roles = {role["code"]: role for role in loader.load("roles")["roles"]}
    for required in roles[person["role"]]["requirements"]:
        code, level = required["skillCode"], required["requiredLevel"]
        days = 30 + _pick(person["key"], code, 690)
        if _pick(person["key"], f"{code} self", 5):
            lean = (_pick(person["key"], f"{code} self level", 5) - 2) / 2
            rating = {"source": "SELF", "level": _level(level + lean), "daysAgo": days}
            yield _assertion(today, person, code, rating)
        if person["manager"] and _pick(person["key"], f"{code} manager", 4):
            lean = (_pick(person["key"], f"{code} manager level", 4) - 2) / 2
            rating = {"source": "MANAGER", "level": _level(level + lean), "daysAgo": days - 14}
            yield _assertion(today, person, code, rating)


def _assertion(
    today: date, person: Mapping[str, Any], code: str, rating: Mapping[str, Any]
) -> dict[str, Any]:
    itself = rating["source"] == "SELF"
    return {
        "subjectKey": person["key"],
        "authorKey": person["key"] if itself else person["manager"],
        "skillCode": code,
        "level": rating["level"],
        "source": rating["source"],
        "occurredOn": (today - timedelta(days=rating["daysAgo"])).isoformat(),
        "evidence": rating.get("evidence", []),
    }


def _completion(today: date, key: str, course: Mapping[str, Any], days_ago: int) -> dict[str, Any]:
    return {
        "subjectKey": key,
        "provider": course["provider"],
        "courseCode": course["courseCode"],
        "completedOn": (today - timedelta(days=days_ago)).isoformat(),
    }


def _fitting_course(person: Mapping[str, Any]) -> dict[str, Any]:
    """The first course, from a place that differs by person, for a skill that the role asks for."""
    roles = {role["code"]: role for role in loader.load("roles")["roles"]}
    wanted = {item["skillCode"] for item in roles[person["role"]]["requirements"]}
    courses = loader.load("courses")["courses"]
    fitting = [
        course
        for course in courses
        if any(item["skillCode"] in wanted for item in course["skills"])
    ]
    chosen = fitting[_pick(person["key"], "which course", len(fitting))]
    return {"provider": chosen["provider"], "courseCode": chosen["code"]}


def _goal(today: date, key: str, template: Mapping[str, Any]) -> dict[str, Any]:
    begins = today - timedelta(days=template["startDaysAgo"])
    due = today + timedelta(days=template["dueInDays"])
    measure = template["measure"]
    gained = (measure["target"] - measure["start"]) * template["progress"]
    steps = template["milestones"]
    milestones = [
        step | {"dueDate": (begins + (due - begins) * number / len(steps)).isoformat()}
        for number, step in enumerate(steps, start=1)
    ]
    return {
        "ownerKey": key,
        **{entry: template[entry] for entry in _GOAL_ENTRIES},
        "measure": measure | {"current": round(measure["start"] + gained, 1)},
        "startDate": begins.isoformat(),
        "dueDate": due.isoformat(),
        "milestones": milestones,
    }


def _check_in(today: date, key: str, manager: str, meeting: Mapping[str, Any]) -> dict[str, Any]:
    on = today + timedelta(days=meeting["inDays"])
    on += timedelta(days=3 if on.isoweekday() > FRIDAY else 0)
    at = time(9 + _pick(key, "hour", 7), 30 * _pick(key, "half", 2), tzinfo=UTC)
    return {
        "employeeKey": key,
        "managerKey": manager,
        "cadence": meeting["cadence"],
        "scheduledFor": datetime.combine(on, at).isoformat(),
        "agenda": meeting["agenda"],
        "priorities": meeting["priorities"],
    }


def _some(texts: list[str], key: str, count: int) -> list[str]:
    start = _pick(key, "topics", len(texts))
    return [texts[(start + step) % len(texts)] for step in range(count)]


def _level(level: float) -> float:
    return min(5.0, max(0.5, level))


def _months_before(today: date, months: int) -> date:
    return today - timedelta(days=round(months * _DAYS_PER_MONTH))


def _pick(key: str, about: str, choices: int) -> int:
    """Looks random, is the same on every machine: a number below `choices`."""
    digest = hashlib.sha256(f"{key}/{about}".encode()).digest()
    return int.from_bytes(digest[:4], "big") % choices
