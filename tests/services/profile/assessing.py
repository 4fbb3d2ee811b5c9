"""A person taking instruments through profile's door."""

from dataclasses import dataclass
from typing import Any

from services.profile.assessments import registry
from tests.conftest import Harness
from tests.services.profile.conftest import Organisation, imported

ANSWERS = {"q1": 4, "q2": 5, "q3": 2}
"""Calm: 4 + 5 + (6 - 2) = 13."""
RATED = {
    "code": "mood",
    "version": "1",
    "name": "Three statements",
    "kind": "PERSONALITY_TRAIT",
    "licence": {"spdxOrText": "CC0-1.0", "bundled": True, "notice": "For orientation."},
    "source": "Ours",
    "normed": False,
    "normedNote": "Not yet normed.",
    "response": {"options": [{"value": n, "label": f"Step {n}"} for n in range(1, 6)]},
    "items": [{"key": f"q{n}", "text": f"Statement {n}"} for n in range(1, 4)],
    "scales": [
        {
            "code": "CALM",
            "name": "Calm",
            "items": [{"key": "q1"}, {"key": "q2"}, {"key": "q3", "reversed": True}],
        }
    ],
    "coolDownDays": 30,
}
TEST = {
    **RATED,
    "code": "true-or-false",
    "name": "What is true of code",
    "kind": "SKILL_TEST",
    "purposeLock": "ASSESSMENT",
    "response": {"options": [{"value": 0, "label": "False"}, {"value": 1, "label": "True"}]},
    "coolDownDays": 0,
    "publish": True,
    "measures": [
        {
            "scale": "CALM",
            "frameworkKey": "house",
            "skillCode": "coding",
            "passFrom": 2,
            "levels": [{"from": 1, "level": 1}, {"from": 2, "level": 2.5}, {"from": 3, "level": 4}],
        }
    ],
}


def built_in(code: str) -> str:
    """The id of a built-in instrument."""
    (found,) = [each for each in registry.built_in().values() if each.instrument.code == code]
    return str(found.id)


@dataclass
class Taking:
    """Calls profile's door as one of the organisation's people."""

    harness: Harness
    here: Organisation

    def headers(self, who: str) -> dict[str, str]:
        return self.here.hris if who == "hris" else self.here.as_(who)

    async def call(self, who: str, method: str, path: str, body: Any = None, **further: Any) -> Any:
        headers = self.headers(who) | further.pop("headers", {})
        return await self.harness.client.request(
            method, path, json=body, headers=headers, **further
        )

    async def done(self, who: str, method: str, path: str, body: Any = None) -> Any:
        answer = await self.call(who, method, path, body)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    async def start(self, who: str, instrument_id: str) -> str:
        started = await self.done(
            who, "POST", "/assessments/start", {"instrumentId": instrument_id}
        )
        return str(started["id"])

    async def save(self, who: str, session_id: str, answers: dict[str, int]) -> Any:
        given = [{"item": key, "value": value} for key, value in answers.items()]
        return await self.call(
            who, "PATCH", f"/assessments/{session_id}/answers", {"answers": given}
        )

    async def take(self, who: str, instrument_id: str, answers: dict[str, int]) -> str:
        """The id of the handed-in session."""
        session_id = await self.start(who, instrument_id)
        saved = await self.save(who, session_id, answers)
        assert saved.is_success, saved.text
        await self.done(who, "POST", f"/assessments/{session_id}/submit")
        return session_id

    async def results(self, who: str, of: str | None = None) -> Any:
        query = f"?personId={self.here.people[of]}" if of else ""
        return await self.done(who, "GET", f"/assessments/results{query}")

    async def bring(self, row: dict[str, Any], **further: Any) -> str:
        headers = self.here.as_("partner")
        (verdict,) = await imported(self.harness, "instruments", [row | further], headers=headers)
        assert verdict["status"] in {"CREATED", "UNCHANGED"}, verdict
        return str(verdict["id"])


def of_mood(version: str = "1", locale: str = "en", **further: Any) -> dict[str, Any]:
    """Texts of the three statements: 13 points are much, and how exact they are nobody knows."""
    low = {"code": "LOW", "label": "Low", "text": "Little of it."}
    high = {"code": "HIGH", "label": "High", "from": 9, "text": "Much of it."}
    return {
        "instrument": "mood",
        "instrumentVersion": "1",
        "version": version,
        "locale": locale,
        "source": "Ours",
        "introduction": f"In {locale}.",
        "nearBorder": "Near {bands}.",
        "notKnown": "Nobody knows how exact it is.",
        "scales": [{"scale": "CALM", "by": "RAW", "bands": [low, high]}],
    } | further


async def share(taking: Taking, result_id: str, who: str = "operator", role: str = "MENTOR") -> Any:
    body = {"granteeId": taking.here.people[who], "role": role, "purpose": "To talk."}
    body["until"] = "2099-01-01T00:00:00Z"
    return await taking.done("dev", "POST", f"/assessments/results/{result_id}/shares", body)


async def result_of(taking: Taking, mood: str) -> Any:
    await taking.take("dev", mood, ANSWERS)
    (result,) = await taking.results("dev")
    return result
