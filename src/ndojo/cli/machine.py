"""`ndojo doctor` and `ndojo bench`."""

from __future__ import annotations

from typing import Any

import click

from ndojo import practice
from ndojo.cli.options import json_option, write_json
from ndojo.cli.screen import Screen, columns, screen


@click.command("doctor")
@json_option
@click.pass_context
def doctor_command(ctx: click.Context, as_json: bool) -> None:
    """Show what works on this machine, and test each isolation layer."""
    if as_json:
        write_json([probe.to_dict() for probe in practice.machine.probes()])
        return
    shown = screen()
    with shown.working("Testing each isolation layer ..."):
        health = practice.machine.doctor()
    _say_health(shown, health)
    ctx.exit(0 if health.works else 1)


def _say_health(shown: Screen, health: practice.machine.Health) -> None:
    well, ill = shown.mark("passed"), shown.mark("failed")
    lead = " " * 15
    shown.say(
        f"  {well} ndojo      {health.ndojo}",
        f"  {well} Python     {health.python}",
        f"  {well} NumPy      {health.numpy}",
        f"  {well} data       {health.data_folder}",
    )
    _say_fact(shown, well if health.store_is_well else ill, "store", health.store, lead)
    tier = f"tier {health.tier}. {health.note}" if health.tier else health.note
    _say_fact(shown, shown.mark({"": "failed", "full": "passed", "container": "passed"}.get(health.tier, "unknown")),
              "sandbox", tier, lead)  # fmt: skip
    shown.say("", shown.title("Isolation layers, each tested in a real sandbox process"))
    for probe in health.probes:
        shown.say(*_probe_lines(shown, probe))


def _say_fact(shown: Screen, mark: str, name: str, text: str, lead: str) -> None:
    lines = shown.wrap(text, lead, lead)
    shown.say(f"  {mark} {name:9}  {lines[0].strip()}", *lines[1:])


def _probe_lines(shown: Screen, probe: Any) -> list[str]:
    word = "holds" if probe.works else "missing"
    needed = f" Part of tier {', '.join(probe.needed_for)}." if probe.needed_for and not probe.works else ""
    lead = " " * 39
    lines = shown.wrap(f"{probe.evidence}{needed}", lead, lead)
    mark = shown.mark("passed" if probe.works else "unknown")
    return [f"  {mark} {probe.layer:24}  {word:7}  {lines[0].strip()}", *lines[1:]]


# --------------------------------------------------------------------------------------------------------------- bench

FIGURES = {
    "hot_ms": "a trivial answer, warm sandbox",
    "in_process_ms": "the same code without a sandbox",
    "plain_python_ms": "a new Python process with NumPy",
    "bubblewrap_ms": "the same process in bubblewrap",
    "level1_ms": "a correct answer, level 1",
    "level1_cpu_ms": "its CPU time",
    "shrink_ms": "a wrong answer, explained",
    "prepare_cpu_ms": "drawing the next cases in advance",
    "ratio_to_plain": "times faster than a new process",
    "over_in_process_ms": "overhead of the sandbox, ms",
    "answers_per_second_per_core": "answers per second and core",
    "spare_private_mb": "idle sandbox process, MB",
}


@click.command("bench")
@click.argument("what", type=click.Choice(["judging", "stability"]), default="judging")
@click.option("--quick", is_flag=True, help="Fewer rounds, for a rough estimate.")
@click.option("--rounds", type=click.IntRange(min=1), help="For `stability`: verdicts per answer (default 100).")
@json_option
def bench_command(what: str, quick: bool, rounds: int | None, as_json: bool) -> None:
    """Measure the speed of the judge on this machine.

    `stability` measures how often answers of known speed get the wrong verdict on this machine, both idle and under
    load. A hundred rounds take half an hour or more.
    """
    if rounds and what != "stability":
        raise click.UsageError("--rounds can only be used with `ndojo bench stability`.")
    if what == "stability":
        _bench_stability(rounds or (4 if quick else 100), as_json)
        return
    shown = screen()
    figures = practice.machine.bench(quick, lambda text: click.echo(f"Measuring {text} ...", err=True))
    if as_json:
        write_json(figures)
        return
    _say_spreads(shown, figures)
    singles = [(FIGURES.get(name, name), _figure(value)) for name, value in figures.items() if _is_number(value)]
    shown.say("", *(f"  {line}" for line in columns(singles)))
    machine = figures.get("machine", {})
    facts = [f"{name} {value}" for name, value in machine.items()]
    shown.say("", *shown.wrap(", ".join([f"tier {figures.get('isolation', '?')}", *facts])))


def _bench_stability(rounds: int, as_json: bool) -> None:
    figures = practice.machine.stability(rounds, lambda text: click.echo(f"Judging, {text} ...", err=True))
    if as_json:
        write_json(figures)
    else:
        click.echo("\n".join(figures["table"]))


def _say_spreads(shown: Screen, figures: dict[str, Any]) -> None:
    """Print the measurements with percentiles as a table."""
    spreads = {name: value for name, value in figures.items() if isinstance(value, dict) and "p50" in value}
    rows = [("milliseconds", "p50", "p95", "p99", "rounds")]
    for name, value in spreads.items():
        cells = [_figure(value.get(one)) for one in ("p50", "p95", "p99", "n")]
        rows.append((FIGURES.get(name, name), *cells))  # type: ignore[arg-type]
    shown.say(*(f"  {line}" for line in columns(rows)))


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _figure(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:,}" if isinstance(value, int) else f"{value:,.2f}"
