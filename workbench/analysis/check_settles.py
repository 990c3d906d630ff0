"""What is the cheapest thing that would let a check be made that could not be? A sentence per check, for the owner to act on.

A function of a check as it is stored, so that old results say it too. A check that was made needs none.
"""

from __future__ import annotations

from workbench.analysis.results import Check, Outcome

SETTLES = {
    "DQ01": "The historian's own list of lost records for this window, or one day logged by a fixed clock.",
    "DQ02": "A second export with the instants kept as recorded.",
    "DQ03": "A second export with the rows in the order in which they were recorded.",
    "DQ04": "The statement of the time zone, and whether the clock changes with daylight saving.",
    "DQ05": "Two days with at least ten steps of load, cells and current in one frame every 1 s.",
    "DQ06": "One full cycle with the current of the rack beside its cells.",
    "DQ07": "One day with a charge in it, cells as recorded.",
    "DQ08": "The list of placeholders that this system writes where it has no value.",
    "DQ09": "The measuring range of the channels, from the list of channels.",
    "DQ10": "The measuring range of the channels, from the list of channels.",
    "DQ11": "The list of channels with unit, scale and offset of each.",
    "DQ12": "The statement which direction of the current is positive, and one charge with the cells beside it.",
    "DQ13": "The statement whether values are means or snapshots, and one day at 1 s.",
    "DQ14": "The deadbands of the historian, per channel.",
    "DQ15": "The compression settings of the historian, and one day as recorded.",
    "DQ16": "The map of the cell channels, and when modules or boards were exchanged.",
    "DQ17": "The service record of the window, and a month of data.",
    "DQ18": "The energy, charge and cycle counters of every rack, once a day.",
    "DQ19": "The map of the temperature probes: at which cells each one sits.",
    "DQ20": "The channels that are named as missing, for the window.",
    "CX01": "The rack voltage of every rack, in the same frame as its cells.",
    "CX02": "The voltage that each module measures itself, for one day.",
    "CX03": "The current of the bank beside those of all its racks, for two days with load.",
    "CX04": "The power of converter and revenue meter beside currents and voltages of all racks, for one cycle.",
    "CX05": "Three full charges in one recording without a gap, or the sensor read once with the contactor open.",
    "CX06": "The highest and lowest cell as the BMS shows them, for one day.",
    "CX07": "The SoC as displayed beside the current, for one cycle.",
    "CX08": "The SoC as displayed, for one charge that ends at the limit of the cells.",
    "CX09": "The displayed SoH with its definition, and one full cycle at C/4 with a calibrated current sensor.",
    "CX10": "The displayed SoH over a year, once a day, beside the cycle counter.",
    "CX11": "The alarm word beside the cells, and the thresholds of the BMS.",
    "CX12": "The contactor word beside the current, for an hour with the rack opened.",
    "CX13": "The SoC of the bank beside those of its racks, for a time with one of them opened.",
    "CX14": "Which cells are bled and when, over four full charges.",
    "CX15": "The current limits that the BMS reports beside the current, for one cycle.",
    "CX16": "At least three probes of a rack through one full cycle at the rated rate.",
    "CX17": "The state word beside the current, for one cycle, and its list of codes.",
    "CX18": "The currents of all racks of a bus under load together, for one cycle.",
    "CX19": "The cycle counter beside the current for twenty equivalent cycles, and its definition.",
    "CX20": "The interlock and contactor words at one second around a witnessed trip.",
}


def settles(check: Check) -> str:
    """What to ask for, or nothing where the check was made."""
    return SETTLES.get(check.id, "") if check.outcome is Outcome.NOT_ESTABLISHED else ""
