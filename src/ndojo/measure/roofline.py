"""The roofline plot as text: operations per second over operations per byte moved."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from ndojo.measure.hardware_limits import Limits
from ndojo.measure.messages import percent

WIDTH, HEIGHT = 56, 12


@dataclass(frozen=True)
class Point:
    """One answer: its letter in the plot, its name, the bytes and operations that it needs, and its seconds."""

    letter: str
    name: str
    nbytes: float
    operations: float
    seconds: float


def roofline(limits: Limits, points: Sequence[Point]) -> list[str]:
    """Return the hardware limit and the answers as lines of text. Both axes are logarithmic.

    If a question needs no operations or moves no bytes, return only the shares of the limit.
    """
    legend = [_legend(limits, point) for point in points]
    drawn = [point for point in points if point.nbytes and point.operations and point.seconds > 0]
    if not drawn:
        return legend
    return [*_drawing(limits, drawn), *legend]


def _legend(limits: Limits, point: Point) -> str:
    share = limits.share(point.nbytes, point.operations, point.seconds)
    memory = point.nbytes / limits.bandwidth(point.nbytes)
    limit = "memory bandwidth" if memory >= point.operations / limits.operations_per_second else "arithmetic speed"
    return f"{point.letter}  {point.name}: {percent(share)} of this machine's peak {limit}"


def _drawing(limits: Limits, points: Sequence[Point]) -> list[str]:
    bandwidth = limits.bandwidth(points[0].nbytes)
    ridge = limits.operations_per_second / bandwidth
    places = [point.operations / point.nbytes for point in points]
    left, right = min([ridge, *places]) / 4, max([ridge, *places]) * 4
    rates = [point.operations / point.seconds for point in points]
    top, bottom = limits.operations_per_second * 1.5, min([*rates, left * bandwidth]) / 1.5
    grid = [[" "] * WIDTH for _ in range(HEIGHT)]
    for column in range(WIDTH):
        intensity = left * (right / left) ** (column / (WIDTH - 1))
        rate = min(intensity * bandwidth, limits.operations_per_second)
        grid[_row(rate, bottom, top)][column] = "-" if intensity >= ridge else "/"
    for point, place, rate in zip(points, places, rates, strict=True):
        grid[_row(rate, bottom, top)][_column(place, left, right)] = point.letter
    sides = [f"{_giga(top):>8} |"] + [" " * 9 + "|"] * (HEIGHT - 2) + [f"{_giga(bottom):>8} |"]
    rows = [side + "".join(row).rstrip() for side, row in zip(sides, grid, strict=True)]
    foot = f"{left:.3g}".ljust(WIDTH - 8) + f"{right:.3g}".rjust(8)
    head = "billion operations per second, over operations per byte"
    return [head, *rows, " " * 9 + "+" + "-" * WIDTH, " " * 10 + foot]


def _row(rate: float, bottom: float, top: float) -> int:
    height = math.log(rate / bottom) / math.log(top / bottom)
    return min(max(round((1 - height) * (HEIGHT - 1)), 0), HEIGHT - 1)


def _column(place: float, left: float, right: float) -> int:
    return min(max(round(math.log(place / left) / math.log(right / left) * (WIDTH - 1)), 0), WIDTH - 1)


def _giga(rate: float) -> str:
    return f"{rate / 1e9:.3g}"
