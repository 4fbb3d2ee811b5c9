"""Profile: who someone is, where they stand in the organisation and what they can do."""
