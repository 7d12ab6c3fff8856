"""List or array: differences and when to use each."""

import sys
import time

import numpy as np

from ndojo.question import Question, drill, predict


def _pick(rng, hardness, easy, hard):
    kinds = easy if hardness < 0.4 else hard if hardness > 0.7 else easy + hard
    return kinds[int(rng.integers(len(kinds)))]


@drill("What is the value, or which error is raised?")
def operators(rng, hardness):
    a, b, c = (int(k) for k in rng.integers(1, 10, 3))
    k = int(rng.integers(2, 4))
    one, two = f"[{a}, {b}]", f"[{c}, {k}]"
    asked, why = _pick(
        rng,
        hardness,
        [
            (f"{one} + {two}", "Adding two lists concatenates them."),
            (f"(np.array({one}) + np.array({two})).tolist()", "Arrays are added element by element."),
            (f"{one} * {k}", f"A list times {k} repeats the list {k} times."),
            (f"(np.array({one}) * {k}).tolist()", f"Every element is multiplied by {k}."),
            (f"{one} + {k}", "A list can be concatenated only with another list: TypeError."),
            (f"(np.array({one}) + {k}).tolist()", f"{k} is added to every element."),
            (f"{one} == {one}", "Lists are compared as a whole, and the result is one bool."),
            (f"(np.array({one}) == np.array({one})).tolist()", "Arrays are compared element by element."),
            (f"{one} - {two}", "Lists do not support subtraction: TypeError."),
            (f"(np.array({one}) - np.array({two})).tolist()", "Arrays are subtracted element by element."),
        ],
        [
            (f"(np.array({one}) + {two}).tolist()", "One array is enough: the list is converted to an array, "
                                                    "then added."),
            (f"({two} + np.array({one})).tolist()", "The array's addition is used, even though the list is the "
                                                    "left operand."),
            (f"({k} * np.array({one})).tolist()", "The order of the operands does not matter: the "
                                                  "multiplication is element by element."),
            (f"(np.array({one}) * {two}).tolist()", "`*` multiplies element by element. It is not the matrix "
                                                    "product."),
            (f"(np.array({one}) @ np.array({two})).item()", f"@ multiplies and sums: {a} * {c} + {b} * {k}."),
            (f"{one} < {two}", "Lists are compared lexicographically: the first items that differ decide."),
            (f"(np.array({one}) < np.array({two})).tolist()", "Arrays are compared element by element."),
            (f"{one} * {k}.0", "A list cannot be repeated a fractional number of times: TypeError."),
            (f"(np.array({one}) / {k}).tolist() == [{a} / {k}, {b} / {k}]", "True division works element by element."),
            (f"sum([{one}, {two}], [])", "Python's sum concatenates the lists with +."),
            (f"sum([np.array({one}), np.array({two})]).tolist()", "Python's sum adds the arrays."),
            (f"[{a}] * 0", "A list that is repeated 0 times is empty."),
            (f"(np.array({one}) * 0).tolist()", "Every element is multiplied by 0."),
            (f"bool({one} == np.array({one}))", "The comparison gives two bools, and an array with two "
                                                "elements has no single truth value: ValueError."),
            (f"x = {one}\nx += np.array({two})\nlen(x)",
             "Lists cannot add an array in place, so the array's addition is used: x becomes the array of sums."),
            (f"x = np.array({one})\nx += {two}\nlen(x)", "+= adds in place, so x still has two elements."),
        ],
    )  # fmt: skip
    return predict(asked, why=why)


@drill("What is the value after this?")
def shared_or_copied(rng, hardness):
    n, new = int(rng.integers(5, 9)), int(rng.integers(50, 99))
    k = int(rng.integers(1, 3))
    listed, array = f"x = list(range({n}))\n", f"x = np.arange({n})\n"
    asked = f"\nint(x[{k}])"
    code, why = _pick(
        rng,
        hardness,
        [
            (f"{listed}y = x[{k}:]\ny[0] = {new}{asked}", "A slice of a list is a new list."),
            (f"{array}y = x[{k}:]\ny[0] = {new}{asked}", "A slice of an array is a view of the same memory."),
            (f"{listed}y = x\ny[{k}] = {new}{asked}", "Assignment gives the same list a second name."),
            (f"{array}y = x\ny[{k}] = {new}{asked}", "Assignment gives the same array a second name."),
            (f"{array}y = x[{k}:].copy()\ny[0] = {new}{asked}", "copy() gives the slice separate memory."),
            (f"{listed}y = x[:]\ny[{k}] = {new}{asked}", "x[:] copies a list."),
            (f"{array}y = x[:]\ny[{k}] = {new}{asked}", "x[:] does not copy an array: it is a view."),
        ],
        [
            (f"{listed}y = np.array(x)\ny[{k}] = {new}{asked}", "np.array allocates new memory."),
            (f"{array}y = x.tolist()\ny[{k}] = {new}{asked}", "tolist creates a new list of Python numbers."),
            (f"{array}y = x[[{k}]]\ny[0] = {new}{asked}", "Indexing with a list copies."),
            (
                f"{array}y = np.asarray(x)\ny[{k}] = {new}{asked}",
                "asarray returns an array unchanged, without copying.",
            ),
            (f"{array}y = np.array(x)\ny[{k}] = {new}{asked}", "np.array copies by default."),
            (f"{array}y = x + 0\ny[{k}] = {new}{asked}", "Arithmetic writes its result to a new array."),
            (f"{array}y = x[::-1]\ny[{n - 1 - k}] = {new}{asked}", "A reversed slice of an array is a view too."),
            (f"{listed}y = x[::-1]\ny[{n - 1 - k}] = {new}{asked}", "A reversed slice of a list is a copy."),
            (f"{array}x[{k}:] = {new}{asked}", "The number is broadcast to every element of the array's slice."),
            (
                f"{listed}x[{k}:] = [{new}]\nlen(x)",
                f"A list's slice is replaced by one item, so {k} + 1 items are left.",
            ),
            (
                f"{listed}x[{k}:] = {new}\nlen(x)",
                "Assigning to a list's slice requires a sequence, not a number: TypeError.",
            ),
            (f"x = [[0] * 2] * {n}\nx[0][0] = {new}\nx[1][0]", f"The list contains the same row object {n} times."),
            (
                f"x = np.zeros(({n}, 2), dtype=int)\nx[0][0] = {new}\nint(x[1, 0])",
                "Every row of an array has separate memory.",
            ),
            (
                f"x = [[1, 2], [3, 4]]\ny = x[:]\ny[0][0] = {new}\nx[0][0]",
                "The slice copies references to the rows, not the rows themselves.",
            ),
        ],
    )
    return predict(code, why=why)


@drill("What is the dtype, or which error is raised?")
def mixed_items(rng, hardness):
    a, b = (int(k) for k in rng.integers(1, 10, 2))
    word = str(rng.choice(["up", "down", "left", "right"]))
    asked, why = _pick(
        rng,
        hardness,
        [
            (f"[{a}, {b}]", "Python ints become NumPy's default integer, int64 on 64-bit platforms."),
            (f"[{a}, {b}.5]", "One float makes all elements float64."),
            (f"[{a}.0, {b}.5]", "Python floats become float64."),
            ("[True, False]", "Python bools become bool."),
            (f"[True, {a}]", "Among ints, a bool becomes an int."),
            (f"[True, {a}.5]", "Among floats, a bool becomes a float."),
            (f"[{a}, {b}j]", "One complex number makes all elements complex128."),
            ("[]", "An empty list gives the default dtype, float64."),
        ],
        [
            (f"[{a}, None]", "None is not a number, so only dtype object can store both."),
            (f"['{word}', 'on']", f"Strings get the width of the longest: {len(word)}."),
            (f"[{a}, np.nan]", "NaN is a float."),
            (f"[[{a}, {b}], [{a}]]", "Rows of different lengths cannot form an array: ValueError since NumPy 1.24."),
            (f"[[{a}, {b}], [{a}, {b}.5]]", "One float in any row makes all elements float64."),
            ("[2**63]", "The value does not fit in int64, but it fits in uint64."),
            ("[2**64]", "The value does not fit in any integer dtype, so the elements are Python objects."),
            ("[2**62, -1]", "Both values fit in int64."),
            (f"[np.float32({a}), np.float32({b})]", "NumPy scalars keep their dtype."),
            (
                f"[np.float32({a}), {b}.0]",
                "Inside a list, a Python float counts as float64. NEP 50 "
                "applies only to operations, not to array creation.",
            ),
            (f"[np.int8({a}), np.int8({b})]", "NumPy scalars keep their dtype."),
            (f"[np.int8({a}), np.uint8({b})]", "int16 is the smallest dtype that can store both."),
            (f"[{{}}, {a}]", "A dict is not a number, so the elements are Python objects."),
            (f"[b'{word}', b'on']", f"Bytes get the width of the longest: {len(word)}."),
        ],
    )
    return predict(f"str(np.array({asked}).dtype)", why=why)


@drill("What is the value, or which error is raised?")
def items_and_types(rng, hardness):
    a, b, c = (int(k) for k in rng.integers(1, 10, 3))
    array = f"x = np.array([{a}, {b}])\n"
    code, why = _pick(
        rng,
        hardness,
        [
            (f"x = [{a}, {b}]\nx.append({c})\nlen(x)", "append adds one item to a list."),
            (f"{array}x.append({c})", "An array has a fixed size and no append method: AttributeError."),
            (f"{array}x[0] = {c}.7\nint(x[0])", f"The array stores ints: {c}.7 is truncated to {c}."),
            (f"x = [{a}, {b}]\nx[0] = {c}.7\nx[0]", "A list accepts any object."),
            (f"x = [{a}, {b}]\nx[0] = 'one'\nx[0]", "A list accepts any object."),
            (f"{array}x[0] = 'one'\nx.tolist()", "The string is not an integer: ValueError."),
            (f"{array}type(x[0]).__name__", "Iterating over an array gives NumPy scalars."),
            (f"{array}type(x.tolist()[0]).__name__", "tolist gives Python numbers."),
            (
                f"x = [[{a}, {b}], [{c}, 0]]\nx[0, 1]",
                "A list accepts an integer or a slice as index, not a tuple: TypeError.",
            ),
            (f"x = np.array([[{a}, {b}], [{c}, 0]])\nint(x[0, 1])", "The index selects row 0, column 1."),
        ],
        [
            (f"{array}y = np.append(x, {c})\nlen(x)", "np.append copies into a longer array and leaves x unchanged."),
            (f"{array}len(np.append(x, {c}))", "np.append returns a new array, one element longer."),
            (f"{array}type(list(x)[0]).__name__", "list() iterates over the array and keeps NumPy scalars."),
            (f"{array}type(x.sum()).__name__", "The sum of an int64 array is a NumPy int64."),
            (f"{array}type(x.item(0)).__name__", "item() returns a Python number."),
            (f"{array}x[[0, 1]].tolist()", "An array accepts a list of indices."),
            (f"x = [{a}, {b}]\nx[[0, 1]]", "A list does not accept a list of indices: TypeError."),
            (
                f"x = np.array([{a}, {b}], dtype='uint8')\nx[0] = 256\nint(x[0])",
                "NumPy 2 refuses a Python int that does not fit in uint8: OverflowError.",
            ),
            (f"x = np.array([{a}, {b}], dtype='uint8')\nint((x + 255)[0])", f"uint8 wraps around: {a} + 255 - 256."),
            ("x = [200]\nx[0] + 100", "Python ints grow as needed."),
            ("x = np.array([200], dtype='uint8')\nint((x + 100)[0])", "uint8 wraps around at 256."),
            (
                f"x = np.array(['ab', 'c'])\nx[1] = 'long{a}'\nstr(x[1])",
                "The dtype is <U2, so longer strings are truncated.",
            ),
            (
                f"x = np.array([[{a}, {b}], [{c}, 0]])\nlen(x)",
                "len is the length of the first axis: the number of rows.",
            ),
            (f"{array}bool({c} in x)", "`in` compares with every element, as for a list."),
            (f"{array}del x[0]\nlen(x)", "Elements of an array cannot be deleted: ValueError."),
            (f"hash(np.array([{a}, {b}]))", "Like a list, an array is mutable and has no hash: TypeError."),
        ],
    )
    return predict(code, why=why)


@drill("What is the value?")
def bytes_and_shapes(rng, hardness):
    n, m = int(rng.integers(2, 9)), int(rng.integers(2, 9))
    dtype = str(rng.choice(["int8", "int16", "int32", "float32", "float64"]))
    size = np.dtype(dtype).itemsize
    each = f"{size} byte{'s' * (size > 1)}"
    code, why = _pick(
        rng,
        hardness,
        [
            (f"np.array([0] * {n}).nbytes", f"{n} times 8 bytes: int64."),
            (f"np.array([0] * {n}, dtype={dtype!r}).nbytes", f"{n} times {each}."),
            (f"np.array([0.5] * {n}).itemsize", "A float64 takes 8 bytes."),
            (f"np.array([[0] * {m}] * {n}).shape", f"{n} lists of {m} items: {n} rows and {m} columns."),
            (f"len([[0] * {m}] * {n})", f"The outer list has {n} items."),
            (f"np.array([[0] * {m}] * {n}).size", f"{n} * {m} elements."),
            (f"np.array([True] * {n}).nbytes", "A bool takes one byte."),
        ],
        [
            (f"np.array([None] * {n}).nbytes", f"{n} pointers of 8 bytes on a 64-bit platform. The objects "
                                               "are stored elsewhere."),
            (f"np.array(['{'x' * m}'] * {n}).nbytes", f"{n} strings of {m} characters with 4 bytes per character."),
            (f"np.array(['{'x' * m}', 'y']).itemsize", f"Every element has room for the longest string: {m} * 4 "
                                                       "bytes."),
            (f"np.array([b'{'x' * m}', b'y']).itemsize", f"Every element has room for the longest bytes object: {m} "
                                                         "bytes."),
            (f"np.array([[0] * {m}] * {n}, dtype={dtype!r}).strides", f"The next row is {m} times {each} away."),
            (f"np.array([[[0] * 2] * {m}] * {n}).ndim", "Three nested levels of lists give three axes."),
            (f"np.array([[]] * {n}).shape", f"{n} rows without items."),
            (f"np.array([np.zeros({m})] * {n}).shape", f"A list of {n} arrays becomes {n} rows, which are copied."),
            (f"np.array([(1, 2)] * {n}).shape", "Tuples nest like lists."),
            (f"np.array(range({n})).shape", "A range is a sequence too."),
            (f"np.array({{1, {n + 1}}}).shape", "A set is not a sequence: it becomes one object in a 0-d array."),
            (f"np.array(k for k in range({n})).shape", "A generator is not a sequence: it becomes one object in a "
                                                       "0-d array."),
            (f"np.array({{'a': {n}}}).shape", "A dict is not a sequence: it becomes one object in a 0-d array."),
        ],
    )  # fmt: skip
    return predict(code, why=why)


def show_race():
    n = 200_000
    numbers = [0.5 * k for k in range(n)]
    array = np.array(numbers)

    def milliseconds(act, repeat):
        best = float("inf")
        for _ in range(5):
            start = time.perf_counter()
            for _ in range(repeat):
                act()
            best = min(best, (time.perf_counter() - start) / repeat)
        return 1e3 * best

    def race(text, with_list, with_array, repeat=1):
        one, other = milliseconds(with_list, repeat), milliseconds(with_array, repeat)
        print(f"{text:32} list {one:9.4f} ms   array {other:9.4f} ms   {one / other:8.2f} times")

    print(f"{n:,} floats")
    race("twice each element", lambda: [2 * v for v in numbers], lambda: 2 * array)
    race("sum", lambda: sum(numbers), lambda: array.sum())
    race("largest", lambda: max(numbers), lambda: array.max())
    race("slice of one half", lambda: numbers[: n // 2], lambda: array[: n // 2], 20)
    race("all elements in a loop", lambda: [v for v in numbers], lambda: [v for v in array])
    race("one element", lambda: numbers[7], lambda: array[7], 1000)
    few, short = numbers[:4], array[:4]
    race("sum of four elements", lambda: sum(few), lambda: short.sum(), 1000)
    grown = list(few)
    race("append one to ten thousand", lambda: grown.append(1.0), lambda: np.append(array[:10_000], 1.0), 100)
    listed = sys.getsizeof(numbers) + sum(map(sys.getsizeof, numbers))
    print(f"bytes per element: list {listed / n:.1f}, array {array.nbytes / n:.1f}")


QUESTION = Question(
    kinds=["predict", "explain"],
    difficulty="easy",
    topics=["Data Structures"],
    companies=["Google", "Amazon", "Microsoft"],
    asked=["T2"],
    entry_points=[],
    levels=[],
    spoken="""\
A list stores pointers to Python objects of any type and can grow, while an array is one block of memory with a single
dtype and a shape. That makes arrays much smaller and faster for numeric work, because one call runs a compiled loop
over adjacent numbers. The operators differ too: plus concatenates lists but adds arrays element by element, and
slicing copies a list but gives a view of an array. I'd use lists for small, growing or mixed data, and arrays for
numbers I process together.
""",
    explanation="""\
A list is a sequence of pointers, each to a Python object of any type. An array is one block of numbers with one dtype
and a shape.

**Memory.** On 64-bit CPython, a float in a list takes 32 bytes: 8 for the pointer and 24 for the object. In an array it
takes 8.

**Speed.** `2 * x` checks the type once and runs compiled code over adjacent numbers. A loop over a list checks each
object. For a few elements, or for access to single elements, lists are faster: each NumPy call has a fixed cost, and
each element that is read becomes a new object.

**Operators.** Operators on lists concatenate and repeat; on arrays they compute.

>>> [1, 2] * 2, (np.array([1, 2]) * 2).tolist()
([1, 2, 1, 2], [2, 4])

**Slices.** A slice of a list is a new list. A slice of an array is a view.

>>> x, y = [1, 2, 3], np.array([1, 2, 3])
>>> x[1:][0] = y[1:][0] = 9
>>> x, y.tolist()
([1, 2, 3], [1, 9, 3])

**Types.** Mixed items are promoted to one dtype: a float makes all items floats, and None makes all of them objects.
Assigned values are cast: 2.7 becomes 2 in an integer array. Since NumPy 2, a Python int that does not fit raises
OverflowError. Ragged rows raise ValueError since NumPy 1.24.

**Size.** A list grows in place at low cost. An array cannot grow: `np.append` copies everything, so collect items in a
list and convert it once.

Use lists for small, growing or mixed data, and arrays for numbers that are processed together.
""",
    points=[
        "A list stores pointers to objects of any type; an array is one block of elements of one dtype.",
        "A float takes about 32 bytes in a list and 8 in an array, where neighbors are adjacent in memory.",
        "`+` and `*` concatenate and repeat lists; on arrays they compute element by element, with broadcasting.",
        "Slicing copies a list, but gives a view of an array.",
        "Mixed items are promoted to one dtype. Fixed-width integers can wrap around, Python ints cannot.",
        "Lists grow at low cost; `np.append` copies the whole array each time.",
        "Lists are faster for a few elements and for access to single elements.",
        "Nested lists may be ragged or share rows; an array has a shape, and axes to index and reduce along.",
    ],
    follow_ups={
        "What about `array.array` from the standard library?": "It has one type and is as compact as a NumPy array, "
        "but it has only one axis and no arithmetic. NumPy "
        "can wrap its memory without copying, through the "
        "buffer protocol.",
        "Does an object array combine the advantages of both?": "No. It stores pointers like a list, and arithmetic "
        "runs at Python speed.",
        "How do you convert one into the other?": "`np.array(items)` copies a list into an array. `x.tolist()` "
        "gives Python numbers; `list(x)` gives NumPy scalars.",
    },
    related=["why-numpy", "growing-arrays", "copy-or-view", "memory-footprint", "create-arrays"],
    links=[
        "https://numpy.org/doc/stable/user/whatisnumpy.html",
        "https://numpy.org/doc/stable/user/absolute_beginners.html",
        "https://numpy.org/doc/stable/user/basics.copies.html",
    ],
    live=show_race,
)
