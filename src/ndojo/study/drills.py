"""Which drill comes next, how hard, and which variant: from what was answered before, and a seeded generator.

Pure functions: the past, the time and the generator are arguments, and nothing is kept here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

    from ndojo.question.drills import Drill, Prediction

# A weighted staircase (Kaernbach 1991, "Simple adaptive testing with the weighted up-down method"): the hardness
# converges where 3 of 4 answers are right, because a miss takes back what three right ones gave.
START, UP, DOWN = 0.2, 0.1, 0.3
GAP = 3  # a template pauses for so many others; a missed one comes back after them
COMES_BACK = 0.6  # how likely a missed one that has paused comes next
DRAWS = 40  # draws without a new variant after which a template is used up for today


@dataclass(frozen=True)
class Template:
    """A drill of a question, before a variant is drawn."""

    question: str
    drill: str
    topics: tuple[str, ...]


@dataclass(frozen=True)
class Past:
    """One answer to a variant of a template."""

    template: Template
    variant: str
    right: bool


def variant_of(prediction: Prediction) -> str:
    """The same for the same code and question in every draw."""
    return sha256(f"{prediction.asks}\n{prediction.code}".encode()).hexdigest()[:16]


def level(topic: str, past: Iterable[Past]) -> float:
    """How hard a topic's drills are to be, from 0 to 1, after these answers, oldest first."""
    hardness = START
    for one in past:
        if topic in one.template.topics:
            hardness = min(1.0, hardness + UP) if one.right else max(0.0, hardness - DOWN)
    return round(hardness, 6)


def hardness_of(template: Template, past: Sequence[Past]) -> float:
    """How hard a template's next variant is to be: the mean over its topics."""
    levels = [level(topic, past) for topic in template.topics] or [START]
    return sum(levels) / len(levels)


def missed(past: Sequence[Past]) -> list[Template]:
    """The templates whose last answer was not right, the one that waits longest first."""
    last = {one.template: (place, one.right) for place, one in enumerate(past)}
    waiting = sorted((place, template) for template, (place, right) in last.items() if not right)
    return [template for _, template in waiting]


def choose(templates: Sequence[Template], past: Sequence[Past], rng: np.random.Generator) -> Template:
    """The template that comes next.

    One that was missed comes back once it has paused for `GAP` others; else any that no longer pauses, the likelier the
    seldomer it was answered and the more often wrongly.

    Parameters
    ----------
    templates : sequence of Template
        At least one.
    past : sequence of Past
        Oldest first.
    rng : numpy.random.Generator
    """
    gap = min(GAP, len(templates) - 1)
    resting = {one.template for one in past[-gap:]} if gap else set()
    rested = [template for template in templates if template not in resting]
    known = set(rested)
    owed = [template for template in missed(past) if template in known]
    if owed and rng.random() < COMES_BACK:
        return owed[0]
    # Two of one question in a row would half answer each other.
    last = past[-1].template.question if past else ""
    rested = [template for template in rested if template.question != last] or rested
    asked = Counter(one.template for one in past)
    wrong = Counter(one.template for one in past if not one.right)
    # Squared, so that one that is new comes well before one that was answered.
    needs = [((1 + wrong[template]) / (1 + asked[template])) ** 2 for template in rested]
    return rested[int(rng.choice(len(rested), p=[need / sum(needs) for need in needs]))]


def draw(
    drill: Drill, hardness: float, but: Collection[str], rng: np.random.Generator
) -> tuple[Prediction, float] | None:
    """A fresh variant of a drill and its hardness; None where the drill has given all that it has.

    Parameters
    ----------
    drill : Drill
    hardness : float
        From 0 to 1; where such variants are used up, ones about as hard are taken, then any.
    but : collection of str
        Variants that are not to come, as `variant_of` names them.
    rng : numpy.random.Generator
    """
    for number in range(DRAWS):
        spread = number / DRAWS
        about = min(1.0, max(0.0, hardness + spread * float(rng.uniform(-1, 1))))
        prediction = drill.vary(rng, round(about, 2))
        if variant_of(prediction) not in but:
            return prediction, round(about, 2)
    return None


def streak(past: Sequence[Past]) -> int:
    """How many answers up to now were right without a miss between."""
    return next((number for number, one in enumerate(reversed(past)) if not one.right), len(past))


def best_streak(past: Sequence[Past]) -> int:
    """The most right answers without a miss between."""
    best = run = 0
    for one in past:
        run = run + 1 if one.right else 0
        best = max(best, run)
    return best


def by_topic(past: Sequence[Past]) -> dict[str, tuple[int, int]]:
    """For each topic how many answers were right and how many were given, in the order of their names."""
    counts: dict[str, tuple[int, int]] = {}
    for one in past:
        for topic in one.template.topics:
            right, asked = counts.get(topic, (0, 0))
            counts[topic] = right + one.right, asked + 1
    return dict(sorted(counts.items()))
