"""The table behind each figure that is no evidence of a finding, for those who cannot see it or want to count again."""

from __future__ import annotations

import csv
import io

import numpy as np

from workbench.report.contents import Attachment
from workbench.viewmodels.pictures import CoveragePicture, DivergencePicture, HeatmapPicture
from workbench.workflow.pinning import extract_csv


def figure_data(coverage: CoveragePicture, heatmap: HeatmapPicture, divergence: DivergencePicture | None) -> tuple[Attachment, ...]:
    """Attachments figure-1.csv to figure-3.csv; without comparable racks there is no third figure."""
    found = [("figure-1.csv", coverage_csv(coverage)), ("figure-2.csv", extract_csv(heatmap))]
    found += [("figure-3.csv", extract_csv(divergence))] if divergence is not None else []
    return tuple(Attachment(name, data, "text/csv", f"Data of figure {name[7]}") for name, data in found)


def coverage_csv(picture: CoveragePicture) -> bytes:
    """One row per signal: its interval, its share over all, then one share per day (named by its first instant, UTC); nothing where a signal is absent."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    days = [str(np.datetime64(int(start) // 1_000_000_000, "s")) + "Z" for start in picture.day_start_ns]
    writer.writerow(["signal", "interval", "share_of_window", *(f"{day} share" for day in days)])
    for row, signal in enumerate(picture.signals):
        shares = [float(picture.total[row]), *(float(v) for v in picture.share[row])]
        writer.writerow([signal, picture.interval[row], *("" if not np.isfinite(v) else f"{v:.6g}" for v in shares)])
    return text.getvalue().encode()
