"""Section 8: what may go wrong with a decision that rests on the display, what would settle what stays open, and what was proposed and not recorded."""

from __future__ import annotations

from collections.abc import Iterator

from workbench.asset.estimate import NotEstablished
from workbench.report.contents import ReportContents
from workbench.report.flow import Cell, Col, Flow, Status, esc
from workbench.report.sheet import Sheet
from workbench.review.finding import Severity
from workbench.viewmodels import numbers
from workbench.viewmodels.candidate_state import finding_of, state_of
from workbench.viewmodels.tables import SEVERITY_STATUS

NO_TEST = ("", "none needed")
MOST_LEFT = 40  # candidates printed; the study attached to this document holds all


def risks(sheet: Sheet, contents: ReportContents) -> None:
    """8: the register of risks, the open points with their tests, and the candidates that did not become findings."""
    tests = open_tests(contents)
    register = _register(contents, {test: f"T{n}" for n, (test, _) in enumerate(tests, 1)})
    lead = f"{numbers.count(len(register), 'risk')} with the evidence of each; {numbers.count(len(tests), 'test')} would settle what these data leave open."
    flow = Flow(sheet, "8", "Risks and open points", esc(lead))
    flow.boundary(
        "what was found and what stays open, each with its evidence",
        "how likely a failure is: no failure statistics are part of this review",
        "the tests below; the one that settles most comes first",
    )
    flow.heading("Risk register")
    if register:
        columns = [Col("", 24), Col("Cause and effect", 186), Col("How serious", 89), Col("Evidence", 40), Col("Test", 32)]
        flow.table(columns, [[f"R{n}", *row] for n, row in enumerate(register, 1)], "Risks with seriousness, evidence and test")
    else:
        flow.para("No finding was recorded and no claim was contradicted or left open.")
    flow.heading("Not established or left open, and the cheapest test")
    if tests:
        rows: list[list[Cell]] = [[f"T{n}", test, "; ".join(points)] for n, (test, points) in enumerate(tests, 1)]
        flow.table([Col("", 24), Col("Test", 187), Col("Settles", 160)], rows, "Tests and what they settle")
    else:
        flow.para("Nothing that a test would settle is open.")
    _left(flow, contents)


def _register(contents: ReportContents, named: dict[str, str]) -> list[list[Cell]]:
    """Findings by severity, then claims that must not be relied on as they stand. named: test -> its number on this page."""
    order = list(Severity)
    found: list[list[Cell]] = [
        [f"{f.title}. {f.meaning}", Status(f.severity.value, SEVERITY_STATUS[f.severity]), f.id, named.get(f.settles.strip(), "none")]
        for f in sorted(contents.document.findings, key=lambda f: order.index(f.severity))
    ]
    for card in contents.claims.cards if contents.claims else ():
        if card.status != "good":
            words = f"{card.text} is relied on, but the evidence {_against(card.status)}."
            found.append([words, Status(card.word, card.status), card.id, named.get(_parted(card.settles)[0], "none")])
    return found


def _against(status: str) -> str:
    return {"bad": "contradicts it", "warning": "is too wide to carry it"}.get(status, "cannot test it")


def open_tests(contents: ReportContents) -> list[tuple[str, list[str]]]:
    """Each test once, with everything it would settle; the one that settles most comes first."""
    tests: dict[str, list[str]] = {}
    for test, point in _points(contents):
        points = tests.setdefault(test, [])
        if point not in points:
            points.append(point)
    return sorted(tests.items(), key=lambda item: -len(item[1]))


def _points(contents: ReportContents) -> Iterator[tuple[str, str]]:
    """(test, what it would settle): claims, findings, what the charge balance and the waterfall refused, and the reviewer's own next tests."""
    for card in contents.claims.cards if contents.claims else ():
        test, gain = _parted(card.settles)
        if test not in NO_TEST:
            yield test, f"{card.id}{f' ({gain})' if gain else ''}"
    for finding in contents.document.findings:
        if finding.settles.strip():
            yield finding.settles.strip(), finding.id
    for balance in contents.study.balances:
        for name, answer in (("charge", balance.charge_ah), ("sensor offset", balance.offset_a), ("capacity", balance.capacity_ah)):
            if isinstance(answer, NotEstablished) and answer.settles:
                yield answer.settles, f"{name}: {answer.reason.replace('-', ' ')}"
    if contents.study.estimates is not None:
        for step in contents.study.estimates.waterfall.steps:
            if isinstance(step.mwh, NotEstablished) and step.mwh.settles:
                yield step.mwh.settles, f"energy, {step.name}: {step.mwh.reason.replace('-', ' ')}"
    for test in contents.document.verdict.next_tests if contents.document.verdict else ():
        yield test.strip(), "asked for by the reviewer"


def _parted(settles: str) -> tuple[str, str]:
    """The test of a claim, and what it would gain, which follows as a second sentence: the same test then stands once for several claims."""
    test, dot, gain = settles.strip().partition(". ")
    return test + ("." if dot else ""), gain[:1].lower() + gain[1:].rstrip(".")


def _left(flow: Flow, contents: ReportContents) -> None:
    """What the study proposed and the reviewer did not record, with the reason: a reader must see what was set aside."""
    study, document = contents.study, contents.document
    left = [c for c in study.candidates if finding_of(c, study, document) is None]
    flow.heading("Proposed by the study, not recorded as a finding")
    if not left:
        flow.para(f"Nothing: {numbers.count(len(study.candidates), 'candidate')} proposed, all recorded as findings.")
        return
    rows: list[list[Cell]] = [[c.severity, c.title, state_of(c, study, document)] for c in left[:MOST_LEFT]]
    flow.table([Col("Severity", 52), Col("Candidate", 160), Col("What became of it", 159)], rows, "Candidates that are no finding")
    if len(left) > MOST_LEFT:
        flow.para(f"{len(left) - MOST_LEFT} more stand in study.json, attached to this document.")
