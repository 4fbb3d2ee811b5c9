"""Goals with milestones, progress and a SMART verdict."""
