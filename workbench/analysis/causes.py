"""Which causes make a cell stray, what would each show in which moment, and which test tells two of them apart?

The signature table of methods.md 2.8 as likelihoods: for every cause and sign how often the sign is low, normal or high (or there and not there)
if the cause is true. That is counted on simulated racks (`signature_table`). The codes here are judgements made before: they stand for a few looks
(`WORTH`), so that what was never counted is neither impossible nor certain, and they stand alone for signs that the simulator cannot show.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from workbench.analysis.signature import Counts, Shown, counts_in
from workbench.analysis.signature_table import ROWS

Rows = tuple[dict[str, dict[Shown, float]], ...]
THREE = (Shown.LOW, Shown.NORMAL, Shown.HIGH)
TWO = (Shown.YES, Shown.NO)
FIGURES: dict[str, tuple[float, float, float]] = {  # share of low, normal, high
    "L": (0.80, 0.15, 0.05),
    "H": (0.05, 0.15, 0.80),
    "N": (0.06, 0.88, 0.06),
    "l": (0.475, 0.475, 0.05),
    "h": (0.05, 0.475, 0.475),
    "k": (0.25, 0.70, 0.05),  # low now and then
    "?": (1 / 3, 1 / 3, 1 / 3),
    "D": (0.93, 0.06, 0.01),  # where only an interval clear of its limit counts as low (down) or high (up), the others hardly ever show it
    "U": (0.01, 0.06, 0.93),
    "O": (0.02, 0.96, 0.02),
}
FACTS: dict[str, tuple[float, float]] = {  # share of yes, no
    "Y": (0.85, 0.15), "p": (0.60, 0.40), "w": (0.15, 0.85), "n": (0.04, 0.96), "O": (0.01, 0.99), "C": (0.995, 0.005), "?": (0.5, 0.5),
}  # fmt: skip
SIGNS = {  # name -> its own question, and the moments it belongs to
    "end of charge": "When the rack is full, is the cell low, with the others, or ahead?",
    "end of discharge": "When the rack is empty, is the cell low, with the others, or high?",
    "under load": "Does its deviation follow the current to both sides (high), to none (normal), or less than the others (low)?",
    "mid pass": "Does it stand to the same side in the middle of charges and discharges?",
    "rest": "Where does it stand at settled rest, away from the ends?",
    "place": "How far is it ahead of its rack in charge at the graphite step (or at mid charge)?",
    "trend": "Does it fall behind from day to day?",
    "capacity": "Was it measured to hold less, the same or more than the others?",
    "resistance": "Was it measured to resist more at steps of the current?",
    "probe": "Does the probe near it warm under load beyond its rack?",
    "warmth": "Is its place warmer (high) or colder (low) than the rack at rest?",
    "module": "Do the cells beside it in its module stray to the same side?",
    "jumps": "Does its deviation under load jump from pass to pass?",
    "neighbour": "Does the next cell stray the other way under load?",
    "frozen": "Did its channel stand still under load?",
    "copy": "Does its channel repeat another one?",
    "bleeding": "Does it drop when bleeding begins?",
    "bled": "Was it bled more than its rack while it fell behind?",
    "gain": "Does its deviation at rest grow with the voltage?",
    "constant": "Does it stray by as many millivolts at the end of discharge as at rest?",
}
COPIED, ORDINARY_CELL, LOST_PARALLEL = "frozen or copied channel", "an ordinary cell", "loss of a parallel cell"
LESS, LOW, LEAKS, BLED = "low capacity", "low state of charge (imbalance)", "self-discharge", "bled by balancing"
RESISTIVE, JOINT = "high resistance of the cell", "joint or contact"
AND = " with "  # between two causes in one cell
PAIRS = ((LESS, LEAKS), (LESS, RESISTIVE), (LESS, JOINT), (LOW, LESS), (LOW, RESISTIVE), (LOW, JOINT), (LEAKS, RESISTIVE), (LEAKS, JOINT))
WORTH = 4.0  # looks that a judgement stands for
NOT_SIMULATED = (  # a shaking contact, a sense lead shared with the neighbour, and where in a joint or cell a probe sits
    (JOINT, "jumps"), (JOINT, "neighbour"), (JOINT, "probe"), (RESISTIVE, "probe"), (LOST_PARALLEL, "probe"), (LOST_PARALLEL, "neighbour"),
)  # fmt: skip
COUNTED = counts_in(ROWS)
REGIMES = ("end of charge", "end of discharge", "under load", "rest")
OF_FACTS = ("probe", "module", "jumps", "neighbour", "frozen", "copy", "bleeding", "bled", "gain", "constant")


@dataclass(frozen=True)
class Cause:
    """One cause: its name in print, and its rows: the best fitting one counts.

    rows: sign -> code; a sign that is absent is as in an ordinary cell.
    """

    name: str
    rows: tuple[dict[str, str], ...]
    sloping: tuple[dict[str, str], ...] = ()  # where the voltage tells the charge everywhere; empty: the same rows


ORDINARY = (
    {name: "n" if name in OF_FACTS else "N" for name in SIGNS}
    | dict.fromkeys(("trend", "capacity", "resistance", "frozen", "copy", "bled"), "O")
    | {"warmth": "?", "gain": "?", "constant": "w"}
)
_LESS = {"end of charge": "h", "end of discharge": "L", "mid pass": "k", "rest": "k", "place": "l", "capacity": "D"}
_BEHIND = {"end of charge": "L", "end of discharge": "L", "place": "L"}
_AHEAD = {
    "end of charge": "H",
    "end of discharge": "h",
    "place": "h",
}  # at the bottom the weakest cell sets the end, and capacities scatter
_LEAK = {"end of charge": "l", "end of discharge": "l", "place": "l", "trend": "D"}
_RESISTS = {"end of charge": "h", "end of discharge": "l", "under load": "H", "resistance": "U"}
_READS_HIGH = {"end of charge": "h", "end of discharge": "h", "mid pass": "H", "rest": "H", "gain": "n", "constant": "C"}
_READS_LOW = {"end of charge": "l", "end of discharge": "l", "mid pass": "L", "rest": "L", "gain": "n", "constant": "C"}
_SLOPE_LOW, _SLOPE_HIGH = {"mid pass": "L", "rest": "L"}, {"mid pass": "H", "rest": "H"}
_COPIED = dict.fromkeys(SIGNS, "?") | {"copy": "Y"}  # all it shows is another cell's
_ANY_PLACE = {"place": "?"}  # where the voltage tells the charge, a channel that reads wrong moves the place with it

CAUSES = (  # an ordinary cell first: of causes that fit alike it is named first
    Cause(ORDINARY_CELL, (ORDINARY,)),
    Cause(LESS, (_LESS,), (_LESS | {"mid pass": "l", "rest": "l"},)),
    Cause(LOW, (_BEHIND,), (_BEHIND | _SLOPE_LOW,)),
    Cause("high state of charge (imbalance)", (_AHEAD,), (_AHEAD | _SLOPE_HIGH,)),
    Cause(LEAKS, (_LEAK,), (_LEAK | {"mid pass": "l", "rest": "l"},)),
    Cause(BLED, (_BEHIND | {"end of charge": "l", "end of discharge": "l", "bled": "Y"},)),
    Cause(RESISTIVE, (_RESISTS | {"probe": "w"},)),
    Cause(
        LOST_PARALLEL, (_RESISTS | {"end of discharge": "L", "mid pass": "l", "rest": "l", "place": "l", "capacity": "D", "probe": "w"},)
    ),
    Cause(JOINT, (_RESISTS | {"probe": "p", "jumps": "w", "neighbour": "w"},)),
    Cause("channel offset", (_READS_HIGH, _READS_LOW), (_READS_HIGH | _ANY_PLACE, _READS_LOW | _ANY_PLACE)),
    Cause(
        "channel gain",
        (_READS_HIGH | {"gain": "Y"}, _READS_LOW | {"gain": "Y"}),
        (_READS_HIGH | _ANY_PLACE | {"gain": "Y"}, _READS_LOW | _ANY_PLACE | {"gain": "Y"}),
    ),
    Cause(COPIED, ({"frozen": "Y"}, _COPIED)),
    Cause("balancing artefact", ({"bleeding": "Y", "end of charge": "l"},)),
    Cause(
        "temperature of its place",
        (
            {"under load": "L", "resistance": "l", "warmth": "U", "module": "Y"},
            {"under load": "H", "resistance": "h", "warmth": "D", "module": "Y"},
        ),
    ),
    Cause("more capacity than its rack", ({"end of discharge": "h", "place": "h", "capacity": "U", "module": "p"},)),
)
NAMES = tuple(cause.name for cause in CAUSES)


@dataclass(frozen=True)
class SettlingTest:
    """One test, and what it would show under which causes; two causes with different words are told apart. Others are not touched by it."""

    text: str
    shows: dict[str, str]


_PATH = (RESISTIVE, JOINT)
TESTS = (  # cheapest first
    SettlingTest(
        "Ask for the log of the balancing switches of this cell.",
        dict.fromkeys(NAMES, "no drop") | {"balancing artefact": "drop", BLED: "bled most of the time"},
    ),
    SettlingTest(
        "Ask for the map of the temperature probes and the coolant path, and compare the module with its neighbours.",
        dict.fromkeys(NAMES, "even") | {"temperature of its place": "uneven"},
    ),
    SettlingTest(
        "Read this cell with a calibrated meter at rest beside the displayed value, near full and near empty.",
        dict.fromkeys(NAMES, "same") | {"channel offset": "a constant apart", "channel gain": "a share apart", COPIED: "not following"},
    ),
    SettlingTest(
        "Measure joint and cell apart with a micro-ohmmeter, and torque the joint.",
        dict.fromkeys(NAMES, "both sound") | {"joint or contact": "joint", "high resistance of the cell": "cell", LOST_PARALLEL: "cell"},
    ),
    SettlingTest(
        "Serial number and service record of the module.",
        dict.fromkeys(NAMES, "of its rack") | {"more capacity than its rack": "exchanged"},
    ),
    SettlingTest(
        "Open the module and measure the fuses or bonds of the cells that share this channel.",
        dict.fromkeys(NAMES, "all whole") | {LOST_PARALLEL: "one open"},
    ),
    SettlingTest(
        "One full charge and one full discharge at C/4 or less after balancing, cells at 1 to 2 mV every 10 s.",
        dict.fromkeys(NAMES, "with the others")
        | {"low capacity": "full with the others, empty first", "more capacity than its rack": "empties last"}
        | {LEAKS: "behind again after days"},
    ),
    SettlingTest(
        "Ten days at rest after a full charge, balancing off, then one full charge.",
        dict.fromkeys(NAMES, "stands") | {LEAKS: "falls", BLED: "stands, its switch open"},
    ),
    SettlingTest(
        "One full charge and discharge with cells logged every 10 s: which way does it stray at either end?",
        {"low state of charge (imbalance)": "low, low", "high state of charge (imbalance)": "high, high"}
        | dict.fromkeys(_PATH, "high, low")
        | {ORDINARY_CELL: "with the others"},
    ),
)


def causes_in(name: str) -> tuple[str, ...]:
    """The causes of which a name speaks: two where a cell has two."""
    return tuple(name.split(AND))


def separating(one: str, other: str, tests: Iterable[SettlingTest] = TESTS) -> str:
    """The cheapest test that shows something else under each of two causes, alone or in pairs. tests: cheapest first."""
    parts, others = causes_in(one), causes_in(other)
    alone = len(parts) == len(others) == 1
    for test in tests:
        if not all(part in test.shows for part in (*parts, *others)):
            continue
        words, against = ({test.shows[part] for part in which} for which in (parts, others))
        if not alone:  # of two causes a test shows what either does; what an ordinary cell shows is nothing
            words, against = words - {test.shows.get(ORDINARY_CELL)}, against - {test.shows.get(ORDINARY_CELL)}
        if words != against:
            return test.text
    return "No single test tells these two apart; exchange the module and watch whether it goes with the module or stays at the place."


def likelihoods(cause: Cause, *, sloping: bool, counts: Counts = COUNTED) -> Rows:
    """For each row of a cause: sign -> what is shown -> how often, with the signs it leaves out as in an ordinary cell."""
    judged = shares_of(cause.sloping if sloping and cause.sloping else cause.rows, ORDINARY, OF_FACTS)
    found = []
    for number, row in enumerate(judged):
        seen = counts.get((sloping, cause.name, number), {})
        found.append({name: _with_looks(shares, seen.get(name, {})) for name, shares in row.items()})
    return tuple(found)


def every_row(*, sloping: bool, counts: Counts = COUNTED) -> dict[str, Rows]:
    """The rows of all causes, and of those that come in pairs: judged from their parts, and counted where they were drawn together."""
    rows = {cause.name: likelihoods(cause, sloping=sloping, counts=counts) for cause in CAUSES}
    for pair in PAIRS:
        name, ordinary = AND.join(pair), rows[ORDINARY_CELL]
        seen = counts.get((sloping, name, 0), {})
        (both,) = together(rows[pair[0]], rows[pair[1]], ordinary)
        rows[name] = ({sign: _with_looks(shares, seen.get(sign, {})) for sign, shares in both.items()},)
    return rows


def _with_looks(judged: dict[Shown, float], seen: Mapping[Shown, int]) -> dict[Shown, float]:
    """Shares from counts and from the judgement, which counts as `WORTH` looks."""
    total = WORTH + sum(seen.values())
    return {shown: (WORTH * share + seen.get(shown, 0)) / total for shown, share in judged.items()}


def together(one: Rows, other: Rows, ordinary: Rows) -> Rows:
    """What a cell with two causes shows: each moves the odds of every sign from those of an ordinary cell, and the moves add up."""
    found = []
    for a, b in itertools.product(one, other):
        row = {}
        for name, usual in ordinary[0].items():
            weight = {shown: a[name][shown] * b[name][shown] / share for shown, share in usual.items()}
            row[name] = {shown: value / sum(weight.values()) for shown, value in weight.items()}
        found.append(row)
    return tuple(found)


def shares_of(rows: Iterable[Mapping[str, str]], ordinary: Mapping[str, str], of_facts: Collection[str]) -> Rows:
    """Codes as shares; a sign that a row leaves out is as in `ordinary`."""
    found = []
    for row in rows:
        codes = {**ordinary, **row}
        found.append(
            {
                name: dict(zip(TWO, FACTS[code], strict=True)) if name in of_facts else dict(zip(THREE, FIGURES[code], strict=True))
                for name, code in codes.items()
            }
        )
    return tuple(found)
