"""The sandbox recreates a call's arguments as they are on the judge's side, and detects every change to them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ndojo.calls.call import prepare_call, recording_warnings, run_case
from ndojo.calls.outcome import Outcome, read_outcome
from ndojo.calls.pack import owner_of, pack_case
from ndojo.calls.wire.values import Masked, NewArray, ViewOfInput
from ndojo.checks.decode import plain
from ndojo.checks.suite import ReferenceRunner  # noqa: F401  (teaches the writer expressions and files)
from ndojo.question.sources.layouts import LAYOUTS, with_layout
from ndojo.question.values import Expression, ScratchFile


def called(function: Callable[..., Any], *args: Any, folder: str = "", **kwargs: Any) -> Outcome:
    with recording_warnings() as warned:
        return read_outcome(run_case({"f": function}, pack_case("f", args, kwargs), folder, warned))


def crossed(*args: Any) -> tuple[Any, ...]:
    return prepare_call(pack_case("f", args, {}), None).args


def looks(array: np.ndarray) -> tuple[Any, ...]:
    flags = array.flags
    return (
        array.shape, array.dtype, array.strides, flags.writeable, flags.aligned, flags.owndata, flags.c_contiguous,
        flags.f_contiguous,
    )  # fmt: skip


def permuted() -> np.ndarray:
    """Return an array that owns its memory and is in neither C nor Fortran order."""
    array = np.arange(24.0).reshape(2, 3, 4).transpose(1, 0, 2).copy(order="K")
    assert array.flags.owndata and not array.flags.c_contiguous and not array.flags.f_contiguous
    return array


def read_only() -> np.ndarray:
    array = np.arange(3.0)
    array.flags.writeable = False
    return array


ARRAYS: dict[str, Callable[[], np.ndarray]] = {
    "owned": lambda: np.arange(6.0).reshape(2, 3).copy(),
    "owned, Fortran order": lambda: np.asfortranarray(np.arange(6.0).reshape(2, 3)).copy(order="F"),
    "owned, permuted": permuted,
    "owned, of no dimension": lambda: np.array(3.0),
    "owned, empty": lambda: np.zeros((0, 3)),
    "reshaped view": lambda: np.arange(6.0).reshape(2, 3),
    "transposed view": lambda: np.arange(6.0).reshape(2, 3).T,
    "every second": lambda: np.arange(8.0)[1::2],
    "backwards": lambda: np.arange(8.0)[::-3],
    "column": lambda: np.arange(6.0).reshape(2, 3)[:, 1:2],
    "empty view": lambda: np.arange(6.0)[3:3],
    "read-only": read_only,
    "broadcast": lambda: np.broadcast_to(np.arange(3.0), (4, 3)),
    "windows": lambda: np.lib.stride_tricks.sliding_window_view(np.arange(5.0), 2),
    "windows that may be written": lambda: np.lib.stride_tricks.sliding_window_view(np.arange(5.0), 2, writeable=True),
    "bytes": lambda: np.frombuffer(b"abcdefgh", np.uint8)[::-2],
    "unaligned": lambda: with_layout(np.arange(3.0), "unaligned"),
    "part of a structure": lambda: np.zeros(3, [("a", "i1"), ("b", "f8")])["b"],
    "view of a permuted one": lambda: permuted()[1:, :, ::2],
    "other byte order": lambda: np.arange(3, dtype=">i4"),
    "texts": lambda: np.array(["a", "bcd"])[::-1],
    "dates": lambda: np.array(["2024-01-01", "NaT"], dtype="M8[D]"),
}


@pytest.mark.parametrize("name", ARRAYS)
def test_array_lies_there_as_it_lies_here(name: str) -> None:
    """The sandbox receives the same values, strides and flags."""
    array = ARRAYS[name]()
    (got,) = crossed(array)
    assert looks(got) == looks(array)
    assert got.tobytes() == array.tobytes()


@pytest.mark.parametrize("name", [name for name in ARRAYS if name not in ("bytes", "windows")])
def test_owner_of_the_memory_is_the_same_there(name: str) -> None:
    """Following `base` leads to an array of the same shape and dtype."""
    array = ARRAYS[name]()
    (got,) = crossed(array)
    assert (owner_of(got).shape, owner_of(got).dtype) == (owner_of(array).shape, owner_of(array).dtype)


@given(
    shape=st.lists(st.integers(0, 4), max_size=3),
    layout=st.sampled_from(LAYOUTS),
    dtype=st.sampled_from(["f8", "i2", "c8", "?", "U3", ">u4"]),
)
@settings(deadline=None, max_examples=150)
def test_every_layout_that_is_drawn_crosses(shape: list[int], layout: str, dtype: str) -> None:
    array = with_layout(np.arange(np.prod(shape, dtype=int)).astype(dtype).reshape(shape), layout)
    (got,) = crossed(array)
    assert looks(got) == looks(array)
    assert np.array_equal(got, array)


def test_same_array_twice_is_one_object_there() -> None:
    x = np.arange(3.0)
    one, other = crossed(x, x)
    assert one is other


def test_equal_arrays_stay_two_objects() -> None:
    one, other = crossed(np.arange(3.0), np.arange(3.0))
    assert not np.shares_memory(one, other)


@pytest.mark.parametrize(
    "pair",
    [
        lambda m: (m[:-1], m[1:]), lambda m: (m, m[::-1]), lambda m: (m[::2], m[1::2]), lambda m: (m[2:], m),
        lambda m: (m[:4].reshape(2, 2), m[2:]),
    ],
)  # fmt: skip
def test_overlapping_inputs_overlap_alike(pair: Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]]) -> None:
    """The distance between their addresses is the same on both sides."""
    one, other = pair(np.arange(8.0))
    got_one, got_other = crossed(one, other)
    assert np.shares_memory(got_one, got_other) == np.shares_memory(one, other)
    assert got_one.ctypes.data - got_other.ctypes.data == one.ctypes.data - other.ctypes.data


def test_arrays_in_containers_share_memory_too() -> None:
    x = np.arange(4.0)
    play = prepare_call(pack_case("f", ([x, {"a": x[1:]}],), {"y": x}), None)
    assert play.args[0][0] is play.kwargs["y"]
    assert np.shares_memory(play.args[0][1]["a"], play.kwargs["y"])


def test_masked_array_crosses_with_its_memory() -> None:
    masked = np.ma.array([1.0, 2.0], mask=[True, False], fill_value=9)
    (got,) = crossed(masked)
    assert isinstance(got, np.ma.MaskedArray)
    assert (got.data.tolist(), got.mask.tolist(), got.fill_value) == ([1.0, 2.0], [True, False], 9.0)


def test_generator_goes_on_where_it_stood() -> None:
    rng = np.random.default_rng(5)
    rng.random(3)
    (got,) = crossed(rng)
    assert got.random() == rng.random()


def test_expression_is_made_again_for_every_call() -> None:
    packed = pack_case("f", (Expression("itertools.count(3)"), Expression("lambda v: math.sqrt(v)")), {})
    for _ in range(2):
        count, root = prepare_call(packed, None).args
        assert (next(count), root(9)) == (3, 3.0)


def test_files_are_made_for_a_call_and_for_no_other_reason(tmp_path: Path) -> None:
    """Reading a case creates no files."""
    packed = pack_case("f", (ScratchFile("a.txt", b"hi"), ScratchFile("b.txt")), {})
    there, absent = prepare_call(packed, str(tmp_path / "1")).args
    assert Path(there).read_bytes() == b"hi"
    assert not Path(absent).exists()
    assert prepare_call(packed, None).args == ("a.txt", "b.txt")
    assert [path.name for path in tmp_path.iterdir()] == ["1"]


# ------------------------------------------------------------------------------------------------------------ results


def x() -> np.ndarray:
    return np.arange(6.0).reshape(2, 3).copy()


@pytest.mark.parametrize(
    ("function", "item"),
    [
        (lambda x: x, 0), (lambda x: x[:], -1), (lambda x: x.T, -1), (lambda x: x[1, ::-1], -1),
        (lambda x: x.view("u1"), -1), (lambda x: x[:0], -1), (lambda x: np.broadcast_to(x[0, :1], (9, 9)), -1),
        (lambda x: np.lib.stride_tricks.sliding_window_view(x, 2, axis=1), -1), (lambda x: x.ravel(), -1),
        (lambda x: np.asarray(memoryview(x)), -1),
    ],
)  # fmt: skip
def test_view_is_described_as_a_view(function: Callable[[np.ndarray], np.ndarray], item: int) -> None:
    """If the result is an argument itself, its number is sent. Values come from the judge's memory."""
    outcome = called(function, x())
    assert isinstance(outcome.value, ViewOfInput)
    assert (outcome.value.root, outcome.value.item) == (0, item)
    got = plain(outcome.value, [np.frombuffer(x().tobytes(), np.uint8)])
    assert np.array_equal(got, function(x()))
    assert outcome.value.writeable == function(x()).flags.writeable


@pytest.mark.parametrize(
    "function",
    [lambda x: x + 0, lambda x: x.copy(), lambda x: x.flatten(), lambda x: x[[0, 1]], lambda x: np.zeros(3), np.sort],
)
def test_memory_of_its_own_is_described_as_such(function: Callable[[np.ndarray], np.ndarray]) -> None:
    outcome = called(function, x())
    assert isinstance(outcome.value, NewArray)
    assert np.array_equal(outcome.value.array, function(x()))


def test_each_part_of_a_result_is_described_for_itself() -> None:
    outcome = called(lambda x: (x, [x[0], {"k": x + 1}], np.ma.array(x[1], mask=True)), x())
    whole, (row, rest), masked = outcome.value
    assert (type(whole), type(row), type(rest["k"]), type(masked)) == (ViewOfInput, ViewOfInput, NewArray, Masked)
    assert isinstance(masked.data, ViewOfInput)


def set_shape(x: np.ndarray) -> None:
    x.shape = (6,)


def set_dtype(x: np.ndarray) -> None:
    x.dtype = np.int64


def set_flag(x: np.ndarray) -> None:
    x.flags.writeable = False


def set_strides(x: np.ndarray) -> None:
    np.lib.stride_tricks.as_strided(x)[0, 0] = 5.0


@pytest.mark.parametrize(
    "function", [lambda x: x.fill(1), lambda x: x.sort(), lambda x: x.T[2].put(0, -1.0), set_strides,
                 lambda x: np.add(x, 1, out=x), lambda x: x.partition(0) or x.itemset if x[0, 0] else x.fill(9)]
)  # fmt: skip
def test_written_element_is_noticed(function: Callable[[np.ndarray], Any]) -> None:
    start = np.array([[3.0, 1.0, 2.0], [0.0, 5.0, 4.0]])
    assert list(called(function, start).changed) == [0]


def test_element_that_is_put_back_is_no_change() -> None:
    def there_and_back(x: np.ndarray) -> None:
        x += 1
        x -= 1

    outcome = called(there_and_back, x())
    assert not outcome.changed and not outcome.altered


@pytest.mark.parametrize("function", [set_shape, set_dtype, set_flag])
def test_argument_made_to_look_otherwise_is_noticed(function: Callable[[np.ndarray], None]) -> None:
    """A changed shape, dtype or flag is detected even if no element differs."""
    outcome = called(function, x())
    assert outcome.altered and not outcome.changed


@pytest.mark.parametrize(
    ("function", "argument"),
    [
        (lambda v: v.append(1), [1]), (lambda v: v[0].append(1), [[1]]), (lambda v: v.pop("a"), {"a": 1}),
        (lambda v: v.update(a=2), {"a": 1}), (lambda v: v.add(3), {1}), (lambda v: v[0].append(1), ([],)),
        (lambda v: v.reverse(), [1, 2]), (lambda v: v.__setitem__(0, np.zeros(2)), [np.zeros(2)]),
        (lambda v: v.__setitem__(0, "y"), np.array(["x", None], dtype=object)),
        (lambda v: v[0].append(1), np.array([[], None], dtype=object)),
        (lambda v: v.__setitem__(0, "y"), np.array(["x"], dtype=np.dtypes.StringDType())),
        (lambda v: v.mask.__setitem__(0, True), np.ma.array([1, 2], mask=[False, True])),
    ],
)  # fmt: skip
def test_changed_container_is_noticed(function: Callable[[Any], Any], argument: Any) -> None:
    """Lists, dicts, sets, their contents, object arrays, and a mask."""
    assert called(function, argument).altered
    assert not called(lambda v: None, argument).altered


def test_masked_data_written_through_is_noticed() -> None:
    outcome = called(lambda v: v.data.fill(3), np.ma.array([1, 2], mask=[False, True]))
    assert outcome.changed


def test_container_is_watched_though_a_generator_is_used() -> None:
    """Using a generator changes its state. That must not hide a changed list, and it does not count as a change."""
    assert called(lambda rng, v: (rng.random(), v.append(1)), np.random.default_rng(0), [1]).altered
    assert not called(lambda rng, v: rng.random(), np.random.default_rng(0), [1]).altered


def test_what_was_written_in_place_is_told() -> None:
    outcome = called(lambda x, out: np.copyto(out, x), np.arange(3.0), np.zeros(3))
    assert outcome.changed == {1: np.arange(3.0).tobytes()}


def test_view_of_a_changed_argument_shows_the_change() -> None:
    def negate(x: np.ndarray) -> np.ndarray:
        np.negative(x, out=x)
        return x[0]

    outcome = called(negate, x())
    now = [np.frombuffer(outcome.changed[0], np.uint8)]
    assert plain(outcome.value, now).tolist() == [0.0, -1.0, -2.0]


class Odd:
    def __repr__(self) -> str:
        raise ZeroDivisionError


class Liar(np.ndarray):
    @property
    def flags(self) -> Any:
        raise KeyError("no flags")


def test_results_that_cannot_be_looked_at_are_results_that_could_not_be_read() -> None:
    """An answer's own class may fail in any way when it is read."""
    assert "raised ZeroDivisionError" in called(lambda: Odd()).value.text
    assert "KeyError" in called(lambda: np.zeros(2).view(Liar)).unread
    assert called(lambda: np.broadcast_to(1, (10**6, 10**6))).unread.startswith("large: it has 8,000,000")


def test_exceptions_are_told_with_their_classes_and_message() -> None:
    class Mine(KeyError):
        def __str__(self) -> str:
            raise ValueError

    def raiser(problem: BaseException) -> Callable[[], None]:
        def raising() -> None:
            raise problem

        return raising

    assert called(raiser(IndexError("far"))).raised.classes[:3] == ("IndexError", "LookupError", "Exception")
    assert called(raiser(IndexError("far"))).raised.message == "far"
    assert called(raiser(Mine())).raised.message == "<its message raised ValueError>"
    assert called(raiser(SystemExit(0))).raised.name == "SystemExit"
    assert called(raiser(KeyboardInterrupt())).raised.name == "KeyboardInterrupt"
    assert len(called(raiser(ValueError("x" * 10**6))).raised.message) == 2000


def test_warnings_are_told_even_if_given_before() -> None:
    for _ in range(2):
        assert called(lambda x: x / 0, np.ones(2)).warned[0][0] == "RuntimeWarning"
