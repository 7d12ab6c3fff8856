"""What an answer is checked on: test cases, comparison of results, requirements, findings."""
