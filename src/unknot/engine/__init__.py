"""Pure mathematics and logic. This room has never heard of muscles."""
