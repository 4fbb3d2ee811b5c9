"""The gateway's settings: its own database of integrations, and where the services are."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Self

from pydantic import (
    AliasChoices,
    Field,
    IPvAnyNetwork,
    SecretStr,
    field_validator,
    model_validator,
)
from pydantic_settings import NoDecode

from services.gateway.integrations.retention import Kept
from shared.addresses import AddressRules
from shared.settings import Environment, ServiceSettings, database_field, settings_config

ORIGIN = re.compile(r"https?://(?:[a-z0-9-]+\.)*[a-z0-9-]+(?::[1-9][0-9]{0,4})?")


class GatewaySettings(ServiceSettings):
    """`GATEWAY_…`; times in seconds. The database is the integrations' own.

    `trusted_documents` is a folder of `.graphql` files or a JSON manifest; with `trusted_documents_only` nothing else
    is run. `most_cost` is how many records a query may ask for. `calls_alike` is how many calls of one kind a service
    is sent at once before others wait to go together: about half as many as it has cores. `allowed_origins` are the
    front ends whose browsers may call from another origin, parted by commas; none by default. `webhook_private` lets
    webhooks go to http and to addresses that are not public, outside production only; `webhook_ports` are those that
    they may go to, and `webhook_refused` networks to which they must not, though they look public: both parted by
    commas. `retention_…_days`: how long the integrations keep what is settled.
    """

    model_config = settings_config("GATEWAY_")

    database_url: SecretStr = database_field("INTEGRATIONS")
    profile_url: str = "http://127.0.0.1:8081"
    goals_url: str = "http://127.0.0.1:8082"
    feedback_url: str = "http://127.0.0.1:8083"
    seal_key: SecretStr = Field(validation_alias=AliasChoices("INTEGRATIONS_SEAL_KEY", "seal_key"))
    cursor_secret: SecretStr
    introspection: bool | None = None
    query_seconds: float = 10.0
    service_seconds: float = 3.0
    calls_alike: int = Field(default=2, ge=1, le=64)
    most_cost: int = Field(default=5000, ge=1)
    trusted_documents: Path | None = None
    trusted_documents_only: bool = False
    allowed_origins: Annotated[frozenset[str], NoDecode] = frozenset()
    webhook_private: bool = False
    webhook_ports: Annotated[tuple[int, ...], NoDecode] = (443,)
    webhook_refused: Annotated[tuple[IPvAnyNetwork, ...], NoDecode] = ()
    retention_deliveries_days: int = Field(default=30, ge=1, le=3650)
    retention_fetch_backs_days: int = Field(default=30, ge=1, le=3650)
    retention_reconciliations_days: int = Field(default=90, ge=1, le=3650)
    retention_outbound_days: int = Field(default=30, ge=7, le=3650)

    @property
    def webhook_addresses(self) -> AddressRules:
        refused = tuple(map(str, self.webhook_refused))
        return AddressRules(self.webhook_private, self.webhook_ports, refused)

    @property
    def kept(self) -> Kept:
        return Kept(
            deliveries=timedelta(days=self.retention_deliveries_days),
            fetch_backs=timedelta(days=self.retention_fetch_backs_days),
            reconciliations=timedelta(days=self.retention_reconciliations_days),
            outbound=timedelta(days=self.retention_outbound_days),
        )

    @field_validator("webhook_ports", "webhook_refused", mode="before")
    @classmethod
    def _parted(cls, given: object) -> object:
        if not isinstance(given, str):
            return given
        return [part.strip() for part in given.split(",") if part.strip()]

    @model_validator(mode="after")
    def _public_in_production(self) -> Self:
        if self.webhook_private and self.env is Environment.PRODUCTION:
            raise ValueError("GATEWAY_WEBHOOK_PRIVATE is for development and tests only")
        return self

    @field_validator("allowed_origins", mode="before")
    @classmethod
    def _exact_origins(cls, given: object) -> object:
        """Each is named: `*` would let any page of the web read what its visitor's token shows."""
        if not isinstance(given, str):
            return given
        origins = {part.strip() for part in given.split(",") if part.strip()}
        if not all(ORIGIN.fullmatch(origin) for origin in origins):
            raise ValueError("name each origin as a browser sends it, e.g. https://hr.example.org")
        return origins
