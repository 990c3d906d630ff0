"""What would the owner of the synthetic site hand over? A zip of per-rack CSV files with the habits of real exports.

Semicolons, local time without a zone, discharge positive, millivolts, 65535 where nothing was read, a hole and some repeated rows: so that
importing it is real work.
"""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np

from workbench.asset.plain import canonical
from workbench.asset.window import RackSeries
from workbench.jobs.progress import Progress
from workbench.simulation.site import RackTruth, SiteSpec, Truth, simulate

ROWS = 4096
SENTINELS_PER_RACK = 40
ZERO = 20_000  # where 0.0 stands in the table of texts, which runs from -2000.0 to 1999.9
LOST_RACK, LOST_HOURS = 6, 1.5  # one rack was silent for a while


def export_site(spec: SiteSpec, folder: Path, progress: Progress) -> tuple[Path, Truth]:
    """Simulate and write ``site_export.zip`` and, apart from it, ``truth.json``. Returns the zip and the truth."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "site_export.zip"
    truths: list[RackTruth] = []
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for series, truth in simulate(spec, progress):
            truths.append(truth)
            info = zipfile.ZipInfo(f"site_export/{series.rack.id}.csv", date_time=(2026, 3, 12, 8, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            with archive.open(info, "w", force_zip64=True) as file, io.TextIOWrapper(file, encoding="utf-8", newline="\n") as text:
                _write(text, series, spec, progress)
    result = Truth(spec=spec, racks=tuple(truths))
    (folder / "truth.json").write_bytes(canonical(result))
    return path, result


def _write(text: io.TextIOWrapper, series: RackSeries, spec: SiteSpec, progress: Progress) -> None:
    rack = series.rack.id
    rng = np.random.default_rng([spec.seed, 1000 + int(rack[1:])])
    cells = series.cell_voltage_mv.astype(np.int32)
    samples = cells.shape[1]
    lost = rng.integers(0, samples, SENTINELS_PER_RACK), rng.integers(0, cells.shape[0], SENTINELS_PER_RACK)
    cells[lost[1], lost[0]] = 65535
    order = np.arange(samples)
    if int(rack[1:]) == LOST_RACK:
        first = samples // 2
        order = np.delete(order, slice(first, first + round(LOST_HOURS * 3600 / spec.period_s)))
    order = np.sort(np.r_[order, rng.choice(order, 5)])  # a logger that repeats itself
    signals = series.signals
    names = [c.label for c in series.rack.cells] + [p.label for p in series.rack.probes]
    names += [f"{rack}_{n}" for n in ("Current_A", "Voltage_V", "SoC_pct", "SoH_pct", "CellVmax_mV", "CellVmin_mV", "Contactor", "Alarm")]
    text.write(";".join(["timestamp", *names]) + "\n")
    stamps = local_stamps(series.time_ns, spec.time_zone)
    whole = np.array([str(v) for v in range(65536)], dtype=object)
    tenths = np.array([f"{v / 10:.1f}" for v in range(-ZERO, ZERO)], dtype=object)
    last = np.stack(
        [
            tenths[np.rint(-signals["rack_current_a"] * 10).astype(int) + ZERO],
            tenths[np.rint(signals["rack_voltage_v"] * 10).astype(int) + ZERO],
            tenths[np.rint(signals["reported_soc"] * 1000).astype(int) + ZERO],
            tenths[np.rint(signals["reported_soh"] * 1000).astype(int) + ZERO],
            whole[np.rint(signals["reported_cell_voltage_max_v"] * 1000).astype(int)],
            whole[np.rint(signals["reported_cell_voltage_min_v"] * 1000).astype(int)],
            whole[signals["contactor_closed"].astype(int)],
            whole[signals["alarm_code"].astype(int)],
        ]
    )
    for start in range(0, len(order), ROWS):
        progress.checkpoint()
        rows = order[start : start + ROWS]
        table = np.concatenate(
            [stamps[rows][None], whole[cells[:, rows]], tenths[series.probe_temperature_ddegc[:, rows].astype(int) + ZERO], last[:, rows]]
        )
        text.write("\n".join(";".join(row) for row in table.T.tolist()) + "\n")


def local_stamps(time_ns: np.ndarray[tuple[int], np.dtype[np.int64]], zone: str) -> np.ndarray[tuple[int], np.dtype[np.object_]]:
    """Local wall-clock texts. The offset is looked up once per hour."""
    seconds = time_ns // 1_000_000_000
    hours, where = np.unique(seconds // 3600, return_inverse=True)
    info = ZoneInfo(zone)
    offset = np.array(
        [
            int((datetime.fromtimestamp(int(h) * 3600, UTC).astimezone(info).utcoffset() or datetime.resolution).total_seconds())
            for h in hours
        ]
    )
    texts = np.datetime_as_string((seconds + offset[where]).astype("datetime64[s]"))
    return np.char.replace(texts, "T", " ").astype(object)
