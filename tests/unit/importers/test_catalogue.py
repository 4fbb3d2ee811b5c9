from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from deploy.catalogue import demo, loader
from deploy.importers.rows import ReadOptions, UnreadableSource
from tests.unit.importers.reading import kinds, of_kind

TODAY = date(2026, 7, 1)


@pytest.fixture(scope="module")
def catalogue():
    return list(loader.read(Path(), ReadOptions()))


def test_the_starter_catalogue_has_its_size(catalogue):
    assert kinds(catalogue) == {"frameworks": 1, "skills": 99, "roles": 36, "courses": 54}
    assert len({role["family"] for role in of_kind(catalogue, "roles")}) == 9


def test_every_code_is_unique_and_every_code_named_exists(catalogue):
    skills = [skill["code"] for skill in of_kind(catalogue, "skills")]
    roles = [role["code"] for role in of_kind(catalogue, "roles")]
    courses = [course["code"] for course in of_kind(catalogue, "courses")]
    categories = {
        skill["parentCode"] for skill in of_kind(catalogue, "skills") if "parentCode" in skill
    }
    named = [
        item["skillCode"]
        for row in [*of_kind(catalogue, "roles"), *of_kind(catalogue, "courses")]
        for item in row.get("requirements", row.get("skills", []))
    ]

    for codes in (skills, roles, courses):
        assert len(codes) == len(set(codes))
    assert set(named) <= set(skills) - categories
    assert categories <= set(skills)


def test_every_role_has_six_to_ten_requirements_within_the_scale(catalogue):
    for role in of_kind(catalogue, "roles"):
        assert 6 <= len(role["requirements"]) <= 10, role["code"]
        for item in role["requirements"]:
            assert 0 < item["requiredLevel"] <= 5
            assert item["importance"] in {1, 2, 3, 4, 5}


def test_a_level_never_falls_between_the_first_and_the_next_rung_of_a_ladder(catalogue):
    ladders: dict[str, dict[int, list[dict[str, float]]]] = {}
    for role in of_kind(catalogue, "roles"):
        if role["track"] == "INDIVIDUAL_CONTRIBUTOR":
            required = {item["skillCode"]: item["requiredLevel"] for item in role["requirements"]}
            ladders.setdefault(role["family"], {}).setdefault(role["level"], []).append(required)

    falls = [
        (family, code)
        for family, rungs in ladders.items()
        if all(len(rungs[level]) == 1 for level in rungs)
        for lower, higher in zip(sorted(rungs), sorted(rungs)[1:], strict=False)
        for code, level in rungs[lower][0].items()
        if rungs[higher][0].get(code, level) < level
    ]

    assert falls == []


def test_the_networking_skills_stand_together(catalogue):
    found = {
        skill["code"] for skill in of_kind(catalogue, "skills") if skill["type"] == "NETWORKING"
    }

    assert found == {
        "networking",
        "effective-communication",
        "relationship-building",
        "active-listening",
        "genuine-interest",
    }


def test_the_company_is_the_same_every_time():
    assert demo.assertions(TODAY) == demo.assertions(TODAY)
    assert demo.goals(TODAY) == demo.goals(TODAY)
    assert demo.check_ins(TODAY) == demo.check_ins(TODAY)
    assert list(demo.people_rows(TODAY)) == list(demo.people_rows(TODAY))


def test_the_company_has_its_size_and_four_levels():
    people = of_kind(demo.people_rows(TODAY), "people")
    manager_of = {person["key"]: person.get("managerKey") for person in people}

    def depth(key: str | None) -> int:
        return 0 if key is None else 1 + depth(manager_of[key])

    assert len(people) == 62
    assert max(depth(key) for key in manager_of) == 4
    assert [key for key, manager in manager_of.items() if manager is None] == ["ingrid.adeyemi"]
    assert {grant["role"] for grant in of_kind(demo.grant_rows(), "grants")} == {
        "ADMIN",
        "HR_PARTNER",
    }
    units = of_kind(demo.org_unit_rows(), "org-units")
    assert {person["orgUnitKey"] for person in people} <= {unit["key"] for unit in units}
    assert demo.DEMO_SUBJECT in {person["workEmail"] for person in people}


def test_ratings_come_from_the_person_or_their_manager_within_two_years():
    people = of_kind(demo.people_rows(TODAY), "people")
    manager_of = {person["key"]: person.get("managerKey") for person in people}
    skills = {skill["code"] for skill in of_kind(loader.framework_rows(), "skills")}

    found = demo.assertions(TODAY)

    assert len({assertion["subjectKey"] for assertion in found}) == 62
    for assertion in found:
        subject, author = assertion["subjectKey"], assertion["authorKey"]
        assert author == (subject if assertion["source"] == "SELF" else manager_of[subject])
        assert assertion["skillCode"] in skills
        assert 0 < assertion["level"] <= 5
        assert TODAY - timedelta(days=731) <= date.fromisoformat(assertion["occurredOn"]) < TODAY


def test_goals_are_smart_and_their_milestones_depend_on_earlier_ones():
    found = demo.goals(TODAY)

    assert len({goal["ownerKey"] for goal in found}) == 40
    for goal in found:
        dates = [step["dueDate"] for step in goal["milestones"]]
        measure = goal["measure"]
        low, high = sorted((measure["start"], measure["target"]))
        assert low <= measure["current"] <= high
        assert goal["startDate"] < TODAY.isoformat() < goal["dueDate"]
        assert dates == sorted(dates)
        assert dates[-1] == goal["dueDate"]
        for number, step in enumerate(goal["milestones"]):
            assert all(earlier < number for earlier in step["dependsOn"])


def test_check_ins_lie_ahead_on_working_days():
    found = demo.check_ins(TODAY)

    assert len({meeting["employeeKey"] for meeting in found}) == 25
    for meeting in found:
        at = datetime.fromisoformat(meeting["scheduledFor"])
        assert at.date() > TODAY
        assert at.isoweekday() <= 5


def test_the_demo_needs_a_date():
    with pytest.raises(UnreadableSource, match="set the option `today`"):
        demo.read(Path(), ReadOptions())


def test_courses_that_were_completed_are_in_the_catalogue(catalogue):
    known = {(course["provider"], course["code"]) for course in of_kind(catalogue, "courses")}

    found = demo.course_completions(TODAY)

    assert {(done["provider"], done["courseCode"]) for done in found} <= known
    assert [done["courseCode"] for done in found if done["subjectKey"] == "amara.lindqvist"] == [
        "WA-110",
        "WA-104",
    ]
