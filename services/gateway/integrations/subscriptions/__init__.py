"""What other systems want to be told: where, which facts, in which form, and signed with what."""
