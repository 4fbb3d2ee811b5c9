"""The ordinary way to build the same gateway: strawberry, resolvers, dataloaders, pydantic and httpx.

It asks the same services at the same doors for the same data, in batches a level, and shapes the records itself.
Started as `python -m tests.bench.plain PORT`, with the services' addresses in the environment as the gateway has them.
"""

import base64
import json
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import httpx
import strawberry
import uvicorn
from fastapi import FastAPI, Request
from pydantic import TypeAdapter
from strawberry.dataloader import DataLoader
from strawberry.fastapi import BaseContext, GraphQLRouter

from tests.bench.plain_types import Page, PageInfo, Person, uuid_of
from tests.bench.records import PersonRecord, Record, ask_of


class Context(BaseContext):
    """One request: the caller's token on every call, and a loader for each view and page size."""

    def __init__(self, client: httpx.AsyncClient, authorization: str) -> None:
        super().__init__()
        self._client = client
        self._headers = {"Authorization": authorization, "Content-Type": "text/plain"}
        self._loaders: dict[tuple[type[Record], str, int | None], DataLoader[UUID, Any]] = {}

    def loader(
        self, model: type[Record], by: str = "id", first: int | None = None
    ) -> DataLoader[UUID, Any]:
        """Single records by id; with `first` the first records of a list for each key."""
        wanted = (model, by, first)
        if wanted not in self._loaders:

            async def load(keys: list[UUID]) -> list[Any]:
                values = {} if first is None else {"first": first}
                found = await self.ask(model, by, keys, **values)
                return [found.get(str(key), None if first is None else []) for key in keys]

            self._loaders[wanted] = DataLoader(load_fn=load)
        return self._loaders[wanted]

    async def ask(
        self, model: type[Record], by: str, keys: list[UUID], **values: Any
    ) -> dict[str, Any]:
        """Records by key, or lists of them when values are given."""
        places = {name: place for place, name in enumerate(values)}
        shape = "list" if values else "record"
        ask = {"by": by, "shape": shape, "with": places, "select": ask_of(model)}
        given = json.dumps(list(values.values()))
        lines = (model.view, json.dumps(ask), given, ",".join(map(str, keys)))
        answer = await self._client.post(
            f"{os.environ[f'GATEWAY_{model.service.upper()}_URL']}/views",
            content="\n".join(lines),
            headers=self._headers,
        )
        answer.raise_for_status()
        kind: TypeAdapter[Any] = adapters[model][shape]
        pairs = (line.partition("\t") for line in answer.text.splitlines())
        return {key: kind.validate_json(value) for key, _, value in pairs}


adapters: dict[type[Record], dict[str, TypeAdapter[Any]]] = {
    model: {"record": TypeAdapter(model), "list": TypeAdapter(list[model])}  # type: ignore[valid-type]
    for model in Record.__subclasses__()
}


@strawberry.type
class Query:
    @strawberry.field
    async def viewer(self, info: strawberry.Info[Context, None]) -> Person | None:
        found = await info.context.ask(PersonRecord, "viewer", [])
        return next((Person.of(record) for record in found.values()), None)

    @strawberry.field
    async def people(
        self, info: strawberry.Info[Context, None], first: int = 25, after: str | None = None
    ) -> Page[Person]:
        start = json.loads(base64.b64decode(after)) if after else None
        found = await info.context.ask(PersonRecord, "all", [], first=first + 1, after=start)
        records: list[PersonRecord] = next(iter(found.values()), [])
        shown = records[:first]
        ends = [shown[-1].display_name, str(uuid_of(shown[-1].id))] if shown else None
        cursor = base64.b64encode(json.dumps(ends).encode()).decode() if ends else None
        return Page(
            nodes=[Person.of(record) for record in shown],
            page_info=PageInfo(has_next_page=len(records) > first, end_cursor=cursor),
        )


def create_app() -> FastAPI:
    """FastAPI with the GraphQL route; one httpx client for all requests."""
    clients: list[httpx.AsyncClient] = []

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        async with httpx.AsyncClient(trust_env=False, timeout=10) as client:
            clients.append(client)
            yield

    async def context_of(request: Request) -> Context:
        return Context(clients[0], request.headers["authorization"])

    app = FastAPI(lifespan=lifespan)
    routes = GraphQLRouter(strawberry.Schema(Query), path="/graphql", context_getter=context_of)
    app.include_router(routes)
    return app


if __name__ == "__main__":
    uvicorn.run(
        create_app(), host="127.0.0.1", port=int(sys.argv[1]), access_log=False, log_level="warning"
    )
