"""Tables for spreadsheets: RFC 4180, and nothing in them computes."""

import csv

import pytest

from shared.files import as_csv, drawing, table


def test_cells_are_quoted_where_they_must_be():
    text = as_csv(("a", "b"), [("x,y", 'say "no"'), ("line\nbreak", None), (True, -1.5)])

    assert text == 'a,b\r\n"x,y","say ""no"""\r\n"line\nbreak",\r\ntrue,-1.5\r\n'
    assert list(csv.reader(text.splitlines(keepends=True)))[1] == ["x,y", 'say "no"']


@pytest.mark.parametrize(
    "formula",
    ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "\n=1", "＝1", '=HYPERLINK("x")'],
)
def test_what_users_wrote_is_no_formula(formula: str):
    (_, (cell,)) = list(csv.reader(as_csv(("a",), [(formula,)]).splitlines(keepends=True)))

    assert cell.startswith("'")


def test_words_in_the_middle_stay_as_they_are():
    assert as_csv(("a",), [("C++ = more",)]) == "a\r\nC++ = more\r\n"


def test_files_are_for_their_readers_own_browser():
    answers = (drawing("<svg/>"), table("gap.csv", ("a",), []))

    for answer in answers:
        assert answer.headers["cache-control"] == "private, no-cache"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert [answer.headers["content-type"] for answer in answers] == [
        "image/svg+xml",
        "text/csv; charset=utf-8; header=present",
    ]
    assert answers[1].headers["content-disposition"] == 'attachment; filename="gap.csv"'
