"""The judge: an answer goes in, a `Verdict` comes out."""
