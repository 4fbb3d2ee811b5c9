"""What an operator sees of asking: outcomes, comparisons, and what waits of all tenants together."""

import pytest
from prometheus_client import REGISTRY

from .fetching import sourced
from .vending import Fault, serving
from .vendors import BambooHr


def sample(name, **labels):
    return REGISTRY.get_sample_value(name, labels) or 0.0


def asked():
    outcomes = ("DONE", "GONE", "DEAD", "POSTPONED", "PAUSED")
    name = "waymark_fetching_asked_total"
    return {each: sample(name, vendor="BAMBOOHR", outcome=each) for each in outcomes}


def grown(before, after):
    return {name: after[name] - before[name] for name in after if after[name] != before[name]}


@pytest.fixture
async def hris(integrations):
    vendor = BambooHr()
    vendor.hire("1", "2", "3")
    with serving(vendor):
        yield await sourced(integrations, vendor, "BAMBOOHR")


async def test_each_thing_that_is_asked_for_counts_by_its_outcome(hris):
    before, lag = asked(), sample("waymark_fetching_lag_seconds_count", vendor="BAMBOOHR")
    await hris.want("person", "1")
    await hris.want("person", "99")
    await hris.tick()
    hris.vendor.fail(Fault(500), Fault(503))
    await hris.want("person", "2")
    await hris.tick()
    await hris.hurry()
    await hris.tick()

    assert grown(before, asked()) == {"DONE": 1, "GONE": 1, "POSTPONED": 1, "PAUSED": 1}
    assert sample("waymark_fetching_lag_seconds_count", vendor="BAMBOOHR") - lag == 2


async def test_comparisons_count_by_outcome_and_by_what_they_found(hris):
    def runs():
        name = "waymark_reconciliation_runs_total"
        outcomes = ("DONE", "HELD", "FAILED", "CUT_OFF")
        return {each: sample(name, vendor="BAMBOOHR", outcome=each) for each in outcomes}

    def found():
        name = "waymark_reconciliation_found_total"
        return {each: sample(name, vendor="BAMBOOHR", what=each) for each in ("seen", "told")}

    runs_before, found_before = runs(), found()
    await hris.reconcile()
    hris.vendor.fail(*[Fault(500)] * 5)
    cut = await hris.reconcile()
    for _ in range(4):
        await hris.work("fetching.reconcile", {"id": cut["id"]})

    assert grown(runs_before, runs()) == {"DONE": 1, "CUT_OFF": 4, "FAILED": 1}
    assert grown(found_before, found()) == {"seen": 3, "told": 6}
