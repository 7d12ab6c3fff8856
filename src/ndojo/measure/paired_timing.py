"""Times two answers in turns, in new sandbox processes, until their ratio is certain."""

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
"""If the ratio differs from the edge by this factor, one round is enough.

If it exceeds the edge by the square of this factor, one call is enough.
"""

LONG_SECONDS, FAR = 20e-3, 4.0
"""If a call of B takes `LONG_SECONDS` or more, and A differs from the edge by the factor `FAR`, one call is enough."""

AROUND_SHARE, AROUND_SECONDS = 0.35, 150e-6
"""How much more CPU time than B answer A may use outside its calls before the excess counts as hidden work.

The limit is this share of B's time plus this number of seconds.
"""


@dataclass(frozen=True)
class Side:
    """One of the two answers: `child` creates a new sandbox process for it."""

    child: Callable[[], Stepper]


@dataclass(frozen=True)
class Paired:
    """The result of timing answer A against answer B.

    Parameters
    ----------
    ratio : Ratio or None
        Time of A divided by time of B. None if A failed.
    seconds, other_seconds : float
        Median time of one call of A and of one call of B.
    hidden : float
        Seconds per call of A that were spent outside the call. `seconds` and `ratio` include them.
    wrong : Failure or None
        A wrong output of A.
    stopped : Stopped or None
        Why A stopped responding.
    """

    ratio: Ratio | None
    seconds: float = 0.0
    other_seconds: float = 0.0
    hidden: float = 0.0
    wrong: Failure | None = None
    stopped: Stopped | None = None


class Disturbed(Exception):
    """Answer A returned a wrong output or no output, so it cannot be timed."""

    def __init__(self, wrong: Failure | None, stopped: Stopped | None) -> None:
        super().__init__(wrong or stopped)
        self.wrong, self.stopped = wrong, stopped


class OtherFailed(RuntimeError):
    """Answer B, which is part of the question, could not be timed."""


@dataclass
class _Seen:
    """Seconds per call of one answer in one process: in the calls, and around them."""

    calls: list[float] = field(default_factory=list)
    around: list[float] = field(default_factory=list)


def timed_pair(a: Side, b: Side, pool: Pool, edge: float, *, seconds: float = ALLOWED_SECONDS) -> Paired:
    """Time A and B until their ratio is certainly above or below `edge`, or until time is up.

    Parameters
    ----------
    a, b : Side
        The two answers. B is trusted.
    pool : Pool
        New inputs with the expected results.
    edge : float
        The ratio that separates passed from failed.
    seconds : float
        Wall-clock time after which no new process and no further round starts.
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
        """The described outcome of A's last call."""

    # -- deciding ---------------------------------------------------------------------------------------------------

    def decided(self) -> bool:
        if not any(self.rounds):
            return False
        ratio = self.ratio()
        return ratio.clear_of(self.edge) or len(self.rounds) >= CHILDREN or time.perf_counter() > self.deadline

    def _done(self) -> bool:
        """Return whether the current processes have run enough rounds."""
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
        """Return the CPU seconds per call that A used outside its calls, beyond what B used for the same inputs."""
        ours = [one for seen, _ in self.seen for one in seen.around]
        theirs = [one for _, seen in self.seen for one in seen.around]
        if not ours or not theirs:
            return 0.0
        # Hidden work appears in most calls. The quantiles ignore the few calls that other programs disturbed.
        ours_least, theirs_most = np.percentile(ours, 25), np.percentile(theirs, 75)
        beyond = float(ours_least - (1 + AROUND_SHARE) * theirs_most) - AROUND_SECONDS
        return max(beyond - describing_seconds(self.last), 0.0) if beyond > 0 else 0.0

    def result(self) -> Paired:
        ours = median(one for seen, _ in self.seen for one in seen.calls)
        theirs = median(one for _, seen in self.seen for one in seen.calls)
        return Paired(self.ratio(), ours + self.hidden(), theirs, self.hidden())

    # -- timing -----------------------------------------------------------------------------------------------------

    def fresh_children(self) -> None:
        """Time some rounds in two new processes."""
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
        """Run both processes on the same processor. Each later pair uses the next processor."""
        known = processors()
        for child in (ours, theirs):
            child.pin(known[len(self.rounds) % len(known)])


class _Rounds:
    """Runs rounds in one pair of processes."""

    def __init__(self, pair: _Pair, ours: Stepper, theirs: Stepper) -> None:
        self.pair, self.ours, self.theirs = pair, ours, theirs
        self.place = 0
        self.overhead = theirs.overhead()

    def run(self) -> None:
        """Run a first call in each process to warm up and to choose the calls per window, then time the rounds."""
        theirs = self._play(self.theirs, 1)
        ours = self._play(self.ours, 1, _patience(theirs, self.pair.edge))
        self.place = 1
        if self._first_calls_decide(ours, theirs):
            return
        n, other_n = self._calls(ours), self._calls(theirs)
        while not self.pair._done():
            first = self._play(self.ours, n)
            second = self._play(self.theirs, other_n)
            self.place += max(n, other_n)
            third = self._play(self.theirs, other_n)
            fourth = self._play(self.ours, n)
            self.place += max(n, other_n)
            self._record(first, second, fourth, third)

    def _first_calls_decide(self, ours: float, theirs: float) -> bool:
        """Return whether the first calls already decide. If so, record them; a fast A is timed again first."""
        away = ours / theirs / self.pair.edge
        if away < HOPELESS * HOPELESS and not (theirs > LONG_SECONDS and not 1 / FAR < away < FAR):
            return False
        if away < 1:
            ours = median(self._play(self.ours, 1) for self.place in (1, 2, 3))
        self._record(ours, theirs, ours, theirs)
        return True

    def _record(self, a: float, b: float, last_a: float, last_b: float) -> None:
        self.pair.rounds[-1].append((a + last_a) / (b + last_b))
        ours, theirs = self.pair.seen[-1]
        ours.calls += [a, last_a]
        theirs.calls += [b, last_b]

    def _calls(self, seconds: float) -> int:
        """Return the calls per window: enough to make the overhead small, but few enough that inputs stay in cache."""
        room = BATCH_BYTES // max(bytes_in(self.pair.pool.case(0)), 1)
        return max(1, min(math.ceil(WINDOW_SECONDS / seconds), MOST_CALLS, room))

    def _play(self, player: Stepper, n: int, patience: float | None = None) -> float:
        """Return the seconds per call over `n` new cases."""
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
        """Run `n` new cases as one window. Repeat it if the kernel's clock did not advance: 1 in 1,000 windows."""
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
    """Return twice the time that this process needs to write the outcome's arrays that are not in C order.

    Another memory layout is not hidden work: an honest answer may return the transpose of an array.
    """
    arrays = [one for one in arrays_in(read_outcome(outcome).value) if isinstance(one, NewArray)]
    return 2 * sum(map(_writing_seconds, arrays))


def _writing_seconds(result: NewArray) -> float:
    array, strides = result.array, result.strides
    span = sum((n - 1) * step for n, step in zip(array.shape, strides, strict=True)) + array.itemsize
    # The sandbox process reports the strides and is not trusted, so use only strides that a dense array can have.
    if not array.size or strides == array.strides or min(strides) <= 0 or span > 2 * array.nbytes:
        return 0.0
    copy = np.ndarray(array.shape, array.dtype, bytes(span), 0, strides)
    started = time.thread_time()
    copy.tobytes()
    return time.thread_time() - started


def _patience(seconds: float, edge: float) -> float | None:
    """Return the time limit of A's first call in wall-clock seconds. A hopelessly slow answer stops early."""
    return max(0.5, 4 * HOPELESS * HOPELESS * edge * seconds)
