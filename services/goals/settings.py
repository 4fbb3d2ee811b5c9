"""The settings of the goals service: `GOALS_…` and those common to all."""

from shared.settings import ServiceSettings, settings_config


class GoalsSettings(ServiceSettings):
    """`GOALS_DATABASE_URL`, `GOALS_PORT` and so on."""

    model_config = settings_config("GOALS_")
