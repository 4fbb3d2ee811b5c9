"""One caller's statement made into one for several."""

from typing import Any

import pytest
from sqlalchemy import (
    ARRAY,
    Boolean,
    Date,
    DateTime,
    Double,
    Integer,
    Text,
    Uuid,
    bindparam,
    select,
)

from shared.guard import PERSON, STANDING, TENANT
from shared.views.several import for_several
from shared.views.statements import Text as Statement
from shared.views.statements import spelled

KINDS: list[Any] = [Text(), Uuid(), Integer(), Double(), Boolean(), Date(), DateTime(timezone=True)]


def statement(text: str, *further: str) -> Statement:
    return Statement(text, (TENANT, PERSON, *further), {})


def test_what_one_caller_brings_comes_from_their_row() -> None:
    several = for_several(
        statement(
            "SELECT f($1::VARCHAR), g($2::VARCHAR), h($3::UUID), i($4::VARCHAR[]), j($3::UUID)",
            "me",
            "roots",
        )
    )

    assert several is not None
    assert several.text == (
        "SELECT (SELECT f($1::VARCHAR), g($2::VARCHAR), h(asking.p2), i(asking.p3), j(asking.p2)) "
        "FROM (SELECT p2, p3::VARCHAR[] AS p3, number "
        "FROM unnest($3::UUID[], $4::TEXT[]) WITH ORDINALITY AS given (p2, p3, number) OFFSET 0) "
        "AS asking ORDER BY asking.number"
    )
    assert several.values([("t", "ada", 1, ["x", 'a "b" \\c', None]), ("t", "bob", 2, None)]) == [
        "t",
        "",
        (1, 2),
        ['{"x","a \\"b\\" \\\\c",NULL}', None],
    ]


def test_every_kind_of_parameter_is_known() -> None:
    parameters: list[Any] = [
        bindparam(f"{name}{number}", type_=ARRAY(kind) if name == "many" else kind, required=False)
        for name in ("one", "many")
        for number, kind in enumerate(KINDS)
    ]
    tenant = bindparam(TENANT, type_=Text(), required=False)
    person = bindparam(PERSON, type_=Text(), required=False)

    several = for_several(spelled(select(tenant, person, *parameters)))

    assert several is not None
    assert len(several.arrays) == len(KINDS)
    assert "asking.p15" in several.text


def test_a_statement_that_asks_the_setting_who_asks_is_for_one() -> None:
    reads = statement(
        "SELECT $1::VARCHAR, $2::VARCHAR, $3::UUID, current_setting('app.person')", STANDING
    )

    assert for_several(reads) is None


def test_a_statement_that_takes_nothing_of_anybody_is_for_one() -> None:
    assert for_several(statement("SELECT $1::VARCHAR, $2::VARCHAR")) is None


@pytest.mark.parametrize("text", ["SELECT $3", "SELECT $3::UUID, $3::VARCHAR"])
def test_a_parameter_without_a_type_is_a_mistake_of_ours(text: str) -> None:
    with pytest.raises(ValueError, match=r"\$3 stands without a type, or with two"):
        for_several(statement(text, "me"))
