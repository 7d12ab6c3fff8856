"""Say what an array is."""

from ndojo.question import Question

QUESTION = Question(
    kinds=["explain"],
    difficulty="easy",
    topics=["Basics"],
    companies=["Acme"],
    asked=["T3"],
    levels=[],
    spoken=(
        "An array is a block of memory together with a shape, a dtype and strides. The dtype says how to read "
        "the bytes of an element, and each stride says how many bytes apart two adjacent elements along an "
        "axis are. An array does not always own its memory: a view uses the memory of another array."
    ),
    explanation="An array is memory, a shape, a dtype and strides.",
    points=["Memory.", "A shape.", "A dtype.", "Strides.", "It may not own its memory."],
    links=["https://numpy.org/doc/stable/reference/arrays.ndarray.html"],
)
