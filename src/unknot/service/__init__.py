"""Use cases: what the edges ask for, with settings and time; the journey itself is pure."""
