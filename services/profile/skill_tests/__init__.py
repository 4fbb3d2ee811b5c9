"""What people scored in tests of their skills, as publishers of tests tell it; each result is evidence of one skill."""
