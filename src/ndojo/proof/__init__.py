"""Evidence that questions and the judge are right: `verify`, mutants, stability, and the language check."""
