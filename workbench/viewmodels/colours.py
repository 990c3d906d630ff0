"""Which class of the colour scale does a value fall into? One answer for image, legend, window and paper.

Class k of a diverging scale holds k * step <= |value| < (k + 1) * step; class 0 is neutral and swallows noise and channel accuracy.
Tables: designed maps of the window's look, lowest value first; arms are told apart by colour-blind readers (tokens.md).
"""

from __future__ import annotations

import numpy as np

from workbench.asset.window import ByteArray
from workbench.viewmodels.pictures import NO_DATA, HeatmapPicture

SIDE = 12  # classes on each side of the neutral one

DIVERGING_PAPER = (
    "#133372",
    "#174486",
    "#1B5398",
    "#1F65AD",
    "#2E75BB",
    "#4287C7",
    "#5497D2",
    "#6AA9DD",
    "#85BAE5",
    "#9DC9EC",
    "#B8D9F3",
    "#D3E6F4",
    "#F2F4F5",
    "#F0E3D1",
    "#EED3AF",
    "#EBC08F",
    "#E8AD73",
    "#E39853",
    "#D78443",
    "#CC7136",
    "#C05D27",
    "#AE4F22",
    "#994320",
    "#86371D",
    "#722B1A",
)
DIVERGING_NIGHT = (
    "#A4E3F9",
    "#89D1F2",
    "#71C1EB",
    "#53AFE4",
    "#3E9ED9",
    "#368BC7",
    "#2E7AB7",
    "#2967A3",
    "#2A578A",
    "#294873",
    "#263A58",
    "#232F3F",
    "#202226",
    "#392A26",
    "#513026",
    "#6A3825",
    "#814126",
    "#9A4C26",
    "#B05B29",
    "#C16C2F",
    "#D47F36",
    "#E39243",
    "#EBA95D",
    "#F2BF74",
    "#F9D68C",
)
SEQUENTIAL = (
    "#17133C",
    "#1A1A45",
    "#1C204F",
    "#1F2759",
    "#222D64",
    "#24346E",
    "#263C76",
    "#26457D",
    "#254E83",
    "#245789",
    "#225F8F",
    "#206895",
    "#217198",
    "#247A9B",
    "#27839D",
    "#2A8B9F",
    "#2E94A1",
    "#339DA2",
    "#3CA5A3",
    "#47ADA2",
    "#51B5A1",
    "#5BBDA1",
    "#65C59F",
    "#71CD9E",
    "#83D39B",
    "#96D898",
    "#A9DD94",
    "#BAE28F",
    "#CBE68B",
    "#DBEB8F",
    "#E7EF9F",
    "#F2F2AF",
    "#FEF5BF",
)

STATES_PAPER = ("#5B6472", "#E39853", "#D3E6F4")  # what is known stays quiet, what is not stands out; lightness rises with knowledge
STATES_NIGHT = ("#B4BCC8", "#C16C2F", "#263A58")
STATE_WORDS = ("nothing", "bounded", "measured")  # what the data can say, least first; class k is the value k
STATE_LIMITS = (-0.5, 2.5)

UNDER, OVER, HATCH = 253, 254, 255  # class numbers beyond the scale and for no data
PIECE = 32_768  # values


def colours(colour_map: str, *, night: bool = False) -> tuple[str, ...]:
    """The hex colours of a map, lowest class first."""
    if colour_map == "states":
        return STATES_NIGHT if night else STATES_PAPER
    if colour_map == "sequential":
        return SEQUENTIAL
    return DIVERGING_NIGHT if night else DIVERGING_PAPER


def classify(picture: HeatmapPicture) -> ByteArray:
    """(R, B) class of every pixel: 0 .. n-1 of `colours`, or UNDER, OVER, HATCH. Made in pieces that stay in the cache of a core."""
    value, state = np.ascontiguousarray(picture.value).reshape(-1), np.ascontiguousarray(picture.state).reshape(-1)
    gaps = bool((state == NO_DATA).any())
    result = np.empty(value.shape, np.uint8)
    place, mask = np.empty(PIECE), np.empty(PIECE, np.bool_)
    with np.errstate(invalid="ignore"):  # NaN only where there is no data, and that is masked last
        for first in range(0, len(value), PIECE):
            seen, out = value[first : first + PIECE], result[first : first + PIECE]
            hit = mask[: len(seen)]
            _place(seen, picture.colour_map, picture.limit_low, picture.limit_high, place[: len(seen)], out)
            np.copyto(out, UNDER, where=np.less(seen, picture.limit_low, out=hit))
            np.copyto(out, OVER, where=np.greater(seen, picture.limit_high, out=hit))
            if gaps:
                np.copyto(out, HATCH, where=np.equal(state[first : first + PIECE], NO_DATA, out=hit))
    classes = result.reshape(picture.value.shape)
    for row in [rack.first_row for rack in picture.racks if rack.folded]:  # a median is never beyond the scale; one of its cells may be
        with np.errstate(invalid="ignore"):
            classes[row, picture.low_value[row] < picture.limit_low] = UNDER
            classes[row, picture.high_value[row] > picture.limit_high] = OVER
    return classes


def class_of(value: np.ndarray, colour_map: str, low: float, high: float) -> ByteArray:
    """Class of values, of any shape; those beyond the limits take the last class on their side, NaN any."""
    result = np.empty(np.shape(value), np.uint8)
    ends = (-max(high, -low), max(high, -low)) if colour_map == "diverging" else (low, high)
    with np.errstate(invalid="ignore"):
        _place(np.clip(value, *ends), colour_map, low, high, np.empty(result.shape), result)
    return result


def _place(value: np.ndarray, colour_map: str, low: float, high: float, place: np.ndarray, out: ByteArray) -> None:
    """Fill out with the class of values within the limits; what lies beyond them gets any. place: room for the same shape, float64."""
    if colour_map in ("sequential", "states"):
        classes = len(STATE_WORDS) if colour_map == "states" else len(SEQUENTIAL)
        np.subtract(value, low, out=place)
        place *= _at_least(classes / max(high - low, 1e-12))
        np.copyto(out, place, casting="unsafe")
        np.minimum(out, np.uint8(classes - 1), out=out)  # the upper end belongs to the last class
    else:
        np.multiply(value, _at_least(SIDE / max(high, -low)), out=place)
        np.copyto(out.view(np.int8), place, casting="unsafe")  # cut off towards the neutral class
        np.add(out, np.uint8(SIDE), out=out)


def _at_least(share: float) -> float:
    """Classes per unit, two last places up: a value on an edge belongs to the class that begins there, and a product is quicker than a quotient."""
    return float(np.nextafter(np.nextafter(share, np.inf), np.inf))
