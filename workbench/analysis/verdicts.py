"""Does the evidence support, contradict or fail to reach each claim under review, and what is the cheapest test that would decide?

Claim s, interval [L, U], materiality m: contradicted if s < L - m or s > U + m; supported if the interval is within 2 m and its middle within m of s;
otherwise not contradicted, but the evidence is too wide; not testable where the gate of the estimator was closed. A claim that something is
at most s (the error of a display) is supported if U <= s + m and contradicted only if L > s + m: less than was claimed contradicts nothing. A SoH without a stated
definition has two readings, the usable string and the mean cell over the rating: the interval spans both, so that no definition is chosen
silently. A sensor gain that nobody declared is assumed wide, so it can neither support nor contradict a claim by a point. Source: methods.md 2.13.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from workbench.analysis.estimates import Estimates, RackEstimates
from workbench.analysis.results import Answer, Estimate, NotEstablished
from workbench.asset.nameplate import DesignRecord
from workbench.asset.plain import Fact
from workbench.asset.scope import Claim, Mandate
from workbench.review.verdict import Recommendation

GAIN_TEST = "The calibration record of the current sensors, or one cycle against the revenue meter."
CALIBRATED_GAIN = 0.005  # what a calibration record of a clamp usually states; it is named wherever it is used
DISPLAY_LIMIT = "the charge count between the anchors, at the moment of the largest error"
DISPLAY_TEST = "One full cycle logged every 10 s, with two hours at rest when full and when empty: both ends then anchor the count."
CAPACITY_TEST = "One full charge and one full discharge of every rack at C/4, cells every 10 s."
BALANCE_TEST = "Balance the racks, then one full cycle at C/4: every cell is then near both ends and the mean cell is measured."
DEFINITION_TEST = "The vendor's definition of this figure: which capacity over which, at which rate and cut-offs."


class ClaimWord(StrEnum):
    """The four-way verdict on one claim."""

    SUPPORTED = "supported"
    TOO_WIDE = "not contradicted, evidence too wide"
    CONTRADICTED = "contradicted"
    NOT_TESTABLE = "not testable"


class Reading(Fact, frozen=True):
    """One way to read a claim, and what the data say in it."""

    name: str
    answer: Answer


class ClaimVerdict(Fact, frozen=True):
    """One claim against the evidence. value and materiality in the unit of `found`. limited_by: what makes the interval as wide as it is."""

    claim_id: str
    text: str
    word: ClaimWord
    value: float | None
    materiality: float | None
    found: Answer
    readings: tuple[Reading, ...]
    limited_by: str
    settles: str
    unit: str = ""  # the claim's own, where nothing was found to compare it with; empty for a fraction


class Proposal(Fact, frozen=True):
    """What the verdicts together would make of the mandate: a proposal for the reviewer, never an answer by itself."""

    recommendation: Recommendation
    because: str
    next_tests: tuple[str, ...]


def judge(claim: float, answer: Estimate, materiality: float) -> ClaimWord:
    """The verdict rule."""
    low, high = answer.low, answer.high
    if claim < low - materiality or claim > high + materiality:
        return ClaimWord.CONTRADICTED
    if high - low <= 2 * materiality and abs(claim - (low + high) / 2) <= materiality:
        return ClaimWord.SUPPORTED
    return ClaimWord.TOO_WIDE


def judge_most(claim: float, answer: Estimate, materiality: float) -> ClaimWord:
    """The rule for a claim that something is no larger than this."""
    if answer.low > claim + materiality:
        return ClaimWord.CONTRADICTED
    return ClaimWord.SUPPORTED if answer.high <= claim + materiality else ClaimWord.TOO_WIDE


def verdicts(claims: tuple[Claim, ...], estimates: Estimates, design: DesignRecord, method: str) -> tuple[ClaimVerdict, ...]:
    """One verdict per claim, in their order."""
    return tuple(_verdict(claim, estimates, design, method) for claim in claims)


def proposal(found: tuple[ClaimVerdict, ...], mandate: Mandate) -> Proposal:
    """A recommendation from the closed list."""
    words = [v.word for v in found]
    tests = tuple(dict.fromkeys(v.settles for v in found if v.word is not ClaimWord.SUPPORTED and v.settles))
    if not found:
        return Proposal(Recommendation.MONITOR, "No claim is under review.", ())
    if ClaimWord.CONTRADICTED in words:
        word = Recommendation.RESERVE if mandate in (Mandate.WARRANTY, Mandate.INSURANCE) else Recommendation.REPRICE
        return Proposal(word, f"{words.count(ClaimWord.CONTRADICTED)} of {len(words)} claims contradicted.", tests)
    if all(word is ClaimWord.SUPPORTED for word in words):
        return Proposal(Recommendation.PROCEED, "Every claim is supported within its materiality.", ())
    word = Recommendation.MONITOR if mandate is Mandate.OPERATION else Recommendation.TIGHTEN
    open_claims = sum(w in (ClaimWord.TOO_WIDE, ClaimWord.NOT_TESTABLE) for w in words)
    return Proposal(
        word, f"{open_claims} of {len(words)} claims {'is' if open_claims == 1 else 'are'} not decided by this evidence.", tests
    )


def _verdict(claim: Claim, estimates: Estimates, design: DesignRecord, method: str) -> ClaimVerdict:
    def closed(reason: str, why: str, settles: str) -> ClaimVerdict:
        refusal = NotEstablished(reason=reason, why=why, settles=settles)
        return ClaimVerdict(
            claim.id, claim.text, ClaimWord.NOT_TESTABLE, claim.value, claim.materiality, refusal, (), why, settles, claim.unit
        )

    reader = READERS.get(claim.quantity.strip().lower())
    if reader is None:
        known = ", ".join(sorted(READERS))
        return closed(
            "quantity-unknown",
            f"The claim names no quantity this version can test ({known}).",
            "Name the quantity of the claim in the scope.",
        )
    if claim.value is None or claim.materiality is None:
        return closed("claim-incomplete", "The claim has no value or no materiality.", "State both in the scope.")
    readings = reader.read(estimates, design, method)
    answers = [r.answer for r in readings if isinstance(r.answer, Estimate)]
    if not answers:
        first = readings[0].answer
        return closed(first.reason, first.why, first.settles) if isinstance(first, NotEstablished) else closed("no-reading", "", "")
    factor = _factor(claim.unit, answers[0].unit)
    if factor is None:
        return closed(
            "unit-unknown", f"The claim is in {claim.unit or 'no unit'}, the evidence in {answers[0].unit}.", "State the unit of the claim."
        )
    value, materiality = claim.value * factor, claim.materiality * factor
    found = _spanning(answers, method)
    word = (judge_most if reader.most else judge)(value, found, materiality)
    limit, test = reader.limit or _limit(found, readings, estimates.racks, reader.carries_gain)
    settles = "" if word is ClaimWord.SUPPORTED else test
    return ClaimVerdict(claim.id, claim.text, word, value, materiality, found, readings, limit, settles)


def _spanning(answers: list[Estimate], method: str) -> Estimate:
    """One interval that spans all readings; its value is the middle of their values."""
    low, high = min(a.low for a in answers), max(a.high for a in answers)
    value = (min(a.value for a in answers) + max(a.value for a in answers)) / 2
    condition = answers[0].condition if len(answers) == 1 else f"spans {len(answers)} readings; {answers[0].condition}"
    return Estimate(value, low, high, answers[0].unit, method, condition, min(a.samples for a in answers))


def _limit(found: Estimate, readings: tuple[Reading, ...], racks: tuple[RackEstimates, ...], carries_gain: bool) -> tuple[str, str]:
    """What makes the interval wide, and the cheapest test that would narrow it most."""
    answers = [r.answer for r in readings if isinstance(r.answer, Estimate)]
    half = (found.high - found.low) / 2
    apart = (max(a.value for a in answers) - min(a.value for a in answers)) / 2
    gain = max((r.gain_half for r in racks), default=0.0) * abs(found.value) if carries_gain else 0.0
    declared = all(r.gain_declared for r in racks)
    if gain >= max(apart, half / 2):
        if declared:
            return f"gain of the current sensors as declared, ±{100 * gain / abs(found.value):.1f} %", GAIN_TEST
        rest = max(half - gain, 0.0) + CALIBRATED_GAIN * abs(found.value)
        width = _width(rest, found.unit)
        small = f" With a gain known to {100 * CALIBRATED_GAIN:g} % the interval would be about ±{width}."
        return f"gain of the current sensors not declared, assumed within ±{100 * gain / abs(found.value):.0f} %", GAIN_TEST + small
    if apart > half / 2:
        return "the claim does not say whether it means the usable string or the mean cell", DEFINITION_TEST
    missing = next((r for r in readings if isinstance(r.answer, NotEstablished)), None)
    if missing is not None:
        return f"{missing.name}: not established", missing.answer.settles if isinstance(missing.answer, NotEstablished) else CAPACITY_TEST
    return f"scatter of {found.samples} looks", CAPACITY_TEST


def _width(half: float, unit: str) -> str:
    """A half width in the unit people read it in: points of percent, and kWh below one MWh."""
    if unit == "1":
        return f"{100 * half:.1f} points"
    return f"{1000 * half:.2g} kWh" if unit.lower() == "mwh" and half < 1 else f"{half:.2g} {unit}"


def _factor(unit: str, to: str) -> float | None:
    """What a claim's number is multiplied with to stand in the unit of the evidence."""
    known = {
        ("", "1"): 1.0,
        ("1", "1"): 1.0,
        ("%", "1"): 0.01,
        ("kwh", "mwh"): 0.001,
        ("mwh", "mwh"): 1.0,
        ("wh", "mwh"): 1e-6,
        ("ah", "ah"): 1.0,
    }
    return known.get((unit.strip().lower(), to.lower()))


def _soh(estimates: Estimates, design: DesignRecord, method: str) -> tuple[Reading, ...]:
    """Usable string and mean cell over the rating, mean over the racks."""
    usable = _over_rated(estimates.racks, design, method, "string")
    mean = _over_rated(estimates.racks, design, method, "mean cell")
    return (Reading("usable capacity over rated", usable), Reading("mean cell capacity over rated", mean))


def _over_rated(racks: tuple[RackEstimates, ...], design: DesignRecord, method: str, which: str) -> Answer:
    if design.rated_capacity_ah is None:
        return NotEstablished(reason="rating-unknown", why="The rated capacity is not declared.", settles="The data sheet of the rack.")
    values, halves, samples = [], [], []
    for rack in racks:
        if isinstance(rack.string_ah, NotEstablished):
            return NotEstablished(rack.string_ah.reason, f"{rack.rack}: {rack.string_ah.why}", rack.string_ah.settles)
        share = rack.mean_share if which == "mean cell" else None
        if isinstance(share, NotEstablished):
            return NotEstablished(share.reason, f"{rack.rack}: {share.why}", BALANCE_TEST)
        factor = share.value if isinstance(share, Estimate) else 1.0
        spread = (share.high - share.low) / 2 * rack.string_ah.value if isinstance(share, Estimate) else 0.0
        values.append(rack.string_ah.value * factor / design.rated_capacity_ah)
        own = (rack.string_ah.high - rack.string_ah.low) / 2 * factor
        halves.append((own**2 + spread**2) ** 0.5 / design.rated_capacity_ah)
        samples.append(rack.string_ah.samples)
    if not values:
        return NotEstablished(reason="no-rack", why="No rack was studied.", settles=CAPACITY_TEST)
    value, half = sum(values) / len(values), sum(halves) / len(halves)  # gains of alike sensors do not average out
    condition = racks[0].string_ah.condition if isinstance(racks[0].string_ah, Estimate) else ""
    return Estimate(value, value - half, value + half, "1", method, f"mean of {len(values)} racks; {condition}", min(samples))


def _energy(estimates: Estimates, design: DesignRecord, method: str) -> tuple[Reading, ...]:
    return (Reading("usable energy, before any reserve", estimates.waterfall.usable_mwh),)


def _capacity(estimates: Estimates, design: DesignRecord, method: str) -> tuple[Reading, ...]:
    """Mean usable charge of a rack."""
    answers = [r.string_ah for r in estimates.racks]
    return (Reading("usable charge of a rack, mean of the racks", _mean(answers, method)),)


def _efficiency(estimates: Estimates, design: DesignRecord, method: str) -> tuple[Reading, ...]:
    return (Reading("round-trip efficiency, DC at the racks", _mean([r.round_trip for r in estimates.racks], method)),)


def _display(estimates: Estimates, design: DesignRecord, method: str) -> tuple[Reading, ...]:
    """Largest error of a displayed SoC, of the worst rack: the claim is how far it may be wrong."""
    answers = [r.reported.soc_error_worst for r in estimates.racks]
    sizes: list[Estimate] = []
    for answer in answers:
        if isinstance(answer, NotEstablished):
            return (Reading("largest error of the displayed SoC", answer),)
        half = (answer.high - answer.low) / 2
        size = abs(answer.value)
        sizes.append(Estimate(size, max(size - half, 0.0), size + half, "1", method, answer.condition, answer.samples))
    if not sizes:
        return (Reading("largest error of the displayed SoC", NotEstablished(reason="no-rack", why="No rack was studied.")),)
    return (Reading("largest error of the displayed SoC", max(sizes, key=lambda a: a.value)),)


def _mean(answers: list[Answer], method: str) -> Answer:
    """Mean of the racks, as wide as their usual interval: what they have in common does not average out. Refused where one rack is."""
    known: list[Estimate] = []
    for answer in answers:
        if isinstance(answer, NotEstablished):
            return answer
        known.append(answer)
    if not known:
        return NotEstablished(reason="no-rack", why="No rack was studied.", settles=CAPACITY_TEST)
    value = sum(a.value for a in known) / len(known)
    half = sum((a.high - a.low) / 2 for a in known) / len(known)
    return Estimate(
        value,
        value - half,
        value + half,
        known[0].unit,
        method,
        f"mean of {len(known)} racks; {known[0].condition}",
        min(a.samples for a in known),
    )


@dataclass(frozen=True, slots=True)
class Reader:
    """How a kind of claim is read. carries_gain: a gain error of the current sensors shifts it. limit: what limits it and the test for that, where it is always the same.

    most: the claim is that it is no larger.
    """

    read: Callable[[Estimates, DesignRecord, str], tuple[Reading, ...]]
    carries_gain: bool = False
    limit: tuple[str, str] | None = None
    most: bool = False


SOH = Reader(_soh, carries_gain=True)
READERS: dict[str, Reader] = {
    "reported_soh": SOH,
    "soh": SOH,
    "usable_energy": Reader(_energy, carries_gain=True),
    "usable_capacity": Reader(_capacity, carries_gain=True),
    "round_trip_efficiency": Reader(_efficiency),
    "reported_soc_error": Reader(_display, limit=(DISPLAY_LIMIT, DISPLAY_TEST), most=True),
}
