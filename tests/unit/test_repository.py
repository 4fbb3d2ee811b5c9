"""The habits of the house that a machine can see."""

import ast
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
LONGEST_FILE, LONGEST_FUNCTION, LONGEST_SERVICE_README = 300, 40, 40


def _tracked(*patterns: str) -> list[Path]:
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout: which files belong to the project is not known")
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", *patterns],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [ROOT / name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


def _long_functions(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno
            if lines > LONGEST_FUNCTION:
                yield f"{path.relative_to(ROOT)}:{node.lineno} {node.name} has {lines} lines"


def test_no_python_file_is_too_long_to_read_at_once() -> None:
    lengths = {path: path.read_text().count("\n") for path in _tracked("*.py")}

    assert {str(path): count for path, count in lengths.items() if count > LONGEST_FILE} == {}


def test_no_function_of_the_product_is_too_long_to_hold_in_mind() -> None:
    product = [path for path in _tracked("*.py") if not {"tests", "versions"} & set(path.parts)]

    assert [line for path in product for line in _long_functions(path)] == []


def test_the_readme_of_a_service_fits_a_screen() -> None:
    readmes = _tracked("services/*/README.md")

    assert len(readmes) >= 4
    assert {
        str(path): count
        for path in readmes
        if path.parent.parent.name == "services"
        and (count := path.read_text().count("\n")) > LONGEST_SERVICE_README
    } == {}


def test_the_lock_file_names_no_folder_and_no_other_index_than_the_public_one() -> None:
    lock = tomllib.loads((ROOT / "uv.lock").read_text())
    sources = {
        kind: place for package in lock["package"] for kind, place in package["source"].items()
    }

    assert sources.keys() == {"registry", "editable"}
    assert sources["editable"] == "."
    assert {package["source"].get("registry") for package in lock["package"]} == {
        None,
        sources["registry"],
    }
    assert "file:" not in (ROOT / "uv.lock").read_text()
