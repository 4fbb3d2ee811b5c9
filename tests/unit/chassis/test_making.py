"""What is made after a statement has run: laid in where it belongs, with what of it was asked, and nowhere else."""

import json
from typing import Any

from shared.views import making

SKILLS = [
    {"skillId": "s1", "before": {"level": 1.5, "words": ["é"]}, "now": None},
    {"skillId": None, "before": None, "now": {"level": 2}},
]
SELECT = [
    ["kind", None, "SkillGrowth", None, None],
    ["skill", "skillId", None, None, 3],
    ["then", "before", None, [["level", "level", None, None, None], ["w", "words", None, None, None]], None],
]  # fmt: skip


def laid(select: Any, material: Any, first: int = 5) -> bytes:
    asked = json.dumps({"make": "skills", "select": select}, separators=(",", ":"))
    mark = making.SEPARATOR.join([asked, str(first), json.dumps(material)])
    return f'key\t{{"a":{making.START}{mark}{making.STOP},"b":1}}'.encode()


def made(body: bytes) -> str:
    def skills(material: Any, first: int) -> Any:
        return material[:first]

    return making.filled(body, {"skills": skills}).decode()


def test_only_what_is_asked_is_laid_in_and_a_slot_names_the_key() -> None:
    answer = made(laid(SELECT, SKILLS))

    assert answer == (
        'key\t{"a":[{"kind":"SkillGrowth","skill":\x013:s1\x02,"then":{"level":1.5,"w":["é"]}},'
        '{"kind":"SkillGrowth","skill":null,"then":null}],"b":1}'
    )


def test_there_are_at_most_as_many_as_were_asked_for() -> None:
    answer = made(laid(SELECT[:1], SKILLS, first=1))

    assert answer == 'key\t{"a":[{"kind":"SkillGrowth"}],"b":1}'


def test_several_of_one_answer_are_made_each_for_itself() -> None:
    body = laid(SELECT[:1], SKILLS, first=1) + b"\n" + laid(SELECT[:1], [])

    assert made(body) == 'key\t{"a":[{"kind":"SkillGrowth"}],"b":1}\nkey\t{"a":[],"b":1}'


def test_an_answer_without_anything_to_make_stays_the_very_same() -> None:
    body = b'key\t{"name":"\\u000e{}\\u00111\\u0011[]\\u000f"}'

    assert making.filled(body, {}) is body
