"""What a level demands. Each requirement is a record; `ndojo.judge` knows how to check it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Requirement:
    """One demand of a level.

    `name` is what a finding calls it; `code` is the verdict's code where it is not met.
    """

    @property
    def name(self) -> str:
        raise NotImplementedError

    @property
    def code(self) -> str:
        raise NotImplementedError


def _named(name: str, code: str) -> Any:
    """A class decorator that fixes a requirement's name and code."""

    def fix(cls: type[Requirement]) -> type[Requirement]:
        cls.name = property(lambda self: name)  # type: ignore[assignment]
        cls.code = property(lambda self: code)  # type: ignore[assignment]
        return cls

    return fix


# ----------------------------------------------------------------------------------------------- judged on every case


@_named("correct", "WA")
@dataclass(frozen=True)
class Correct(Requirement):
    """Returns or raises what the prompt says, on every input that it allows; always part of level 1."""


@_named("inputs untouched", "IM")
@dataclass(frozen=True)
class Untouched(Requirement):
    """Leaves every argument as it was, but those that the prompt gives to be written; always part of level 1."""


@_named("correct on more", "WA")
@dataclass(frozen=True)
class CorrectOn(Requirement):
    """Correct on inputs that go beyond those of level 1; `entry` says which, for a function of level 1."""

    entry: Any


@_named("no warnings", "RE")
@dataclass(frozen=True)
class NoWarnings(Requirement):
    """Lets no warning escape."""


@_named("a view is returned", "VW")
@dataclass(frozen=True)
class ViewOf(Requirement):
    """Every array in the result lies in the memory of the argument `parameter`."""

    parameter: str
    writeable: bool | None


@_named("memory of its own", "VW")
@dataclass(frozen=True)
class OwnMemory(Requirement):
    """No array in the result lies in the memory of an argument."""


@_named("copies only where it must", "VW")
@dataclass(frozen=True)
class SharesAsReference(Requirement):
    """The result shares memory with an argument exactly where the reference's does."""


@_named("allowed means", "NA")
@dataclass(frozen=True)
class Without(Requirement):
    """Solved without these NumPy functions, given by their dotted names."""

    functions: tuple[str, ...]


# ------------------------------------------------------------------------------------------------- judged on its own


@_named("only the given generator", "WA")
@dataclass(frozen=True)
class OnlyGenerator(Requirement):
    """All randomness comes from the Generator `parameter`: same state, same result; other state, other result."""

    parameter: str


@_named("the right distribution", "WA")
@dataclass(frozen=True)
class Distribution(Requirement):
    """Many results fall into cells with the given chances; see `distribution`."""

    claim: str
    play: Callable[..., Any]
    given: Mapping[str, Any]
    cells: Callable[[Any], Any]
    chances: tuple[float, ...]


# ------------------------------------------------------------------------------------------------------ measurements


@dataclass(frozen=True)
class Needs:
    """The least that any answer must do, by the inputs: bytes read and written, additions and multiplications."""

    bytes: Callable[..., float] | None = None
    operations: Callable[..., float] | None = None


def needs(*, bytes: Callable[..., float] | None = None, operations: Callable[..., float] | None = None) -> Needs:
    """The least that any answer must do, from which the verdict says what share of the machine's limit it reaches.

    Parameters
    ----------
    bytes : callable, optional
        From the inputs to the bytes that must be read and written: ``bytes=lambda x: 2 * x.nbytes``.
    operations : callable, optional
        From the inputs to the additions and multiplications: ``operations=lambda A, B: 2 * A.size * B.shape[1]``.
    """
    return Needs(bytes, operations)


@_named("faster than the naive", "TL")
@dataclass(frozen=True)
class FasterThan(Requirement):
    """At least `times` as fast as `naive` on the inputs that `at` makes; `needs` is the least that must be done."""

    naive: Callable[..., Any]
    times: float
    at: Callable[..., Mapping[str, Any]]
    needs: Needs | None = None


@_named("no Python loop", "TL")
@dataclass(frozen=True)
class NoPythonLoop(Requirement):
    """The number of executed Python instructions does not grow with the input's size."""

    at: Callable[..., Mapping[str, Any]]


@_named("growth", "TL")
@dataclass(frozen=True)
class Grows(Requirement):
    """Time grows at most like size to the power `power`."""

    power: float
    at: Callable[..., Mapping[str, Any]]


@_named("peak memory", "ML")
@dataclass(frozen=True)
class PeakMemory(Requirement):
    """Allocates at most `inputs` times the inputs' bytes, `outputs` times the result's and `extra` bytes at a time."""

    at: Callable[..., Mapping[str, Any]]
    inputs: float
    outputs: float
    extra: int


MEASURED = (FasterThan, NoPythonLoop, Grows, PeakMemory)
"""The requirements that are measured."""

CORRECT = Correct()
UNTOUCHED = Untouched()


def right_on(entry: Any) -> CorrectOn:
    """Right on more than level 1 asks for: a stack of matrices, any axis, any length.

    Parameters
    ----------
    entry : Entry
        The function again, with the wider inputs.
    """
    return CorrectOn(entry)


def no_warnings() -> NoWarnings:
    """Lets no warning escape."""
    return NoWarnings()


def view_of(parameter: str, *, writeable: bool | None = None) -> ViewOf:
    """Every array in the result is a view of the argument `parameter`; with `writeable`, also so flagged."""
    return ViewOf(parameter, writeable)


def own_memory() -> OwnMemory:
    """Nothing in the result shares memory with an argument."""
    return OwnMemory()


def shares_as_reference() -> SharesAsReference:
    """A copy where the reference copies, a view where it does not, the very object where it returns that."""
    return SharesAsReference()


def without(*functions: str) -> Without:
    """Solved without these NumPy functions: ``without("np.kron")``."""
    return Without(functions)


def only_generator(parameter: str = "rng") -> OnlyGenerator:
    """All randomness comes from the Generator that is passed as `parameter`."""
    return OnlyGenerator(parameter)


def distribution(
    claim: str,
    play: Callable[..., Any],
    *,
    cells: Callable[[Any], Any],
    chances: Sequence[float],
    **given: Any,
) -> Distribution:
    """Results are distributed as the prompt says; a chi-square test over many draws.

    Parameters
    ----------
    claim : str
        What must hold, as a sentence for the learner.
    play : callable
        Runs inside the sandbox: gets the entry points that its first parameters name, ``rng`` and `given`, and returns
        all draws as one array. Like a scenario it may use ``np`` and its parameters only.
    cells : callable
        From what `play` returned to the cell of each draw, int, shape (draws,).
    chances : sequence of float
        The probability of each cell; they add up to 1.
    **given
        Further arguments of `play`.
    """
    return Distribution(claim, play, dict(given), cells, tuple(chances))


def faster_than(
    naive: Callable[..., Any], times: float, at: Callable[..., Mapping[str, Any]], *, needs: Needs | None = None
) -> FasterThan:
    """At least `times` as fast as the slower right answer `naive`, on inputs that ``at(rng)`` makes.

    Parameters
    ----------
    naive : callable
        A right answer of the question file. One call of it takes 1 to 5 milliseconds on these inputs, or judging
        takes long.
    times : float
        The bar: 1.5 times away from every known answer, at least.
    at : callable
        Makes fresh inputs; they had better fit the processor's cache.
    needs : Needs, optional
        See `needs`.
    """
    return FasterThan(naive, times, at, needs)


def no_python_loop(at: Callable[..., Mapping[str, Any]]) -> NoPythonLoop:
    """No loop in Python over the data, on inputs that ``at(rng, n)`` makes at growing n."""
    return NoPythonLoop(at)


def grows(power: float, at: Callable[..., Mapping[str, Any]]) -> Grows:
    """Time grows at most like n to the `power`, on inputs that ``at(rng, n)`` makes."""
    return Grows(power, at)


def peak_memory(
    at: Callable[..., Mapping[str, Any]], *, inputs: float = 0, outputs: float = 0, extra: int = 1 << 16
) -> PeakMemory:
    """A budget of newly allocated bytes, in multiples of the inputs or the result, on inputs that ``at(rng)`` makes."""
    return PeakMemory(at, inputs, outputs, extra)


def allocates_nothing(at: Callable[..., Mapping[str, Any]]) -> PeakMemory:
    """Allocates no array: at most 4 KiB at a time, for NumPy's own views and scalars."""
    return PeakMemory(at, 0, 0, 4096)


@dataclass(frozen=True)
class Level:
    """One step of a question: a name, what it asks beyond the step before, and how that is checked.

    Parameters
    ----------
    name : str
        Level 1 is always called ``"right"``.
    asks : str
        The follow-up as an interviewer would say it.
    requirements : tuple of Requirement
    """

    name: str
    asks: str
    requirements: tuple[Requirement, ...] = field(default=())

    def __init__(self, name: str, asks: str = "", *requirements: Requirement) -> None:
        object.__setattr__(self, "name", name)
        object.__setattr__(self, "asks", asks)
        object.__setattr__(self, "requirements", requirements)
