"""What do the files beside the cells say at the rows looked at? Their last values at or before each, so that physics sees them together.

Only for what is proposed before an import; the import itself puts rows together by `asof`.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from workbench.asset.window import Int64Array
from workbench.ingest import clock, tags, two_clocks
from workbench.ingest.asof import SPARSE, STEPS
from workbench.ingest.sample_columns import Sample
from workbench.ingest.time_columns import TimeChoice

MIN_ROWS = 20  # that must come together for physics to be asked
MOST_FIELDS = 5_000_000


def beside(main: Sample, choice: TimeChoice, others: Sequence[tuple[Sample, TimeChoice]]) -> Sample:
    """The rows of the file with the cells, with the columns of others put beside them; without those that hardly meet it in time."""
    columns = len(main) + sum(len(sample) - 1 for sample, _ in others)
    rows = min(len(main[choice.column]), max(MOST_FIELDS // columns, MIN_ROWS))
    result = {name: texts if rows >= len(texts) else texts[:rows] for name, texts in main.items()}
    at = two_clocks.stamps(result[choice.column], choice.time_format)
    for sample, own in others:
        if own.zone_stated != choice.zone_stated or (own.time_format == clock.ELAPSED) != (choice.time_format == clock.ELAPSED):
            continue
        last, good = _last(at, two_clocks.stamps(sample[own.column], own.time_format))
        if good.sum() >= MIN_ROWS:
            for name, texts in sample.items():
                if name != own.column and name not in result:
                    result[name] = [texts[i] if fits else "" for i, fits in zip(last.tolist(), good.tolist(), strict=True)]
    return result


def carried(sample: Sample, time_column: str) -> Sample:
    """Rows of a long table in which tags tick for themselves: one per record of the last cell, with what the others last said. Else as it is."""
    filled = {name: sum(map(bool, texts)) for name, texts in sample.items() if name != time_column}
    cells = [name for name, count in filled.items() if count and tags.parse(name).kind == "cell"]
    rows = len(sample[time_column])
    if not cells or sorted(filled[name] for name in cells)[len(cells) // 2] > SPARSE * rows:
        return sample
    most = max(filled[name] for name in cells)
    last = [name for name in cells if filled[name] >= 0.5 * most][-1]
    at = [i for i, text in enumerate(sample[last]) if text]
    result: dict[str, list[str]] = {}
    for name, texts in sample.items():
        held, holds = "", []
        for text in texts:
            held = text or held
            holds.append(held)
        result[name] = [holds[i] for i in at]
    return result


def goes_with(main: Sequence[str], other: Sequence[str]) -> bool:
    """Whether a file may stand beside the one with the cells: of the same racks, with signals or other cells, and not one more part of it."""
    cells = {name for name in main if tags.parse(name).kind == "cell"}
    more = [tag for name in other if (tag := tags.parse(name)).kind in ("cell", "probe", "signal")]
    racks = {tags.parse(name).rack for name in cells}
    return bool(more) and not cells & set(other) and all(tag.rack in racks or not tag.rack for tag in more)


def _last(at: Int64Array, own: Int64Array) -> tuple[Int64Array, np.ndarray[tuple[int], np.dtype[np.bool_]]]:
    """(T,) place of the last own instant at or before each, and where it is not too old."""
    known = np.flatnonzero(own != clock.UNREADABLE)
    order = known[np.argsort(own[known], kind="stable")]
    if len(order) < 2:
        return np.zeros(len(at), np.int64), np.zeros(len(at), bool)
    steps = np.diff(own[order])
    tolerance = STEPS * float(np.median(steps[steps > 0])) if (steps > 0).any() else 0.0
    place = np.searchsorted(own[order], at, side="right") - 1
    taken = order[np.maximum(place, 0)]
    return taken, (place >= 0) & (at - own[taken] <= tolerance) & (at != clock.UNREADABLE)
