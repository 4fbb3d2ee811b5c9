"""The one-command start: an embedded PostgreSQL, an embedded NATS and every service on one machine."""
