"""Interests as a picture: the scores of the result, for whom the result is shown to and for nobody else."""

import pytest

from tests.services.profile.assessing import Taking, built_in
from tests.unit.drawn import Drawn, assert_sound

RATINGS = {"R": 1, "I": 5, "A": 2, "S": 3, "E": 1, "C": 4}
ANSWERS = {f"{area}{n:02d}": value for area, value in RATINGS.items() for n in range(1, 11)}


@pytest.fixture
async def path(taking: Taking) -> str:
    await taking.take("dev", built_in("interests-60"), ANSWERS)
    (result,) = await taking.results("dev")
    return f"/assessments/results/{result['id']}"


async def test_interests_are_drawn_with_the_scores_of_the_result(taking: Taking, path: str):
    answer = await taking.call("dev", "GET", f"{path}/hexagon.svg")

    assert answer.headers["content-type"] == "image/svg+xml"
    assert answer.headers["cache-control"] == "private, no-cache"
    report = (await taking.done("dev", "GET", path))["report"]
    assert Drawn(answer.text).sentences == [
        f"Code {report['typeCode']}.",
        "Scores from 10 to 50, the highest first.",
        "Investigative (I): 50.",
        "Conventional (C): 40.",
        "Social (S): 30.",
        "Artistic (A): 20.",
        "Realistic (R): 10.",
        "Enterprising (E): 10.",
        "Not yet normed: raw scores and their order only.",
    ]
    assert_sound(answer.text)


async def test_nobody_else_gets_the_picture(taking: Taking, path: str):
    for who in ("lead", "head", "chief", "partner", "admin", "peer", "operator", "hris"):
        for door in (path, f"{path}/hexagon.svg"):
            assert (await taking.call(who, "GET", door)).status_code == 404, (who, door)


async def test_who_is_let_in_gets_it_until_it_is_taken_back(taking: Taking, path: str):
    told = {"granteeId": taking.here.people["operator"], "role": "MENTOR", "purpose": "To talk."}
    told |= {"until": "2099-01-01T00:00:00Z"}
    consent = await taking.done("dev", "POST", f"{path}/shares", told)

    let_in = await taking.call("operator", "GET", f"{path}/hexagon.svg")
    await taking.done("dev", "POST", f"/consents/{consent['id']}/revoke")
    taken_back = await taking.call("operator", "GET", f"{path}/hexagon.svg")

    assert (let_in.status_code, taken_back.status_code) == (200, 404)


async def test_a_result_of_anything_else_has_no_hexagon(taking: Taking, mood: str):
    await taking.take("dev", mood, {"q1": 4, "q2": 5, "q3": 2})
    (result,) = await taking.results("dev")

    answer = await taking.call("dev", "GET", f"/assessments/results/{result['id']}/hexagon.svg")

    assert answer.status_code == 404
