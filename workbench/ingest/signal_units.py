"""Does a signal change its unit or its sign on the way through a window? Cells beside it, and its own steps, tell; a change is mended or withheld.

One mapping reads a column in all files of all racks. New firmware may count in another unit from some day on, and one rack of many may count
the other way round. What a power of ten explains exactly is mended and listed with its place. A current whose resistance changes tenfold or
whose sign changes is withheld: nothing tells the very row. Looked at before anything is written, in runs of rows; all rows only where these
say that something changed. Shapes: T rows, C cells, P probes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import msgspec
import numpy as np

from workbench.asset.channels import CELL_VOLTAGE_PER_V, MISSING_INT16, OTHER_PREFIX
from workbench.asset.quality import UNUSABLE, Quality
from workbench.asset.topology import Rack
from workbench.asset.window import FloatArray, Int64Array, RackSeries
from workbench.ingest import probe_changes
from workbench.ingest.repairs import Ledger
from workbench.ingest.spool import RackSpool
from workbench.ingest.unit_changes import Change, at, of_factors, passed

RUNS, RUN_ROWS, SHORT_RUN = 16, 512, 64  # of few rows every one is looked at, in stretches that lie half over each other
MIN_CELLS, WITNESSES = 3, 32
AGREES = 0.9  # of the rows
NEAR = 0.03  # of one another: a power of ten is far beyond
TENS = (0.1, 0.01, 0.001, 0.0001, 10.0, 100.0, 1000.0, 10000.0)
SHARES = ("reported_soc", "reported_soh", "bank_reported_soc")
SHARE_TENS = (100.0, 0.01, 1000.0, 0.001, 1e4, 1e-4, 1e6, 1e-6)
LEAST_SHARE, LOW_SHARE = 0.05, 0.0125  # a step that no hour of a battery makes; below it a share may be a hundredth of one
MOST_SHARE = 1.2
STEP = 0.2  # of the largest current: what counts as a step of it
MIN_ROWS, MIN_STEPS, STRAIGHT = 20, 3, 0.9  # rows and steps of a run, partial correlation, before its resistance is believed
PROOFS = 12  # steps that say one thing
FEW_STEPS, ALL_STEPS, CLEAR, ALIKE = (
    2,
    6,
    8.0,
    1.6,
)  # steps on each side and on both; out of the noise by so much; how much they differ among themselves
TENFOLD = 5.0  # no resistance of a cell differs so much from one stretch to the next, with none between
CURRENT = "rack_current_a"
PROBES = "probes"


@dataclass
class SignalWatch:
    """What must be done to the signals of one rack. changes: by signal, ``probes`` for all probes; withheld: signals that change their meaning,
    and the labels of probes that do, with the names under which they are kept."""

    rack: Rack
    changes: dict[str, list[Change]] = field(default_factory=dict)
    withheld: dict[str, str] = field(default_factory=dict)

    def kept(self) -> Rack:
        """The rack, without probes where these are withheld."""
        return msgspec.structs.replace(self.rack, probes=()) if self._loose() else self.rack

    def names(self, signals: tuple[str, ...]) -> tuple[str, ...]:
        """Under which names signals are kept, probes that are none any more before them."""
        return (*self._loose(), *(self.withheld.get(name, name) for name in signals))

    def _loose(self) -> list[str]:
        return [self.withheld[probe.label] for probe in self.rack.probes if probe.label in self.withheld]

    def mended(self, block: RackSeries, ledger: Ledger) -> RackSeries:
        """The block in one unit per signal, with what was done counted."""
        if not self.changes and not self.withheld:
            return block
        signals = dict(block.signals)
        for name, changes in self.changes.items():
            factor, offset = at(block.time_ns, changes)
            altered, unknown = (factor != 1) | (offset != 0), np.isnan(factor)
            rows = int((altered & ~unknown).sum())
            if not altered.any():
                continue
            marks = block.channel_marks().copy()
            own = slice(0, len(block.rack.probes)) if name == PROBES else len(block.rack.probes) + list(signals).index(name)
            usable = (marks[own] & int(UNUSABLE)) == 0
            marks[own] |= np.where(usable & altered, np.where(unknown, int(Quality.OUT_OF_RANGE), int(Quality.REPAIRED)), 0).astype(
                np.uint8
            )
            block = replace(block, channel_quality=marks)
            if name == PROBES:
                probes = block.probe_temperature_ddegc
                known = (probes != MISSING_INT16) & ~unknown
                mended = np.rint(np.where(known, probes * np.where(unknown, 1, factor) + offset, MISSING_INT16))
                block = replace(block, probe_temperature_ddegc=mended.astype(np.int16))
            else:
                signals[name] = signals[name] * factor + offset
            if rows:
                words = " or ".join(sorted({_words(change) for change in changes if change.alters and change.factor == change.factor}))
                first = f"{np.datetime64(next(c.since_ns for c in changes if c.alters) // 10**9, 's')}Z"
                if all(change.factor == -1 for change in changes):
                    text = "turned: in all stretches looked at the cells move against it, although its first rows prove no sign"
                    ledger.count("sign", f"{self.rack.id}, {name}", rows, text)
                    continue
                ledger.count("unit-change", f"{self.rack.id}, {name}", rows, f"counted in another unit than the rest; {words}", first=first)
        signals = {self.withheld.get(name, name): values for name, values in signals.items()}
        if not (loose := self._loose()):
            return replace(block, signals=signals)
        warm = np.where(block.probe_temperature_ddegc == MISSING_INT16, np.nan, block.probe_temperature_ddegc / 10)
        none = block.probe_temperature_ddegc[:0]
        return replace(block, rack=self.kept(), probe_temperature_ddegc=none, signals=dict(zip(loose, warm, strict=True)) | signals)


def watched(spool: RackSpool, rows: np.ndarray[Any, Any], elsewhere: Sequence[Changing], ledger: Ledger) -> SignalWatch:
    """What the rows of a rack show, in any order as they were received. elsewhere: see `changing_currents`."""
    watch = SignalWatch(spool.rack)
    if not len(rows) or not (spool.signals or spool.rack.probes):
        return watch
    order = np.argsort(spool.stamps()["t"], kind="stable")
    runs = [rows[part] for part in _runs(order)]
    _current(watch, spool, runs, [rows[order]] if len(order) <= RUNS * RUN_ROWS else runs, elsewhere, ledger)
    for name, suspected, found in (
        ("rack_voltage_v", _voltage_differs, _voltage_changes), *((share, _share_differs, _share_changes) for share in SHARES)
    ):  # fmt: skip
        if name in spool.signals and suspected(spool, runs, name, ledger):
            changes = found(spool, rows, order, name)
            if any(change.alters for change in changes):
                watch.changes[name] = changes
    if spool.rack.probes and probe_changes.suspected(spool, runs):
        _probes(watch, spool, probe_changes.told(spool, rows, order), ledger)
    return watch


def _probes(watch: SignalWatch, spool: RackSpool, told: probe_changes.ProbesTold, ledger: Ledger) -> None:
    """Probes are mended, or withheld under the owner's names."""
    if told.changes:
        watch.changes[PROBES] = list(told.changes)
    if told.withheld:
        watch.withheld |= {probe.label: OTHER_PREFIX + probe.label.replace("/", "∕") for probe in spool.rack.probes}
    if told.why:
        text = f"{told.why}; kept as {OTHER_PREFIX}..., not computed with" if told.withheld else told.why
        first = f"{np.datetime64(told.first_ns // 10**9, 's')}Z"
        ledger.note("unit-unproven", f"{spool.rack.id}, {PROBES}", spool.rows, text, first=first)


def _words(change: Change) -> str:
    """What is done, said in the unit of the quantity: probes are kept in tenths."""
    offset = f", {change.offset / 10:+g} °C" if change.offset else ""
    return f"times {change.factor:g}{offset}"


def _runs(order: Int64Array) -> list[Int64Array]:
    """Stretches of neighbours in time, spread over all rows."""
    if len(order) <= RUNS * RUN_ROWS:
        return [order[first : first + SHORT_RUN] for first in range(0, max(len(order) - SHORT_RUN // 2, 1), SHORT_RUN // 2)]
    begins = np.linspace(0, len(order) - RUN_ROWS, RUNS).astype(np.int64)
    return [order[first : first + RUN_ROWS] for first in begins]


def _signal(spool: RackSpool, part: np.ndarray[Any, Any], name: str) -> FloatArray:
    return np.asarray(part["s"][:, spool.signals.index(name)], np.float64)


# ---- rack voltage by the sum of its cells


def _ratio(spool: RackSpool, part: np.ndarray[Any, Any], name: str) -> FloatArray:
    """(T,) sum of the cells over what the rack says, NaN where either is not whole."""
    volts = np.asarray(part["v"])
    whole = (volts != MISSING_INT16).all(axis=1)
    told = _signal(spool, part, name)
    usable = whole & np.isfinite(told) & (told != 0)
    return np.where(usable, volts.sum(axis=1, dtype=np.int64) / CELL_VOLTAGE_PER_V / np.where(usable, told, 1), np.nan)


def _ten(ratio: FloatArray, near: float) -> FloatArray:
    """(T,) the power of ten that a ratio is, 1 for any other."""
    result = np.ones(len(ratio))
    for ten in TENS:
        result[np.abs(ratio / ten - 1) <= near] = ten
    return result


def _near(spool: RackSpool) -> float:
    return NEAR + 1 / max(len(spool.rack.cells), 1)  # one cell may be missing from the export


def _voltage_differs(spool: RackSpool, runs: list[np.ndarray[Any, Any]], name: str, ledger: Ledger) -> bool:
    if len(spool.rack.cells) < MIN_CELLS:
        return False
    ratio = np.concatenate([_ratio(spool, part, name) for part in runs])
    as_mapped, ten = np.abs(ratio - 1) <= _near(spool), _ten(ratio, _near(spool))
    known = np.isfinite(ratio)
    if (
        known.sum() >= MIN_ROWS
        and not as_mapped.any()
        and (ten[known] == np.median(ten[known])).mean() >= AGREES
        and np.median(ten[known]) != 1
    ):
        text = f"throughout, times {np.median(ten[known]):g} it is the sum of the {len(spool.rack.cells)} cells: its scale is another, or not all cells are there"
        ledger.note("scale-unproven", f"{spool.rack.id}, {name}", spool.rows, text)
    return bool(as_mapped.any() and (_ten(ratio, _near(spool)) != 1).any())


def _voltage_changes(spool: RackSpool, rows: np.ndarray[Any, Any], order: Int64Array, name: str) -> list[Change]:
    time_ns, factor = passed(rows, order, lambda part: _ten_or_nothing(_ratio(spool, part, name), _near(spool)))
    return of_factors(time_ns, factor)


def _ten_or_nothing(ratio: FloatArray, near: float) -> FloatArray:
    ten = _ten(ratio, near)
    return np.where((ten != 1) | (np.abs(ratio - 1) <= near), ten, np.nan)


# ---- shares: no state of charge falls to a hundredth of itself in one step


def _share_differs(spool: RackSpool, runs: list[np.ndarray[Any, Any]], name: str, ledger: Ledger) -> bool:
    told = np.concatenate([_signal(spool, part, name) for part in runs])
    known = told[np.isfinite(told) & (told != 0)]
    return bool(len(known) and known.min() < LOW_SHARE and known.max() > LEAST_SHARE)


def _share_changes(spool: RackSpool, rows: np.ndarray[Any, Any], order: Int64Array, name: str) -> list[Change]:
    time_ns, told = passed(rows, order, lambda part: np.where(_signal(spool, part, name) == 0, np.nan, _signal(spool, part, name)))
    if len(told) < 2:
        return []
    step = told[1:] / told[:-1]
    factor = np.ones(len(told))
    now = 1.0
    for i in np.flatnonzero(np.abs(np.diff(told)) > LEAST_SHARE).tolist():
        ten = next((ten for ten in SHARE_TENS if abs(step[i] / ten - 1) <= NEAR), None)
        if ten is not None:
            now /= ten
            factor[i + 1 :] = now
    whole = [(float(np.max(told * factor / one)), one) for one in np.unique(factor)]  # one of the units is the one of the mapping
    best = max(((top, one) for top, one in whole if top <= MOST_SHARE), default=None)
    return of_factors(time_ns, np.round(factor / best[1], 9)) if best else []


# ---- current by the resistance that its steps show


@dataclass(frozen=True, slots=True)
class Changing:
    """The current of a rack changes its unit between two instants [ns]; so may that of others in the same files."""

    rack: str
    files: frozenset[str]
    between: tuple[int, int]


def changing_currents(spools: Mapping[str, RackSpool]) -> tuple[Changing, ...]:
    """Racks whose current changes its unit on the way, by its own steps."""
    found: list[Changing] = []
    for rack, spool in spools.items():
        if CURRENT in spool.signals and spool.rack.cells and MIN_ROWS <= spool.rows <= RUNS * RUN_ROWS:
            when, steps = _steps(spool, [np.memmap(spool.path, spool.dtype, "r")[np.argsort(spool.stamps()["t"], kind="stable")]])
            if (two := _two_sizes(steps)) is not None:
                found.append(Changing(rack, _files(spool), (int(when[two[0] - FEW_STEPS]), int(when[two[0]]))))
    return tuple(found)


def _files(spool: RackSpool) -> frozenset[str]:
    return frozenset(name for source in spool.sources for name in source.names)


def _may_change_too(spool: RackSpool, when: Int64Array, steps: FloatArray, between: tuple[int, int]) -> bool:
    """Whether a current flows on both sides of a change, and too few steps of one size stand there to show that it means the same on both."""
    rows = np.memmap(spool.path, spool.dtype, "r")
    flows = np.asarray(rows["t"])[np.nan_to_num(_signal(spool, rows, CURRENT)) != 0]
    if not ((flows < between[0]).any() and (flows > between[1]).any()):
        return False
    before, after = (np.log10(np.abs(steps[side])) for side in (when <= between[0], when >= between[1]))
    few = min(len(before), len(after)) < FEW_STEPS
    return few or bool(abs(np.median(before) - np.median(after)) >= np.log10(TENFOLD))


def _current(
    watch: SignalWatch,
    spool: RackSpool,
    runs: list[np.ndarray[Any, Any]],
    whole: list[np.ndarray[Any, Any]],
    elsewhere: Sequence[Changing],
    ledger: Ledger,
) -> None:
    """runs: of rows, over each of which a resistance is fitted; whole: the same rows, cut as little as can be. elsewhere: see `changing_currents`."""
    if CURRENT not in spool.signals or not spool.rack.cells:
        return
    ohms = np.array([told for part in runs if (told := _resistance(spool, part)) is not None])
    when, steps = _steps(spool, whole)
    if (two := _two_sizes(steps)) is not None:
        _withheld(watch, spool, ledger, _changes_from(*two[1:]))
        return
    for other in elsewhere:
        if not other.files.isdisjoint(_files(spool)) and _may_change_too(spool, when, steps, other.between):
            last = f"{np.datetime64(other.between[1] // 10**9, 's')}Z"
            why = (
                f"that of {other.rack} in the same file changes its unit, at the latest at {last}, and nothing shows that this one does not"
            )
            _withheld(watch, spool, ledger, why)
            return
    if len(ohms) < 2:
        return
    plus, minus = ohms[ohms > 0], ohms[ohms < 0]
    if len(plus) and len(minus):
        why = f"in {len(minus)} of {len(ohms)} stretches the cells move against it, in the others with it: its sign changes on the way"
    elif not len(plus) and len(steps) >= PROOFS and (steps < 0).mean() >= AGREES and (columns := spool.unproven.get(CURRENT)):
        watch.changes[CURRENT] = [Change(-(2**62), -1.0)]
        ledger.withdraw("sign-unproven", columns)
        return
    elif not len(plus):
        text = "the cells move against it throughout: this rack counts the other way round than it is read, or its sensor is reversed; kept as it is"
        ledger.note("sign-contradicted", f"{watch.rack.id}, {CURRENT}", spool.rows, text)
        return
    else:
        apart = np.sort(np.log10(ohms))
        gap = float(np.max(np.diff(apart)))
        if gap < np.log10(TENFOLD):
            return
        why = _changes_from(float(np.min(ohms)), float(np.max(ohms)))
    _withheld(watch, spool, ledger, why)


def _changes_from(one: float, other: float) -> str:
    return f"the resistance that its steps show changes from {1e3 * one:.3g} to {1e3 * other:.3g} mΩ: its unit changes on the way"


def _withheld(watch: SignalWatch, spool: RackSpool, ledger: Ledger, why: str) -> None:
    watch.withheld[CURRENT] = f"{OTHER_PREFIX}current"
    ledger.note("unit-unproven", f"{watch.rack.id}, {CURRENT}", spool.rows, f"{why}; kept as {OTHER_PREFIX}current, not computed with")


def _steps(spool: RackSpool, parts: list[np.ndarray[Any, Any]]) -> tuple[Int64Array, FloatArray]:
    """Those of all parts."""
    when, ohms = zip(*(_step_ohms(spool, part) for part in parts), strict=True)
    return np.concatenate(when), np.concatenate(ohms)


def _step_ohms(spool: RackSpool, part: np.ndarray[Any, Any]) -> tuple[Int64Array, FloatArray]:
    """(S,) instant after, and [ohm] of a cell at, each large step of the current from one row to the next; only steps that stand out of the noise."""
    amps = _signal(spool, part, CURRENT)
    cells = np.asarray(part["v"][:, :WITNESSES])
    both = np.isfinite(amps) & (cells != MISSING_INT16).any(axis=1)
    if both.sum() < MIN_ROWS:
        return np.empty(0, np.int64), np.empty(0)
    volts = np.nanmedian(np.where(cells[both] == MISSING_INT16, np.nan, cells[both] / CELL_VOLTAGE_PER_V), axis=1)
    step_a, step_v = np.diff(amps[both]), np.diff(volts)
    quiet = float(np.median(np.abs(step_v)))
    large = (np.abs(step_v) > CLEAR * max(quiet, 1 / CELL_VOLTAGE_PER_V)) & (step_a != 0)
    time_ns: Int64Array = np.asarray(part["t"])[both][1:][large]
    ohms: FloatArray = step_v[large] / step_a[large]
    return time_ns[ohms != 0], ohms[ohms != 0]


def _two_sizes(ohms: FloatArray) -> tuple[int, float, float] | None:
    """The one step that parts steps of one size from steps of another, tenfold one, and the resistances before and after; None where there is none."""
    size = np.log10(np.abs(ohms))
    for place in range(FEW_STEPS, len(size) - FEW_STEPS + 1):
        for before, after in ((size[:place], size[place:]), (size[: place - 1], size[place:])):  # the step at the very place may be of both
            middles = np.array([np.median(before), np.median(after)])
            near = max(float(np.abs(part - middle).max()) for part, middle in zip((before, after), middles, strict=True))
            if (
                len(before) >= FEW_STEPS
                and len(before) + len(after) >= ALL_STEPS
                and abs(middles[1] - middles[0]) >= np.log10(TENFOLD)
                and near <= np.log10(ALIKE)
            ):
                return place, float(10 ** middles[0]), float(10 ** middles[1])
    return None


def _resistance(spool: RackSpool, part: np.ndarray[Any, Any]) -> float | None:
    """Ohms of a cell in one run, beside a drift in time; negative where the cells go against the current; None where nothing is proved."""
    amps = _signal(spool, part, CURRENT)
    cells = np.asarray(part["v"][:, :WITNESSES])
    both = np.isfinite(amps) & (cells != MISSING_INT16).any(axis=1)
    if both.sum() < MIN_ROWS:
        return None
    volts = np.nanmedian(np.where(cells[both] == MISSING_INT16, np.nan, cells[both] / CELL_VOLTAGE_PER_V), axis=1)
    amps, drift = amps[both], np.linspace(-1, 1, int(both.sum()))
    if (np.abs(np.diff(amps)) >= STEP * np.max(np.abs(amps))).sum() < MIN_STEPS:
        return None
    design = np.column_stack([amps, drift, np.ones(len(amps))])
    found, *_ = np.linalg.lstsq(design, volts, rcond=None)
    rest = volts - design @ found
    free = amps - design[:, 1:] @ np.linalg.lstsq(design[:, 1:], amps, rcond=None)[0]  # what of the current the drift does not explain
    explained, left = found[0] ** 2 * (free**2).sum(), (rest**2).sum()
    if not explained or explained < STRAIGHT**2 * (explained + left):
        return None
    return float(found[0])
