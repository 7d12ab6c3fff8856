"""The requirements of a level, as records. `ndojo.judge` checks them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Requirement:
    """One requirement of a level.

    `name` is what a finding calls it. `code` is the verdict's code if the answer does not meet it.
    """

    @property
    def name(self) -> str:
        raise NotImplementedError

    @property
    def code(self) -> str:
        raise NotImplementedError


def _named(name: str, code: str) -> Any:
    """Return a class decorator that sets the name and code of a requirement."""

    def fix(cls: type[Requirement]) -> type[Requirement]:
        cls.name = property(lambda self: name)  # type: ignore[assignment]
        cls.code = property(lambda self: code)  # type: ignore[assignment]
        return cls

    return fix


# ----------------------------------------------------------------------------------------------- judged on every case


@_named("correct", "WA")
@dataclass(frozen=True)
class Correct(Requirement):
    """Returns or raises what the prompt says, on every allowed input. Always part of level 1."""


@_named("inputs untouched", "IM")
@dataclass(frozen=True)
class Untouched(Requirement):
    """Leaves every argument unchanged, except those that the prompt says to change in place. Always part of level 1."""


@_named("correct on more", "WA")
@dataclass(frozen=True)
class CorrectOn(Requirement):
    """Correct on inputs beyond those of level 1. `entry` defines these inputs for an entry point of level 1."""

    entry: Any


@_named("no warnings", "RE")
@dataclass(frozen=True)
class NoWarnings(Requirement):
    """No warning is shown."""


@_named("a view is returned", "VW")
@dataclass(frozen=True)
class ViewOf(Requirement):
    """Every array in the result is a view of the argument `parameter`."""

    parameter: str
    writeable: bool | None


@_named("no shared memory", "VW")
@dataclass(frozen=True)
class OwnMemory(Requirement):
    """No array in the result shares memory with an argument."""


@_named("copies only if needed", "VW")
@dataclass(frozen=True)
class SharesAsReference(Requirement):
    """The result shares memory with an argument if and only if the reference's result does."""


@_named("allowed functions", "NA")
@dataclass(frozen=True)
class Without(Requirement):
    """The answer does not use these NumPy functions, given by their dotted names."""

    functions: tuple[str, ...]


# ------------------------------------------------------------------------------------------------- judged separately


@_named("only the given generator", "WA")
@dataclass(frozen=True)
class OnlyGenerator(Requirement):
    """All randomness comes from the Generator `parameter`: the result depends on its state, and only on that."""

    parameter: str


@_named("the right distribution", "WA")
@dataclass(frozen=True)
class Distribution(Requirement):
    """Many results fall into cells with the given probabilities; see `distribution`."""

    claim: str
    play: Callable[..., Any]
    given: Mapping[str, Any]
    cells: Callable[[Any], Any]
    chances: tuple[float, ...]


# ------------------------------------------------------------------------------------------------------ measurements


@dataclass(frozen=True)
class Needs:
    """The least work that any answer must do: bytes read and written, additions and multiplications."""

    bytes: Callable[..., float] | None = None
    operations: Callable[..., float] | None = None


def needs(*, bytes: Callable[..., float] | None = None, operations: Callable[..., float] | None = None) -> Needs:
    """Return the least work of any answer. The verdict uses it to show the share of peak memory bandwidth or compute.

    Parameters
    ----------
    bytes : callable, optional
        Returns the bytes that must be read and written, from the inputs: ``bytes=lambda x: 2 * x.nbytes``.
    operations : callable, optional
        Returns the number of additions and multiplications: ``operations=lambda A, B: 2 * A.size * B.shape[1]``.
    """
    return Needs(bytes, operations)


@_named("faster than the naive", "TL")
@dataclass(frozen=True)
class FasterThan(Requirement):
    """At least `times` faster than `naive` on the inputs that `at` creates. `needs` is the least work."""

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
    """The time grows at most in proportion to the size to the power `power`."""

    power: float
    at: Callable[..., Mapping[str, Any]]


@_named("peak memory", "ML")
@dataclass(frozen=True)
class PeakMemory(Requirement):
    """Peak allocation is at most `inputs` * input bytes + `outputs` * result bytes + `extra` bytes."""

    at: Callable[..., Mapping[str, Any]]
    inputs: float
    outputs: float
    extra: int


MEASURED = (FasterThan, NoPythonLoop, Grows, PeakMemory)
"""The requirements that are measured."""

CORRECT = Correct()
UNTOUCHED = Untouched()


def right_on(entry: Any) -> CorrectOn:
    """Require correct results on more inputs than level 1, such as a stack of matrices, any axis or any length.

    Parameters
    ----------
    entry : Entry
        The same function with the wider inputs.
    """
    return CorrectOn(entry)


def no_warnings() -> NoWarnings:
    """Require that no warning is shown."""
    return NoWarnings()


def view_of(parameter: str, *, writeable: bool | None = None) -> ViewOf:
    """Require that every array in the result is a view of the argument `parameter`.

    `writeable` also requires this value of the view's writeable flag.
    """
    return ViewOf(parameter, writeable)


def own_memory() -> OwnMemory:
    """Require that no array in the result shares memory with an argument."""
    return OwnMemory()


def shares_as_reference() -> SharesAsReference:
    """Require a copy if the reference returns a copy, a view if it returns a view, or the same object if it does."""
    return SharesAsReference()


def without(*functions: str) -> Without:
    """Forbid these NumPy functions: ``without("np.kron")``."""
    return Without(functions)


def only_generator(parameter: str = "rng") -> OnlyGenerator:
    """Require that all randomness comes from the Generator that is passed as `parameter`."""
    return OnlyGenerator(parameter)


def distribution(
    claim: str,
    play: Callable[..., Any],
    *,
    cells: Callable[[Any], Any],
    chances: Sequence[float],
    **given: Any,
) -> Distribution:
    """Require that results follow the distribution in the prompt, according to a chi-square test over many draws.

    Parameters
    ----------
    claim : str
        What must hold, as a sentence for the learner.
    play : callable
        Runs inside the sandbox. Its first parameters name entry points; the others are ``rng`` and `given`. It returns
        all draws as one array. Like a scenario, it may use only ``np``, ``math``, ``itertools`` and its parameters.
    cells : callable
        Maps the result of `play` to the cell of each draw, an int array of shape (draws,).
    chances : sequence of float
        The probability of each cell. They add up to 1.
    **given
        Further arguments of `play`.
    """
    return Distribution(claim, play, dict(given), cells, tuple(chances))


def faster_than(
    naive: Callable[..., Any], times: float, at: Callable[..., Mapping[str, Any]], *, needs: Needs | None = None
) -> FasterThan:
    """Require at least `times` the speed of the slower right answer `naive`, on inputs that ``at(rng)`` creates.

    Parameters
    ----------
    naive : callable
        A right answer from the question file. One call should take 1 to 5 ms on these inputs, because longer calls
        make judging slow.
    times : float
        The threshold. It must differ from the speed of every known answer by a factor of at least 1.5.
    at : callable
        Creates new inputs. They should fit in the processor's cache.
    needs : Needs, optional
        See `needs`.
    """
    return FasterThan(naive, times, at, needs)


def no_python_loop(at: Callable[..., Mapping[str, Any]]) -> NoPythonLoop:
    """Forbid Python loops over the data, on inputs that ``at(rng, n)`` creates for growing n."""
    return NoPythonLoop(at)


def grows(power: float, at: Callable[..., Mapping[str, Any]]) -> Grows:
    """Require that the time grows at most like n to the power `power`, on inputs that ``at(rng, n)`` creates."""
    return Grows(power, at)


def peak_memory(
    at: Callable[..., Mapping[str, Any]], *, inputs: float = 0, outputs: float = 0, extra: int = 1 << 16
) -> PeakMemory:
    """Limit newly allocated bytes, in multiples of the inputs or the result, on inputs that ``at(rng)`` creates."""
    return PeakMemory(at, inputs, outputs, extra)


def allocates_nothing(at: Callable[..., Mapping[str, Any]]) -> PeakMemory:
    """Require that no array is allocated. Up to 4 KiB is allowed for NumPy's views and scalars."""
    return PeakMemory(at, 0, 0, 4096)


@dataclass(frozen=True)
class Level:
    """One level of a question: its name, what it requires beyond the previous level, and how that is checked.

    Parameters
    ----------
    name : str
        Level 1 is always called ``"right"``.
    asks : str
        One sentence that states the new requirement with its number.
    requirements : tuple of Requirement
    """

    name: str
    asks: str
    requirements: tuple[Requirement, ...] = field(default=())

    def __init__(self, name: str, asks: str = "", *requirements: Requirement) -> None:
        object.__setattr__(self, "name", name)
        object.__setattr__(self, "asks", asks)
        object.__setattr__(self, "requirements", requirements)
