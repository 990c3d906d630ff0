"""What may a person choose in a study, what was chosen, and who chose it? One row per parameter, for the report."""

from __future__ import annotations

from workbench.analysis.results import StudyParameters
from workbench.viewmodels import numbers
from workbench.viewmodels.pictures import TablePicture
from workbench.viewmodels.tables import made_table

TITLES = {  # parameter: what it means, its unit
    "gap_factor": ("a step longer than this is a gap", "sampling periods"),
    "frozen_s": ("a cell voltage unchanged for this long under load is frozen", "s"),
    "frozen_load_c": ("load that counts for it, of rated capacity", "C"),
    "flag_z": ("robust z from which a cell is flagged", "1"),
    "persistence": ("independent cycles or days a flag must persist in", "cycles or days"),
    "spread_limit_mv": ("limit for the spread of the cells inside a rack", "mV"),
    "min_live_cells": ("cells a rack needs for a median that says something", "cells"),
}
NONE_SET = "none set"


def parameters_table(parameters: StudyParameters) -> TablePicture:
    """Every parameter of a study with its unit and whether it is the program's own or was chosen by the reviewer."""
    usual = StudyParameters()
    rows = []
    for name in parameters.__struct_fields__:
        title, unit = TITLES[name]
        value, own = getattr(parameters, name), getattr(parameters, name) == getattr(usual, name)
        unset = name == "spread_limit_mv" and not value
        told = NONE_SET if unset else numbers.number(float(value), 0 if float(value).is_integer() else 2, unit if unit != "1" else "")
        rows.append((name, (title, told, "the program's own" if own else "chosen by the reviewer")))
    return made_table("Study parameters", "parameter:Parameter|value:Value::r|origin:Origin", rows)
