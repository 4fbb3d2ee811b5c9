"""An Idempotency-Key through GraphQL: what is sent again happened once, also where a document writes several things."""

from typing import Any

from tests.services.gateway.conftest import Graph
from tests.services.gateway.organisation import Company, found

KEYED = {"Idempotency-Key": "5f0c5b0a"}
TWO_NOTES = """
  mutation {
    first: writeJournalNote(input: { kind: NEED, text: "Quiet" }) { ...told }
    second: writeJournalNote(input: { kind: NEED, text: "Time" }) { ...told }
  }
  fragment told on WriteJournalNoteResult {
    __typename ... on JournalNote { id text } ... on Problem { code detail }
  }"""
ONE_NOTE = 'mutation { writeJournalNote(input: { kind: NEED, text: "Quiet" }) { __typename } }'


async def _notes(graph: Graph, company: Company) -> list[str]:
    answer = await graph.ask("{ viewer { journalNotes { text } } }", company.as_("dev"))
    return sorted(each["text"] for each in answer["data"]["viewer"]["journalNotes"])


async def _sent(graph: Graph, company: Company, query: str, who: str = "dev") -> Any:
    return (await graph.ask(query, company.as_(who) | KEYED))["data"]


async def test_each_write_of_a_document_happens_once_under_one_key(graph: Graph) -> None:
    company = await found(graph)

    once = await _sent(graph, company, TWO_NOTES)
    again = await _sent(graph, company, TWO_NOTES)

    assert [once[name].get("text") for name in ("first", "second")] == ["Quiet", "Time"]
    assert again == once
    assert await _notes(graph, company) == ["Quiet", "Time"]


async def test_a_key_of_somebody_else_is_a_key_of_ones_own(graph: Graph) -> None:
    company = await found(graph)

    mine = await _sent(graph, company, ONE_NOTE)
    theirs = await _sent(graph, company, ONE_NOTE, who="peer")

    assert mine == theirs == {"writeJournalNote": {"__typename": "JournalNote"}}
    assert await _notes(graph, company) == ["Quiet"]
