"""Until when a result holds: said by the clock, never stored; then its person may take it again."""

from datetime import date

import pytest
import time_machine
from sqlalchemy import text

from tests.services.profile.assessing import RATED, Taking, built_in

ANSWERS = {"q1": 4, "q2": 5, "q3": 2}
LIMITED = RATED | {"code": "passing", "coolDownDays": 30, "validDays": 100, "publish": True}
ON_1_MARCH = "2026-03-01T10:00:00Z"


def terms(result):
    return result["validUntil"], result["outdated"], result["retake"]


async def results_on(taking: Taking, day: str, who="dev", of="dev"):
    with time_machine.travel(f"{day}T10:00:00Z", tick=False):
        return await taking.results(who, of=of)


async def test_a_result_holds_to_its_last_day_and_then_says_so_and_offers_a_retake(taking):
    """100 days from 1 March end with 9 June. Nothing is written in between."""
    passing = await taking.bring(LIMITED)
    with time_machine.travel(ON_1_MARCH, tick=False):
        await taking.take("dev", passing, ANSWERS)

    (fresh,) = await results_on(taking, "2026-03-01")
    (last,) = await results_on(taking, "2026-06-09")
    (over,) = await results_on(taking, "2026-06-10")

    assert terms(fresh) == terms(last) == ("2026-06-09", False, None)
    retake = {"instrumentId": passing, "on": "2026-06-10"}
    assert terms(over) == ("2026-06-09", True, retake)
    assert over["report"] == fresh["report"]


async def test_the_retake_that_is_offered_can_be_begun_and_ends_the_offer(taking):
    passing = await taking.bring(LIMITED)
    with time_machine.travel(ON_1_MARCH, tick=False):
        await taking.take("dev", passing, ANSWERS)
    with time_machine.travel("2026-06-10T10:00:00Z", tick=False):
        (over,) = await taking.results("dev")
        await taking.take("dev", over["retake"]["instrumentId"], ANSWERS)

    older, newer = await results_on(taking, "2026-06-10")

    assert terms(older) == ("2026-06-09", True, None)
    assert terms(newer) == ("2026-09-18", False, None)


async def test_the_cool_down_stays_and_the_offer_names_the_day_after_it(taking):
    """A result that holds for ten days, of something that is taken once in thirty."""
    short = await taking.bring(LIMITED | {"code": "short", "validDays": 10})
    with time_machine.travel(ON_1_MARCH, tick=False):
        await taking.take("dev", short, ANSWERS)

    with time_machine.travel("2026-03-15T10:00:00Z", tick=False):
        (over,) = await taking.results("dev")
        early = await taking.call("dev", "POST", "/assessments/start", {"instrumentId": short})

    assert terms(over) == ("2026-03-11", True, {"instrumentId": short, "on": "2026-03-31"})
    assert early.json()["againOn"] == "2026-03-31"


async def test_a_newer_version_is_offered_and_one_that_was_given_up_is_not(taking):
    first = await taking.bring(LIMITED)
    with time_machine.travel(ON_1_MARCH, tick=False):
        await taking.take("dev", first, ANSWERS)
    second = await taking.bring(LIMITED | {"version": "2"})

    (newer,) = await results_on(taking, "2026-07-01")
    for instrument_id in (first, second):
        await taking.done("partner", "POST", f"/instruments/{instrument_id}/deprecate")
    (none,) = await results_on(taking, "2026-07-01")

    assert newer["retake"]["instrumentId"] == second
    assert terms(none) == ("2026-06-09", True, None)


async def test_a_mentor_sees_that_it_is_over_and_is_offered_nothing(taking):
    passing = await taking.bring(LIMITED)
    with time_machine.travel(ON_1_MARCH, tick=False):
        await taking.take("dev", passing, ANSWERS)
        (result,) = await taking.results("dev")
        share = {"granteeId": taking.here.people["operator"], "role": "MENTOR", "purpose": "Talk."}
        share["until"] = "2099-01-01T00:00:00Z"
        await taking.done("dev", "POST", f"/assessments/results/{result['id']}/shares", share)

    (seen,) = await results_on(taking, "2026-07-01", who="operator")

    assert terms(seen) == ("2026-06-09", True, None)


async def test_without_a_term_a_result_holds_for_good(taking, mood):
    with time_machine.travel("2020-03-01T10:00:00Z", tick=False):
        await taking.take("dev", mood, ANSWERS)

    (result,) = await taking.results("dev")

    assert terms(result) == (None, False, None)


async def test_what_is_read_off_another_instrument_is_taken_again_with_that(taking):
    """Preferences have no items of their own."""
    instrument_id = built_in("big-five-120")
    instrument = await taking.done("dev", "GET", f"/instruments/{instrument_id}")
    with time_machine.travel("2020-03-01T10:00:00Z", tick=False):
        await taking.take("dev", instrument_id, {item["key"]: 3 for item in instrument["items"]})

    found = {each["code"]: each for each in await taking.results("dev")}

    assert {each["validUntil"] for each in found.values()} == {"2024-02-29"}
    assert {each["retake"]["instrumentId"] for each in found.values()} == {instrument_id}
    assert found.keys() == {"big-five-120", "preferences"}
    assert instrument["validDays"] == 1460


async def test_the_clock_alone_decides(taking, profile):
    """Nothing that is stored changes when the last day passes."""
    passing = await taking.bring(LIMITED)
    with time_machine.travel(ON_1_MARCH, tick=False):
        await taking.take("dev", passing, ANSWERS)

    async def stored():
        async with profile.session() as session:
            me = {"me": taking.here.people["dev"]}
            await session.execute(text("SELECT set_config('app.person', :me, true)"), me)
            return (await session.execute(text("SELECT * FROM assessments_result"))).all()

    before = await stored()
    await results_on(taking, "2026-07-01")

    assert await stored() == before
    assert before[0].valid_until == date(2026, 6, 9)


@pytest.mark.parametrize("days", [0, -1, 36_501])
async def test_a_term_that_is_none_is_refused(taking, days):
    with pytest.raises(AssertionError, match="validDays"):
        await taking.bring(LIMITED | {"validDays": days})


async def test_a_term_is_part_of_what_is_published_and_not_of_what_is_answered(taking):
    """Another term needs another version, but a session goes on with what it began with."""
    await taking.bring(LIMITED)

    with pytest.raises(AssertionError, match="instrument-is-published"):
        await taking.bring(LIMITED | {"validDays": 200})
    first = await taking.done("dev", "GET", "/instruments?code=passing")
    await taking.bring(LIMITED | {"version": "2", "validDays": 200})
    both = await taking.done("dev", "GET", "/instruments?code=passing")

    assert [each["validDays"] for each in both] == [100, 200]
    assert first == both[:1]
