"""`waymark`, the operator's command."""
