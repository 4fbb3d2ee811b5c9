"""Documents that are asked for by their hash: what a tenant has sent before, and what an operator trusts."""

import json
from collections import OrderedDict
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

from services.gateway.graph.asking import Asked, RequestError

MOST_TENANTS = 1000
MOST_CHARACTERS_A_TENANT = 512 * 1024


class Persisted:
    """Resolves a request to the text of its document; with `only`, no other than trusted ones are run."""

    def __init__(self, trusted: Mapping[str, str], *, only: bool) -> None:
        self._trusted = {sha256(text.encode()).hexdigest(): text for text in trusted.values()}
        self._trusted |= trusted
        self._only = only
        self._sent: OrderedDict[UUID, _Sent] = OrderedDict()

    def text(self, asked: Asked, tenant_id: UUID | None) -> str:
        """Raises `RequestError` for a hash that is not known or not that of the text, and for what is not trusted."""
        if asked.document_id is None and not self._only:
            return asked.query
        identity = asked.document_id or digest(asked.query)
        known = self._trusted.get(identity)
        if known is not None and asked.query in ("", known):
            return known
        if self._only:
            raise RequestError(
                403,
                "DOCUMENT_NOT_TRUSTED",
                "Only documents that were registered when the front end was built are run here.",
            )
        if asked.query:
            return self._matching(asked.query, identity)
        sent = self._sent.get(tenant_id) if tenant_id else None
        found = sent.text(identity) if sent else None
        if found is None:
            raise RequestError(
                400, "PERSISTED_QUERY_NOT_FOUND", "PersistedQueryNotFound", of_document=True
            )
        return found

    def remember(self, asked: Asked, tenant_id: UUID | None) -> None:
        """Keeps the text of a good document that was sent with its hash, for its own tenant."""
        if asked.document_id is None or tenant_id is None or not asked.query:
            return
        sent = self._sent.setdefault(tenant_id, _Sent())
        self._sent.move_to_end(tenant_id)
        sent.keep(asked.document_id, asked.query)
        if len(self._sent) > MOST_TENANTS:
            self._sent.popitem(last=False)

    def _matching(self, query: str, identity: str) -> str:
        if digest(query) != identity:
            raise RequestError(
                400, "PERSISTED_QUERY_MISMATCH", "The hash is not the SHA-256 of `query`."
            )
        return query


class _Sent:
    """The documents of one tenant, the least used forgotten first."""

    def __init__(self) -> None:
        self._texts: OrderedDict[str, str] = OrderedDict()
        self._characters = 0

    def text(self, identity: str) -> str | None:
        if identity in self._texts:
            self._texts.move_to_end(identity)
        return self._texts.get(identity)

    def keep(self, identity: str, text: str) -> None:
        if self.text(identity) is not None:
            return
        self._texts[identity] = text
        self._characters += len(text)
        while self._characters > MOST_CHARACTERS_A_TENANT and len(self._texts) > 1:
            self._characters -= len(self._texts.popitem(last=False)[1])


def digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def read_trusted(path: Path) -> dict[str, str]:
    """Trusted documents by id: of a folder of `.graphql` files, or of a JSON manifest.

    A manifest is `{id: text}` (GraphQL Code Generator, Relay) or Apollo's `{"operations": [{"id", "body"}]}`. Raises
    `ValueError` for anything else.
    """
    if path.is_dir():
        texts = [each.read_text() for each in sorted(path.rglob("*.graphql"))]
        return {digest(text): text for text in texts}
    manifest: Any = json.loads(path.read_text())
    if isinstance(manifest, dict) and isinstance(manifest.get("operations"), list):
        manifest = {each["id"]: each["body"] for each in manifest["operations"]}
    if not isinstance(manifest, dict) or not all(isinstance(v, str) for v in manifest.values()):
        raise ValueError(f"{path} is no manifest of documents: write {{id: text}}.")
    return {key.removeprefix("sha256:"): text for key, text in manifest.items()}
