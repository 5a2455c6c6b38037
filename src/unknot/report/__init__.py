"""The report: the one page a physiatrist wants, made from a check-in and a diary, and printed in three forms."""
