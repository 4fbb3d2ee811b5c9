"""A copy of people and organisation units, fed by profile's events: for permissions, nothing else."""
