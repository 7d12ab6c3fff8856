"""Calls functions of an answer inside the sandbox: wire format, worker, client, and the outcome of each call."""
