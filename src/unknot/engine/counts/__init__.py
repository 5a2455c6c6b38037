"""The statistics of a diary: what the counts of many days say, and how sure that is."""
