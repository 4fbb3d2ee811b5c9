"""Regular talks between an employee and their manager, and what changed since the last one."""
