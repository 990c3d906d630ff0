"""Which scope does a file describe? TOML, the same names as `workbench.asset.scope.Scope`."""

from __future__ import annotations

from pathlib import Path

from workbench.asset.plain import revive_plain
from workbench.asset.scope import Scope
from workbench.errors import ProjectError, Reason
from workbench.workflow.toml_file import read_toml

EXAMPLE = """client = "Example Bank"
mandate = "refinancing"          # valuation, warranty, refinancing, operation or insurance
question = "Is the BMS-reported condition sufficient to size the loan?"
asset = "Site A, 5 MWh"
boundary = "6 racks, DC"
materiality = "1 point of SoH"
firm = "Independent Engineers"
time_zone = "Europe/Berlin"
stationary = true                # a plant that stays where it is; leave out if nobody has said
country = "DE"                   # where it stands; inside the EU the letter to the owner cites Art. 14 of 2023/1542

[design]                         # leave out what nobody has declared: methods that need it will refuse
chemistry = "LFP"
rated_capacity_ah = 280
source = "data sheet"

[[claims]]
id = "C1"
text = "SoH 98 %"
quantity = "reported_soh"        # or usable_energy, usable_capacity, round_trip_efficiency, reported_soc_error: then it gets a verdict
value = 0.98
materiality = 0.01

[[design.limits]]                # what the warranty allows: charge_c_rate, discharge_c_rate, soc, rest_soc, cell_voltage_max_v, cell_voltage_min_v,
id = "W1"                        # temperature_max_degc, temperature_min_degc, efc or efc_per_day
text = "At most 0.5 C in charge"
quantity = "charge_c_rate"
value = 0.5
most = true

[[design.cold_charge]]           # charge rate the data sheet allows below a temperature; without any, a stated default counts as plating-prone
below_degc = 5.0
c_rate = 0.1
above_soc = 0.0                  # optional: the row speaks of charge above this SoC only; without any such row half the rate counts above 80 %
"""


def read_scope(path: Path) -> Scope:
    """The scope of a TOML file. Raises ProjectError SCOPE_UNUSABLE with the place of the fault."""
    try:
        data = read_toml(path)
    except OSError as error:
        raise ProjectError(
            Reason.FILE_MISSING, f"The scope file {path} cannot be read: {error.strerror}.", "Give the path of a TOML file."
        ) from error
    except ValueError as error:
        raise ProjectError(
            Reason.SCOPE_UNUSABLE, f"The scope file {path} is not TOML: {error}.", "See `workbench create --help` for an example."
        ) from error
    try:
        scope = revive_plain(data, Scope)
    except ValueError as error:
        raise ProjectError(
            Reason.SCOPE_UNUSABLE,
            f"The scope file {path} does not describe a scope: {error}.",
            "It needs at least client, mandate and question; see `workbench create --help`.",
        ) from error
    if not scope.zone_known:
        raise ProjectError(
            Reason.SCOPE_UNUSABLE,
            f"The scope file {path} names a time zone that does not exist: {scope.time_zone}.",
            "Give a name such as Europe/Berlin.",
        )
    return scope
