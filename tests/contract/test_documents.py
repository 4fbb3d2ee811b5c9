"""The committed documents say what the code does."""

from deploy.cli.schema import write_all


def test_no_committed_document_differs_from_the_code() -> None:
    assert write_all(check=True) == [], "run `make schema`, read the difference, commit it"
