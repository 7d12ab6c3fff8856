"""Measures speed, growth, memory and Python instructions, so that the same answer always gets the same verdict."""
