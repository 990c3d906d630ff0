"""How does an answer reach the terminal? Tables and sentences for people, JSON for machines, progress on a terminal only."""

from __future__ import annotations

import json
import math
import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.jobs.progress import Progress, Report
from workbench.viewmodels import numbers

if TYPE_CHECKING:  # it loads numpy, which `--help` does not need
    from workbench.viewmodels.pictures import TablePicture

SIGNS = {"good": "ok ", "warning": "!  ", "bad": "!! ", "none": "-  "}
MAX_CELL = 90


class Output:
    """Where a verb says its result. json: one object at the end and nothing else on standard output."""

    def __init__(self, *, as_json: bool) -> None:
        self.as_json = as_json
        self._shown = False

    def say(self, text: str = "") -> None:
        """A line for people."""
        if not self.as_json:
            self._clear()
            print(text, flush=True)

    def result(self, value: object) -> None:
        """The answer for machines."""
        if self.as_json:
            json.dump(_plain(value), sys.stdout, indent=1, ensure_ascii=False, allow_nan=False)
            print()

    def table(self, table: TablePicture) -> None:
        """A table for people: columns as wide as their texts, long texts cut (--json has them whole)."""
        texts = [[SIGNS.get(cell.status, "") + cell.text for cell in row] for row in table.rows]
        heads = [f"{c.title} [{numbers.unit_sign(c.unit)}]" if c.unit else c.title for c in table.columns]
        widths = [min(max([len(h), *(len(row[i]) for row in texts)]), MAX_CELL) for i, h in enumerate(heads)]
        self.say(
            "  ".join(h.ljust(w) if c.align == "l" else h.rjust(w) for h, w, c in zip(heads, widths, table.columns, strict=True)).rstrip()
        )
        self.say("  ".join("-" * w for w in widths))
        for row in texts:
            cut = [text if len(text) <= w else text[: w - 1] + "…" for text, w in zip(row, widths, strict=True)]
            self.say(
                "  ".join(t.ljust(w) if c.align == "l" else t.rjust(w) for t, w, c in zip(cut, widths, table.columns, strict=True)).rstrip()
            )
        if table.note:
            self.say(table.note)

    def progress(self) -> Progress:
        """A progress that draws one line on a terminal and nothing elsewhere."""
        return Progress(self._draw if sys.stderr.isatty() else None)

    def _draw(self, report: Report) -> None:
        share = report.fraction
        left = f", {numbers.duration(report.remaining_s)} left" if report.remaining_s else ""
        text = f"{report.stage} {100 * share:3.0f} %{left}" if share is not None else report.stage
        width = shutil.get_terminal_size().columns - 1
        sys.stderr.write("\r" + text[:width].ljust(width))
        sys.stderr.flush()
        self._shown = True

    def _clear(self) -> None:
        if self._shown:
            width = shutil.get_terminal_size().columns - 1
            sys.stderr.write("\r" + " " * width + "\r")
            self._shown = False


def _plain(value: object) -> object:
    """The same with null where there is no number: JSON knows no NaN."""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, list | tuple) else value


def author() -> str:
    """Who is at the keyboard, for the journal: WORKBENCH_AUTHOR, or the name of the account."""
    return os.environ.get("WORKBENCH_AUTHOR") or os.environ.get("USER") or os.environ.get("USERNAME") or Path.home().name or "unknown"
