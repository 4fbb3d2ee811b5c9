"""Documents that are asked for by their hash, and the trusted ones that alone may be run."""

import json
from dataclasses import replace
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest

from services.gateway.graph.http import GraphQL
from services.gateway.graph.persisted import Persisted, read_trusted
from shared.ids import new_id
from tests.services.gateway.conftest import Graph


def with_engine(graph: Graph, **changed: Any) -> GraphQL:
    """The endpoint with other parts in its engine."""
    endpoint: GraphQL = graph.client._transport.app.state.hot_paths["/graphql"]  # type: ignore[attr-defined]
    return replace(endpoint, engine=replace(endpoint.engine, **changed))


@pytest.fixture
def caller(graph: Graph) -> dict[str, str]:
    return graph.goals.integration("roles:read")


def _code(answer: httpx.Response) -> str:
    return str(answer.json()["errors"][0]["extensions"]["code"])


async def _post(graph: Graph, headers: dict[str, str], **body: Any) -> httpx.Response:
    return await graph.client.post("/graphql", json=body, headers=headers)


async def test_a_document_is_sent_once_and_then_asked_for_by_its_hash(
    graph: Graph, caller: dict[str, str]
) -> None:
    query = "{ roles { totalCount } }"
    extensions = {
        "persistedQuery": {"version": 1, "sha256Hash": sha256(query.encode()).hexdigest()}
    }

    async def ask(**members: Any) -> httpx.Response:
        body = {"extensions": extensions, **members}
        return await graph.client.post("/graphql", json=body, headers=caller)

    unknown, sent, found = await ask(), await ask(query=query), await ask()
    by_get = await graph.client.get(
        "/graphql?" + urlencode({"extensions": json.dumps(extensions)}), headers=caller
    )
    wrong = await ask(query=query + " ")

    assert unknown.json()["errors"][0]["message"] == "PersistedQueryNotFound"
    assert _code(unknown) == "PERSISTED_QUERY_NOT_FOUND"
    assert sent.json() == found.json() == by_get.json() == {"data": {"roles": {"totalCount": 0}}}
    assert (wrong.status_code, _code(wrong)) == (400, "PERSISTED_QUERY_MISMATCH")


async def test_a_tenant_does_not_find_what_another_one_has_sent(
    graph: Graph, caller: dict[str, str]
) -> None:
    query = "{ roles { nodes { id } } }"
    document_id = f"sha256:{sha256(query.encode()).hexdigest()}"
    stranger = graph.goals.integration("roles:read", tenant=new_id())

    await _post(graph, caller, query=query, documentId=document_id)
    answer = await graph.client.post("/graphql", json={"documentId": document_id}, headers=stranger)

    assert _code(answer) == "PERSISTED_QUERY_NOT_FOUND"


async def test_only_trusted_documents_are_run_where_that_is_set(
    graph: Graph, caller: dict[str, str], tmp_path: Any
) -> None:
    trusted = "query Trusted { roles { totalCount } }"
    manifest = tmp_path / "manifest.json"
    manifest.write_text(json.dumps({"operations": [{"id": "roles-1", "body": trusted}]}))
    persisted = Persisted(read_trusted(manifest), only=True)

    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(with_engine(graph, persisted=persisted)), base_url="http://g"
    ) as client:

        async def ask(**body: Any) -> httpx.Response:
            return await client.post("/graphql", json=body, headers=caller)

        by_id, by_text = await ask(documentId="roles-1"), await ask(query=trusted)
        other = await ask(query="{ roles { nodes { id } } }")

    assert by_id.json() == by_text.json() == {"data": {"roles": {"totalCount": 0}}}
    assert (other.status_code, _code(other)) == (403, "DOCUMENT_NOT_TRUSTED")


def test_trusted_documents_are_read_from_a_folder_or_either_manifest(tmp_path: Any) -> None:
    text = "{ viewer { id } }"
    identity = sha256(text.encode()).hexdigest()
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "viewer.graphql").write_text(text)
    (tmp_path / "plain.json").write_text(json.dumps({f"sha256:{identity}": text}))
    (tmp_path / "wrong.json").write_text("[1]")

    assert read_trusted(tmp_path / "folder") == {identity: text}
    assert read_trusted(tmp_path / "plain.json") == {identity: text}
    with pytest.raises(ValueError, match="is no manifest"):
        read_trusted(tmp_path / "wrong.json")
