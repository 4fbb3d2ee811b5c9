"""What is set from outside. One class a service, built once and handed down."""

from enum import StrEnum
from pathlib import Path

from pydantic import AliasChoices, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Environment(StrEnum):
    """Where this process runs; only `dev` and `test` accept tokens of the local key."""

    DEV = "dev"
    TEST = "test"
    PRODUCTION = "production"


def settings_config(prefix: str) -> SettingsConfigDict:
    """Settings from `PREFIX_…` variables, or from files of the same names under /run/secrets."""
    secrets = Path("/run/secrets")
    return SettingsConfigDict(
        env_prefix=prefix,
        secrets_dir=secrets if secrets.is_dir() else None,
        hide_input_in_errors=True,
        populate_by_name=True,
        extra="ignore",
    )


class ServiceSettings(BaseSettings):
    """The settings that every service has; those without the service's prefix are common to all.

    `view_pool_size` is how many connections views are read through, `pool_size` unless set: about as many as PostgreSQL
    has cores, since more of them only cool each other's caches. `retention_outbox_days`: for how long facts stay that
    the broker has; `retention_inbox_days`: the ids of those applied, by which one that comes again is known;
    `retention_access_log_days`: who looked at whom. `instance` is named in answers to /readyz, for whoever has started
    this process.
    """

    env: Environment = Field(default=Environment.PRODUCTION, validation_alias="WAYMARK_ENV")
    instance: str = Field(default="", validation_alias="WAYMARK_INSTANCE", max_length=64)
    log_level: str = Field(default="INFO", validation_alias="WAYMARK_LOG_LEVEL")
    nats_url: str = Field(validation_alias="NATS_URL")
    nats_replicas: int = Field(default=1, validation_alias="NATS_REPLICAS")
    auth_jwks: str = Field(validation_alias="WAYMARK_AUTH_JWKS")
    auth_issuer: str = Field(validation_alias="WAYMARK_AUTH_ISSUER")
    auth_audience: str = Field(default="waymark", validation_alias="WAYMARK_AUTH_AUDIENCE")

    access_log_seconds: float = Field(
        default=2.0, validation_alias="WAYMARK_ACCESS_LOG_SECONDS", gt=0
    )

    database_url: SecretStr
    host: str = "127.0.0.1"
    port: int = 8080
    metrics_port: int = 9090
    pool_size: int = 10
    view_pool_size: int | None = None
    retention_outbox_days: int = Field(default=7, ge=1, le=3650)
    retention_inbox_days: int = Field(default=30, ge=7, le=3650)
    retention_access_log_days: int = Field(default=731, ge=30, le=3650)


def database_field(name: str) -> SecretStr:
    """The address of a database whose name is not the service's prefix, e.g. INTEGRATIONS_DATABASE_URL."""
    field: SecretStr = Field(validation_alias=AliasChoices(f"{name}_DATABASE_URL", "database_url"))
    return field
