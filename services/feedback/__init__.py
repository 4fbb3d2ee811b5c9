"""How it is going: check-ins between an employee and their manager."""
