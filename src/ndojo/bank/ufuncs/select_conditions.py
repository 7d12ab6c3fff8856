"""Label values with np.select and lookup tables."""

import numpy as np

from ndojo.question import (
    Entry,
    Level,
    Question,
    arrays,
    case,
    faster_than,
    needs,
    no_python_loop,
    peak_memory,
    trap,
    works,
)


def label(x):
    """Return the label of each element of `x`, by the first of five rules that applies.

    The elements are temperatures in a grain silo. These are the rules, in order:

    - ``"fault"``: `x` is NaN, ``x < -40`` or ``x > 120``
    - ``"critical"``: ``x >= 60``
    - ``"warm"``: ``x >= 30``
    - ``"frozen"``: ``x < 0``
    - ``"ok"``: all other values

    Parameters
    ----------
    x : ndarray of one to three axes, float64, float32 or int16
        Degrees Celsius. May be empty, strided, reversed or read-only, and may contain NaN and infinities.

    Returns
    -------
    ndarray, same shape as `x`, dtype <U8
        One label per element. The dtype is always <U8, the width of "critical", regardless of the labels that occur.

    Examples
    --------
    >>> label(np.array([21.5, 30.0, 75.0, -3.0, -99.0]))
    array(['ok', 'warm', 'critical', 'frozen', 'fault'], dtype='<U8')
    >>> label(np.array([5], dtype=np.int16))
    array(['ok'], dtype='<U8')
    """
    code = (x >= -40).astype(np.uint8)
    for edge in (0, 30, 60):
        code += x >= edge
    code *= x <= 120
    return np.array(["fault", "frozen", "ok", "warm", "critical"]).take(code)


@works(fails="fast")
def with_select(x):
    """Passes the rules to np.select in their order."""
    fault = ~((x >= -40) & (x <= 120))
    return np.select([fault, x >= 60, x >= 30, x < 0], ["fault", "critical", "warm", "frozen"], default="ok")


@works(fails="memory")
def nested_where(x):
    """Nests np.where, and each call allocates an array of strings."""
    cool = np.where(x < 0, "frozen", "ok")
    hot = np.where(x >= 60, "critical", np.where(x >= 30, "warm", cool))
    return np.where((x >= -40) & (x <= 120), hot, "fault")


@works(fails="fast")
def overwritten(x):
    """Assigns the labels by mask, from the last rule to the first."""
    labels = np.full(x.shape, "ok", dtype="<U8")
    labels[x < 0] = "frozen"
    labels[x >= 30] = "warm"
    labels[x >= 60] = "critical"
    labels[~((x >= -40) & (x <= 120))] = "fault"
    return labels


@works(fails="fast")
def by_brackets(x):
    """Counts with searchsorted how many limits each value has reached."""
    names = np.array(["fault", "frozen", "ok", "warm", "critical"])
    bracket = np.searchsorted([-40, 0, 30, 60], x, side="right")
    bracket *= x <= 120
    return names[bracket]


@works(fails="vectorized")
def one_by_one(x):
    """Applies the rules to one element at a time."""

    def rule(t):
        if not -40 <= t <= 120:
            return "fault"
        if t >= 60:
            return "critical"
        if t >= 30:
            return "warm"
        return "frozen" if t < 0 else "ok"

    return np.array([rule(t) for t in x.ravel().tolist()], dtype="<U8").reshape(x.shape)


# --------------------------------------------------------------------------------------------------------------- traps


@trap(
    "np.full(n, 'ok') has dtype <U2, and assigning a longer string silently truncates it. Pass dtype='<U8'.",
    verdict="WT",
)
def truncated(x):
    labels = np.full(x.shape, "ok")
    labels[x < 0] = "frozen"
    labels[x >= 30] = "warm"
    labels[x >= 60] = "critical"
    labels[~((x >= -40) & (x <= 120))] = "fault"
    return labels


@trap(
    "np.array(labels) is only as wide as the longest label that occurs, so the dtype depends on the data. Pass "
    "dtype='<U8'.",
    verdict="WT",
)
def width_depends_on_data(x):
    def rule(t):
        if not -40 <= t <= 120:
            return "fault"
        if t >= 60:
            return "critical"
        if t >= 30:
            return "warm"
        return "frozen" if t < 0 else "ok"

    return np.array([rule(t) for t in x.ravel().tolist()], dtype=str).reshape(x.shape)


@trap(
    "The default of np.select is the Python int 0. NumPy 2 finds no common dtype for a Python int and a string, so it "
    "raises TypeError. Pass a string as default.",
    verdict="RE",
)
def without_default(x):
    fault = ~((x >= -40) & (x <= 120))
    return np.select(
        [fault, x >= 60, x >= 30, x < 0, x >= 0],
        ["fault", "critical", "warm", "frozen", "ok"],
    )


@trap("The first rule that applies decides. 75 also satisfies `x >= 30`, so test `x >= 60` before `x >= 30`.")
def warm_before_critical(x):
    fault = ~((x >= -40) & (x <= 120))
    return np.select([fault, x >= 30, x >= 60, x < 0], ["fault", "warm", "critical", "frozen"], default="ok")


@trap("The rule for faults comes first. -99 also satisfies `x < 0`, and 999 satisfies `x >= 60`, but both are faults.")
def fault_last(x):
    fault = ~((x >= -40) & (x <= 120))
    return np.select([x >= 60, x >= 30, x < 0, fault], ["critical", "warm", "frozen", "fault"], default="ok")


@trap(
    "`<`, `<=`, `>` and `>=` are False for NaN, so `(x < -40) | (x > 120)` does not detect it. Negate the valid range, "
    "`~((x >= -40) & (x <= 120))`, or test np.isnan."
)
def nan_is_ok(x):
    fault = (x < -40) | (x > 120)
    return np.select([fault, x >= 60, x >= 30, x < 0], ["fault", "critical", "warm", "frozen"], default="ok")


@trap("The limits are inclusive: 30 is warm and 60 is critical. Use >= instead of >.")
def excludes_the_limits(x):
    fault = ~((x >= -40) & (x <= 120))
    return np.select([fault, x > 60, x > 30, x < 0], ["fault", "critical", "warm", "frozen"], default="ok")


@trap("If labels are assigned by mask, the last assignment wins. Start with the last rule and end with the first.")
def overwritten_in_order(x):
    labels = np.full(x.shape, "ok", dtype="<U8")
    labels[~((x >= -40) & (x <= 120))] = "fault"
    labels[x >= 60] = "critical"
    labels[x >= 30] = "warm"
    labels[x < 0] = "frozen"
    return labels


@trap(
    "np.piecewise returns an array with the dtype of x, and a label cannot be converted to a number. Use np.select.",
    verdict="RE",
)
def with_piecewise(x):
    fault = ~((x >= -40) & (x <= 120))
    hot, warm = ~fault & (x >= 60), (x >= 30) & (x < 60)
    frozen = (x >= -40) & (x < 0)
    return np.piecewise(x, [fault, hot, warm, frozen], ["fault", "critical", "warm", "frozen", "ok"])


@trap(
    "dtype=object stores pointers to Python strings. The result must have dtype <U8, which stores the characters.",
    verdict="WT",
)
def as_objects(x):
    labels = np.full(x.shape, "ok", dtype=object)
    labels[x < 0] = "frozen"
    labels[x >= 30] = "warm"
    labels[x >= 60] = "critical"
    labels[~((x >= -40) & (x <= 120))] = "fault"
    return labels


def readings(rng, n=12_000):
    return {"x": rng.uniform(-60, 140, n)}


EDGES = [-41.0, -40.0, -39.0, -0.5, 0.0, 29.0, 30.0, 31.0, 59.0, 60.0, 61.0, 120.0, 121.0, 999.0, -999.0]

QUESTION = Question(
    kinds=["code"],
    difficulty="medium",
    topics=["Advanced Logic"],
    companies=["Google", "Amazon"],
    asked=["T77"],
    entry_points=[
        Entry(
            label,
            {
                "x": arrays(
                    ...,
                    "n",
                    dtype=("float64", "float32", "int16"),
                    low=-60,
                    high=140,
                    holds=("nan", "both inf", "negative zero", "all nan", "extremes"),
                    max_ndim=3,
                )
            },
            dims={"n": (0, 8)},
            cases=[
                *(case(x=np.array([t])) for t in EDGES),
                *(case(x=np.array([int(t)], dtype=np.int16)) for t in (-41, -40, 0, 30, 60, 120, 121)),
                case(x=np.nextafter([-40.0, 0.0, 30.0, 60.0], -np.inf)),
                case(x=np.nextafter([120.0], np.inf)),
                case(x=np.array([np.nan])),
                case(x=np.array([np.inf, -np.inf])),
                case(x=np.array([20.0, 21.0])),
                case(x=np.zeros((0, 2))),
                case(x=np.array(EDGES)),
            ],
        )
    ],
    levels=[
        Level("right"),
        Level("vectorized", "Uses no Python loop over the elements.", no_python_loop(readings)),
        Level(
            "memory",
            "Uses at most 1.5 times the memory of the result, including the result: each label takes 32 bytes.",
            peak_memory(lambda rng: readings(rng, 100_000), outputs=1.5),
        ),
        Level(
            "fast",
            "At least 17 times faster than a loop over the elements, for 12,000 values.",
            faster_than(
                one_by_one,
                17,
                readings,
                needs=needs(bytes=lambda x: x.nbytes + 32 * x.size, operations=lambda x: 5 * x.size),
            ),
        ),
    ],
    hints=[
        "One NumPy function takes a list of conditions and a list of choices. Which choice wins if two conditions are "
        "True?",
        "Comparisons such as `x < -40` are False for NaN. Which condition is True for NaN without np.isnan?",
        "What is the dtype of np.array(['ok'])? What happens to a longer string that you assign to it?",
        "Writing one-byte integers is faster than writing strings of 32 bytes, and you can add masks to integers. "
        "Which operation turns codes into labels? Compare names[code] and names.take(code).",
    ],
    spoken="""\
I use `np.select` with a list of conditions, a list of choices and a default. The first condition that is True decides,
so the order matters. NaN makes `<`, `<=`, `>` and `>=` False, so I write the rule for faults as the negation of the
valid range. For speed, I compute a one-byte code per element by adding the masks `x >= limit`, and look up the label
in a small array. That writes the strings, which take 32 bytes per label, only once.
""",
    explanation="""\
`np.select` takes a list of conditions, a list of choices and a default. For each element, the first condition that is
True decides, so the order matters:

>>> x = np.array([75.0, 10.0, np.nan])
>>> np.select([x >= 60, x >= 30], ["critical", "warm"], default="ok")
array(['critical', 'ok', 'ok'], dtype='<U8')

*NaN* gets the default here, because `x >= 60` and `x >= 30` are False. To find NaN as well, negate the valid range:
`~((x >= -40) & (x <= 120))` is True for NaN.

*The default* is the Python int 0 unless you pass another one. NumPy 2 finds no common dtype for a Python int and a
string, so it raises TypeError.

*Strings* of dtype `<U8` have a fixed width and take four bytes per character. `np.select` and `np.where` use the width
of the longest choice. Assigning a longer string to an existing array silently truncates it:

>>> a = np.full(2, "ok")
>>> a[0] = "critical"
>>> a
array(['cr', 'ok'], dtype='<U2')

`np.dtypes.StringDType()`, new in NumPy 2.0, stores strings of any length.

*Speed.* `np.select` applies the conditions in reverse order, so the first true condition wins. Each step can write 32
bytes per element. It is faster to count in a uint8 code how many limits each value has reached. Then a single lookup
replaces the codes by labels:

>>> t = np.array([-5, 35, 70])
>>> code = (t >= 0).astype(np.uint8) + (t >= 30) + (t >= 60)
>>> np.array(["frozen", "ok", "warm", "critical"])[code]
array(['frozen', 'warm', 'critical'], dtype='<U8')

If you choose the output format, store only the codes and the table of labels, as a pandas categorical column does.
""",
    points=[
        "np.select takes conditions, choices and a default. The first condition that is True wins.",
        "All conditions and choices are computed for all elements.",
        "`<`, `<=`, `>` and `>=` are False for NaN, so it gets the default unless you negate the test.",
        "The default is 0. With strings as choices this raises TypeError in NumPy 2, so pass a string as default.",
        "Assigning a longer string to a fixed-width array silently truncates it. StringDType has no fixed width.",
        "Small integer codes and one lookup are faster than writing strings several times.",
    ],
    follow_ups={
        "When is np.select the wrong tool?": "If a choice must not be computed for all elements, such as the "
        "logarithm of negative numbers. Use np.piecewise, or where= and out= of a ufunc.",
        "How do you count the labels?": "`np.bincount(code, minlength=5)`, where code holds the integer codes. It "
        "needs no sorting of strings, unlike np.unique.",
        "How does np.choose differ?": "Its first argument is an array of indices instead of conditions. Each element "
        "of the result comes from the choice with that index.",
        "How does np.digitize help?": "It returns the index of the bin of each value, for sorted edges. If the edges "
        "increase, an edge belongs to the bin above it by default, and NaN gets the index len(bins).",
    },
    related=[
        "piecewise-functions",
        "conditional-where",
        "digitize-and-bin",
        "string-operations",
        "comparison-and-logic",
    ],
    links=[
        "https://numpy.org/doc/stable/reference/generated/numpy.select.html",
        "https://numpy.org/doc/stable/reference/generated/numpy.where.html",
        "https://numpy.org/doc/stable/user/basics.strings.html",
    ],
)
