"""What other systems tell Waymark: connections, verified deliveries, canonical facts. Its own database; no GraphQL."""
