"""What is known of the samples besides their values: a row per rack and mark."""

from __future__ import annotations

from collections.abc import Iterable

from workbench.asset.quality import Quality
from workbench.asset.window import WindowFacts
from workbench.store.quality_counts import CELLS, PROBES, Marked
from workbench.viewmodels import numbers
from workbench.viewmodels.pictures import TableCell, TablePicture
from workbench.viewmodels.tables import made_table

MEANINGS = {  # mark -> (how it is called, what it means, status)
    Quality.RECEIVED: ("received", "as the source gave it at that instant", "good"),
    Quality.MISSING: ("missing", "nothing was received; no value is kept", "warning"),
    Quality.HELD: ("held", "the last value of its own series, carried forward; not a measurement of that instant", "warning"),
    Quality.INTERPOLATED: ("interpolated", "drawn by the source between two others; no evidence", "warning"),
    Quality.SENTINEL: ("sentinel", "the source wrote a placeholder; no value is kept", "warning"),
    Quality.OUT_OF_RANGE: ("out of range", "physically impossible; no value is kept", "warning"),
    Quality.SUSPECT: ("suspect", "left over in a row of garbage; kept", "warning"),
    Quality.DUPLICATE: ("duplicate", "another value stands for the same instant; the first is kept", "warning"),
    Quality.REPAIRED: ("repaired", "altered by a listed repair", "warning"),
}


NAMES = {CELLS: "cell voltages", PROBES: "probe temperatures"}


def _share(share: float) -> str:
    """In percent; what is neither nothing nor everything never reads as if it were."""
    if 0 < share < 5e-5:
        return f"< {numbers.percent(1e-4, 2)}"
    return f"> {numbers.percent(0.9999, 2)}" if 1 - 5e-5 < share < 1 else numbers.percent(share, 2)


def quality_table(facts: WindowFacts, marked: Iterable[Marked]) -> TablePicture:
    """Rows in the order of racks, unmarked samples first."""
    rows = (
        (
            f"{one.rack}/{int(one.flag)}" if one.of == CELLS else f"{one.rack}/{one.of}/{int(one.flag)}",
            (
                one.rack,
                NAMES.get(one.of, one.of),
                TableCell(MEANINGS[one.flag][0], MEANINGS[one.flag][2]),
                numbers.count(one.samples),
                _share(one.share),
                numbers.count(one.cells),
                numbers.timestamp(one.first_ns, facts.time_zone),
                MEANINGS[one.flag][1],
            ),
        )
        for one in marked
    )
    columns = "rack:Rack|of:Of|mark:Mark|samples:Samples::r|share:Share::r|cells:Channels::r|first:First at|meaning:What it means"
    note = f"Rows {numbers.every(facts)}. {facts.sampling_evidence[:1].upper()}{facts.sampling_evidence[1:]}".strip()
    return made_table("Quality of the samples", columns, rows, f"{note}. A sample may carry several marks.")
