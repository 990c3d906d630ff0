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
