"""With what was a report made, and is that what runs here? Another version may lay out a page or count a digit otherwise: then a difference proves nothing."""

from __future__ import annotations

import platform
from importlib import metadata

from workbench import __version__
from workbench.report.contents import LAYOUT
from workbench.signing.manifest import Predicate

LIBRARIES = ("numpy", "h5py", "pyarrow", "reportlab", "pikepdf", "pyhanko", "cryptography")


def libraries() -> dict[str, str]:
    """Name and version of everything that has a part in the bytes of a report."""
    return {name: metadata.version(name) for name in LIBRARIES} | {"python": platform.python_version(), "report layout": LAYOUT}


def made_otherwise(stated: Predicate, method: str) -> str:
    """What is not the same here as where the report was made, in words; empty when all is."""
    then = {"workbench": stated.workbench, "method": stated.method, **stated.libraries}
    now = {"workbench": __version__, "method": method, **libraries()}
    return ", ".join(f"{name} {now[name]} instead of {then.get(name, 'an unstated one')}" for name in now if then.get(name) != now[name])
