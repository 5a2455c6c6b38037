"""The clinical knowledge as data, and the one strict door it enters by."""
