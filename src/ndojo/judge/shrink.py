"""Makes a failing input smaller, using only inputs that the prompt allows.

The search is greedy: among all inputs that are one step smaller, keep the first that still fails in the same way, and
continue from it. The candidates of a round are run in batches.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterable, Iterator, Sequence

import numpy as np

from ndojo.checks.requirements import Failure
from ndojo.checks.suite import Inputs, ReferenceRunner, SuiteCase
from ndojo.question.entries import Entry

ROUNDS = 30
BATCHES = (3, 6, 12, 24)
"""Batch sizes within a round. They start small: often an early candidate fails, and each costs a reference call."""
SECONDS = 0.4

Judge = Callable[[Sequence[SuiteCase]], Iterable[Failure | None]]


def _without_index(array: np.ndarray, axis: int, keep: slice) -> np.ndarray:
    index = [slice(None)] * array.ndim
    index[axis] = keep
    return np.array(array[tuple(index)], order="C")


def _dim_axes(entry: Entry, inputs: Inputs, dim: str) -> dict[str, list[int]]:
    """Return, for each array input, its axes that have the named dimension `dim`."""
    axes: dict[str, list[int]] = {}
    for name, source in entry.inputs.items():
        shape = getattr(source, "shape", ())
        value = inputs.get(name)
        if isinstance(value, np.ndarray) and shape and (shape[0] is ... or value.ndim == len(shape)):
            named = [place for place, own in enumerate(shape) if own == dim]
            back = value.ndim - len(shape)
            axes[name] = [place + (back if shape[0] is ... else 0) for place in named]
    return {name: own for name, own in axes.items() if own}


_KEEP = (slice(0, 0), slice(0, 1), slice(None, None, 2), slice(0, -1), slice(1, None))


def _shorter(entry: Entry, inputs: Inputs) -> Iterator[Inputs]:
    """Yield inputs in which a dimension is shortened to zero, to one, to half, or by one, in every array with it."""
    dims = dict.fromkeys(dim for source in entry.inputs.values() for dim in source.dims())
    for keep in _KEEP:
        for dim in dims:
            smaller = dict(inputs)
            for name, axes in _dim_axes(entry, inputs, dim).items():
                for axis in axes:
                    smaller[name] = _without_index(smaller[name], axis, keep)
            yield smaller
        for name, value in inputs.items():
            if isinstance(value, np.ndarray) and getattr(entry.inputs[name], "shape", (0,))[:1] == (...,):
                for axis in range(value.ndim):
                    yield inputs | {name: _without_index(value, axis, keep)}
                if value.ndim and value.shape[0]:
                    yield inputs | {name: np.array(value[0])}


def _plainer(entry: Entry, inputs: Inputs) -> Iterator[Inputs]:
    """Yield inputs in which one value is replaced by a simpler one. Inputs that are the same array stay the same."""
    for name, source in entry.inputs.items():
        if name not in inputs:
            continue
        for value in itertools.islice(source.simpler(inputs[name]), 40):
            twins = [other for other in inputs if inputs[other] is inputs[name]]
            yield inputs | dict.fromkeys(twins, value)


def _smaller(entry: Entry, inputs: Inputs) -> Iterator[Inputs]:
    for candidate in itertools.chain(_shorter(entry, inputs), _plainer(entry, inputs)):
        try:
            if entry.allows(candidate):
                yield candidate
        except Exception:  # a contract written for complete inputs may raise on a partial one
            continue


def shrink(first: Failure, judge: Judge, stage: ReferenceRunner) -> Failure:
    """Return the smallest case found that fails the same requirement with the same code.

    Parameters
    ----------
    first : Failure
    judge : callable
        Runs a batch of cases and returns the failure of each. The list is shorter if the answer stopped.
    stage : ReferenceRunner
        Creates the cases.
    """
    best, entry = first, first.case.entry
    tried = {first.case.packed}
    deadline = time.perf_counter() + SECONDS
    for _ in range(ROUNDS):
        found = _round(best, entry, judge, stage, tried, deadline)
        if found is None:
            break
        best = found
    return best


def _round(
    best: Failure, entry: Entry, judge: Judge, stage: ReferenceRunner, tried: set[bytes], deadline: float
) -> Failure | None:
    candidates = _smaller(entry, best.case.inputs)
    sizes = itertools.chain(BATCHES, itertools.repeat(BATCHES[-1]))
    while time.perf_counter() < deadline:
        batch = _fresh_cases(candidates, next(sizes), entry, stage, tried)
        if not batch:
            return None
        for miss in judge(batch):
            if miss and miss.requirement == best.requirement and miss.code == best.code:
                return miss
    return None


def _fresh_cases(
    candidates: Iterator[Inputs], n: int, entry: Entry, stage: ReferenceRunner, tried: set[bytes]
) -> list[SuiteCase]:
    batch: list[SuiteCase] = []
    for inputs in candidates:
        case = stage.case(entry, inputs)
        if case.packed not in tried:
            tried.add(case.packed)
            batch.append(case)
        if len(batch) == n:
            break
    return batch
