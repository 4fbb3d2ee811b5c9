"""What a front-end team has: the committed schema, its own operations, and a client generated from the two."""

import importlib.util
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from pydantic import BaseModel

from tests.contract.generating import CLIENT, generate
from tests.services.gateway.conftest import Graph, feedback, goals, graph, ground, profile
from tests.services.gateway.organisation import Company, found

__all__ = ["feedback", "goals", "graph", "ground", "profile"]
ACCEPT = "application/graphql-response+json, application/json;q=0.9"


@pytest.fixture(scope="session")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The generated module; a new one every run."""
    return generate(tmp_path_factory.mktemp("client"))


@pytest.fixture(scope="session")
def api(generated: Path) -> Iterator[ModuleType]:
    """The generated module, imported."""
    spec = importlib.util.spec_from_file_location(CLIENT, generated)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[CLIENT] = module
    spec.loader.exec_module(module)
    yield module
    del sys.modules[CLIENT]


@dataclass
class FrontEnd:
    """Runs generated operations as a person of the company."""

    company: Company
    api: ModuleType

    async def send(self, who: str, name: str, **variables: Any) -> dict[str, Any]:
        """The whole answer to the operation of this name; variables by the names that the client gives them."""
        operation = getattr(self.api, name)
        given = operation.Arguments(**variables)
        answer = await self.company.graph.client.post(
            "/graphql",
            json={
                "query": operation.Meta.document,
                "variables": given.model_dump(mode="json", by_alias=True, exclude_unset=True),
            },
            headers=self.company.as_(who) | {"Accept": ACCEPT},
        )
        assert answer.status_code == 200, answer.text
        whole: dict[str, Any] = answer.json()
        return whole

    async def run(self, who: str, name: str, **variables: Any) -> Any:
        """The model of an answer without errors; raises when a value does not fit what the schema says of it."""
        whole = await self.send(who, name, **variables)
        assert whole.keys() == {"data"}, whole
        return self.read(name, whole)

    def read(self, name: str, whole: dict[str, Any]) -> Any:
        model: BaseModel = getattr(self.api, name).model_validate(whole["data"])
        return model


@pytest.fixture
async def front_end(graph: Graph, api: ModuleType) -> FrontEnd:
    return FrontEnd(await found(graph), api)
