"""Sources of inputs: what a prompt allows, in a form that a program can draw from, check and shrink."""
