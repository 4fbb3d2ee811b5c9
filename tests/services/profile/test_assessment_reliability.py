"""Live reliability: from sums alone, sealed, shown from a hundred sessions on, equal to what all answers would say."""

import random

import numpy as np
from sqlalchemy import text

from services.profile.assessments import accumulating
from services.profile.assessments.instruments import Instrument
from services.profile.assessments.registry import content_of
from shared.ids import new_id
from shared.sealing import Vault
from tests.services.profile.assessing import RATED

INSTRUMENT = Instrument.model_validate(RATED)
VAULT = Vault([b"v" * 32])


def generated(count: int) -> list[dict[str, int]]:
    """Three items of one factor, the third turned round."""
    dice = random.Random(7)
    answers = []
    for _ in range(count):
        factor = dice.gauss(0, 1)
        ratings = [round(3 + factor + dice.gauss(0, 1)) for _ in range(3)]
        q1, q2, q3 = (min(5, max(1, each)) for each in ratings)
        answers.append({"q1": q1, "q2": q2, "q3": 6 - q3})
    return answers


async def added(session, instrument_id, answers):
    for each in answers:
        await accumulating.add(
            session, VAULT, instrument_id=instrument_id, instrument=INSTRUMENT, answers=each
        )


async def test_alpha_is_that_of_all_answers_from_the_hundredth_session_on(profile):
    answers, instrument_id = generated(120), new_id()
    keyed = np.array([[each["q1"], each["q2"], 6 - each["q3"]] for each in answers], dtype=float)

    async with profile.session() as session:
        await added(session, instrument_id, answers[:99])
        before = await accumulating.live(session, instrument_id)
        await added(session, instrument_id, answers[99:])
        live = await accumulating.live(session, instrument_id)

    covariance = np.cov(keyed.T)
    alpha = 3 / 2 * (1 - np.trace(covariance) / covariance.sum())
    assert before == {}
    assert live["CALM"].alpha == round(float(alpha), 4)
    assert live["CALM"].sessions == 120
    assert live["CALM"].omega is not None
    assert live["CALM"].sd == round(float(keyed.sum(axis=1).std(ddof=1)), 4)


async def test_no_sum_stands_in_the_open(profile):
    """After one session the sums are that person's answers."""
    instrument_id = new_id()
    async with profile.session() as session:
        await added(session, instrument_id, generated(1))
        row = (
            await session.execute(text("SELECT sessions, figures, sealed FROM assessments_moments"))
        ).one()

    assert (row.sessions, row.figures) == (1, [])
    assert b"CALM" not in row.sealed
    assert VAULT.open(
        row.sealed, bound_to=profile.tenant_id.bytes + instrument_id.bytes
    ).startswith(b'{"CALM":[1,')


async def test_a_session_is_counted_when_it_is_scored_and_serves_the_next(taking, mood, profile):
    await taking.take("dev", mood, {"q1": 4, "q2": 5, "q3": 2})
    async with profile.session() as session:
        (sessions,) = await session.scalars(text("SELECT sessions FROM assessments_moments"))
        await session.execute(
            text("UPDATE assessments_moments SET figured_sessions = 100, figures = :figures"),
            {
                "figures": '[{"scale": "CALM", "basis": "LIVE", "alpha": 0.75, "omega": 0.8, '
                '"sd": 2.0, "sessions": 100, "source": "100 complete sessions here"}]'
            },
        )

    await taking.take("peer", mood, {"q1": 4, "q2": 5, "q3": 2})

    (result,) = await taking.results("peer")
    (calm,) = result["report"]["scales"]
    shown = await taking.done("dev", "GET", f"/instruments/{mood}")
    assert sessions == 1
    assert (calm["raw"], calm["sem"]) == (13.0, 1.0)
    assert calm["interval"] == {"low": 11.355, "high": 14.645}
    assert shown["reliability"] == [
        {
            "scale": "CALM",
            "basis": "LIVE",
            "alpha": 0.75,
            "omega": 0.8,
            "sd": 2.0,
            "sessions": 100,
            "source": "100 complete sessions here",
        }
    ]


async def test_before_a_hundred_sessions_it_is_not_yet_known(taking, mood):
    (calm,) = (await taking.done("dev", "GET", f"/instruments/{mood}"))["reliability"]

    assert (calm["basis"], calm["alpha"], calm["sessions"]) == ("NOT_YET_KNOWN", None, None)
    assert content_of(INSTRUMENT)["scales"][0]["code"] == "CALM"
