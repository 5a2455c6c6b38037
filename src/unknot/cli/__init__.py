"""Entry point: the command line; it parses, calls the service and prints."""
