"""Sources of inputs. A source draws values that the prompt allows, checks values, and shrinks them."""
