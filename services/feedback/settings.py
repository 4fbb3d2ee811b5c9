"""What is set from outside for feedback: FEEDBACK_… and what is common to all services."""

from pydantic import SecretStr

from shared.settings import ServiceSettings, settings_config


class FeedbackSettings(ServiceSettings):
    """`seal_key` wraps the keys of persons: 32 random bytes in base64; several parted by commas, the first seals."""

    model_config = settings_config("FEEDBACK_")

    seal_key: SecretStr
