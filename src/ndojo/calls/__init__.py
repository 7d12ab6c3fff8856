"""Runs the functions of an answer inside the sandbox: client, worker, wire format, and the outcome of each call."""
