"""How an export is packed: files of JSON and a manifest that says what they are and how to check them."""

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

SCHEMA_VERSION = "1.0"
MANIFEST = "manifest.json"
LASTS = timedelta(hours=24)
REDACTED = "Of other people only their part stands here, e.g. MANAGER: who they are is theirs."
_EPOCH = (1980, 1, 1, 0, 0, 0)


def manifest_of(
    files: Mapping[str, bytes], counts: Mapping[str, int], *, person_id: UUID, made_at: datetime
) -> dict[str, Any]:
    return {
        "schemaVersion": SCHEMA_VERSION,
        "personId": str(person_id),
        "createdAt": made_at.isoformat().replace("+00:00", "Z"),
        "redaction": REDACTED,
        "files": [
            {
                "name": name,
                "count": counts[name],
                "bytes": len(content),
                "sha256": hashlib.sha256(content).hexdigest(),
            }
            for name, content in sorted(files.items())
        ],
    }


def spelled(rows: Sequence[Mapping[str, Any]] | Mapping[str, Any]) -> bytes:
    return json.dumps(rows, ensure_ascii=False, indent=1, default=str).encode()


def packed(files: Mapping[str, bytes], manifest: Mapping[str, Any]) -> bytes:
    """A ZIP that is the same bytes for the same content."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as written:
        for name, content in ((MANIFEST, spelled(manifest)), *sorted(files.items())):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            written.writestr(entry, content)
    return archive.getvalue()


def open_badge(credential: Mapping[str, Any]) -> dict[str, Any]:
    """A credential under the names of Open Badges 3.0 (1EdTech), without a proof: it is a copy for its holder."""
    kinds = {"CERTIFICATION": "Certification", "DEGREE": "Degree", "LICENCE": "License"}
    issuer = {"type": ["Profile"], "name": credential["issuer"]} if credential["issuer"] else None
    members = {
        "id": f"urn:uuid:{credential['id']}",
        "type": ["VerifiableCredential", "AchievementCredential"],
        "name": credential["name"],
        "issuer": issuer,
        "validFrom": credential["issuedOn"],
        "validUntil": credential["expiresOn"],
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "achievement": {
                "type": ["Achievement"],
                "achievementType": kinds.get(str(credential["type"]), "Badge"),
                "name": credential["name"],
            },
        },
    }
    return {name: value for name, value in members.items() if value is not None}
