"""How far an import came: a small file that lets the same command continue after a kill."""

import base64
import hashlib
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from deploy.importers.rows import ReadOptions

# Raised when what is stored, or the order in which rows are sent, changes: old files are then ignored.
FORMAT = 1


@dataclass(frozen=True, slots=True)
class Refusal:
    """A line that was not taken: where it stands and why."""

    kind: str
    file: str
    line: int
    key: str
    reason: str


@dataclass(slots=True)
class Journal:
    """`done` rows are acknowledged; `first_ids` are the ids that the first batch was answered with.

    The first batch is sent again when an import continues: other ids mean that the target is not
    what it was (emptied, restored), and then everything is sent again.
    """

    path: Path | None
    done: int = 0
    first_ids: list[str | None] = field(default_factory=list)
    ids: dict[str, dict[str, str]] = field(default_factory=dict)
    counts: dict[str, Counter[str]] = field(default_factory=dict)
    refused: list[Refusal] = field(default_factory=list)

    def count(self, kind: str, status: str) -> None:
        self.counts.setdefault(kind, Counter())[status] += 1

    def start_over(self) -> None:
        self.done, self.first_ids = 0, []
        self.ids, self.counts, self.refused = {}, {}, []

    def save(self) -> None:
        """Whole or not at all: a kill in the middle leaves the earlier state."""
        if self.path is None:
            return
        stored = {
            "done": self.done,
            "first_ids": self.first_ids,
            "ids": self.ids,
            "counts": self.counts,
            "refused": [asdict(refusal) for refusal in self.refused],
        }
        beside = self.path.with_suffix(".new")
        beside.write_text(json.dumps(stored), encoding="utf-8")
        beside.replace(self.path)

    def forget(self) -> None:
        if self.path is not None:
            self.path.unlink(missing_ok=True)


def open_journal(home: Path, name: str) -> Journal:
    """The journal of that name under `home`/imports; an unreadable one counts as none."""
    folder = home / "imports"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / f"{name}.json"
    try:
        stored: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return Journal(
            path=path,
            done=int(stored["done"]),
            first_ids=list(stored["first_ids"]),
            ids=dict(stored["ids"]),
            counts={kind: Counter(counts) for kind, counts in stored["counts"].items()},
            refused=[Refusal(**refusal) for refusal in stored["refused"]],
        )
    except (OSError, ValueError, KeyError, TypeError):
        return Journal(path=path)


def journal_name(
    kind: str, files: Iterable[Path], options: ReadOptions, *, gateway_url: str, token: str
) -> str:
    """The same content for the same target and tenant has the same name, whatever the path."""
    digest = hashlib.sha256(f"{FORMAT}\n{kind}\n{gateway_url.rstrip('/')}\n".encode())
    told = (options.provider, options.system, options.version, options.today)
    digest.update(f"{_tenant(token)}\n{told}\n".encode())
    for file in files:
        with file.open("rb") as stream:
            digest.update(hashlib.file_digest(stream, "sha256").digest())
    return f"{kind}-{digest.hexdigest()[:24]}"


def _tenant(token: str) -> str:
    """Read, not verified: it only keeps two tenants' journals apart, the gateway checks the token."""
    try:
        payload = token.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        return str(claims["tenant"])
    except (IndexError, ValueError, KeyError, TypeError):
        return ""
