"""Two answers timed side by side: interleaved, in fresh children, until the ratio is clear."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from statistics import median

import numpy as np

from ndojo.calls.client import Stopped
from ndojo.calls.outcome import read_outcome
from ndojo.calls.wire.values import NewArray
from ndojo.checks.decode import arrays_in
from ndojo.checks.requirements import Failure
from ndojo.checks.suite import SuiteCase
from ndojo.measure.clock import Stepper, Window, processors
from ndojo.measure.inputs import Pool, bytes_in, wrong
from ndojo.measure.statistics import Ratio, child_ratio, ratio_of

CHILDREN = 5
ROUNDS = 6
FEWEST_ROUNDS = 2
WINDOW_SECONDS = 1.5e-3
MOST_CALLS = 8
BATCH_BYTES = 4 << 20
CLOCK_TRIES = 3
ALLOWED_SECONDS = 0.7
HOPELESS = 8.0
"""So many times from the edge one round is enough; and squared, one call."""

LONG_SECONDS, FAR = 20e-3, 4.0
"""A call of B that takes this long needs no warm-up, and one is enough if A is this many times away from the edge."""

AROUND_SHARE, AROUND_SECONDS = 0.35, 150e-6
"""What may be used around the calls beyond what the other answer uses there, before it is taken for hidden work."""


@dataclass(frozen=True)
class Side:
    """One of the two answers: how a fresh child of it is made."""

    child: Callable[[], Stepper]


@dataclass(frozen=True)
class Paired:
    """The result of timing answer A against answer B.

    Parameters
    ----------
    ratio : Ratio or None
        Time of A over time of B; None where no round was completed.
    seconds, other_seconds : float
        One call of A, one call of B: medians.
    hidden : float
        Seconds of a call of A that went on outside the calls; they are part of `seconds` and `ratio`.
    wrong : Failure or None
        A timed output of A that is wrong.
    stopped : Stopped or None
        Why A gave no answer any more.
    """

    ratio: Ratio | None
    seconds: float = 0.0
    other_seconds: float = 0.0
    hidden: float = 0.0
    wrong: Failure | None = None
    stopped: Stopped | None = None


class Disturbed(Exception):
    """Answer A gave a wrong output or none, so it cannot be timed."""

    def __init__(self, wrong: Failure | None, stopped: Stopped | None) -> None:
        super().__init__(wrong or stopped)
        self.wrong, self.stopped = wrong, stopped


class OtherFailed(RuntimeError):
    """Answer B, which is the question's own, could not be timed."""


@dataclass
class _Seen:
    """Times of one call, in and around the windows, of one answer in one child."""

    calls: list[float] = field(default_factory=list)
    around: list[float] = field(default_factory=list)


def timed_pair(a: Side, b: Side, pool: Pool, edge: float, *, seconds: float = ALLOWED_SECONDS) -> Paired:
    """Time A against B until the ratio is clear of `edge`, or time is up.

    Parameters
    ----------
    a, b : Side
        B is trusted.
    pool : Pool
        Fresh inputs with the expected results.
    edge : float
        The ratio that matters.
    seconds : float
        How long it may take by the clock on the wall, the last child's rounds aside.
    """
    pool.case(0)
    pair = _Pair(a, b, pool, edge, time.perf_counter() + seconds)
    try:
        while not pair.decided():
            pair.fresh_children()
    except Disturbed as problem:
        return Paired(None, wrong=problem.wrong, stopped=problem.stopped)
    return pair.result()


class _Pair:
    def __init__(self, a: Side, b: Side, pool: Pool, edge: float, deadline: float) -> None:
        self.a, self.b, self.pool, self.edge, self.deadline = a, b, pool, edge, deadline
        self.seen: list[tuple[_Seen, _Seen]] = []
        self.rounds: list[list[float]] = []
        self.last = b""
        """The last outcome of A, described."""

    # -- deciding ---------------------------------------------------------------------------------------------------

    def decided(self) -> bool:
        if not any(self.rounds):
            return False
        ratio = self.ratio()
        return ratio.clear_of(self.edge) or len(self.rounds) >= CHILDREN or time.perf_counter() > self.deadline

    def _done(self) -> bool:
        """Whether the rounds in the present child are enough."""
        rounds = self.rounds[-1]
        if len(rounds) >= ROUNDS or (rounds and time.perf_counter() > self.deadline):
            return True
        if not rounds or (len(rounds) < FEWEST_ROUNDS and abs(math.log(rounds[0] / self.edge)) < math.log(HOPELESS)):
            return False
        return self.ratio().clear_of(self.edge)

    def ratio(self) -> Ratio:
        shown = [child_ratio(ours.calls, theirs.calls) for ours, theirs in self.seen if ours.calls]
        if hidden := self.hidden():
            other = median(one for _, seen in self.seen for one in seen.calls)
            shown = [one + hidden / other for one in shown]
        return ratio_of(shown, sum(map(len, self.rounds)))

    def hidden(self) -> float:
        """Seconds per call that A used around its calls, beyond what B used there for the same inputs and outputs."""
        ours = [one for seen, _ in self.seen for one in seen.around]
        theirs = [one for _, seen in self.seen for one in seen.around]
        if not ours or not theirs:
            return 0.0
        # What is hidden is hidden in most calls: a few that were disturbed are not counted.
        ours_least, theirs_most = np.percentile(ours, 25), np.percentile(theirs, 75)
        beyond = float(ours_least - (1 + AROUND_SHARE) * theirs_most) - AROUND_SECONDS
        return max(beyond - describing_seconds(self.last), 0.0) if beyond > 0 else 0.0

    def result(self) -> Paired:
        ours = median(one for seen, _ in self.seen for one in seen.calls)
        theirs = median(one for _, seen in self.seen for one in seen.calls)
        return Paired(self.ratio(), ours + self.hidden(), theirs, self.hidden())

    # -- timing -----------------------------------------------------------------------------------------------------

    def fresh_children(self) -> None:
        """Time some rounds in two fresh children."""
        self.rounds.append([])
        self.seen.append((_Seen(), _Seen()))
        with self.a.child() as ours, self.b.child() as theirs:
            if stopped := theirs.start():
                raise OtherFailed(stopped.message)
            if stopped := ours.start():
                raise Disturbed(None, stopped)
            self._pin(ours, theirs)
            _Rounds(self, ours, theirs).run()

    def _pin(self, ours: Stepper, theirs: Stepper) -> None:
        """Both children run on the same processor; the next two on the next one."""
        known = processors()
        for child in (ours, theirs):
            child.pin(known[len(self.rounds) % len(known)])


class _Rounds:
    """Rounds in one pair of children."""

    def __init__(self, pair: _Pair, ours: Stepper, theirs: Stepper) -> None:
        self.pair, self.ours, self.theirs = pair, ours, theirs
        self.place = 0
        self.overhead = theirs.overhead()

    def run(self) -> None:
        """The first call in a child warms it up; it is checked, and tells how many calls make a window."""
        theirs = self._play(self.theirs, 1)
        ours = self._play(self.ours, 1, _patience(theirs, self.pair.edge))
        self.place = 1
        if self._settled(ours, theirs):
            return
        n, other_n = self._calls(ours), self._calls(theirs)
        while not self.pair._done():
            first = self._play(self.ours, n)
            second = self._play(self.theirs, other_n)
            self.place += max(n, other_n)
            third = self._play(self.theirs, other_n)
            fourth = self._play(self.ours, n)
            self.place += max(n, other_n)
            self._note(first, second, fourth, third)

    def _settled(self, ours: float, theirs: float) -> bool:
        """Whether the first calls say it all: note them, and time A again where that costs little."""
        away = ours / theirs / self.pair.edge
        if away < HOPELESS * HOPELESS and not (theirs > LONG_SECONDS and not 1 / FAR < away < FAR):
            return False
        if away < 1:
            ours = median(self._play(self.ours, 1) for self.place in (1, 2, 3))
        self._note(ours, theirs, ours, theirs)
        return True

    def _note(self, a: float, b: float, last_a: float, last_b: float) -> None:
        self.pair.rounds[-1].append((a + last_a) / (b + last_b))
        ours, theirs = self.pair.seen[-1]
        ours.calls += [a, last_a]
        theirs.calls += [b, last_b]

    def _calls(self, seconds: float) -> int:
        """The calls per window: it is long compared with its overhead, and the inputs stay in the cache."""
        room = BATCH_BYTES // max(bytes_in(self.pair.pool.case(0)), 1)
        return max(1, min(math.ceil(WINDOW_SECONDS / seconds), MOST_CALLS, room))

    def _play(self, player: Stepper, n: int, patience: float | None = None) -> float:
        """Seconds per call over `n` fresh cases."""
        window, cases = self._window(player, n, patience)
        if window.stopped:
            if player is self.theirs:
                raise OtherFailed(window.stopped.message)
            raise Disturbed(None, window.stopped)
        if player is self.ours:
            self._check(cases, window)
        if self.place:
            self.pair.seen[-1][player is self.theirs].around.append(window.around / n)
        return max(window.seconds - self.overhead, window.seconds / 10, 1e-7) / n

    def _window(self, player: Stepper, n: int, patience: float | None) -> tuple[Window, list[SuiteCase]]:
        """A window over `n` fresh cases; once in a thousand times the kernel's clock stands still in one."""
        for _ in range(CLOCK_TRIES):
            cases = self.pair.pool.cases(self.place, n)
            window = player.step([case.packed for case in cases], seconds=patience)
            if window.stopped or window.seconds > self.overhead / 2:
                break
            self.place += n
        return window, cases

    def _check(self, cases: Sequence[SuiteCase], window: Window) -> None:
        for case, got in zip(cases, window.outcomes, strict=True):
            if found := wrong(case, got):
                raise Disturbed(found, None)
        self.pair.last = window.outcomes[-1]


def describing_seconds(outcome: bytes) -> float:
    """Twice the time that it takes here to write out the outcome's arrays that are stored in another order than C.

    Another layout is no hidden work: an honest answer may return the transpose of an array.
    """
    arrays = [one for one in arrays_in(read_outcome(outcome).value) if isinstance(one, NewArray)]
    return 2 * sum(map(_writing_seconds, arrays))


def _writing_seconds(fresh: NewArray) -> float:
    array, strides = fresh.array, fresh.strides
    span = sum((n - 1) * step for n, step in zip(array.shape, strides, strict=True)) + array.itemsize
    # Strides are the child's word: only such as a dense array may have are tried.
    if not array.size or strides == array.strides or min(strides) <= 0 or span > 2 * array.nbytes:
        return 0.0
    laid_out = np.ndarray(array.shape, array.dtype, bytes(span), 0, strides)
    started = time.thread_time()
    laid_out.tobytes()
    return time.thread_time() - started


def _patience(seconds: float, edge: float) -> float | None:
    """How long a first call may take by the wall; one that is hopelessly slow need not use up its time limit."""
    return max(0.5, 4 * HOPELESS * HOPELESS * edge * seconds)
