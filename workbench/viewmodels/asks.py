"""What does each check that did not pass ask of the owner? Found, instead, and the exports and documents that would settle it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from workbench.analysis.effects import Estimator
from workbench.analysis.results import Check, Outcome
from workbench.asset.window import WindowFacts
from workbench.viewmodels import numbers

MOST_GAPS = 5
MOST_NAMES = 8


@dataclass(frozen=True, slots=True)
class Signal:
    """An export to ask for. days: a short period is enough instead of the whole window."""

    name: str
    level: str
    sampling: str
    form: str
    days: str = ""

    def words(self, span: str, zone: str) -> tuple[str, str, str, str, str]:
        """Signal, level, sampling, period, form."""
        return self.name, self.level, self.sampling, self.days or f"{span} ({zone})", self.form


CELLS = Signal("Cell voltage", "every cell of every rack", "every 10 s or faster", "V to 1 mV, raw")
CURRENT = Signal(
    "Rack current", "every rack", "every 10 s or faster, in the same frame as the cells", "A to 0.1 A, raw; which direction is positive"
)
FAST = Signal("Rack current and cell voltage, fast", "every rack, or one rack of each bank", "every 1 s, in one frame", "raw", "two days with at least ten steps of load")  # fmt: skip
RACK_V = Signal("Rack voltage", "every rack", "every 10 s or faster", "V to 0.1 V, raw")
PROBES = Signal("Temperature", "every probe", "every 60 s", "°C to 0.1 °C, raw")
SOC = Signal("State of charge as displayed", "every rack", "every 60 s", "percent to 0.1, as displayed")
SOH = Signal("State of health as displayed", "every rack", "every day", "percent, as displayed; its definition and denominator")
METER = Signal("Energy meter", "point of connection, and each bank if metered", "every 15 min or faster", "counter reading in kWh, import and export apart; auxiliary supply apart")  # fmt: skip
RAW = Signal(
    "Current, rack voltage and cell voltage as recorded",
    "every rack",
    "as recorded, with the time of each record",
    "recorded values, not sampled ones",
)

DOCUMENTS = {
    "channels": "A list of the channels: tag name, what it measures, unit, scale, offset, sign, range of the converter.",
    "wiring": "A map of the cell channels: which channel is which cell of which module, and when modules or boards were exchanged.",
    "probes": "A map of the temperature probes: at which cells each one sits.",
    "service": "A record of changes inside the period: firmware, configuration, exchanged modules, balancing, calibration; with dates.",
    "clock": "How the clocks are set: time source, zone, whether they change with daylight saving, and the order in which channels are polled.",
    "logging": "How values are recorded: by the clock or on change, deadband, compression, averaging.",
    "sensors": "The state of the channels named: exchanged, disconnected or repaired, and since when.",
}


@dataclass(frozen=True, slots=True)
class Ask:
    """One thing to ask for because of one check.

    estimators: which of its effects belong to this ask; None means all. leaves_open: what else cannot be said, beside estimates.
    """

    check: str
    found: str
    instead: str
    signals: tuple[Signal, ...] = ()
    documents: tuple[str, ...] = ()
    estimators: tuple[Estimator, ...] | None = None
    leaves_open: str = ""


def ask_for_zone(window: WindowFacts) -> Ask:
    """The files do not say in which zone their times are."""
    found = f"The files do not state the time zone of their time stamps; they were read as {window.time_zone}."
    return Ask(
        "Time zone",
        found,
        "Please confirm the zone, and whether the logger changes its clock.",
        documents=("clock",),
        leaves_open="every statement that names a time of day",
    )


def asks_for_signals(check: Check) -> tuple[Ask, ...]:
    """DQ20: one ask per signal that some or all racks lack, and one for what was lost on the way."""
    asks = []
    e = Estimator
    current = (e.RACK_CAPACITY, e.CELL_CAPACITY, e.SOC_OFFSET, e.RESISTANCE, e.MODES, e.SOC_ERROR)
    needs: tuple[tuple[str, Signal, str, tuple[Estimator, ...], str], ...] = (
        ("rack_current_a", CURRENT, "rack current", current, ""),
        ("rack_voltage_v", RACK_V, "rack voltage", (), "whether a cell channel is missing or a scale is wrong (sum of cells against rack)"),
        ("reported_soc", SOC, "state of charge as displayed", (e.SOC_ERROR,), ""),
        ("reported_soh", SOH, "state of health as displayed", (), "every claim about the displayed state of health"),
        ("probe_temperature_degc", PROBES, "temperature", (), "temperature of the racks concerned"),
    )
    for quantity, signal, word, touched, open_ in needs:
        share = check.figures.get(f"without_{quantity}", 0.0)
        if share >= 1 and quantity == "probe_temperature_degc":
            continue  # asked for together with the map of the probes
        if share:
            found = (
                f"The files hold no {word}."
                if share >= 1
                else f"{word[:1].upper()}{word[1:]} is missing for {100 * share:.0f} % of the racks{_named(check)}."
            )
            asks.append(Ask(check.id, found, f"Please export {word} for the same period.", (signal,), (), touched, open_))
    if not check.figures.get("meters"):
        asks.append(
            Ask(
                check.id,
                "The files hold no energy meter.",
                "Please export the meter for the same period or longer, the longer the better.",
                (METER,),
                (),
                (e.RTE,),
            )
        )
    share = check.figures.get("coverage_share", 1.0)
    if share < 0.99:
        found = f"{100 * share:.1f} % of the cell samples of the period were received."
        instead = "Please export what is missing if it was recorded, or say that the system was off or not logged then."
        asks.append(
            Ask(
                check.id,
                found,
                instead,
                (CELLS,),
                (),
                (e.CELL_CAPACITY, e.SOC_OFFSET, e.LEAKAGE, e.RESISTANCE, e.MODES) if share < 0.9 else (),
                "the spans that were not recorded",
            )
        )
    return tuple(asks)


def longest_gaps(window: WindowFacts) -> str:
    """The longest gaps by rack and time, for a person who has to look for them."""
    gaps = sorted((e for e in window.events if e.lane == "gap"), key=lambda e: e.start_ns - e.end_ns)[:MOST_GAPS]
    zone = window.time_zone
    return "; ".join(
        f"{e.element} {numbers.timestamp(e.start_ns, zone, seconds=False, weekday=False)}, {numbers.duration((e.end_ns - e.start_ns) / 1e9)}"
        for e in gaps
    )


def _named(check: Check, said: str = "") -> str:
    """The places a check names and the sentence does not, when they can be said shortly; files are known by their channels."""
    names = [short for name in check.elements if len(short := name.split(", ", 1)[-1]) <= 48 and short not in said]
    more = len(names) - MOST_NAMES
    return f" ({', '.join(names[:MOST_NAMES])}{f' and {more} more' if more > 0 else ''})" if names else ""


def _seen(check: Check) -> str:
    """What the check saw, as a sentence, with the places it names."""
    text = check.seen.rstrip(".")
    return f"{check.title}: {text}{_named(check, text) if check.outcome is not Outcome.NOT_ESTABLISHED else ''}."


def _plain(instead: str, signals: tuple[Signal, ...] = (), documents: tuple[str, ...] = ()) -> Callable[[Check, WindowFacts], Ask | None]:
    return lambda check, _window: Ask(check.id, _seen(check), instead, signals, documents)


def _gaps(check: Check, window: WindowFacts) -> Ask | None:
    if check.outcome is Outcome.NOT_ESTABLISHED:
        return None  # a log of changes: DQ14 asks how it was made
    where = longest_gaps(window)
    found = _seen(check) + (f" Longest: {where}." if where else "")
    return Ask(
        check.id,
        found,
        "Please export these spans if they were recorded, or say that the system was off or not logged then.",
        (CELLS, CURRENT),
    )


def _duplicates(check: Check, window: WindowFacts) -> Ask | None:
    if check.outcome is not Outcome.FAIL:
        return None  # rows repeated word for word cost nothing
    return _plain(
        "Please say which of two different values for one time is the right one, or export the rows named again.", (), ("logging",)
    )(check, window)


def _resolution(check: Check, window: WindowFacts) -> Ask | None:
    return Ask(
        check.id, _seen(check), "Please export cell voltages with the full resolution of the converter, 1 mV if it has it.", (CELLS,)
    )


def _sampling(check: Check, window: WindowFacts) -> Ask | None:
    if check.reason == "event-logged":
        return None  # the next check asks
    if check.reason in ("too-few-steps", "no-clear-answer"):
        instead = "Please say whether a value is a snapshot or a mean over the interval."
        return Ask(check.id, _seen(check), instead, () if window.nominal_period_s <= 10 else (CELLS, CURRENT), ("logging",))
    return Ask(
        check.id,
        _seen(check),
        "Please export faster, as snapshots; one second for two days with steps of load is enough for resistance.",
        (CELLS, CURRENT, FAST),
    )


def _events(check: Check, window: WindowFacts) -> Ask | None:
    return Ask(check.id, _seen(check), "Please state the deadband and what the logger does between two records.", (), ("logging",))


def _probe_map(check: Check, window: WindowFacts) -> Ask | None:
    if check.outcome is Outcome.FAIL:
        return Ask(
            check.id,
            "The files hold no temperature.",
            "Please export the probes for the same period, with the map of where they sit.",
            (PROBES,),
            ("probes",),
        )
    return Ask(check.id, _seen(check), "Please add the map of the probes.", (), ("probes",))


def _counters(check: Check, window: WindowFacts) -> Ask | None:
    if check.outcome is Outcome.NOT_ESTABLISHED:
        return None  # no counter is no fault; the meter is asked for by the coverage
    return Ask(check.id, _seen(check), "Please say when and why the counters named fell.", (), ("service",))


ASKS: dict[str, Callable[[Check, WindowFacts], Ask | None]] = {
    "DQ01": _gaps,
    "DQ02": _duplicates,
    "DQ03": _plain("Please say whether the clock was set back inside the period, and when.", (), ("clock",)),
    "DQ04": _plain("Please state the zone the logger keeps and whether it changes its clock.", (), ("clock",)),
    "DQ05": _plain(
        "Please export current and cell voltage of one instant in one frame, or state by how much each is late.", (FAST,), ("clock",)
    ),
    "DQ06": _plain(
        "Please say what is the matter with the channels named, and export them again from another source if there is one.",
        (),
        ("sensors",),
    ),
    "DQ07": _resolution,
    "DQ08": _plain(
        "Please export an empty field where nothing was read, and say which channels are not connected.", (), ("channels", "sensors")
    ),
    "DQ09": _plain(
        "Please state the range of the converter, and export unclipped values if they are recorded anywhere.", (CELLS,), ("channels",)
    ),
    "DQ10": _plain("Please say what happened at the channels named.", (), ("sensors",)),
    "DQ11": _plain("Please state unit, scale and offset of each channel.", (), ("channels",)),
    "DQ12": _plain("Please state which direction of current is positive, for each rack.", (CURRENT,), ("channels",)),
    "DQ13": _sampling,
    "DQ14": _events,
    "DQ15": _plain("Please export recorded values. What was interpolated was never measured and cannot be used.", (RAW,), ("logging",)),
    "DQ16": _plain("Please add the map of the channels and the record of service visits.", (), ("wiring", "service")),
    "DQ17": _plain("Please say what was changed on that day.", (), ("service",)),
    "DQ18": _counters,
    "DQ19": _probe_map,
}
