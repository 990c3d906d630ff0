"""Telemetry as owners hand it over: wide and long CSV with known contents."""

from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

from workbench.errors import IngestError
from workbench.ingest import importing, recognition
from workbench.jobs.progress import Progress
from workbench.store.project import Project
from workbench.store.windows import WindowWriter

START = datetime(2026, 3, 2, 8, 0, 0)


class Table:
    """A wide table whose truth is known: voltages in millivolts (rows, cells), current charge positive."""

    def __init__(self, rows=240, cells=6, seed=1, period_s=10):
        rng = np.random.default_rng(seed)
        self.times = [START + timedelta(seconds=period_s * i) for i in range(rows)]
        self.current = np.where((np.arange(rows) // 12) % 2, 40.0, -40.0)
        self.voltage = np.rint(3300 + 4 * self.current[:, None] / 10 + rng.normal(0, 3, (rows, cells))).astype(int)
        self.names = [f"CellV{i:03d}" for i in range(1, cells + 1)]

    def write(
        self,
        path: Path,
        *,
        delimiter=",",
        decimal=".",
        time="%Y-%m-%d %H:%M:%S",
        unit="mV",
        sign=1,
        header=True,
        extra=None,
        above="",
        encoding="utf-8",
        newline="\n",
    ):
        """extra: {column name: list of texts}. unit mV or V."""
        extra = extra or {}
        lines = [above] if above else []
        if header:
            lines.append(delimiter.join(["Time", *(f"{n}_{unit}" for n in self.names), "Current_A", *extra]))
        for i, at in enumerate(self.times):
            cells = [str(v) if unit == "mV" else str(Decimal(int(v)) / 1000) for v in self.voltage[i]]
            row = [at.strftime(time), *cells, f"{sign * self.current[i]:.1f}", *(str(values[i]) for values in extra.values())]
            lines.append(delimiter.join(field.replace(".", decimal) if field is not row[0] else field for field in row))
        path.write_bytes((newline.join(lines) + newline).encode(encoding))
        return path

    def write_long(self, path: Path):
        lines = ["timestamp;tag;value"]
        for i, at in enumerate(self.times):
            lines += [f"{at:%Y-%m-%d %H:%M:%S};{name}_mV;{self.voltage[i][k]}" for k, name in enumerate(self.names)]
            lines.append(f"{at:%Y-%m-%d %H:%M:%S};Current_A;{self.current[i]:.1f}")
        path.write_text("\n".join(lines) + "\n")
        return path


class Sink:
    """Takes what an import hands over."""

    def __init__(self):
        self.racks, self.blocks = {}, {}

    def begin_rack(self, rack, signal_names):
        self.racks[rack.id] = (rack, signal_names)
        self.blocks[rack.id] = []

    def append(self, rack_id, block):
        self.blocks[rack_id].append(block)

    def voltage(self, rack_id="R01"):
        return np.concatenate([b.cell_voltage_mv for b in self.blocks[rack_id]], axis=1)

    def signal(self, name, rack_id="R01"):
        return np.concatenate([b.signals[name] for b in self.blocks[rack_id]])

    def time_ns(self, rack_id="R01"):
        return np.concatenate([b.time_ns for b in self.blocks[rack_id]])


def read(*sources, **words):
    """Recognise and read files into a sink: (facts, sink)."""
    found = recognition.inspect(list(sources), Progress(), **words)
    sink = Sink()
    facts = importing.import_window(list(sources), found.profile, sink, Progress(), name="w", window_id="0123456789ab", site="s")
    return facts, sink


def read_into(project: Project, source: Path):
    """As `read`, into a real window."""
    found = recognition.inspect([source], Progress())
    with WindowWriter(project, "0123456789ab") as writer:
        facts = importing.import_window([source], found.profile, writer, Progress(), name="w", window_id="0123456789ab", site="s")
        return writer.finish(facts, Progress())


def refused(path):
    """The words with which a file is refused: one sentence that names it, and what to ask for."""
    with pytest.raises(IngestError) as told:
        read(path)
    assert told.value.message.startswith(path.name)
    assert told.value.remedy
    assert "\n" not in told.value.message
    return told.value.message


def rules(facts):
    return {r.rule for r in facts.repairs}
