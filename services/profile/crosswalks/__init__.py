"""How skills of frameworks relate, and the way of evidence from an old framework to a new one."""
