"""Where somebody could go, and how: roles, gaps, goals and learning."""
