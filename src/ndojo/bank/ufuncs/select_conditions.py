"""One label for each reading."""

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
    """Label the temperatures of a grain silo.

    Of these rules the first that holds decides:

    - ``"fault"``: the reading is NaN, below -40 or above 120 degrees
    - ``"critical"``: 60 degrees or more
    - ``"warm"``: 30 degrees or more
    - ``"frozen"``: below 0 degrees
    - ``"ok"``: all others

    Parameters
    ----------
    x : ndarray of one to three axes, float64, float32 or int16
        Degrees Celsius. May be empty, strided, reversed or read-only, and may hold NaN and infinities.

    Returns
    -------
    ndarray, shape of `x`, dtype <U8
        As wide as the longest label, "critical", for any labels.

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
    """The rules as they stand."""
    fault = ~((x >= -40) & (x <= 120))
    return np.select([fault, x >= 60, x >= 30, x < 0], ["fault", "critical", "warm", "frozen"], default="ok")


@works(fails="memory")
def nested_where(x):
    """A choice in each branch of the choice before; each makes a whole array of strings."""
    cool = np.where(x < 0, "frozen", "ok")
    hot = np.where(x >= 60, "critical", np.where(x >= 30, "warm", cool))
    return np.where((x >= -40) & (x <= 120), hot, "fault")


@works(fails="fast")
def overwritten(x):
    """The least urgent first, and what matters more is written over it."""
    labels = np.full(x.shape, "ok", dtype="<U8")
    labels[x < 0] = "frozen"
    labels[x >= 30] = "warm"
    labels[x >= 60] = "critical"
    labels[~((x >= -40) & (x <= 120))] = "fault"
    return labels


@works(fails="fast")
def by_brackets(x):
    """searchsorted counts the edges that a reading has reached."""
    names = np.array(["fault", "frozen", "ok", "warm", "critical"])
    bracket = np.searchsorted([-40, 0, 30, 60], x, side="right")
    bracket *= x <= 120
    return names[bracket]


@works(fails="vectorized")
def one_by_one(x):
    """The rules as plain Python has them."""

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


@trap("An array keeps the width it was made with: np.full(n, 'ok') is <U2, and cuts what is written into it to two "
      "letters. Say dtype='<U8'.", verdict="WT")  # fmt: skip
def cut_to_two_letters(x):
    labels = np.full(x.shape, "ok")
    labels[x < 0] = "frozen"
    labels[x >= 30] = "warm"
    labels[x >= 60] = "critical"
    labels[~((x >= -40) & (x <= 120))] = "fault"
    return labels


@trap("An array made from the labels is as wide as the longest that occurs; say the dtype, so that every batch has "
      "the same.", verdict="WT")  # fmt: skip
def as_wide_as_they_come(x):
    def rule(t):
        if not -40 <= t <= 120:
            return "fault"
        if t >= 60:
            return "critical"
        if t >= 30:
            return "warm"
        return "frozen" if t < 0 else "ok"

    return np.array([rule(t) for t in x.ravel().tolist()], dtype=str).reshape(x.shape)


@trap("The default of np.select is the number 0, which has no dtype in common with strings: since NumPy 2 that is a "
      "TypeError. Give default=.", verdict="RE")  # fmt: skip
def without_default(x):
    fault = ~((x >= -40) & (x <= 120))
    return np.select(
        [fault, x >= 60, x >= 30, x < 0, x >= 0],
        ["fault", "critical", "warm", "frozen", "ok"],
    )


@trap("np.select takes the first condition that holds: 75 degrees are 30 or more, so `critical` has to come before "
      "`warm`.")  # fmt: skip
def warm_before_critical(x):
    fault = ~((x >= -40) & (x <= 120))
    return np.select([fault, x >= 30, x >= 60, x < 0], ["fault", "warm", "critical", "frozen"], default="ok")


@trap("Faults come first: -99 is below 0 and 999 above 60, but neither is a temperature.")
def fault_last(x):
    fault = ~((x >= -40) & (x <= 120))
    return np.select([x >= 60, x >= 30, x < 0, fault], ["critical", "warm", "frozen", "fault"], default="ok")


@trap("All comparisons with NaN are False, so `x < -40` and `x > 120` miss it, and it ends as the default: negate what "
      "is good, or ask np.isnan.")  # fmt: skip
def nan_is_ok(x):
    fault = (x < -40) | (x > 120)
    return np.select([fault, x >= 60, x >= 30, x < 0], ["fault", "critical", "warm", "frozen"], default="ok")


@trap("The limits belong to the upper label: 30 is warm and 60 critical, >= and not >.")
def beyond_the_limits(x):
    fault = ~((x >= -40) & (x <= 120))
    return np.select([fault, x > 60, x > 30, x < 0], ["fault", "critical", "warm", "frozen"], default="ok")


@trap("Written one over the other, the last one stays: begin with the least urgent.")
def overwritten_in_order(x):
    labels = np.full(x.shape, "ok", dtype="<U8")
    labels[~((x >= -40) & (x <= 120))] = "fault"
    labels[x >= 60] = "critical"
    labels[x >= 30] = "warm"
    labels[x < 0] = "frozen"
    return labels


@trap("np.piecewise gives an array of x's dtype, and a text is no number: use np.select.", verdict="RE")
def with_piecewise(x):
    fault = ~((x >= -40) & (x <= 120))
    hot, warm = ~fault & (x >= 60), (x >= 30) & (x < 60)
    frozen = (x >= -40) & (x < 0)
    return np.piecewise(x, [fault, hot, warm, frozen], ["fault", "critical", "warm", "frozen", "ok"])


@trap("dtype=object keeps Python strings, a pointer each: any length fits, but it is not <U8.", verdict="WT")
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
        Level("vectorized", "No loop in Python over the readings.", no_python_loop(readings)),
        Level(
            "memory",
            "Strings take 32 bytes per label: make one array of them, the result.",
            peak_memory(lambda rng: readings(rng, 100_000), outputs=1.5),
        ),
        Level(
            "fast",
            "At least 18 times faster than a loop over the elements.",
            faster_than(
                one_by_one,
                18,
                readings,
                needs=needs(bytes=lambda x: x.nbytes + 32 * x.size, operations=lambda x: 5 * x.size),
            ),
        ),
    ],
    hints=[
        "A NumPy function takes a list of conditions and a list of choices. Which one wins where two hold?",
        "Which condition is True for NaN without asking for it by name?",
        "How wide are the strings of np.array(['ok']), and what happens to longer ones that are written into it?",
        "Small integers are faster to write than strings of 32 bytes, and masks can be added to them. What turns codes "
        "into labels at the end? Compare names[code] and names.take(code).",
    ],
    spoken=(
        "np.select takes a list of conditions and a list of choices; the first condition that holds wins, and "
        "default fills the rest. NaN makes <, <=, > and >= false, so it gets the default unless I test isnan first. "
        "For ordered limits it is faster to compute an integer code with searchsorted or by adding masks, and to "
        "look up the label in a small array. The code can be one byte per element, while fixed-width strings take "
        "four bytes per character."
    ),
    explanation="""\
`np.select` reads like the rules: a list of conditions, a list of choices, a default. The first condition that holds
decides, so the order matters.

>>> x = np.array([75.0, 10.0, np.nan])
>>> np.select([x >= 60, x >= 30], ["critical", "warm"], default="ok")
array(['critical', 'ok', 'ok'], dtype='<U8')

NaN is "ok" here, as every comparison with it is False. Negating what is good catches it: `~((x >= -40) & (x <= 120))`.

The default is 0 unless you say otherwise. NumPy 2 finds no common dtype for a number and strings and raises TypeError;
NumPy 1 wrote '0'.

Strings in NumPy have a fixed width, four bytes per character. `select` and `where` take the longest choice; writing
into an array cuts silently:

>>> a = np.full(2, "ok")
>>> a[0] = "critical"
>>> a
array(['cr', 'ok'], dtype='<U2')

`np.dtypes.StringDType()`, new in NumPy 2, has any length.

`select` writes each choice over the result by mask, the first condition last. With strings each pass moves 32 bytes per
element. Faster: count thresholds into a uint8 code, then look the label up once.

>>> t = np.array([-5, 35, 70])
>>> code = (t >= 0).astype(np.uint8) + (t >= 30) + (t >= 60)
>>> np.array(["frozen", "ok", "warm", "critical"])[code]
array(['frozen', 'warm', 'critical'], dtype='<U8')

Better still, keep the codes and the table: that is a categorical column.
""",
    points=[
        "select: conditions, choices, default; the first condition that holds wins.",
        "All choices are worked out for all elements.",
        "NaN fails every comparison and lands in the default, unless the test is negated.",
        "default is 0: with strings NumPy 2 raises TypeError, so give one.",
        "Fixed-width strings: assigning a longer one cuts it silently; StringDType has any length.",
        "Codes and one lookup in a table are faster and leaner than writing strings.",
    ],
    follow_ups={
        "When is np.select the wrong tool?": "Where a choice must not be computed for all, such as a log of "
        "negative numbers: mask first, or use np.piecewise or where= of a ufunc.",
        "How do you count the labels?": "np.bincount(code, minlength=5): faster than np.unique on strings.",
        "How does np.choose differ?": "It takes an array of indices and one choice for each index; it "
        "takes lists of arrays that broadcast.",
        "How does np.digitize help?": "It gives the bracket of each value for sorted edges; with right=False an "
        "edge belongs to the upper bracket. NaN counts as above all edges.",
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
