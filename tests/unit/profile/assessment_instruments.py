"""Small instruments for the tests of scoring."""

from functools import cache
from typing import Any

from services.profile.assessments import registry, scoring
from services.profile.assessments.instruments import Instrument

LETTERS = "RIASEC"


def score(instrument: Instrument, answers: Any, **more: Any) -> Any:
    return scoring.score(instrument, answers, **more)


@cache
def bundled(code: str) -> Instrument:
    return next(
        each.instrument for each in registry.built_in().values() if each.instrument.code == code
    )


def options(*values: int) -> dict[str, Any]:
    return {"options": [{"value": value, "label": f"Option {value}"} for value in values]}


def written(**changes: Any) -> dict[str, Any]:
    """Ten rated items, the third and the tenth reversed, in one scale of ten and one of the first five."""
    keys = [f"q{number}" for number in range(1, 11)]
    turned = {"q3", "q10"}
    keyed = [{"key": key, "reversed": key in turned} for key in keys]
    return {
        "code": "calm",
        "version": "1",
        "name": "Calm",
        "kind": "PERSONALITY_TRAIT",
        "licence": {"spdxOrText": "CC0-1.0", "bundled": False, "notice": "For tests."},
        "source": "Made up",
        "normed": True,
        "normedNote": "Made up.",
        "response": options(1, 2, 3, 4, 5),
        "items": [{"key": key, "text": f"Statement {key}", "required": False} for key in keys],
        "scales": [
            {"code": "CALM", "name": "Calm", "items": keyed},
            {"code": "HALF", "name": "Half", "items": keyed[:5], "aggregator": "MEAN"},
        ],
        "normGroups": [
            {
                "code": "ALL",
                "name": "Everyone",
                "source": "Made up",
                "norms": [{"scale": "CALM", "mean": 30, "sd": 5}],
            }
        ],
        "defaultNormGroup": "ALL",
        "reliability": [{"scale": "CALM", "alpha": 0.84, "source": "Made up"}],
    } | changes


def made(**changes: Any) -> Instrument:
    return Instrument.model_validate(written(**changes))
