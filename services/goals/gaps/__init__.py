"""The gap between what somebody can and what a role requires."""
