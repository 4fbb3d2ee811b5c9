"""What is set from outside for feedback: FEEDBACK_… and what is common to all services."""

from shared.settings import ServiceSettings, settings_config


class FeedbackSettings(ServiceSettings):
    """Nothing beyond what every service has."""

    model_config = settings_config("FEEDBACK_")
