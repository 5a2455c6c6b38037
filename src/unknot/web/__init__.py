"""Entry point: the web pages; they parse, call the service and print."""
