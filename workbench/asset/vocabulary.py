"""The field's words, each defined once: tooltips, report glossary, export headers and handbook read them here."""

from __future__ import annotations

from workbench.asset.plain import Fact


class Term(Fact, frozen=True):
    """One word of the field: what it means in a sentence, and its unit where it has one."""

    word: str
    meaning: str
    unit: str = ""


TERMS: dict[str, Term] = {
    term.word: term
    for term in (
        Term(word="site", meaning="The whole storage plant under review."),
        Term(word="bank", meaning="Racks that share one DC bus or power converter; often one container."),
        Term(word="rack", meaning="One series string of modules with its own contactor and current sensor."),
        Term(word="module", meaning="A replaceable box of cells inside a rack."),
        Term(word="cell", meaning="One voltage channel; n_parallel electrical cells may share it."),
        Term(word="probe", meaning="One temperature sensor; usually fewer than cells, so cells have no temperature of their own."),
        Term(word="window", meaning="One imported span of telemetry, immutable, known by its evidence root."),
        Term(word="channel", meaning="One measured quantity of one element."),
        Term(word="scope", meaning="Client, mandate, question, boundary, materiality and the claims under review."),
        Term(word="claim", meaning="A statement of the BMS or the owner that is under review."),
        Term(word="study", meaning="One run of the kernels with its parameters."),
        Term(word="estimate", meaning="A number with its 95 % interval, unit, method and condition."),
        Term(
            word="not established", meaning="No number, because the data cannot carry one; with the reason and the cheapest settling test."
        ),
        Term(word="picture", meaning="A frozen description of something shown, the same on screen and on paper."),
        Term(word="finding", meaning="Observation, evidence, severity and meaning, recorded by a reviewer."),
        Term(word="evidence", meaning="Recipe, numeric extract and picture of a finding, hashed together."),
        Term(word="verdict", meaning="The answer to the question of the mandate."),
        Term(word="journal", meaning="Append-only, hash-chained record of every edit."),
        Term(word="seal", meaning="What a signature covers."),
        Term(word="evidence root", meaning="SHA-256 Merkle root over every value, name, type and attribute of a window."),
        Term(word="SoC", meaning="State of charge: share of the usable charge that is stored.", unit="%"),
        Term(
            word="SoH", meaning="State of health as the BMS displays it; the denominator and reset rule must be stated with it.", unit="%"
        ),
        Term(word="rack median", meaning="The middle cell voltage of a rack at one instant; deviation is counted from it.", unit="V"),
        Term(word="deviation", meaning="Cell voltage minus the rack median at the same instant.", unit="mV"),
        Term(word="spread", meaning="Highest minus lowest cell of a rack at one instant.", unit="mV"),
        Term(
            word="robust z",
            meaning="Deviation in units of the scaled median absolute deviation of the rack, floored at the channel's quantum.",
            unit="1",
        ),
        Term(word="quantum", meaning="Smallest step a channel can show.", unit="mV"),
        Term(word="sentinel", meaning="A placeholder a logger writes where it has no value, such as 65535 or 'No Data'."),
        Term(
            word="repair", meaning="A listed rule that altered or masked received data on import; the source file itself is never touched."
        ),
        Term(
            word="posture",
            meaning="Whether the telemetry can support a conclusion at all: coverage, gaps, clocks, units, frozen or invented values.",
        ),
        Term(word="weakness", meaning="A cell that holds less charge or resists more than its rack; needs a part, not balancing."),
        Term(word="imbalance", meaning="Cells that hold the same charge at different levels; recoverable by balancing."),
        Term(word="self-discharge", meaning="Charge a cell loses on its own; shows as a steady drift against its rack.", unit="mA"),
        Term(word="claim boundary", meaning="What this evidence shows, what it cannot show, and which test would settle it."),
        Term(word="materiality", meaning="The difference that would change the decision."),
        Term(
            word="charge balance",
            meaning="Charge in minus charge out between equal states; its remainder is sensor offset or loss.",
            unit="Ah",
        ),
        Term(word="reviewer", meaning="The engineer who examines the data and records findings."),
        Term(word="principal", meaning="The accountable person who approves and signs last."),
        Term(word="recipient", meaning="The lender or buyer who has only the PDF."),
    )
}
