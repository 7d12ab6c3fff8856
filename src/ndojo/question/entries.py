"""Functions to write and their inputs: entry points, scenarios, cases, and how results are compared."""

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
    """How a result is compared with the expected one; see `matches`."""

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
    """Choose how results are compared, if the default does not fit.

    By default, type, shape and dtype must be the same, NaN and infinities must be at the same positions, and integers,
    booleans and strings must be equal. Floats have a tolerance that depends on the dtype, the number of elements
    and the largest expected magnitude.

    Parameters
    ----------
    rtol, atol : float, optional
        Fixed tolerances for floats, instead of the default.
    scale : callable, optional
        Returns the magnitude that rounding errors are relative to, from the inputs. Use it for sums that cancel:
        ``scale=lambda x: np.abs(x).sum()``.
    dtype : {"exact", "kind", "any"}
        Whether the dtype must be the same, must be of the same kind (any float dtype for a float), or may be any dtype.
    signed_zeros : bool
        Whether 0.0 and -0.0 count as different.
    check : callable, optional
        Replaces the comparison, for prompts with several right results. ``check(result, expected, **inputs)`` returns
        None, or a string that says what is wrong.
    """
    return Match(rtol, atol, scale, dtype, signed_zeros, check)


@dataclass(frozen=True)
class Case:
    """One set of inputs, and the exception that the function must raise for them, if any."""

    inputs: Mapping[str, Any]
    error: type[BaseException] | None = None


def case(**inputs: Any) -> Case:
    """Return inputs that are always tried, in addition to the drawn ones."""
    return Case(inputs)


def raises(error: type[BaseException], **inputs: Any) -> Case:
    """Return inputs for which the function must raise `error` or a subclass of it."""
    return Case(inputs, error)


@dataclass(frozen=True)
class Entry:
    """A function to write, and its inputs.

    Parameters
    ----------
    reference : callable
        The right answer. Its docstring is the prompt and its signature is the starter.
    inputs : mapping of str to Source
        One source per parameter. Inputs are drawn in this order, and each may refer to those before it.
    dims : mapping of str to (int, int), optional
        Smallest and largest length of named dimensions. The default is 0 to 40.
    where : callable, optional
        Returns whether the prompt allows these inputs together.
    cases : sequence of Case
        Inputs that are always tried. For inputs that must raise an exception, see `raises`.
    in_place : sequence of str
        Parameters that the function must change.
    result : Match
        How results are compared.
    starter : callable, optional
        The code that the learner starts from, if it is not an empty function: for example, a broken function to fix.
    uses : tuple of str
        For a scenario, the entry points that it receives as its first arguments.
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
        """The parameters that have inputs, by name, in call order."""
        known = inspect.signature(self.reference).parameters
        return {name: parameter for name, parameter in known.items() if name not in self.uses}

    def arguments(self, inputs: Mapping[str, Any]) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """Split inputs by name into positional and keyword arguments. Missing inputs use the parameter's default."""
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
        """Return whether the prompt allows these inputs."""
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
        """Return whether `where` is true for these inputs. If `where` raises an exception, return False."""
        if self.where is None:
            return True
        try:
            defaults = {name: p.default for name, p in self.parameters.items() if p.default is not p.empty}
            return bool(self.where(**(defaults | dict(inputs))))
        except (TypeError, ValueError, IndexError, KeyError, AttributeError):
            return False


def Scenario(play: Function, inputs: Mapping[str, Source], **rest: Any) -> Entry:
    """Return an entry that uses several entry points together, or calls what one of them returns.

    Examples are a round trip, or a function that returns a callable.

    Parameters
    ----------
    play : callable
        Its first parameters, named like entry points, receive the answer's functions; the others are inputs. It runs
        inside the sandbox from its source alone, so it may use only ``np``, ``math``, ``itertools`` and its parameters.
    inputs, **rest
        As in `Entry`.
    """
    names = [name for name in inspect.signature(play).parameters if name not in inputs]
    return Entry(play, inputs, uses=tuple(names), **rest)
