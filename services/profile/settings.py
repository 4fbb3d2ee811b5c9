"""What profile is told from outside, by `PROFILE_…` variables."""

from shared.settings import ServiceSettings, settings_config


class ProfileSettings(ServiceSettings):
    """The settings of every service, under profile's prefix."""

    model_config = settings_config("PROFILE_")
