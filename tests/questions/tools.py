"""Apply a function to numbers in a file."""

import numpy as np

from ndojo.question import (
    Entry,
    Level,
    Question,
    Scenario,
    callables,
    choice,
    files,
    integers,
    lists,
    mappings,
    trap,
)


def load_numbers(path):
    """Return the numbers in a text file, one per line.

    Parameters
    ----------
    path : str

    Returns
    -------
    ndarray, shape (n,), float64

    Examples
    --------
    >>> import tempfile, os
    >>> name = os.path.join(tempfile.mkdtemp(), "numbers.txt")
    >>> with open(name, "w") as file:
    ...     _ = file.write("1 2")
    >>> load_numbers(name)
    array([1., 2.])
    """
    with open(path) as file:
        return np.array(file.read().split(), dtype=float)


def table_of(f, names, scale=1, **values):
    """Return ``scale * f(value)`` for each of `names` that `values` contains.

    Parameters
    ----------
    f : callable
    names : list of str
    scale : int, optional
    **values : int

    Returns
    -------
    dict of str to float

    Examples
    --------
    >>> table_of(float, ["a"], a=2)
    {'a': 2.0}
    """
    return {name: float(scale * f(values[name])) for name in names if name in values}


def there_and_back(table_of, path, k):
    import os

    with open(path, "w") as file:
        file.write(str(k))
    return table_of(float, ["a"], 1, a=k), os.path.exists(path)


@trap("A blank file holds no number at all.", verdict="RE", of="load_numbers")
def needs_one(path):
    with open(path) as file:
        numbers = [float(word) for word in file.read().split()]
    numbers[0]
    return np.array(numbers)


@trap("Every name counts, the last one too.", of="table_of")
def loses_last(f, names, scale=1, **values):
    return {name: float(scale * f(values[name])) for name in names[:-1] if name in values}


QUESTION = Question(
    difficulty="easy",
    topics=["Files"],
    companies=[],
    asked=["T1"],
    entry_points=[
        Entry(load_numbers, {"path": files("numbers.txt", b"1 2\n3", b"", b"-1e3\n")}),
        Entry(
            table_of,
            {
                "f": callables("np.sqrt", "lambda v: v + math.pi"),
                "names": lists(choice("a", "b", "c")),
                "scale": integers(1, 3),
                "values": mappings(("a", "b"), integers(0, 9)),
            },
        ),
    ],
    scenarios=[Scenario(there_and_back, {"path": files("new.txt"), "k": integers(0, 5)})],
    levels=[Level("right")],
    explanation="Read.",
    points=["Files."],
    hints=["open"],
)
