"""What profile is told from outside, by `PROFILE_…` variables."""

from pydantic import SecretStr

from shared.settings import ServiceSettings, settings_config


class ProfileSettings(ServiceSettings):
    """`seal_key` wraps the keys of persons: 32 random bytes in base64; several parted by commas, the first seals."""

    model_config = settings_config("PROFILE_")

    seal_key: SecretStr
