"""Who looked at what of whom, when, and by which right: kept so that the person can read it."""

from shared.accesses.log import AccessLog
from shared.accesses.table import Accesses, define_table, note

__all__ = ["AccessLog", "Accesses", "define_table", "note"]
