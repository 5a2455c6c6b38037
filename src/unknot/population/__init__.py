"""Whole populations: every flag of many people at once, equal to asking them one by one."""
