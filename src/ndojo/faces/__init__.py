"""Where a learner meets ndojo: terminal, browser, notebook. Each is thin and calls the gym alone."""
