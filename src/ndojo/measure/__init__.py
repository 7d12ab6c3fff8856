"""Measuring: speed, growth, memory and Python steps, so that one answer gets one verdict.

Nothing is imported here: `inside` runs next to the answer, where no question may be.
"""
