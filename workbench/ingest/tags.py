"""What does the owner's column name say? Element, quantity and unit out of names such as ``BMS1_R03_CellV017_mV`` or ``Zelle 17``."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache

from workbench.ingest import titles

UNITS = {
    "mv": "mV", "v": "V", "a": "A", "ma": "mA", "%": "%", "pct": "%", "percent": "%", "degc": "degC", "°c": "degC", "c": "degC", "celsius": "degC",
    "℃": "degC", "deg": "degC", "deg c": "degC", "grad": "degC", "°": "degC", "degf": "degF", "°f": "degF", "k": "K", "ohm": "ohm", "kohm": "kohm", "ω": "ohm", "kω": "kohm", "mohm": "Mohm", "mω": "Mohm", "w": "W", "kw": "kW", "ka": "kA", "kv": "kV", "volt": "V", "ampere": "A",
}  # fmt: skip
COUNTS = {
    "da": ("A", "0.1"),
    "ca": ("A", "0.01"),
    "dv": ("V", "0.1"),
    "cv": ("V", "0.01"),
    "ddegc": ("degC", "0.1"),
    "d°c": ("degC", "0.1"),
}  # fractions of units
_COUNT = re.compile(
    r"(?:[x×*]\s*)?(?P<size>1/10+|1e-\d+|0?[.,]0*1|10)\s*[*×x]?\s*(?P<unit>[A-Za-z%°℃]+)(?:\s*/\s*(?:bit|lsb|count|digit))?", re.I
)
_RACK = re.compile(r"(?:^|[_ /.\-])(?:rack|string|str|bmu|r)[ _]?0*(\d+)(?=$|[_ /.\-])", re.I)
_UNDER_MASTER = re.compile(r"(?:^|[_ /.\-])sbmu[ _]?0*(\d+)(?=$|[_ /.\-])", re.I)  # BMU1_SBMU03: the master counts banks, the slave racks
_MODULE = re.compile(r"(?:^|[_ /.\-])(?:module|modul|mod|m|pack)[ _]?0*(\d+)(?=$|[_ /.\-])", re.I)
_CELL = re.compile(
    r"(?:^|[_ /.\-])(?:cell[ _.]?(?:v|u|volts?|voltages?)?|zell(?:e|spannung(?:en)?)|u|v|vc|cv|uz|^c)[ _.#\[]*0*(\d+)(?=$|[_ /.\-\[\](])",
    re.I,
)
_COMPACT = re.compile(  # R01_M02_C005, B1R2M3C4, M03C12
    r"(?:^|[_ /.\-])(?:(?:b\d+[_.\-]?)?(?:r|s|str|bms)0*(?P<rack>\d+)[_.\-]?)?(?:m|p|mod|pack)0*(?P<module>\d+)[_.\-]?c(?:ell)?[uv]?0*(?P<cell>\d+)(?=$|[_ /.\-\[(])",
    re.I,
)
_OF_A_CELL = re.compile(  # Cell 5 Temperature, CellBal12 and Temp Cell 12 are no voltages
    r"temp|温度|ntc|soc|soh|current|strom|resist|imped|balanc|shunt|capacit|status|alarm|fault|warn|bal(?=[_ .\d]|$)|(?:^|[_ .\d]|cell)(?:ir|st|state)(?=$|[_ .\d])|^t[_ .]?cell|[_ .\-/]t[_ .]?cell",
    re.I,
)
_NUMBERED_CELL = re.compile(
    r"(?:[\w\-]+[_ /.\-])?(?:cell|zelle)[ _.]?(?:v|u|volts?|voltages?)?[ _.#]?\d+[_ .\-]*(?:v|volts?|voltage)?[_ .\-]*(?:min|max|mean|avg|average)\w*$",
    re.I,
)
_STATE = re.compile(  # CellSt_3, cell[3].CellSt, Cell 3 Balancing, CellBal12, Balancing_Cell_3
    r"(?:(?:cell|zelle)\D{0,3}(?P<before>\d+)\D{0,3}(?:cell)?|)(?:cellst|bal(?:anc[a-z]*)?_?(?:st|state|status|active|on|flag)?|shunt)"
    r"(?:[_ .]?(?:cell|zelle))?(?(before)|[_ .\[#]*(?P<after>\d+))\]?$",
    re.I,
)
_PROBE = re.compile(r"(?:^|[_ /.\-\u4e00-\u9fff])(?:温度|temp(?:erature|eratur|eratures)?|probe|t|ntc)[ _]?0*(\d+)(?=$|[_ /.\-\[(])", re.I)
_BRACKET_UNIT = re.compile(r"[\[(]\s*([^\])]+?)\s*[\])]\s*$")
_TAIL_UNIT = re.compile(r"_((?:0?[.,]0*1)?[A-Za-z%°℃]+)$")
_SYMBOL = re.compile(
    r"^(?:(?:rack|string|str|r|pack|bat\w*?|bms|s?bmu|dc)[_ .\-]?\d*[_ .\-/])*([iuv])(?:[_ .]?(bat\w*|rack|string|pack|dc|ist|act|meas)\w*)?$",
    re.I,
)  # I [A], U_Bat, R03_I [A]; not the current of an inverter
_VOLTS = (("V", "mV"), "rack_voltage_v")
_SYMBOLS = {"i": (("A", "mA", "kA"), "rack_current_a"), "u": _VOLTS, "v": _VOLTS}
_REPEATED = re.compile(r"(?<=\S)#\d+$")  # what tells columns of one name apart
_RACK_FILE = re.compile(r"^(?:rack|string|bms|r)[ _\-]?(?!(?:19|20)\d\d[-_.]?[01]\d[-_.]?[0-3]\d)0*(\d+)(?=$|[_\- .])", re.I)

_PERSONAL = re.compile(
    r"(^|[_ ./\-])(vin|lat|latitude|lon|lng|longitude|gps\w*|position|phone|driver|plate|imei|iccid)($|[_ ./\-\[(])", re.I
)
_TIME = re.compile(
    r"^(时间|日期|采集时间|time(stamp)?|date[ _]?time|ts|t_?stamp|datum|zeit|zeitstempel|datum[_ /]?(uhr)?zeit|zeitpunkt|messzeit|date|t?boxtime|"
    r"(log|logger|local|sample|sampling|record(ing)?|event|meas\w*|system|server|bms|plc|scada|utc)[_ ]?(date[_ ]?)?time|"
    r"(log|local|record(ing)?|utc)[_ ]?date|unix[_ ]?time\w*|utc|epoch|test_time_\w+|.*timestamp.*)$",
    re.I,
)

ELEMENTS = {"cell": "cell_voltage_v", "probe": "probe_temperature_degc"}
# order matters: the first that fits wins
SIGNALS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.I), quantity)
    for pattern, quantity in (
        (r"cell.{0,3}(v|volt|voltage|u)?[_ ]?max|max.{0,3}cell", "reported_cell_voltage_max_v"),
        (r"cell.{0,3}(v|volt|voltage|u)?[_ ]?min|min.{0,3}cell", "reported_cell_voltage_min_v"),
        (r"cell.{0,3}(v|volt|voltage|u)?[_ ]?(mean|avg|average)|(mean|avg).{0,3}cell", "reported_cell_voltage_mean_v"),
        (r"(temp\w*|probe\w*)[_ ]?max|max[_ ]?temp", "reported_probe_temperature_max_degc"),
        (r"(temp\w*|probe\w*)[_ ]?min|min[_ ]?temp", "reported_probe_temperature_min_degc"),
        (r"dis?cha?r?ge?.{0,10}(limit|allowed)|(limit|allowed).{0,10}dis?cha?r?ge?", "reported_discharge_limit_a"),
        (r"cha?r?ge?.{0,10}(limit|allowed)|(limit|allowed).{0,10}cha?r?ge?", "reported_charge_limit_a"),
        (r"(bank|container).{0,3}soc($|[_ \[(])", "bank_reported_soc"),
        (r"(bank|container|dc ?bus).{0,3}(current|strom|电流)", "bank_current_a"),
        (r"(bank|container|dc ?bus).{0,3}(voltage|spannung|总电压)", "bank_voltage_v"),
        (r"^(rack[ _]?\d*[ _/])?requested[_ ]power", "requested_power_w"),
        (r"interlock", "interlock_open"),
        (r"(rack|string|cluster)[_ ]?enabled", "rack_enabled"),
        (r"(^|[_ ./])ncyc($|[_ \[(])|cycle[_ ]?(count|counter|number)", "reported_cycles"),
        (r"soc($|[_ \[(])", "reported_soc"),
        (r"soh($|[_ \[(])", "reported_soh"),
        (r"insulation|isolation", "insulation_resistance_ohm"),
        (r"(^|[_ ./])(str)?evt1($|[_ \[(])", "sunspec_event_word"),
        (r"(^|[_ ./])(str)?const($|[_ \[(])", "contactor_word"),
        (r"(alarm|fault|warning|event).{0,3}(word|bits?|mask|flags|bitmap|bitfield)|(^|[_ ./])evt(vnd)?\d($|[_ \[(])", "alarm_word"),
        (r"ncellbal|balanc(ing|ed)?.{0,3}(cells|count|active|on|state|status)?($|[_ \[(])", "balancing_cells"),
        (r"contactor", "contactor_closed"),
        (r"alarm|warning|fault", "alarm_code"),
        (r"charge ?(status|state)", "charge_state_code"),
        (r"current|strom|ampere|电流", "rack_current_a"),
        (r"voltage|spannung|总电压|^u$", "rack_voltage_v"),
    )
)

_OTHER = re.compile(  # a current or a voltage of something else, or what it may, shall or could be
    r"heat|(^|[_ ./\-])(fan|pump|aux\w*|max\w*|min\w*|rated|nominal|nenn\w*|limit\w*|allow\w*|permit\w*|set ?point|request\w*|target|soll\w*|demand|grid|phase\w*|inverter|motor|charger|leak\w*|ac|pcs|pv|load|l[123]|peak|dc/?dc|balanc\w*)($|[_ ./\-\[(])"
    r"|motor|(max|min|limit|soll)($|[_ .\-\[(\d])",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Tag:
    """What a name says. kind: time, cell, probe, signal, personal or unknown. rack, module, index are 0 where the name is silent.

    count: how many units one count of the column is, as in ``Current (0.1 A)``; 1 where the name is silent.
    """

    kind: str
    quantity: str = ""
    rack: int = 0
    module: int = 0
    index: int = -1
    unit: str = ""
    count: str = "1"


@lru_cache(maxsize=1 << 16)
def cleaned(name: str) -> str:
    """A header field without byte-order mark, quotes, outer space and full-width brackets."""
    for wide, plain in (("\ufeff", ""), ("（", "("), ("）", ")"), ("％", "%"), ("［", "["), ("］", "]"), ("\u3000", " ")):
        name = name.replace(wide, plain)
    return name.strip().strip('"').strip()


@lru_cache(maxsize=1 << 16)  # every file of a plant brings the same names
def parse(name: str) -> Tag:
    """Read one column name."""
    unit, count, body = _unit(_REPEATED.sub("", cleaned(name)))
    tag = _said(body, unit)
    return tag if count == "1" else replace(tag, count=count)


def _said(body: str, unit: str) -> Tag:
    """What a name says without its unit."""
    if _PERSONAL.search(body):
        return Tag("personal", unit=unit)
    if _TIME.match(body):
        return Tag("time", unit=unit)
    rack = _number(_UNDER_MASTER, body) or _number(_RACK, body)
    module = _number(_MODULE, body)
    no_voltage = unit in ("A", "degC", "%")  # of a cell: its current, temperature or charge
    if state_of_a_cell(body) is not None:
        return Tag("unknown", "", rack, module, unit=unit)
    if (element := titles.numbered_element(body)) and not (element[0] == "cell" and no_voltage):
        return Tag(element[0], ELEMENTS[element[0]], rack, module, element[1], unit)
    for pattern, quantity in SIGNALS[:5]:  # "CellVmax" must not be read as a cell, but "Cell_1_mean" is one
        if pattern.search(body) and not (_NUMBERED_CELL.match(body) and not no_voltage):
            return Tag("signal", quantity, rack, module, unit=unit)
    if (cell := _cell(body, unit, rack, module)) is not None:
        return cell
    if found := _PROBE.search(body):
        return Tag("probe", "probe_temperature_degc", rack, module, int(found[1]), unit)
    if (said := _signal(body, unit)) is not None:
        return Tag("signal" if said else "unknown", said, rack, module, unit=unit)
    if (foreign := titles.foreign(body)) is not None and not (foreign[0] == "cell" and (no_voltage or _OF_A_CELL.search(body))):
        kind, quantity, index = foreign
        return Tag(kind, quantity, rack, module, index, unit)
    return Tag("unknown", rack=rack, module=module, unit=unit)


def _cell(body: str, unit: str, rack: int, module: int) -> Tag | None:
    """What a name with the number of a cell says: its voltage, its temperature, or something else of it; None where it numbers no cell."""
    no_voltage, other = unit in ("A", "degC", "%"), _OF_A_CELL.search(body)
    if (compact := _COMPACT.search(body)) and not no_voltage and not other:
        return Tag("cell", "cell_voltage_v", int(compact["rack"] or rack), int(compact["module"]), int(compact["cell"]), unit)
    found = _CELL.search(body)
    if found is None or (no_voltage and not other and unit != "degC"):
        return None
    if unit == "degC" or (other and re.search(r"temp|温度|ntc|(?:^|[_ .\-/])t[_ .]?cell", body, re.I)):
        return Tag("probe", "probe_temperature_degc", rack, module, int(found[1]), unit)
    return Tag("unknown", "", rack, module, unit=unit) if other else Tag("cell", "cell_voltage_v", rack, module, int(found[1]), unit)


def _signal(body: str, unit: str) -> str | None:
    """The signal that a name says; empty where it is that of something else, None where it says none."""
    found = next((quantity for pattern, quantity in SIGNALS[5:] if pattern.search(body)), None)
    if found in ("rack_current_a", "rack_voltage_v") and _OTHER.search(body):
        return ""
    return found or _symbol(body, unit)


def state_of_a_cell(name: str) -> tuple[int, int] | None:
    """(module, number) of the cell of which a name says whether it is being balanced (``CellSt_3``, ``M2_Cell3_Balancing``), or None."""
    body = _REPEATED.sub("", cleaned(name))
    found = _STATE.search(body)
    if found is None or not re.search(r"cell|zelle|shunt|^bal", body, re.I):
        return None
    number = found["before"] or found["after"]
    return _number(_MODULE, body), int(number)


def module_of_file(name: str) -> int:
    """The module number a file name states (``Module_2.csv``), or 0."""
    return _number(_MODULE, name)


def rack_of_file(name: str) -> int:
    """The rack number a file name states (``R03.csv``, ``R03/day1.csv``, ``R03.xlsx/Sheet1``), or 0: the innermost counts."""
    found = next((match for part in reversed(name.split("/")) if (match := _RACK_FILE.match(part))), None)
    return int(found[1]) if found else 0


def _unit(text: str) -> tuple[str, str, str]:
    """(unit, units per count, the name without both)."""
    for pattern in (_BRACKET_UNIT, _TAIL_UNIT):
        found = pattern.search(text)
        said = found[1].strip().lower() if found else ""
        body = text[: found.start()].strip() if found else text
        if said in UNITS:
            return UNITS[said], "1", body
        if said in COUNTS:
            return *COUNTS[said], body
        count = _COUNT.fullmatch(said)
        if count and count["unit"] in UNITS:
            return UNITS[count["unit"]], _size(count["size"]), body
    return "", "1", text


def _size(text: str) -> str:
    """``1/10``, ``.1``, ``0,01`` and ``1e-4`` as plain decimals."""
    return f"{1 / Decimal(text[2:]) if text.startswith('1/') else Decimal(text.replace(',', '.')):f}"


def _symbol(body: str, unit: str) -> str | None:
    """What a bare I, U or V stands for, where a unit or a word beside it says that it is the battery's."""
    found = _SYMBOL.search(body)
    if found is None:
        return None
    units, quantity = _SYMBOLS[found[1].lower()]
    return quantity if unit in units or found[2] else None


def _number(pattern: re.Pattern[str], text: str) -> int:
    found = pattern.search(text)
    return int(found[1]) if found else 0
