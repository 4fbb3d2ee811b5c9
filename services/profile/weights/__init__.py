"""How much each source of evidence counts: the tenant's own figures, every version of them kept."""
