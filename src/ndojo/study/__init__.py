"""When to practice what, and how ready one is: pure functions over what was seen and a `now`; nothing here is kept.

The records that the home screen needs are named tuples. A frozen dataclass takes about a millisecond to define, which a
screen that appears immediately cannot afford twenty times.
"""
