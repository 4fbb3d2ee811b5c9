"""What waits for somebody: goals to approve, check-ins to prepare, ratings to give, records to verify, calls."""
