"""The journey, pure: one module is one noun and one verb, and imports only upstream."""
