"""Which common code stands for what a vendor calls an alarm? The event bits of SunSpec model 802, as far as words say it plainly.

Bit numbers and names are those of Evt1 in models 802 to 804. A vendor's code that says nothing in words keeps its own name only: a guess
would look like knowledge.
"""

from __future__ import annotations

import re

EVENT_BITS = (  # position is the bit
    "COMMUNICATION_ERROR",
    "OVER_TEMP_ALARM",
    "OVER_TEMP_WARNING",
    "UNDER_TEMP_ALARM",
    "UNDER_TEMP_WARNING",
    "OVER_CHARGE_CURRENT_ALARM",
    "OVER_CHARGE_CURRENT_WARNING",
    "OVER_DISCHARGE_CURRENT_ALARM",
    "OVER_DISCHARGE_CURRENT_WARNING",
    "OVER_VOLT_ALARM",
    "OVER_VOLT_WARNING",
    "UNDER_VOLT_ALARM",
    "UNDER_VOLT_WARNING",
    "UNDER_SOC_MIN_ALARM",
    "UNDER_SOC_MIN_WARNING",
    "OVER_SOC_MAX_ALARM",
    "OVER_SOC_MAX_WARNING",
    "VOLTAGE_IMBALANCE_WARNING",
    "TEMPERATURE_IMBALANCE_ALARM",
    "TEMPERATURE_IMBALANCE_WARNING",
    "CONTACTOR_ERROR",
    "FAN_ERROR",
    "GROUND_FAULT",
    "OPEN_DOOR_ERROR",
    "CURRENT_IMBALANCE_WARNING",
    "OTHER_BATTERY_ALARM",
    "OTHER_BATTERY_WARNING",
    "RESERVED_1",
    "CONFIGURATION_ALARM",
    "CONFIGURATION_WARNING",
)
CONTACTOR_BITS = ("CONTACTOR_0", "CONTACTOR_1", "CONTACTOR_2", "CONTACTOR_3", "CONTACTOR_4", "CONTACTOR_5", "CONTACTOR_6", "CONTACTOR_7")
CELL_IS_BALANCING = "CELL_IS_BALANCING"  # bit 0 of CellSt in model 805

_HIGH, _LOW = r"(over|high|too high|hoch|über|ueber)", r"(under|low|too low|niedrig|unter)"
_APART = r"(im|un|dis)?balance|differen\w*|deviation|spread|inconsisten\w*|differenz"


def _either(one: str, other: str) -> str:
    """Both words, in any order, close to each other."""
    return rf"{one}[ _\-]*{other}|{other}\w*[ _\-]*(is |was |too )?{one}"


_KINDS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        ("COMMUNICATION_ERROR", r"communicat|\bcomm?s?[ _\-]*(loss|lost|error|fail|fault|timeout)|\bcan[ _\-]*bus|kommunikation|offline"),
        ("VOLTAGE_IMBALANCE", rf"(volt\w*|spannung\w*)[ _\-]*({_APART})|({_APART})[ _\-]*(of |in )?(cell )?volt"),
        ("TEMPERATURE_IMBALANCE", rf"temp\w*[ _\-]*({_APART})|({_APART})[ _\-]*(of |in )?(cell )?temp"),
        ("CURRENT_IMBALANCE", rf"current[ _\-]*({_APART})|({_APART})[ _\-]*(of |in )?(rack |string )?current"),
        ("OVER_TEMP", _either(_HIGH, r"temp\w*") + r"|\botp?\b"),
        ("UNDER_TEMP", _either(_LOW, r"temp\w*") + r"|\butp?\b"),
        ("OVER_DISCHARGE_CURRENT", r"discharg\w*[ _\-]*(over|high)[ _\-]*current|(over|high)[ _\-]*(current[ _\-]*)?(in[ _\-]*)?discharg\w*([ _\-]*current)?|overcurrent[ _\-]*discharg|\bdocp?\b"),
        ("OVER_CHARGE_CURRENT", r"(?<!dis)charg\w*[ _\-]*(over|high)[ _\-]*current|(over|high)[ _\-]*charg\w*[ _\-]*current|(over|high)[ _\-]*current[ _\-]*(in[ _\-]*)?charg|\bcocp?\b"),
        ("OVER_VOLT", _either(_HIGH, r"(volt\w*|spannung)") + r"|\bovp?\b"),
        ("UNDER_VOLT", _either(_LOW, r"(volt\w*|spannung)") + r"|\buvp?\b"),
        ("UNDER_SOC_MIN", _either(_LOW, r"soc\b")),
        ("OVER_SOC_MAX", _either(_HIGH, r"soc\b")),
        ("CONTACTOR_ERROR", r"(contactor|relay|schütz)[ \w\-]*(error|fault|fail|weld|stuck|adhe|feedback|fehler)|weld\w*[ _\-]*(contactor|relay)"),
        ("FAN_ERROR", r"\bfan\b|lüfter|\bventilator"),
        ("GROUND_FAULT", r"ground[ _\-]*fault|earth[ _\-]*fault|insulation|isolation|isolations"),
        ("OPEN_DOOR_ERROR", r"\bdoor\b|\btür\b"),
        ("CONFIGURATION", r"configuration|parameter[ _\-]*(error|fault|mismatch)|konfiguration"),
    )
)  # fmt: skip
_LEVELLED = {name.removesuffix("_ALARM") for name in EVENT_BITS if name.endswith("_ALARM")} | {"VOLTAGE_IMBALANCE", "CURRENT_IMBALANCE"}
_WARNING = re.compile(r"\bpre[ _\-]?alarm|warn|\bminor\b|vorwarnung|vorarm", re.IGNORECASE)
_ALARM = re.compile(r"alarm|fault|trip|protect|critical|\bmajor\b|störung|emergency|shutdown|error", re.IGNORECASE)


def canonical_code(text: str, severity: str = "") -> str:
    """The SunSpec name of what a text plainly says, or nothing. severity (warning, bad) decides where the text names no level.

    Two kinds in one text, a kind without a level, and a level that SunSpec does not have all give nothing.
    """
    found = [kind for kind, pattern in _KINDS if pattern.search(text)]
    if len(found) != 1:
        return ""
    kind = found[0]
    if kind not in _LEVELLED:
        return kind
    warning, alarm = bool(_WARNING.search(text)), bool(_ALARM.search(_WARNING.sub("", text)))
    if warning == alarm:
        warning, alarm = severity == "warning", severity == "bad"
    if warning == alarm:
        return ""
    name = f"{kind}_{'WARNING' if warning else 'ALARM'}"
    return name if name in EVENT_BITS else ""


def event_bits(word: int) -> tuple[int, ...]:
    """The bits that are set in a word, lowest first."""
    return tuple(bit for bit in range(word.bit_length()) if word >> bit & 1)
