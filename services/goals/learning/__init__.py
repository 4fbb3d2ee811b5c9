"""The catalogue of learning and who has learned what."""
