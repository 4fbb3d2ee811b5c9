"""The gateway's settings: its own database of integrations, and where the services are."""

from pathlib import Path

from pydantic import AliasChoices, Field, SecretStr

from shared.settings import ServiceSettings, database_field, settings_config


class GatewaySettings(ServiceSettings):
    """`GATEWAY_…`; times in seconds. The database is the integrations' own.

    `trusted_documents` is a folder of `.graphql` files or a JSON manifest; with `trusted_documents_only` nothing else
    is run. `most_cost` is how many records a query may ask for.
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
    most_cost: int = Field(default=5000, ge=1)
    trusted_documents: Path | None = None
    trusted_documents_only: bool = False
