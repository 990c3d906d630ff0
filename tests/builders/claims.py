"""Claim cards, waterfalls and identifiability by hand, for those who draw them."""

import numpy as np

from workbench.viewmodels.claim_pictures import (
    ClaimCard,
    IdentifiabilityPicture,
    IdentifiabilityRow,
    WaterfallBar,
    WaterfallPicture,
)
from workbench.viewmodels.pictures import Caption

CAPTION = Caption("Usable energy", "energy", "MWh", "", "March", "ab" * 32, "Europe/Berlin", "DC side")
NAN = float("nan")


def card(number=1, *, status="bad", word="contradicted", value=0.926, low=0.914, high=0.937):
    """A claim of SoH 97 % with one point of materiality."""
    return ClaimCard(
        id=f"C{number}", text="State of health 97.0 %", source="reported by the BMS", materiality="materiality ±2.0 points", word=word, status=status,
        headline="92.6 %" if value == value else "Not established", interval="[91.4, 93.7] 95 %" if value == value else "", axis=(0.88, 1.0),
        axis_words=("88", "100 %"), claimed=0.97, band=0.02, value=value, low=low, high=high, limited_by="capacity of the limiting cell",
        settles="one C/4 cycle", reason="" if value == value else "gain undeclared",
    )  # fmt: skip


REFUSED = card(2, status="none", word="not testable", value=NAN, low=NAN, high=NAN)
WATERFALL = WaterfallPicture(
    CAPTION,
    (
        WaterfallBar("Rated", "total", 5.02, 0.0, "5.02"),
        WaterfallBar("Ageing", "lost", 5.02, 4.78, "−0.24"),
        WaterfallBar("Imbalance", "recoverable", 4.78, 4.67, "−0.11"),
        WaterfallBar("Reserve", "unknown", 4.67, 4.67, "not established", why="Nobody has declared a reserve."),
        WaterfallBar("Usable", "total", 4.67, 0.0, "4.67", 4.49, 4.85, interval="[4.49, 4.85]"),
    ),
    4.2,
    5.1,
    "4.67 [4.49, 4.85] MWh",
    "recoverable 0.11 MWh",
)
MAP = IdentifiabilityPicture(
    CAPTION,
    (
        IdentifiabilityRow("R01", np.array([2, 2, 1, 0], np.uint8), "2 of 4"),
        IdentifiabilityRow("R02", np.zeros(4, np.uint8), "0 of 4"),
    ),
    2,
    1,
    5,
    (("The cell never came near an end.", 6),),
)
