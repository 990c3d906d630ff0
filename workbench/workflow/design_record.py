"""Which design record do a file or a form describe? Each value with its source; refused in one sentence that names the field."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from workbench.asset.nameplate import DesignRecord
from workbench.asset.plain import plain, revive_plain
from workbench.errors import ProjectError, Reason
from workbench.viewmodels.design_table import ENTRIES, value_text
from workbench.workflow.toml_file import read_toml

EXAMPLE = """chemistry = "LFP"
rated_capacity_ah = 280           # of one rack
rated_energy_kwh = 5017           # of the whole boundary
n_series = 416
cell_voltage_max_v = 3.6
cell_voltage_min_v = 2.6
cell_voltage_accuracy_mv = 2
current_gain_accuracy = 0.005     # 0.5 %
current_offset_a = 0.5
current_calibrated_on = "2025-11-04"
balancing_current_a = 0.1
soc_reserve_min = 0.05
source = "data sheet rev. 3"      # of all values that have none of their own

[sources]
current_gain_accuracy = "calibration record 4711"

[[site_meters]]
id = "M1"
boundary = "AC"
accuracy = 0.002
calibrated_on = "2026-01-15"
source = "meter certificate"

[[probe_map]]
probe = 1
cells = [1, 2, 3, 4]
"""
REMEDY = "See `workbench record --help` for an example."
METER_PARTS = ("id", "boundary", "accuracy in %", "calibrated on", "source")


def read_design(path: Path) -> DesignRecord:
    """The record of a TOML file, alone or as the [design] table of a scope file. Raises ProjectError SCOPE_UNUSABLE with the place of the fault."""
    try:
        data = read_toml(path)
        return checked(revive_plain(data.get("design", data), DesignRecord))
    except OSError as error:
        raise ProjectError(
            Reason.FILE_MISSING, f"The design file {path} cannot be read: {error.strerror}.", "Give the path of a TOML file."
        ) from error
    except ValueError as error:
        raise ProjectError(Reason.SCOPE_UNUSABLE, f"The design file {path} is no design record: {error}.", REMEDY) from error


def checked(design: DesignRecord) -> DesignRecord:
    """The same record, if it can be true. Raises ValueError with half a sentence."""
    trouble = design.trouble()
    if trouble:
        raise ValueError(trouble)
    return design


def from_form(
    before: DesignRecord, values: Mapping[str, str], sources: Mapping[str, str], meters: str, probes: str, source: str
) -> DesignRecord:
    """The record a form describes; what the form does not show is kept from `before`. Raises ProjectError SCOPE_UNUSABLE with the field.

    meters: one line per meter, ``id; boundary; accuracy in %; calibrated on; source``. probes: one line per sensor, ``rack; probe; cells``.
    source: of all values that have none of their own.
    """
    data: dict[str, Any] = plain(before)
    data["source"] = source
    data["sources"] = {name: text for name, text in data["sources"].items() if name not in sources}
    try:
        for entry in ENTRIES:
            text = values[entry.field].strip()
            if text == value_text(before, entry):
                continue  # what was not touched keeps every digit
            data[entry.field] = (
                text if entry.digits is None else _number(entry.title, text, entry.factor, whole=entry.field.startswith("n_"))
            )
        data["sources"] |= {name: text.strip() for name, text in sources.items() if text.strip()}
        data["site_meters"] = [_meter(line) for line in _lines(meters)]
        data["probe_map"] = [_probe(line) for line in _lines(probes)]
        return checked(revive_plain(data, DesignRecord))
    except ValueError as error:
        raise ProjectError(
            Reason.SCOPE_UNUSABLE, f"The design record cannot be kept: {error}.", "Correct the field, or empty it."
        ) from error


def meters_text(design: DesignRecord) -> str:
    """The meters as lines of the form."""
    return "\n".join(
        "; ".join((m.id, m.boundary, "" if m.accuracy is None else f"{100 * m.accuracy:.12g}", m.calibrated_on, m.source)).rstrip("; ")
        for m in design.site_meters
    )


def probes_text(design: DesignRecord) -> str:
    """The sensor map as lines of the form."""
    return "\n".join(f"{p.rack}; {p.probe}; {', '.join(str(c) for c in p.cells)}" for p in design.probe_map)


def _number(title: str, text: str, factor: float, *, whole: bool) -> float | int | None:
    if not text:
        return None
    try:
        value = float(text.replace(",", "."))
    except ValueError as error:
        raise ValueError(f"{title} is {text!r}, not a number") from error
    if whole and not value.is_integer():
        raise ValueError(f"{title} is {text!r}, not a whole number")
    return int(value) if whole else value / factor


def _meter(line: str) -> dict[str, object]:
    parts = [part.strip() for part in line.split(";")]
    if not 2 <= len(parts) <= len(METER_PARTS) or not parts[0]:
        raise ValueError(f"the meter line {line!r} is not `{'; '.join(METER_PARTS)}`")
    parts += [""] * (len(METER_PARTS) - len(parts))
    accuracy = _number(f"accuracy of meter {parts[0]}", parts[2], 100.0, whole=False)
    return {"id": parts[0], "boundary": parts[1], "accuracy": accuracy, "calibrated_on": parts[3], "source": parts[4]}


def _probe(line: str) -> dict[str, object]:
    parts = [part.strip() for part in line.split(";")]
    cells = [cell.strip() for cell in parts[-1].split(",")]
    if len(parts) != 3 or not parts[1].isdigit() or not all(cell.isdigit() for cell in cells):
        raise ValueError(f"the sensor line {line!r} is not `rack; probe; cell, cell, ...` (rack may be empty)")
    return {"rack": parts[0], "probe": int(parts[1]), "cells": [int(cell) for cell in cells]}


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
