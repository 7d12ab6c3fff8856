"""Functions to write, and what they are called with: entry points, scenarios, cases, and how results are compared."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from ndojo.question.sources.base import Source

Function = Callable[..., Any]


@dataclass(frozen=True)
class Match:
    """How a result is held against the expected one; see `matches`."""

    rtol: float | None = None
    atol: float | None = None
    scale: Function | None = None
    dtype: str = "exact"
    signed_zeros: bool = False
    check: Function | None = None


def matches(
    *,
    rtol: float | None = None,
    atol: float | None = None,
    scale: Function | None = None,
    dtype: str = "exact",
    signed_zeros: bool = False,
    check: Function | None = None,
) -> Match:
    """How results are compared, where the default does not fit.

    The default: same type, shape and dtype; NaN and infinities in the same places; integers, booleans and texts equal;
    floats within a tolerance that follows the dtype, the number of elements and the largest expected magnitude.

    Parameters
    ----------
    rtol, atol : float, optional
        Fixed tolerances for floats instead.
    scale : callable, optional
        From the inputs to the magnitude that rounding errors are measured by, for sums that cancel:
        ``scale=lambda x: np.abs(x).sum()``.
    dtype : {"exact", "kind", "any"}
        Whether the dtype must be the same, of the same kind (any float for a float), or may be any.
    signed_zeros : bool
        Whether 0.0 and -0.0 differ.
    check : callable, optional
        Judges in place of the comparison, where many results are right: ``check(result, expected, **inputs)`` returns
        None, or a sentence that says what is wrong.
    """
    return Match(rtol, atol, scale, dtype, signed_zeros, check)


@dataclass(frozen=True)
class Case:
    """One set of inputs, and the exception that it must raise, if any."""

    inputs: Mapping[str, Any]
    error: type[BaseException] | None = None


def case(**inputs: Any) -> Case:
    """Inputs that are always tried, besides those that are drawn."""
    return Case(inputs)


def raises(error: type[BaseException], **inputs: Any) -> Case:
    """Inputs for which `error`, or a subclass of it, must be raised."""
    return Case(inputs, error)


@dataclass(frozen=True)
class Entry:
    """A function to write, and what it is called with.

    Parameters
    ----------
    reference : callable
        The right answer: its docstring is the prompt, its signature the starter.
    inputs : mapping of str to Source
        One for each parameter, in an order in which each may refer to those before it.
    dims : mapping of str to (int, int), optional
        Least and largest length of named dimensions; 0 to 40 unless said.
    where : callable, optional
        Whether the prompt allows these inputs together.
    cases : sequence of Case
        Always tried; for refusals see `raises`.
    in_place : sequence of str
        Parameters that the prompt gives to be written.
    result : Match
    starter : callable, optional
        What the learner starts from, where it is not an empty function: a broken one to repair.
    uses : tuple of str
        For a scenario: the entry points that it gets as its first arguments.
    """

    reference: Function
    inputs: Mapping[str, Source]
    dims: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    where: Function | None = None
    cases: Sequence[Case] = ()
    in_place: Sequence[str] = ()
    result: Match = Match()
    starter: Function | None = None
    uses: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return self.reference.__name__

    @cached_property
    def parameters(self) -> dict[str, inspect.Parameter]:
        """The parameters that inputs are given for, by name, in the order of the call."""
        known = inspect.signature(self.reference).parameters
        return {name: parameter for name, parameter in known.items() if name not in self.uses}

    def arguments(self, inputs: Mapping[str, Any]) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """Inputs by name as a call's positional and keyword arguments; what is left out falls to its default."""
        args: list[Any] = []
        kwargs: dict[str, Any] = {}
        for name, parameter in self.parameters.items():
            if name not in inputs:
                continue
            if parameter.kind is parameter.VAR_POSITIONAL:
                args.extend(inputs[name])
            elif parameter.kind is parameter.VAR_KEYWORD:
                kwargs.update(inputs[name])
            elif parameter.kind is parameter.KEYWORD_ONLY or len(args) < list(self.parameters).index(name):
                kwargs[name] = inputs[name]
            else:
                args.append(inputs[name])
        return tuple(args), kwargs

    def allows(self, inputs: Mapping[str, Any]) -> bool:
        """Whether the prompt allows these inputs."""
        given: dict[str, Any] = {}
        for name, source in self.inputs.items():
            if name not in inputs:
                continue
            if not source.accepts(inputs[name], given):
                return False
            given[name] = inputs[name]
        sized = all(low <= given[dim] for dim, (low, _) in self.dims.items() if dim in given)
        return sized and self.fits_together(inputs)

    def fits_together(self, inputs: Mapping[str, Any]) -> bool:
        """Whether `where` holds; a `where` that cannot make sense of the inputs says no."""
        if self.where is None:
            return True
        try:
            defaults = {name: p.default for name, p in self.parameters.items() if p.default is not p.empty}
            return bool(self.where(**(defaults | dict(inputs))))
        except (TypeError, ValueError, IndexError, KeyError, AttributeError):
            return False


def Scenario(play: Function, inputs: Mapping[str, Source], **rest: Any) -> Entry:
    """A use of several entry points, or of what one returns: a round trip, a callable that is then called.

    Parameters
    ----------
    play : callable
        Its first parameters are named as entry points and get the answer's functions; the rest are inputs. It runs
        inside the sandbox from its source alone: it may use ``np``, ``math``, ``itertools`` and its parameters.
    inputs, **rest
        As in `Entry`.
    """
    names = [name for name in inspect.signature(play).parameters if name not in inputs]
    return Entry(play, inputs, uses=tuple(names), **rest)
