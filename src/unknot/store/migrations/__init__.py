"""How an older store becomes today's, one step at a time, each whole or not at all."""
