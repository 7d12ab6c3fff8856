"""ndojo: practise NumPy interviews by hand, judged in milliseconds."""

__version__ = "0.1.0"
