import json

import pytest

from deploy.importers import ladder
from deploy.importers.rows import ReadOptions, UnreadableSource
from tests.unit.importers.reading import kinds, of_kind


def test_axes_become_skills_and_positions_roles(tmp_path):
    path = tmp_path / "ladders.json"
    axes = {"People": [{"level": 1, "name": "Learns", "description": "learns from others"}]}
    position = {
        "ladder": "TechLead",
        "code": "TL4",
        "title": "Tech Lead 4",
        "level": 4,
        "requires": {"People": 3},
    }
    path.write_text(json.dumps({"axes": axes, "positions": [position]}))

    rows = list(ladder.read(path, ReadOptions()))

    assert of_kind(rows, "skills")[0]["description"] == "1 Learns: learns from others"
    assert of_kind(rows, "roles") == [
        {
            "catalogue": "engineering-ladders",
            "code": "TL4",
            "family": "Tech Lead",
            "title": "Tech Lead 4",
            "level": 4,
            "track": "INDIVIDUAL_CONTRIBUTOR",
            "requirements": [
                {"skillCode": "people", "requiredLevel": 3, "importance": 3, "mandatory": False}
            ],
            "experience": [],
            "credentials": [],
        }
    ]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [('{"axes": {}}', 'has no "positions"'), ("{\n", "line 2"), ("[]", 'has no "axes"')],
)
def test_another_file_is_refused(tmp_path, text, sentence):
    path = tmp_path / "ladders.json"
    path.write_text(text)

    with pytest.raises(UnreadableSource, match=sentence):
        ladder.read(path, ReadOptions())


def test_the_official_file_gives_18_positions_on_5_axes(data):
    rows = list(ladder.read(data / "ladders" / "engineeringladders.json", ReadOptions()))

    assert kinds(rows) == {"frameworks": 1, "skills": 5, "roles": 18}
    assert sum(len(role["requirements"]) for role in of_kind(rows, "roles")) == 90
