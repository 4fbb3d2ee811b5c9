"""Who administers: a copy of those persons who hold a grant, and of nobody else."""
