"""workbench truth [SCENARIO...]: what a study makes of simulated racks whose truth is known."""

from __future__ import annotations

import argparse
import time
from typing import TYPE_CHECKING

from workbench.cli.counts import counted
from workbench.cli.exit_codes import DONE, NEGATIVE
from workbench.cli.output import Output

if TYPE_CHECKING:
    from workbench.workflow.truth import Trial
    from workbench.workflow.truth_accuracy import Accuracy
    from workbench.workflow.truth_promises import Promise

EXAMPLE = "example: workbench truth leak weak-cell --seeds 5"


def configure(parser: argparse.ArgumentParser) -> None:
    """Words of this verb."""
    parser.add_argument("scenario", nargs="*", help="names of scenarios; all of them if none is given")
    parser.add_argument("--seeds", type=counted, default=1, help="how many seeds, beginning with --first-seed (1)")
    parser.add_argument("--first-seed", type=counted, default=1, help="the first seed (1)")
    parser.add_argument("--full", action="store_true", help="416 cells every 10 s per rack; minutes per scenario instead of seconds")
    parser.add_argument("--workers", type=counted, default=1, help="processes that share the trials (1); the numbers stay the same")
    parser.add_argument("--measure-signs", metavar="FILE", help="count how often each sign shows under each cause, and write the table")
    parser.add_argument(
        "--project",
        metavar="FOLDER",
        help="make one scenario, with --first-seed, a project NAME.bessreview to study and look into, and stop",
    )
    parser.add_argument("--days", type=counted, help="length of the window; 10 days if none is given")


def run(given: argparse.Namespace, out: Output) -> int:
    """Run it and say, per scenario and seed, what was found, where, and under which name; then how exact estimates are, and what was promised."""
    from workbench.asset.plain import plain
    from workbench.workflow import truth

    if given.measure_signs:
        return _measure_signs(given, out)
    if given.project:
        return _project(given, out)
    start = time.monotonic()
    out.say(f"{'scenario':<16} {'seed':>4}  planted  found  located  named  cause  false findings")
    result = truth.run(
        given.scenario,
        range(given.first_seed, given.first_seed + given.seeds),
        out.progress(),
        full=given.full,
        days=given.days,
        told=lambda trial: out.say(_line(trial)),
        workers=given.workers,
    )
    out.say()
    out.say(
        f"{'estimate':<44} {'n':>7} {'refused':>8} {'bias':>9} {'sd':>9} {'largest':>9} {'± median':>9} {'in 95 %':>8}  {'how surely':<14} racks"
    )
    for row in result.accuracy:
        out.say(_accuracy(row))
    out.say()
    out.say(f"{'promised':<74} {'target':<46} kept")
    for promise in result.promises:
        out.say(_promise(promise))
    out.say()
    right = sum(trial.right for trial in result.trials)
    out.say(f"{right} of {len(result.trials)} trials right, {time.monotonic() - start:.0f} s")
    out.result(
        {
            "trials": [plain(t) | {"right": t.right} for t in result.trials],
            "accuracy": plain(result.accuracy),
            "promises": plain(result.promises),
            "right": result.right,
            "kept": result.kept,
        }
    )
    return DONE if result.right else NEGATIVE


def _project(given: argparse.Namespace, out: Output) -> int:
    """One scenario as a project; what is true of it is printed, and nothing of that is in the project."""
    from pathlib import Path

    from workbench.asset.plain import plain
    from workbench.errors import Reason, UsageError
    from workbench.workflow.truth_project import scenario_project

    if len(given.scenario) != 1:
        raise UsageError(Reason.USAGE, "A project holds one scenario.", "Name one: workbench truth leak --project leak.bessreview")
    scene = scenario_project(given.scenario[0], given.first_seed, Path(given.project), out.progress(), full=given.full, days=given.days)
    out.say(f"{given.project}: {scene.scenario.about}, seed {given.first_seed}")
    for planted in scene.scenario.planted:
        out.say(f"planted: {planted.what}, {planted.rack}" + (f", cells {', '.join(map(str, planted.cells))}" if planted.cells else ""))
    out.result(
        {
            "project": given.project,
            "scenario": given.scenario[0],
            "seed": given.first_seed,
            "planted": plain(scene.scenario.planted),
            "truth": plain(scene.truth),
        }
    )
    return DONE


def _measure_signs(given: argparse.Namespace, out: Output) -> int:
    """The table of signs anew, from so many draws of every cause."""
    from pathlib import Path

    from workbench.workflow.signs_measured import as_module, measured

    found = measured(range(given.first_seed, given.first_seed + given.seeds), out.progress(), given.workers)
    Path(given.measure_signs).write_text(as_module(found, given.seeds), encoding="utf-8")
    out.say(f"{sum(found.cells.values())} cells counted, {found.held_out} set aside; tempering {found.temper:g}")
    out.result({"cells": sum(found.cells.values()), "set_aside": found.held_out, "temper": found.temper})
    return DONE


def _line(trial: Trial) -> str:
    open_gates = [j for j in trial.planted if j.gate_open]
    counts = [sum(getattr(j, name) for j in open_gates) for name in ("found", "located", "named")]
    ranked = [j.allowed for j in open_gates if j.allowed is not None]
    cause = f"{sum(ranked)}/{len(ranked)}" if ranked else "-"
    said = f"{trial.scenario:<16} {trial.seed:>4}  {len(open_gates):>7}  {counts[0]:>5}  {counts[1]:>7}  {counts[2]:>5}  {cause:>5}  {len(trial.false)}"
    shut = [j.what for j in trial.planted if not j.gate_open]
    said += f": {'; '.join(trial.false[:3])}" if trial.false else ""
    return said + (f"; too small for this window: {', '.join(shut)}" if shut else "")


def _accuracy(row: Accuracy) -> str:
    name = f"{row.name} [{row.unit}]"
    refused = sum(row.refused.values())
    numbers = row.bias, row.sd, row.largest, row.half_width
    if row.covered is None or row.covered_low is None or row.covered_high is None:
        return f"{name:<44} {row.estimates:>7} {refused:>8}   {', '.join(row.refused)}"
    told = " ".join(f"{value:>9.3g}" for value in numbers)
    surely = f"[{100 * row.covered_low:.1f}, {100 * row.covered_high:.1f}]"
    return f"{name:<44} {row.estimates:>7} {refused:>8} {told} {100 * row.covered:>6.1f} %  {surely:<14} {row.racks}"


def _promise(one: Promise) -> str:
    word = "-" if one.kept is None else "met" if one.kept else "MISSED"
    said = f"{one.name:<74} {one.target:<46} {word}"
    return said + (f": {one.found}; {one.met} of {one.looks}" if one.looks else ": nothing speaks of it in this run")
