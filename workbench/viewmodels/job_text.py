"""How does a running job read? Stage, share, rate and remaining time, each only where it is known."""

from __future__ import annotations

from workbench.jobs.progress import Report
from workbench.viewmodels import numbers

BYTES_STAGES = {"reading", "hashing the sources"}  # stages that count bytes of the source files
MB = 1_000_000
LEAST_S = 0.5  # before that, a rate is a guess


def job_text(report: Report) -> str:
    """For example ``reading, 45 %, 32 MB/s, 12 s left``."""
    parts = [report.stage]
    if report.fraction is not None:
        parts.append(f"{100 * report.fraction:.0f} %")
    if report.stage in BYTES_STAGES and report.elapsed_s >= LEAST_S and report.done:
        rate = report.done / report.elapsed_s / MB
        parts.append(f"{numbers.number(rate, 0 if rate >= 10 else 1)} MB/s")
    if report.remaining_s is not None:
        parts.append(f"{numbers.duration(max(round(report.remaining_s), 1))} left")
    return ", ".join(parts)
