"""What does a title say: the name of a sheet, of a merged cell above columns, of an array? Quantities in the languages of owners.

A title gives its columns their meaning (`Voltage/17` is a cell); the label a person sees stays the owner's.
"""

from __future__ import annotations

import re

WORDS = (  # the order matters: the first that fits wins; regular expressions over lower case
    (r"time|zeit|datum|date|fecha|hora|temps|heure|tempo|时间|時刻|日時|日期|시간", "time"),
    (r"temp|ntc|温度|溫度|온도|температур", "temperature"),
    (r"strom|current|courant|corriente|corrente|电流|電流|전류|ток(?!\w)|amps?(?!\w)", "current"),
    (r"spannung|volt|tension|tensi[oó]n|tensione|电压|電壓|電圧|전압|напряжени|^[uv](_?cell|_?zelle)?$|^cells?$|^cell_?[uv]$", "voltage"),
    (r"^soc$|state.?of.?charge|ladezustand|荷电|荷電", "soc"),
)
WHOLE = re.compile(r"rack|string|pack|bank|stack|gesamt|total|system|总|總|合計", re.I)  # of more than a cell
CELLS = re.compile(r"cell|zelle|cellule|celda|单体|單體|セル|셀|ячейк", re.I)
_PARTED = re.compile(r"^(?P<title>.*?)/(?P<rest>[^/]+)$")
_NUMBERED = re.compile(r"^\D*?0*(?P<number>\d+)\D*$")


def quantity_of(title: str) -> str:
    """voltage, temperature, current, soc or time; empty where the title says none of these."""
    text = title.strip().lower()
    return next((quantity for pattern, quantity in WORDS if re.search(pattern, text)), "")


def numbered_element(name: str) -> tuple[str, int] | None:
    """What ``title/number`` names: ("cell" or "probe", number), or None where it names no single element."""
    found = _PARTED.match(name)
    number = _NUMBERED.match(found["rest"]) if found else None
    if found is None or number is None or WHOLE.search(found["rest"]):
        return None
    title = found["title"].rsplit("/", 1)[-1]
    said = quantity_of(title) or ("voltage" if CELLS.search(title) else "")
    if WHOLE.search(title) and not CELLS.search(title):
        return None
    own = quantity_of(found["rest"])
    if own and own != said:
        return None
    kind = {"voltage": "cell", "temperature": "probe"}.get(said)
    return (kind, int(number["number"])) if kind else None


def foreign(name: str) -> tuple[str, str, int] | None:
    """(kind, quantity, number or -1) of a name that no English or German pattern knows, or None."""
    said, number = quantity_of(name), _NUMBERED.match(name)
    if said == "time" and not name.isascii():
        return "time", "", -1
    if said == "temperature" and number:
        return "probe", "probe_temperature_degc", int(number["number"])
    if CELLS.search(name) and number and said in ("voltage", ""):
        return "cell", "cell_voltage_v", int(number["number"])
    if said in ("current", "soc") or (said == "voltage" and not number and not CELLS.search(name)):
        return "signal", {"current": "rack_current_a", "soc": "reported_soc", "voltage": "rack_voltage_v"}[said], -1
    return None
