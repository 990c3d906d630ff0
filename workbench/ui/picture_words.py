"""What does a coloured picture say of itself in words: its scale, its caption line, and its facts in the context bar."""

from __future__ import annotations

from workbench.ui.scale_bar import Scaled, limit_digits, state_words
from workbench.viewmodels import numbers
from workbench.viewmodels.colours import STATE_WORDS
from workbench.viewmodels.pictures import HeatmapPicture
from workbench.viewmodels.snapshot import SnapshotPicture


def scale_words(picture: Scaled) -> str:
    """Both ends of the scale with the unit; the states of a picture that has no numbers."""
    if picture.colour_map == "states":
        return " … ".join(STATE_WORDS)
    digits, unit = limit_digits(picture), numbers.unit_sign(picture.caption.unit)
    high = numbers.number(picture.limit_high, digits, unit, sign=picture.colour_map == "diverging")
    return f"{numbers.number(picture.limit_low, digits)} … {high}"


def heatmap_words(picture: HeatmapPicture, noun: str, length_ns: int) -> str:
    """Cells x time, how a pixel stands for its samples, and the step of its classes."""
    shown = numbers.count(sum(r.folded or len(r.cells) * int(picture.cells_per_row) for r in picture.racks), noun)
    words = f"{shown} × {numbers.duration(length_ns / 1e9)} · {picture.caption.reduction}"
    if picture.colour_map == "states":
        return words
    step = (picture.limit_high - picture.limit_low) / (picture.steps - 1)
    fine = 0 if step >= 10 else 1 if step >= 1 else 2 if step >= 0.1 else 3
    return f"{words} · steps of {numbers.number(step, fine, numbers.unit_sign(picture.caption.unit))}"


def snapshot_words(picture: SnapshotPicture) -> str:
    """How old a sample may be, the scale, and what lies beyond it; counts of each state instead where there are no numbers."""
    if picture.colour_map == "states":
        return f"{picture.caption.reduction} · {', '.join(state_words(picture.value, 'cell'))}"
    return f"{picture.caption.reduction} · scale {scale_words(picture)} · {picture.under_count} below, {picture.over_count} above it"


def bar_facts(picture: Scaled, reduction: str, *, locked: bool) -> tuple[tuple[str, str], ...]:
    """Quantity, reduction and scale as the context bar shows them."""
    unit = numbers.unit_sign(picture.caption.unit)
    return (
        ("Quantity", f"{picture.caption.quantity}, {unit}" if unit else picture.caption.quantity),
        ("Reduction", reduction),
        ("Scale, locked" if locked else "Scale", scale_words(picture)),
    )
