"""Say what an array is."""

from ndojo.question import Question

QUESTION = Question(
    kinds=["explain"],
    difficulty="easy",
    topics=["Basics"],
    companies=["Acme"],
    asked=["T3"],
    levels=[],
    explanation="An array is memory, a shape, a dtype and strides.",
    points=["Memory.", "A shape.", "A dtype.", "Strides.", "It may not own its memory."],
    links=["https://numpy.org/doc/stable/reference/arrays.ndarray.html"],
)
