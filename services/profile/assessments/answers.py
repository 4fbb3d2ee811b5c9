"""Answers as they are stored and scored.

A mapping of item key to answer, in any order; what is not answered is absent. By the item's form:
RATING the `value` of an option (int), PAIR the chosen scale's code (str), RANKING all choices, the dearest first
(list of str), TEXT the text (str).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.profile.assessments.instruments import Form, Instrument, Item

Answer = int | str | Sequence[str]
Answers = Mapping[str, Answer]
LONGEST_TEXT = 20_000


@dataclass(frozen=True, slots=True)
class WrongAnswer:
    """An answer that its item cannot have; the sentence says what would be right."""

    key: str
    sentence: str


def wrong(instrument: Instrument, answers: Answers) -> list[WrongAnswer]:
    """What cannot be stored, in the order of the answers; a partial set of right answers is right."""
    items = {item.key: item for item in instrument.items}
    values = [option.value for option in instrument.response.options]
    found = []
    for key, answer in answers.items():
        sentence = _fault(items[key], answer, values) if key in items else _unknown(instrument)
        if sentence:
            found.append(WrongAnswer(key, sentence))
    return found


def unanswered(instrument: Instrument, answers: Answers) -> list[str]:
    """Keys of required items without an answer, in the instrument's order; blank text is none."""
    return [item.key for item in instrument.items if item.required and _blank(answers, item.key)]


def _blank(answers: Answers, key: str) -> bool:
    answer = answers.get(key)
    return answer is None or (isinstance(answer, str) and not answer.strip())


def _unknown(instrument: Instrument) -> str:
    return f"{instrument.code} {instrument.version} has no such item: send only its items' keys."


def _fault(item: Item, answer: Answer, values: Sequence[int]) -> str | None:
    if item.form is Form.RATING:
        right = isinstance(answer, int) and not isinstance(answer, bool) and answer in values
        return None if right else f"Answer with one of {', '.join(map(str, values))}."
    if item.form is Form.PAIR:
        return None if answer in item.choices else f"Choose {' or '.join(item.choices)}."
    if item.form is Form.RANKING:
        listed = isinstance(answer, Sequence) and not isinstance(answer, str)
        right = listed and sorted(map(str, answer)) == sorted(item.choices)  # type: ignore[arg-type]
        return None if right else f"List each of {', '.join(item.choices)} once, the dearest first."
    if not isinstance(answer, str):
        return "Answer with text."
    return None if len(answer) <= LONGEST_TEXT else f"Write at most {LONGEST_TEXT:,} characters."
