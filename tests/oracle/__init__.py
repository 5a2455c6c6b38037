"""Second opinions: slow, plain, and written apart from what they judge."""
