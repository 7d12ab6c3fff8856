"""List or array: what differs, and when each is the better choice."""

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
            (f"{one} + {two}", "A list plus a list is both, one after the other."),
            (f"(np.array({one}) + np.array({two})).tolist()", "Arrays are added element by element."),
            (f"{one} * {k}", f"A list times {k} is the list {k} times over."),
            (f"(np.array({one}) * {k}).tolist()", f"Every element is multiplied by {k}."),
            (f"{one} + {k}", "A list can be joined with a list only: TypeError."),
            (f"(np.array({one}) + {k}).tolist()", f"{k} is added to every element."),
            (f"{one} == {one}", "Lists compare as wholes and give one bool."),
            (f"(np.array({one}) == np.array({one})).tolist()", "Arrays compare element by element."),
            (f"{one} - {two}", "Lists know no minus: TypeError."),
            (f"(np.array({one}) - np.array({two})).tolist()", "Arrays are subtracted element by element."),
        ],
        [
            (f"(np.array({one}) + {two}).tolist()", "One array is enough: the list is made an array, and added."),
            (f"({two} + np.array({one})).tolist()", "The array's own + is asked, though the list stands first."),
            (f"({k} * np.array({one})).tolist()", "The order of the factors does not matter: element by element."),
            (f"(np.array({one}) * {two}).tolist()", "Element by element; it is no product of matrices."),
            (f"(np.array({one}) @ np.array({two})).item()", f"@ multiplies and adds: {a} * {c} + {b} * {k}."),
            (f"{one} < {two}", "Lists compare like words: by the first element that differs."),
            (f"(np.array({one}) < np.array({two})).tolist()", "Element by element."),
            (f"{one} * {k}.0", "A list cannot be repeated a fractional number of times: TypeError."),
            (f"(np.array({one}) / {k}).tolist() == [{a} / {k}, {b} / {k}]", "True division goes element by element."),
            (f"sum([{one}, {two}], [])", "Python's sum joins the lists with +."),
            (f"sum([np.array({one}), np.array({two})]).tolist()", "Python's sum adds the arrays."),
            (f"[{a}] * 0", "Repeated no times, the list is empty."),
            (f"(np.array({one}) * 0).tolist()", "Every element is multiplied by 0."),
            (f"bool({one} == np.array({one}))", "Two bools come of it, and they have no one truth: ValueError."),
            (f"x = {one}\nx += np.array({two})\nlen(x)",
             "Lists know no adding of numbers, so the array is asked first: x becomes the array of the sums."),
            (f"x = np.array({one})\nx += {two}\nlen(x)", "+= adds in place, so there are still two elements."),
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
            (f"{array}y = x[{k}:]\ny[0] = {new}{asked}", "A slice of an array is a view: it shows the same memory."),
            (f"{listed}y = x\ny[{k}] = {new}{asked}", "Assignment gives the one list a second name."),
            (f"{array}y = x\ny[{k}] = {new}{asked}", "Assignment gives the one array a second name."),
            (f"{array}y = x[{k}:].copy()\ny[0] = {new}{asked}", "copy gives the slice memory of its own."),
            (f"{listed}y = x[:]\ny[{k}] = {new}{asked}", "x[:] copies a list."),
            (f"{array}y = x[:]\ny[{k}] = {new}{asked}", "x[:] copies no array: it is a view."),
        ],
        [
            (f"{listed}y = np.array(x)\ny[{k}] = {new}{asked}", "np.array makes memory of its own."),
            (f"{array}y = x.tolist()\ny[{k}] = {new}{asked}", "tolist makes Python numbers in a new list."),
            (f"{array}y = x[[{k}]]\ny[0] = {new}{asked}", "Indexing with a list copies."),
            (f"{array}y = np.asarray(x)\ny[{k}] = {new}{asked}", "asarray hands an array back as it is."),
            (f"{array}y = np.array(x)\ny[{k}] = {new}{asked}", "np.array copies by default."),
            (f"{array}y = x + 0\ny[{k}] = {new}{asked}", "Arithmetic writes into a new array."),
            (f"{array}y = x[::-1]\ny[{n - 1 - k}] = {new}{asked}", "Reversing by a slice is a view, too."),
            (f"{listed}y = x[::-1]\ny[{n - 1 - k}] = {new}{asked}", "Reversing by a slice copies a list."),
            (f"{array}x[{k}:] = {new}{asked}", "One number is written to every place of an array's slice."),
            (f"{listed}x[{k}:] = [{new}]\nlen(x)", f"A list's slice is replaced by one item: {k} + 1 are left."),
            (f"{listed}x[{k}:] = {new}\nlen(x)", "A list's slice takes a sequence, not a number: TypeError."),
            (f"x = [[0] * 2] * {n}\nx[0][0] = {new}\nx[1][0]", f"The list holds {n} times the very same row."),
            (f"x = np.zeros(({n}, 2), dtype=int)\nx[0][0] = {new}\nint(x[1, 0])", "Every row has memory of its own."),
            (f"x = [[1, 2], [3, 4]]\ny = x[:]\ny[0][0] = {new}\nx[0][0]", "Copied are the references, not the rows."),
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
            (f"[{a}, {b}]", "Python ints become int64."),
            (f"[{a}, {b}.5]", "One float makes all of them float64."),
            (f"[{a}.0, {b}.5]", "Python floats become float64."),
            ("[True, False]", "Python bools become bool."),
            (f"[True, {a}]", "Among ints a bool becomes an int."),
            (f"[True, {a}.5]", "Among floats a bool becomes a float."),
            (f"[{a}, {b}j]", "One complex number makes all of them complex128."),
            ("[]", "Without items there is nothing to go by: float64."),
        ],
        [
            (f"[{a}, None]", "None is no number, so only object holds both."),
            (f"['{word}', 'on']", f"Texts get the width of the longest: {len(word)}."),
            (f"[{a}, np.nan]", "NaN is a float."),
            (f"[[{a}, {b}], [{a}]]", "Rows of different lengths make no array: ValueError since NumPy 1.24."),
            (f"[[{a}, {b}], [{a}, {b}.5]]", "One float in any row makes all of them float64."),
            ("[2**63]", "Too large for int64, and it just fits into uint64."),
            ("[2**64]", "Too large for any integer dtype: Python objects."),
            ("[2**62, -1]", "Both fit into int64."),
            (f"[np.float32({a}), np.float32({b})]", "NumPy's own numbers keep their dtype."),
            (f"[np.float32({a}), {b}.0]", "In a list a Python float counts as float64, NEP 50 or not."),
            (f"[np.int8({a}), np.int8({b})]", "NumPy's own numbers keep their dtype."),
            (f"[np.int8({a}), np.uint8({b})]", "int16 is the smallest that holds both."),
            (f"[{{}}, {a}]", "A dict is no number: Python objects."),
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
            (f"x = [{a}, {b}]\nx.append({c})\nlen(x)", "append makes a list one item longer."),
            (f"{array}x.append({c})", "An array has a fixed size and no append: AttributeError."),
            (f"{array}x[0] = {c}.7\nint(x[0])", f"The array holds ints: {c}.7 is cut off to {c}."),
            (f"x = [{a}, {b}]\nx[0] = {c}.7\nx[0]", "A list takes any object."),
            (f"x = [{a}, {b}]\nx[0] = 'one'\nx[0]", "A list takes any object."),
            (f"{array}x[0] = 'one'\nx.tolist()", "The text is no int: ValueError."),
            (f"{array}type(x[0]).__name__", "Elements come out as NumPy's own numbers."),
            (f"{array}type(x.tolist()[0]).__name__", "tolist makes Python's own numbers."),
            (f"x = [[{a}, {b}], [{c}, 0]]\nx[0, 1]", "A list takes one index or slice, no tuple: TypeError."),
            (f"x = np.array([[{a}, {b}], [{c}, 0]])\nint(x[0, 1])", "Row 0, column 1."),
        ],
        [
            (f"{array}y = np.append(x, {c})\nlen(x)", "np.append copies into a longer array and leaves x alone."),
            (f"{array}len(np.append(x, {c}))", "np.append returns a new array, one element longer."),
            (f"{array}type(list(x)[0]).__name__", "list walks through the array and keeps NumPy's numbers."),
            (f"{array}type(x.sum()).__name__", "A sum of int64 is NumPy's int64."),
            (f"{array}type(x.item(0)).__name__", "item makes a Python number."),
            (f"{array}x[[0, 1]].tolist()", "An array takes a list of indices."),
            (f"x = [{a}, {b}]\nx[[0, 1]]", "A list takes no list of indices: TypeError."),
            (
                f"x = np.array([{a}, {b}], dtype='uint8')\nx[0] = 256\nint(x[0])",
                "NumPy 2 refuses a Python int that does not fit.",
            ),
            (f"x = np.array([{a}, {b}], dtype='uint8')\nint((x + 255)[0])", f"uint8 wraps round: {a} + 255 - 256."),
            ("x = [200]\nx[0] + 100", "Python ints grow as needed."),
            ("x = np.array([200], dtype='uint8')\nint((x + 100)[0])", "uint8 wraps round at 256."),
            (f"x = np.array(['ab', 'c'])\nx[1] = 'long{a}'\nstr(x[1])", "The dtype is <U2: what is longer is cut off."),
            (f"x = np.array([[{a}, {b}], [{c}, 0]])\nlen(x)", "len counts the rows."),
            (f"{array}bool({c} in x)", "`in` compares with every element, as for a list."),
            (f"{array}del x[0]\nlen(x)", "An array cannot lose an element: ValueError."),
            (f"hash(np.array([{a}, {b}]))", "Like a list, an array may change and has no hash: TypeError."),
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
            (f"np.array([[0] * {m}] * {n}).shape", f"{n} lists of {m} items: {n} rows, {m} columns."),
            (f"len([[0] * {m}] * {n})", f"The outer list has {n} items."),
            (f"np.array([[0] * {m}] * {n}).size", f"{n} * {m} elements."),
            (f"np.array([True] * {n}).nbytes", "A bool takes a whole byte."),
        ],
        [
            (f"np.array([None] * {n}).nbytes", f"{n} pointers of 8 bytes; the objects lie elsewhere."),
            (f"np.array(['{'x' * m}'] * {n}).nbytes", f"{n} texts of {m} characters of 4 bytes."),
            (f"np.array(['{'x' * m}', 'y']).itemsize", f"Every element has room for the longest: {m} * 4 bytes."),
            (f"np.array([b'{'x' * m}', b'y']).itemsize", f"Every element has room for the longest: {m} bytes."),
            (f"np.array([[0] * {m}] * {n}, dtype={dtype!r}).strides", f"{m} times {each} to the next row."),
            (f"np.array([[[0] * 2] * {m}] * {n}).ndim", "Three levels of lists, three axes."),
            (f"np.array([[]] * {n}).shape", f"{n} rows without items."),
            (f"np.array([np.zeros({m})] * {n}).shape", f"A list of {n} arrays becomes {n} rows, copied."),
            (f"np.array([(1, 2)] * {n}).shape", "Tuples nest like lists."),
            (f"np.array(range({n})).shape", "A range is a sequence, too."),
            (f"np.array({{1, {n + 1}}}).shape", "A set is no sequence: it becomes one object, 0-d."),
            (f"np.array(k for k in range({n})).shape", "A generator is no sequence: it becomes one object, 0-d."),
            (f"np.array({{'a': {n}}}).shape", "A dict is no sequence: it becomes one object, 0-d."),
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
    race("twice each of them", lambda: [2 * v for v in numbers], lambda: 2 * array)
    race("sum", lambda: sum(numbers), lambda: array.sum())
    race("largest", lambda: max(numbers), lambda: array.max())
    race("slice of a half", lambda: numbers[: n // 2], lambda: array[: n // 2], 20)
    race("one element after another", lambda: [v for v in numbers], lambda: [v for v in array])
    race("one element", lambda: numbers[7], lambda: array[7], 1000)
    few, short = numbers[:4], array[:4]
    race("sum of four", lambda: sum(few), lambda: short.sum(), 1000)
    grown = list(few)
    race("append one to ten thousand", lambda: grown.append(1.0), lambda: np.append(array[:10_000], 1.0), 100)
    listed = sys.getsizeof(numbers) + sum(map(sys.getsizeof, numbers))
    print(f"bytes an element: list {listed / n:.1f}, array {array.nbytes / n:.1f}")


QUESTION = Question(
    kinds=["predict", "explain"],
    difficulty="easy",
    topics=["Data Structures"],
    companies=["Google", "Amazon", "Microsoft"],
    asked=["T2"],
    entry_points=[],
    levels=[],
    explanation="""\
A list is a row of pointers, each to a Python object of any type. An array is one block of numbers of one dtype, with a
shape.

**Memory.** A float in a list takes 32 bytes, 8 for the pointer and 24 for the object; in an array 8.

**Speed.** `2 * x` looks at the type once and runs compiled code over neighbouring numbers. A loop over a list looks at
each object. For a few elements, or one by one, lists win: NumPy has a fixed cost for each call, and makes an object for
each element handed out.

**Operators.** Lists join and repeat, arrays compute.

>>> [1, 2] * 2, (np.array([1, 2]) * 2).tolist()
([1, 2, 1, 2], [2, 4])

**Slices.** A list's slice is a new list; an array's is a view.

>>> x, y = [1, 2, 3], np.array([1, 2, 3])
>>> x[1:][0] = y[1:][0] = 9
>>> x, y.tolist()
([1, 2, 3], [1, 9, 3])

**Types.** Mixed items are promoted: with a float all are floats, with None all are objects. What is
written is cast: 2.7 into ints becomes 2. Since NumPy 2 a Python int that does not fit
raises OverflowError; ragged rows have raised ValueError since 1.24.

**Size.** A list grows in place, cheaply. An array cannot: `np.append` copies everything, so collect in a list and
convert once.

Use lists for few, growing or mixed items, arrays for numbers that are worked on together.
""",
    points=[
        "A list holds pointers to objects of any type; an array is one block of elements of one dtype.",
        "Memory: about 32 bytes a float in a list, 8 in an array, and neighbours lie together.",
        "+ and * join and repeat lists; on arrays they compute element by element, with broadcasting.",
        "Slicing copies a list, but makes a view of an array.",
        "Mixed items are promoted to one dtype; fixed-width integers can wrap round, Python ints cannot.",
        "Lists grow cheaply; np.append copies the whole array each time.",
        "Lists are quicker for a few elements and for access one by one.",
        "Nested lists may be ragged or share rows; an array has a shape, and axes to index and reduce along.",
    ],
    follow_ups={
        "And array.array from the standard library?": "One type and compact like NumPy's arrays, but without "
        "arithmetic, and with one axis; NumPy can show its memory through the buffer protocol.",
        "Is an object array a way to have both?": "Hardly: pointers as in a list, and Python's speed.",
        "How do you turn one into the other?": "np.array(list) copies in; x.tolist() gives Python numbers, list(x) "
        "NumPy's.",
    },
    related=["why-numpy", "growing-arrays", "copy-or-view", "memory-footprint", "create-arrays"],
    links=[
        "https://numpy.org/doc/stable/user/whatisnumpy.html",
        "https://numpy.org/doc/stable/user/absolute_beginners.html",
        "https://numpy.org/doc/stable/user/basics.copies.html",
    ],
    live=show_race,
)
