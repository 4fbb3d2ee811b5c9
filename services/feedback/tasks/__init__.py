"""What waits for somebody: goals to approve, check-ins to prepare and to confirm."""
