"""The judge: takes an answer and returns a `Verdict`."""
