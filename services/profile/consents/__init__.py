"""What persons let others see of them, for a purpose and a time, until they take it back."""
