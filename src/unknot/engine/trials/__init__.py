"""Self-experiments: which block gets what, and what the outcome then says."""
