"""What a connection is told beside its secret: keys, names and limits, one typed document a connection."""

from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, StringConstraints

from services.gateway.integrations.connections.rules import VerifierKind, read_public_key
from shared.problems import Invalid
from shared.schemas import Input
from shared.settings import Environment

Name = Annotated[str, StringConstraints(min_length=1, max_length=255, pattern=r"^[^\x00]*$")]
HeaderName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{1,64}$", to_lower=True)]
Parameter = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.-]{1,64}$")]
Scope = Annotated[str, StringConstraints(pattern=r"^[\x21\x23-\x5B\x5D-\x7E]{1,100}$")]
Url = Annotated[str, StringConstraints(min_length=1, max_length=2000, pattern=r"^[\x21-\x7e]+$")]


def _public_key(text: str) -> str:
    read_public_key(text)
    return text


class TerminationLimit(Input):
    """Terminations are held for approval when, within the window, they are both more than `most` and than the share.

    The share is of all people that the connection has ever named; 0 to 1.
    """

    most: int = Field(default=10, ge=0)
    share: float = Field(default=0.05, ge=0, le=1)
    window_hours: int = Field(default=24, ge=1, le=720)


class ConnectionSettings(Input):
    """What each is for: `system` names whose identifiers the payloads' are (else the connection's name);
    `courseProvider` is the provider of its courses; the header names change a scheme's own ones; `claims` are what a
    JWT must say (`{"metadata.root_account_uuid": "…"}`), where the sender's keys sign for other customers too.
    """

    system: Name | None = None
    course_provider: Name | None = None
    public_keys: list[Annotated[str, AfterValidator(_public_key)]] = Field(default=[], max_length=2)
    jwks_url: Url | None = None
    claims: dict[Name, Name] = Field(default={}, max_length=10)
    client_id: Name | None = None
    scope: Scope = "webhooks:write"
    secret_parameter: Parameter = "secret"  # noqa: S105 - a parameter's name
    signature_header: HeaderName | None = None
    timestamp_header: HeaderName | None = None
    terminations: TerminationLimit = TerminationLimit()

    def stored(self) -> dict[str, Any]:
        return self.model_dump(mode="json", by_alias=True, exclude_unset=True)


def check(settings: ConnectionSettings, verifier: VerifierKind, environment: Environment) -> None:
    """Raises `Invalid` for what the scheme lacks or cannot use."""
    if verifier is VerifierKind.JWT_JWKS:
        _check_address(settings.jwks_url, environment)
    if verifier is VerifierKind.OAUTH2_BEARER and settings.client_id is None:
        raise Invalid.field("/settings/clientId", "Name the client whose tokens are accepted.")
    if settings.public_keys and verifier is not VerifierKind.STANDARD_WEBHOOKS:
        raise Invalid.field("/settings/publicKeys", "Only STANDARD_WEBHOOKS has public keys.")


def _check_address(url: str | None, environment: Environment) -> None:
    if url is None:
        raise Invalid.field("/settings/jwksUrl", "Send the address of the sender's public keys.")
    local = environment in (Environment.DEV, Environment.TEST)
    allowed = {"https", "http"} if local else {"https"}
    try:
        address = urlsplit(url)
    except ValueError:
        raise Invalid.field("/settings/jwksUrl", "This is no address.") from None
    if address.scheme not in allowed or not address.hostname:
        raise Invalid.field("/settings/jwksUrl", "Send an https:// address.")
