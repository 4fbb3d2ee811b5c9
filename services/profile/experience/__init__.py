"""Where people have worked, learned and served: what they did there, with whom, and who stands for it."""
