"""`faster_than`: the answer's time compared with the time of a slower correct answer."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from ndojo.checks.finding import CLOSE, FAILED, PASSED, Finding
from ndojo.measure.canary import Canary
from ndojo.measure.inputs import Pool, answers, bytes_in
from ndojo.measure.messages import could_not_tell, milliseconds, percent, wrong_when_measured
from ndojo.measure.paired_timing import Paired, Side, timed_pair
from ndojo.question.requirements import FasterThan

NEAR = 1.25
"""Up to this multiple of the allowed time, an answer is close, which counts as passed."""

CLEAR = 2.0
"""Above this multiple of the `NEAR` limit, an answer fails even if the machine is busy."""

RETRIES = 1
PAUSE_SECONDS = 0.1


@dataclass(frozen=True)
class Timing:
    """What timing needs from a question: how to start sandbox processes, and the canary."""

    answer: Callable[[], Any]
    naive: Callable[[], Any]
    canary: Canary


def check_speed(requirement: FasterThan, timing: Timing, pool: Pool) -> Finding:
    """Return the finding for `faster_than`."""
    edge = NEAR / requirement.times
    for attempt in range(1 + RETRIES):
        paired = timed_pair(Side(timing.answer), Side(timing.naive), pool, edge)
        if paired.hidden and attempt < RETRIES:
            # A second measurement must confirm hidden work before the answer fails because of it.
            continue
        if paired.ratio is None or not _doubtful(paired, edge, timing.canary, 2 * bytes_in(pool.case(0))):
            return speed_finding(requirement, paired)
        if attempt < RETRIES:
            time.sleep(PAUSE_SECONDS)
    return could_not_tell(requirement.name)


def _doubtful(paired: Paired, edge: float, canary: Canary, nbytes: int) -> bool:
    """Return whether the answer may only seem too slow because the machine is busy."""
    assert paired.ratio is not None
    return 1 < paired.ratio.value / edge < CLEAR and canary.busy(nbytes)


def speed_finding(requirement: FasterThan, paired: Paired) -> Finding:
    """Return the finding for the measured times."""
    if paired.ratio is None:
        return wrong_when_measured(requirement.name, "TL", paired.wrong, paired.stopped)
    ratio, times = paired.ratio, requirement.times
    share = ratio.value * times
    outcome = PASSED if share <= 1 else CLOSE if share <= NEAR else FAILED
    message = (
        f"{_times(1 / ratio.value)} as fast as the naive answer (95% confidence: {1 / ratio.high:.3g} to "
        f"{1 / ratio.low:.3g}); {times:g} times is required. One call takes {milliseconds(paired.seconds)}, and one "
        f"call of the naive answer takes {milliseconds(paired.other_seconds)}."
    )
    if outcome == CLOSE:
        message += " This is close enough."
    if paired.hidden:
        message += f" The time of one call includes {milliseconds(paired.hidden)} of work outside the call."
    advice = None
    if outcome == FAILED:
        allowed = milliseconds(paired.other_seconds / times)
        advice = f"On this machine, a call may take {allowed}. Find the slow line with `ndojo check --profile`."
    figures = {
        "speed_up": 1 / ratio.value,
        "low": 1 / ratio.high,
        "high": 1 / ratio.low,
        "bar": times,
        "seconds": paired.seconds,
        "naive_seconds": paired.other_seconds,
        "children": ratio.children,
        "rounds": ratio.rounds,
    }
    code = "TL" if outcome == FAILED else "AC"
    return Finding(0, requirement.name, outcome, code, message, advice=advice, figures=figures)


def _times(value: float) -> str:
    return f"{value:.3g} times"


def with_shares(finding: Finding, least_seconds: float, reference_seconds: float) -> Finding:
    """Return the finding with the shares of the hardware limit that the answer and the known answers reach."""
    figures = dict(finding.figures or {})
    times = {"": figures["seconds"], "reference_": reference_seconds, "naive_": figures["naive_seconds"]}
    shares = {f"{whose}share": least_seconds / seconds for whose, seconds in times.items() if seconds > 0}
    others = [(shares.get(f"{whose}_share"), word) for whose, word in _OTHERS]
    told = ", ".join(f"{word}: {percent(share)}" for share, word in others if share is not None)
    message = f"{finding.message} The answer reaches {percent(shares['share'])} of this machine's peak ({told})."
    return replace(finding, message=message, figures=figures | shares)


def with_last(finding: Finding, share: float | None) -> Finding:
    """Return the finding with the share that the learner's last answer reached, if both shares are known."""
    if share is None or "share" not in (finding.figures or {}):
        return finding
    message = f"{finding.message} Your last answer reached {percent(share)}."
    return replace(finding, message=message, figures={**(finding.figures or {}), "last_share": share})


_OTHERS = (("reference", "the reference"), ("naive", "the naive answer"))


def naive_of(question: Any, requirement: FasterThan) -> tuple[str, Any]:
    """Return the name of the entry point that is timed, and the naive answer's function."""
    return answers(question, requirement.naive), getattr(requirement.naive, "function", requirement.naive)
