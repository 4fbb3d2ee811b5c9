"""What the integrations listen to; filled where the functions stand."""

from shared.events import Handlers

handlers = Handlers("integrations")
