"""Choose the next drill, its hardness and its variant, from earlier answers and a seeded generator.

Only pure functions: the earlier answers and the generator are arguments, and nothing is stored here.
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

# A weighted staircase (Kaernbach 1991, "Simple adaptive testing with the weighted up-down method"). The hardness
# converges to the value at which 3 of 4 answers are right, because a miss undoes three right answers.
START, UP, DOWN = 0.2, 0.1, 0.3
GAP = 3  # number of other templates between two uses of one template
COMES_BACK = 0.6  # probability that a missed template comes next, after its gap
DRAWS = 40  # a template is used up for today after this many draws without a new variant


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
    """Return an id that depends only on the code and the question of a prediction."""
    return sha256(f"{prediction.asks}\n{prediction.code}".encode()).hexdigest()[:16]


def level(topic: str, past: Iterable[Past]) -> float:
    """Return the hardness of a topic's next drill, between 0 and 1, after these answers, oldest first."""
    hardness = START
    for one in past:
        if topic in one.template.topics:
            hardness = min(1.0, hardness + UP) if one.right else max(0.0, hardness - DOWN)
    return round(hardness, 6)


def hardness_of(template: Template, past: Sequence[Past]) -> float:
    """Return the hardness of a template's next variant: the mean over its topics."""
    levels = [level(topic, past) for topic in template.topics] or [START]
    return sum(levels) / len(levels)


def missed(past: Sequence[Past]) -> list[Template]:
    """Return the templates whose last answer was wrong, oldest first."""
    last = {one.template: (place, one.right) for place, one in enumerate(past)}
    waiting = sorted((place, template) for template, (place, right) in last.items() if not right)
    return [template for _, template in waiting]


def choose(templates: Sequence[Template], past: Sequence[Past], rng: np.random.Generator) -> Template:
    """Return the next template.

    A missed template is likely to come back after a gap of `GAP` others. Otherwise, templates that were answered
    rarely, or often wrongly, are more likely.

    Parameters
    ----------
    templates : sequence of Template
        Must not be empty.
    past : sequence of Past
        Oldest first.
    rng : numpy.random.Generator
    """
    gap = min(GAP, len(templates) - 1)
    paused = {one.template for one in past[-gap:]} if gap else set()
    ready = [template for template in templates if template not in paused]
    known = set(ready)
    due = [template for template in missed(past) if template in known]
    if due and rng.random() < COMES_BACK:
        return due[0]
    # Two drills of one question in a row would give away each other's answers.
    last = past[-1].template.question if past else ""
    ready = [template for template in ready if template.question != last] or ready
    asked = Counter(one.template for one in past)
    wrong = Counter(one.template for one in past if not one.right)
    # Squared, so that a new template is much more likely than an answered one.
    needs = [((1 + wrong[template]) / (1 + asked[template])) ** 2 for template in ready]
    return ready[int(rng.choice(len(ready), p=[need / sum(needs) for need in needs]))]


def draw(
    drill: Drill, hardness: float, but: Collection[str], rng: np.random.Generator
) -> tuple[Prediction, float] | None:
    """Return a new variant of a drill and its hardness, or None if no new variant was found.

    Parameters
    ----------
    drill : Drill
    hardness : float
        Between 0 and 1. The search moves away from this value if no variant at it is new.
    but : collection of str
        Variants to exclude, as `variant_of` names them.
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
    """Return the number of right answers since the last miss."""
    return next((number for number, one in enumerate(reversed(past)) if not one.right), len(past))


def best_streak(past: Sequence[Past]) -> int:
    """Return the highest number of right answers in a row."""
    best = run = 0
    for one in past:
        run = run + 1 if one.right else 0
        best = max(best, run)
    return best


def by_topic(past: Sequence[Past]) -> dict[str, tuple[int, int]]:
    """Return the number of right answers and of all answers for each topic, sorted by name."""
    counts: dict[str, tuple[int, int]] = {}
    for one in past:
        for topic in one.template.topics:
            right, asked = counts.get(topic, (0, 0))
            counts[topic] = right + one.right, asked + 1
    return dict(sorted(counts.items()))
