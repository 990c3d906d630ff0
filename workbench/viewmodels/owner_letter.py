"""What does the owner have to hand over instead? The day-one letter, made from the posture and from nothing else.

Every sentence states what a check established or could not establish. The same words go on paper and into plain text.
"""

from __future__ import annotations

import textwrap
from dataclasses import dataclass

from workbench.analysis.effects import Effect, impacts
from workbench.analysis.results import Check, Outcome, StudyResult
from workbench.asset.scope import Scope
from workbench.asset.window import WindowFacts
from workbench.viewmodels import numbers
from workbench.viewmodels.asks import ASKS, DOCUMENTS, Ask, ask_for_zone, asks_for_signals

EU = frozenset(
    [
        "AT",
        "BE",
        "BG",
        "CY",
        "CZ",
        "DE",
        "DK",
        "EE",
        "ES",
        "FI",
        "FR",
        "GR",
        "HR",
        "HU",
        "IE",
        "IT",
        "LT",
        "LU",
        "LV",
        "MT",
        "NL",
        "PL",
        "PT",
        "RO",
        "SE",
        "SI",
        "SK",
    ]
)
GUIDELINE = (
    "For a public description of such exports see SAND2021-8492, Electrical Energy Storage Data Submission Guidelines, version 2. Where it differs from this letter, this letter holds."
)  # fmt: skip
HOOK = (
    "The site is declared stationary and in the European Union. Article 14 of Regulation (EU) 2023/1542 gives whoever has bought the battery, or a third party acting for them, read access to the data on "
    "its state of health and expected lifetime that its battery management system holds, among other purposes to judge its residual value. Should a supplier refuse an export asked for here, you may wish to rely on it."
)  # fmt: skip
FORM = (
    "CSV or Parquet, one file per rack and day or per rack; one column per channel under your own tag name, with the unit in the head.",
    "Time stamps in UTC, or local with the offset written beside each. Please state the zone of the logger and whether it changes its clock.",
    "Recorded values only: raw, not interpolated, not averaged, not filled. From a historian ask for recorded values, not for sampled or plot values; state its deadband and compression settings.",
    "An empty field where nothing was read, no placeholder numbers. Please do not open and save the files in a spreadsheet.",
)


@dataclass(frozen=True, slots=True)
class Point:
    """One numbered point: what the checks found, which conclusions it touches, what to export instead."""

    number: int
    checks: str
    found: str
    touches: str
    instead: str


@dataclass(frozen=True, slots=True)
class ExportLine:
    """One line of the list of exports: signal, level, sampling, period, form."""

    signal: str
    level: str
    sampling: str
    period: str
    form: str


@dataclass(frozen=True, slots=True)
class OwnerLetter:
    """Everything the letter says, in order."""

    firm: str
    asset: str
    facts: tuple[tuple[str, str], ...]
    subject: str
    opening: tuple[str, ...]
    points: tuple[Point, ...]
    exports: tuple[ExportLine, ...]
    documents: tuple[str, ...]
    form: tuple[str, ...]
    grounds: tuple[str, ...]
    closing: tuple[str, ...]
    signed: str
    window_root: str
    date: str

    @property
    def complete(self) -> bool:
        """Whether there is nothing to ask for."""
        return not self.points


def owner_letter(scope: Scope, window: WindowFacts, root: str, study: StudyResult, *, reviewer: str, prepared_ns: int) -> OwnerLetter:
    """The letter for one window and its study."""
    asks = [ask for check in study.checks if check.outcome is not Outcome.PASS for ask in _asks(check, window)]
    if not window.time_zone_known:
        asks.append(ask_for_zone(window))
    points = tuple(
        Point(k, ask.check, ask.found, _touches(next((c for c in study.checks if c.id == ask.check), None), ask), ask.instead)
        for k, ask in enumerate(asks, 1)
    )
    span = numbers.span(window.start_ns, window.end_ns, window.time_zone)
    zone = f"{window.time_zone}, assumed" if not window.time_zone_known else window.time_zone
    lines = dict.fromkeys(signal for ask in asks for signal in ask.signals)
    exports = tuple(ExportLine(*signal.words(span, zone)) for signal in lines)
    documents = tuple(DOCUMENTS[name] for name in dict.fromkeys(name for ask in asks for name in ask.documents))
    european = bool(scope.stationary) and scope.country.upper() in EU
    return OwnerLetter(
        firm=scope.firm or "Independent reviewers",
        asset=scope.asset or window.plant.site,
        facts=_facts(scope, window, span, zone, numbers.date(prepared_ns)),
        subject=_subject(points, scope.asset or window.plant.site),
        opening=_opening(window, study, span, zone, len(points)),
        points=points,
        exports=exports,
        documents=documents,
        form=FORM if exports else (),
        grounds=((HOOK,) if european else ()) + (GUIDELINE,) if points else (),
        closing=_closing(points),
        signed=reviewer,
        window_root=root,
        date=numbers.date(prepared_ns),
    )


def plain_text(letter: OwnerLetter, width: int = 88) -> str:
    """The letter as plain text, the same words in the same order."""
    parts = [letter.firm, "", letter.asset, ""]
    parts += [f"{name}: {value}" for name, value in letter.facts]
    parts += ["", letter.subject, ""]
    for paragraph in letter.opening:
        parts += [_wrapped(paragraph, width), ""]
    for point in letter.points:
        head = f"{point.number}. {point.checks}"
        parts += [
            head,
            _wrapped(point.found, width, "   "),
            _wrapped(point.touches, width, "   "),
            _wrapped(point.instead, width, "   "),
            "",
        ]
    if letter.exports:
        parts += ["Please export", ""]
        parts += [_wrapped(f"{e.signal}: {e.level}; {e.sampling}; {e.period}; {e.form}", width, "   ", "-  ") for e in letter.exports] + [
            ""
        ]
    if letter.documents:
        parts += ["Please add", ""] + [_wrapped(text, width, "   ", "-  ") for text in letter.documents] + [""]
    if letter.form:
        parts += ["Form of the files", ""] + [_wrapped(text, width, "   ", "-  ") for text in letter.form] + [""]
    for paragraph in (*letter.grounds, *letter.closing):
        parts += [_wrapped(paragraph, width), ""]
    parts += [letter.signed, letter.firm, ""]
    return "\n".join(parts)


def _wrapped(text: str, width: int, indent: str = "", first: str = "") -> str:
    return textwrap.fill(
        text, width, initial_indent=first or indent, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )


def _asks(check: Check, window: WindowFacts) -> tuple[Ask, ...]:
    """What a check that did not pass asks of the owner; most ask one thing, the coverage one per missing signal, some nothing."""
    if check.id == "DQ20":
        return asks_for_signals(check)
    make = ASKS.get(check.id)
    found = make(check, window) if make else None
    return (found,) if found else ()


def _touches(check: Check | None, ask: Ask) -> str:
    """Which conclusions this point blocks or weakens, from the table of effects."""
    chosen = [i for i in impacts(check) if ask.estimators is None or i.estimator in ask.estimators] if check else []
    parts = []
    for effect, verb in ((Effect.BLOCKED, "blocks"), (Effect.WEAKENED, "weakens")):
        names = dict.fromkeys(i.estimator.value for i in chosen if i.effect is effect)
        if names:
            parts.append(f"{verb} {', '.join(names)}")
    if ask.leaves_open:
        parts.append(f"leaves open {ask.leaves_open}")
    return f"It {' and '.join(parts)}." if parts else "It blocks no estimate by itself."


def _facts(scope: Scope, window: WindowFacts, span: str, zone: str, date: str) -> tuple[tuple[str, str], ...]:
    found = [
        ("To", f"the owner and operator of {scope.asset or window.plant.site}"), ("For", scope.client), ("Date", date),
        ("Reference", scope.reference), ("Telemetry", f"{span}, {zone}"), ("Files", numbers.count(len(window.sources), "file")),
    ]  # fmt: skip
    return tuple((name, value) for name, value in found if value)


def _subject(points: tuple[Point, ...], asset: str) -> str:
    if not points:
        return f"Telemetry of {asset}: nothing is missing"
    return f"Telemetry of {asset}: {numbers.count(len(points), 'point')} to complete"


def _opening(window: WindowFacts, study: StudyResult, span: str, zone: str, points: int) -> tuple[str, ...]:
    checks = [c for c in study.checks if c.id.startswith("DQ")]
    passed = sum(c.outcome is Outcome.PASS for c in checks)
    unmade = sum(c.outcome is Outcome.NOT_ESTABLISHED for c in checks)
    holds = f"{numbers.count(len(window.plant.racks), 'rack')}, {numbers.count(window.plant.n_cells, 'cell')}, {span} ({zone}), rows {numbers.every(window)}"
    first = f"Thank you for the telemetry. We read {holds}. The files as you sent them are kept unchanged."
    result = f"Before anything is concluded, {len(checks)} checks ask whether the data can carry a conclusion: {passed} passed"
    result += f", {len(checks) - passed - unmade} did not" if passed + unmade < len(checks) else ""
    result += f", {unmade} could not be made from these files." if unmade else "."
    if not points:
        return (first, result, "The checks found nothing missing and nothing that has to be exported again.")
    return (
        first,
        result,
        f"The {'point' if points == 1 else f'{points} points'} below say what is missing or cannot be used, which conclusions it touches, and what would settle it. They say nothing about the condition of the battery.",
    )


def _closing(points: tuple[Point, ...]) -> tuple[str, ...]:
    if not points:
        return ("Please keep the original recordings until the report is issued.",)
    return (
        "What cannot be exported is an answer too: please say so for each point, and since when. A point that stays open is stated in the report with what it blocks.",
        "Please keep the original recordings until the report is issued.",
    )
