import json

import pytest

from deploy.importers import instrument
from deploy.importers.rows import ReadOptions, Row, UnreadableSource
from deploy.importers.sources import source_of
from tests.unit.importers.reading import kinds
from tests.unit.profile.assessment_instruments import written


def test_a_file_of_two_wordings_is_two_lines(data):
    path = data / "instruments" / "ipip_bfm_50_self_observer.json"

    rows = [row for row in instrument.read(path, ReadOptions()) if isinstance(row, Row)]

    assert kinds(rows) == {"instruments": 2}
    assert [row.key for row in rows] == ["ipip-bfm-50", "ipip-bfm-50-observer"]
    assert {row.fields["publish"] for row in rows} == {True}
    assert instrument.files(path, ReadOptions()) == [path]


def test_the_import_knows_the_kind():
    assert source_of("instrument").read is instrument.read


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"{", r"odd\.json: line 1, column 2: this is no JSON"),
        (b"{}", r"odd\.json: this is neither Waymark's form"),
        (b'"\xff"', r"odd\.json is not UTF-8 \(byte 1\)"),
    ],
)
def test_a_file_that_cannot_be_read_is_named_before_anything_is_sent(tmp_path, content, sentence):
    path = tmp_path / "odd.json"
    path.write_bytes(content)

    with pytest.raises(UnreadableSource, match=sentence):
        instrument.read(path, ReadOptions())


def test_a_folder_is_no_instrument(tmp_path):
    with pytest.raises(UnreadableSource, match="is not a file: give the path"):
        instrument.read(tmp_path, ReadOptions())


TEXTS = {"version": "1", "locale": "de", "nearBorder": "{bands}", "scales": []}


def test_texts_in_an_instruments_file_are_lines_of_their_own_for_that_instrument(tmp_path):
    path = tmp_path / "calm.json"
    path.write_text(json.dumps(written(interpretations=[TEXTS])))

    first, second = [row for row in instrument.read(path, ReadOptions()) if isinstance(row, Row)]

    assert (first.kind, "interpretations" in first.fields) == ("instruments", False)
    assert (second.kind, second.key) == ("interpretations", "calm")
    assert second.fields == {"instrument": "calm", "instrumentVersion": "1", **TEXTS}


def test_a_file_of_texts_alone_is_one_line_as_it_is(tmp_path):
    path = tmp_path / "texts.json"
    alone = TEXTS | {"instrument": "interests-60", "instrumentVersion": "1"}
    path.write_text(json.dumps(alone))

    (row,) = [row for row in instrument.read(path, ReadOptions()) if isinstance(row, Row)]

    assert (row.kind, row.fields) == ("interpretations", alone)


def test_texts_that_are_no_list_are_refused_before_anything_is_sent(tmp_path):
    path = tmp_path / "calm.json"
    path.write_text(json.dumps(written(interpretations={"de": TEXTS})))

    with pytest.raises(
        UnreadableSource, match=r"calm\.json: interpretations: give a list of texts"
    ):
        instrument.read(path, ReadOptions())
