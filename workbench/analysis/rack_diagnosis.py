"""Why does a rack differ from the others of its bank, or from the meters: which causes fit what the checks found, and what would tell them apart?

The same ranking as for cells, over what is known of whole racks: the bank's meters, the charge between full ends, the current while the contactor
is open, the share of the bank current, the sum of cells, and the capacity against the other racks. Source: methods.md 2.8, findings 9, CX03 to CX18.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from workbench.analysis.candidates import in_print
from workbench.analysis.causes import SettlingTest, separating, shares_of
from workbench.analysis.diagnosis import outcome_of, ranking, sentence_of
from workbench.analysis.estimates import RackEstimates
from workbench.analysis.results import Check, Estimate
from workbench.analysis.results import Outcome as Result
from workbench.analysis.signature import Diagnosis, Shown, Sign
from workbench.analysis.unmade import MOST_ELEMENTS
from workbench.asset.topology import Plant, Rack

ASKED = {  # sign -> the check that answers it
    "bank meter": "CX03",
    "net charge": "CX05",
    "current while open": "CX12",
    "share of the bank current": "CX18",
    "sum of cells": "CX01",
}
CAPACITY = "capacity"
APART, ALIKE = 0.03, 0.015  # of the middle of the other racks
LEAST_PEERS = 2
GAIN, OFFSET, LESS, MORE, PATH, VOLTAGE, WORD, ORDINARY = (
    "gain of the current sensor", "offset of the current sensor", "less capacity than the other racks", "more capacity than the other racks",
    "poor connection of the rack", "rack voltage or a cell missing", "contactor word",
    "an ordinary rack",
)  # fmt: skip
USUAL = dict.fromkeys(ASKED, "n") | {CAPACITY: "N"}
CAUSES: dict[str, tuple[dict[str, str], ...]] = {
    ORDINARY: ({},),
    GAIN: ({"bank meter": "Y", CAPACITY: "H"}, {"bank meter": "Y", CAPACITY: "L"}),
    OFFSET: ({"net charge": "Y", "current while open": "p"},),
    LESS: ({CAPACITY: "L", "share of the bank current": "w"},),
    MORE: ({CAPACITY: "H", "share of the bank current": "w"},),
    PATH: ({"share of the bank current": "Y", CAPACITY: "l", "sum of cells": "w"},),
    VOLTAGE: ({"sum of cells": "Y"},),
    WORD: ({"current while open": "Y"},),
}
ROWS = {name: shares_of(rows, USUAL, tuple(ASKED)) for name, rows in CAUSES.items()}
TESTS = (
    SettlingTest(
        "Read the sensor of this rack with its contactor open.",
        dict.fromkeys(CAUSES, "zero") | {OFFSET: "not zero", WORD: "the load, although it says open"},
    ),
    SettlingTest(
        "Open the other racks for an hour under load: the bank meter and this sensor then measure one current.",
        dict.fromkeys(CAUSES, "alike") | {GAIN: "a share apart", OFFSET: "a constant apart"},
    ),
    SettlingTest(
        "Read the rack voltage at its terminals beside the sum of its cells.", dict.fromkeys(CAUSES, "alike") | {VOLTAGE: "apart"}
    ),
    SettlingTest("Thermal check and torque of the terminals of this rack under load.", dict.fromkeys(CAUSES, "cool") | {PATH: "hot"}),
    SettlingTest(
        "One full charge and discharge of this rack alone at C/4 against a calibrated meter.",
        dict.fromkeys(CAUSES, "as the others") | {LESS: "less", MORE: "more"},
    ),
)


def rack_diagnoses(checks: Iterable[Check], estimates: Iterable[RackEstimates], plant: Plant) -> tuple[Diagnosis, ...]:
    """The ranking for each rack that a check accuses or whose capacity stands apart, in the order of the plant."""
    by_id, by_rack = {check.id: check for check in checks}, {one.rack: one for one in estimates}
    found = []
    for rack in plant.racks:
        signs = (*(_told(by_id.get(check), name, rack) for name, check in ASKED.items()), _capacity(rack, plant, by_rack))
        if any(sign.shown in (Shown.YES, Shown.LOW, Shown.HIGH) for sign in signs):
            found.append(_diagnosis(rack, signs))
    return tuple(found)


def _diagnosis(rack: Rack, signs: tuple[Sign, ...]) -> Diagnosis:
    ranked = ranking(signs, ROWS)
    outcome = outcome_of(ranked)
    unseen = tuple(sign.name for sign in signs if sign.shown is Shown.UNSEEN)
    settles = separating(ranked[0].cause, ranked[1].cause, TESTS)
    return Diagnosis(rack.id, (), rack.id, outcome, ranked, signs, unseen, settles, sentence_of(outcome, ranked))


def _told(check: Check | None, name: str, rack: Rack) -> Sign:
    """What a check says of one rack. A check that accuses only the bank, or whose list of racks is full, leaves its racks unclear."""
    if check is None or check.outcome is Result.NOT_ESTABLISHED:
        return Sign(name, Shown.UNSEEN, check.seen if check is not None else "Not looked at.")
    if any(element == rack.id or element.startswith(f"{rack.id} ") for element in check.elements):
        return Sign(name, Shown.YES, check.seen)
    bad = check.outcome is not Result.PASS
    if bad and (rack.bank in check.elements or len(check.elements) >= MOST_ELEMENTS):
        return Sign(name, Shown.UNCLEAR, check.seen)
    return Sign(name, Shown.NO, f"{check.id} does not accuse this rack")


def _capacity(rack: Rack, plant: Plant, by_rack: dict[str, RackEstimates]) -> Sign:
    own = by_rack[rack.id].string_ah if rack.id in by_rack else None
    peers = [by_rack[one.id].string_ah for one in plant.racks if one.id in by_rack and one.id != rack.id and one.bank == rack.bank]
    known = [answer.value for answer in peers if isinstance(answer, Estimate)]
    if not isinstance(own, Estimate) or len(known) < LEAST_PEERS:
        return Sign(CAPACITY, Shown.UNSEEN, f"It needs the counted capacity of this rack and of {LEAST_PEERS} others of its bank.")
    apart = own.value / float(np.median(known)) - 1
    text = in_print(f"{own.value:.1f} Ah as counted, {100 * apart:+.1f} % against the middle of {len(known)} other racks")
    if abs(apart) >= APART:
        return Sign(CAPACITY, Shown.LOW if apart < 0 else Shown.HIGH, text)
    return Sign(CAPACITY, Shown.NORMAL if abs(apart) <= ALIKE else Shown.UNCLEAR, text)
