"""Scheduling, ratings, readiness, drills and mock interviews: pure functions of the learner's log and the time.

Nothing is stored here. The records that the home screen needs are named tuples, because defining a frozen dataclass
takes about a millisecond. Twenty of them would delay the screen.
"""
