"""Checks of an answer: test cases, comparison of results, requirements, findings."""
