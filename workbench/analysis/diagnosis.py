"""Why does a cell stray from its rack: which causes fit what it showed, in which order, and what would tell the first two apart?

Every sign speaks for a cause as often as the cause would show it (`causes`); signs that were not observed, or are unclear, say nothing. The sum of
their logarithms orders the causes, all equally likely before but those in pairs. Signs of one cell depend on each other, so their sum is tempered and two causes
are told apart only by a clear lead; otherwise the answer is that these data do not separate them. With fewer than two of the four moments of
comparison (full, empty, load, rest) and no sign that speaks by itself there is no ranking. Source: methods.md 2.8.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from msgspec.structs import replace

from workbench.analysis.candidates import MIN_DEVIATION_MV, MIN_RESISTANCE_MOHM, STRAY_SHARE, RackFacts
from workbench.analysis.causes import (
    AND,
    COPIED,
    LOST_PARALLEL,
    ORDINARY_CELL,
    PAIRS,
    REGIMES,
    SIGNS,
    Rows,
    every_row,
    separating,
)
from workbench.analysis.effects import Estimator
from workbench.analysis.estimates import RackEstimates
from workbench.analysis.pass_signs import BleedingDrops, bleeding_drops
from workbench.analysis.rack_estimates import has_step
from workbench.analysis.results import Candidate, Estimate, NotEstablished, Regime, StudyParameters
from workbench.analysis.signature import Diagnosis, Outcome, Ranked, Shown, Sign
from workbench.analysis.signature_table import TEMPER
from workbench.analysis.signs import middles, signs
from workbench.asset.nameplate import DesignRecord
from workbench.asset.topology import cell_name

LEAD = float(np.log(5.0))  # a cause is told apart from another when it fits so many times better
FAR = float(np.log(100.0))  # and excluded when so many times worse than the first
RARE = float(
    np.log(1 / 20.0)
)  # two faults in one cell, and a lost parallel cell where nobody says that there are any, are rarer than one fault
LEAST_REGIMES = 2
ALONE = ("trend", "frozen", "copy", "capacity", "resistance")  # signs that are a finding by themselves
SPEAKS_FOR = 1.5  # times what causes show on average
SPEAKS_AGAINST = 0.2  # a cause would show this at most so often
NEEDS = {  # a sign falls with the estimator that a failed check of the telemetry blocks
    "end of charge": Estimator.CELL_CAPACITY,
    "end of discharge": Estimator.CELL_CAPACITY,
    "under load": Estimator.RESISTANCE,
    "place": Estimator.SOC_OFFSET,
    "trend": Estimator.LEAKAGE,
    "capacity": Estimator.CELL_CAPACITY,
    "resistance": Estimator.RESISTANCE,
}


@dataclass(frozen=True)
class CellSigns:
    """What one cell has shown. sloping: its chemistry tells the charge by the voltage everywhere. parallel: cells declared to share its channel."""

    rack: str
    cell: int
    name: str
    signs: tuple[Sign, ...]
    sloping: bool
    parallel: int | None = None


def rack_signs(
    facts: RackFacts, found: RackEstimates, proposed: Iterable[Candidate], design: DesignRecord, parameters: StudyParameters
) -> tuple[CellSigns, ...]:
    """The signs of every cell of a rack that a candidate is about or that strays persistently in the middle of its passes or at rest."""
    rows = {cell - 1 for one in proposed for cell in one.cells[:1]} | _straying(facts, parameters)
    if not rows:
        return ()
    sloping = not has_step(design)
    middle = middles(facts, found, sloping=sloping)
    rack = facts.series.rack
    return tuple(
        CellSigns(rack.id, row + 1, cell_name(rack, row + 1), signs(facts, found, middle, row), sloping, design.n_parallel)
        for row in sorted(rows)
    )


def _straying(facts: RackFacts, parameters: StudyParameters) -> set[int]:
    """Rows that stray persistently in any moment of comparison, or follow the current unlike their rack."""
    found: set[int] = set()
    ends = {Regime.CHARGE_END: facts.full, Regime.DISCHARGE_END: facts.empty}
    for regime, part in facts.per_regime.items():
        if ends.get(regime, True) and len(part.start_ns) >= parameters.persistence:
            far = (np.abs(np.nan_to_num(part.z)) >= parameters.flag_z) & (np.abs(np.nan_to_num(part.middle_mv)) >= MIN_DEVIATION_MV)
            found |= {int(row) for row in np.flatnonzero(far & (part.persistence >= STRAY_SHARE))}
    if facts.response.z is not None:
        for row in np.flatnonzero(np.abs(np.nan_to_num(facts.response.z)) >= parameters.flag_z):
            answer = facts.response.answers[row]
            if isinstance(answer, Estimate) and max(answer.low, -answer.high) >= MIN_RESISTANCE_MOHM:
                found.add(int(row))
    drops = bleeding_drops(facts)
    if isinstance(drops, BleedingDrops):
        found |= {int(row) for row in np.flatnonzero(drops.beyond)}
    return found


def diagnoses(
    shown: Iterable[CellSigns], refused: Mapping[Estimator, NotEstablished], proposed: Collection[tuple[str, int]]
) -> tuple[Diagnosis, ...]:
    """The ranking for each cell, without those whose signs fit an ordinary cell best and that no candidate is about.

    refused: estimators that a failed check blocks, with the reason that takes the place of their signs. proposed: racks and one-based cells.
    """
    found = [(one, diagnosis(one, refused)) for one in shown]
    return tuple(d for one, d in found if not _is_ordinary(d) or (one.rack, one.cell) in proposed)


def _is_ordinary(one: Diagnosis) -> bool:
    return bool(one.ranked) and one.ranked[0].cause == ORDINARY_CELL


def diagnosis(one: CellSigns, refused: Mapping[Estimator, NotEstablished] | None = None) -> Diagnosis:
    """The ranking for one cell."""
    kept = tuple(_standing(sign, refused or {}) for sign in one.signs)
    shown = {sign.name: sign.shown for sign in kept}
    unseen = tuple(name for name in SIGNS if shown.get(name, Shown.UNSEEN) is Shown.UNSEEN)
    seen = [name for name in REGIMES if name not in unseen]
    alone = [name for name in ALONE if shown.get(name) in (Shown.LOW, Shown.HIGH, Shown.YES)]
    if len(seen) < LEAST_REGIMES and not alone:
        missing = ", ".join(name for name in REGIMES if name in unseen)
        return Diagnosis(
            one.rack, (one.cell,), one.name, Outcome.NOT_ESTABLISHED, (), kept, unseen,
            "The data sheet of the cell where its limits are not declared; else one full charge, an hour of rest and one full discharge"
            " at C/4 or less, cells every 10 s.",
            f"No cause can be ranked: nothing is established of these moments: {missing}.",
        )  # fmt: skip
    ranked = _ranked(kept, one)
    outcome, settles = outcome_of(ranked), separating(ranked[0].cause, rival(ranked).cause)
    return Diagnosis(one.rack, (one.cell,), one.name, outcome, ranked, kept, unseen, settles, sentence_of(outcome, ranked))


def _standing(sign: Sign, refused: Mapping[Estimator, NotEstablished]) -> Sign:
    needed = NEEDS.get(sign.name)
    why = refused.get(needed) if needed is not None else None
    return Sign(sign.name, Shown.UNSEEN, why.why) if why is not None else sign


def _ranked(kept: tuple[Sign, ...], one: CellSigns) -> tuple[Ranked, ...]:
    rows = {name: row for name, row in every_row(sloping=one.sloping).items() if not (one.parallel == 1 and name == LOST_PARALLEL)}
    pairs = [AND.join(pair) for pair in PAIRS]
    prior = dict.fromkeys(pairs, RARE) | ({} if one.parallel else {LOST_PARALLEL: RARE})
    if not any(sign.shown in (Shown.LOW, Shown.HIGH, Shown.YES) for sign in kept):
        prior[ORDINARY_CELL] = LEAD  # where no sign shows anything, no cause is named from what was not seen
    every = ranking(kept, rows, prior)
    close = [r.cause for r in every if _behind(every[0], r) < LEAD]
    kept_rows = {
        name: row for name, row in rows.items() if name not in pairs or name in close
    }  # a pair that nothing speaks for is no answer
    return ranking(kept, kept_rows, prior)


def ranking(signs_seen: Collection[Sign], rows: Mapping[str, Rows], prior: Mapping[str, float] | None = None) -> tuple[Ranked, ...]:
    """All causes, best first. rows: by cause, its rows of shares; of several the one that fits best counts. prior: logarithm, 0 where not named."""
    told, fits = _told(signs_seen), fits_of(signs_seen, rows)
    names = tuple(rows)
    best = {name: rows[name][int(np.argmax(fit))] for name, fit in fits.items()}
    scores = np.array([TEMPER * max(fits[name]) + (prior or {}).get(name, 0.0) for name in names])
    support = np.exp(scores - scores.max())
    support /= support.sum()
    usual = {s.name: float(np.mean([best[name][s.name][s.shown] for name in names])) for s in told}
    found = []
    for k in sorted(range(len(names)), key=lambda k: (-scores[k], k)):
        shares = {s: best[names[k]][s.name][s.shown] for s in told}
        weigh = {s: share / usual[s.name] for s, share in shares.items()}
        speaks_for = tuple(f"{s.name}: {s.text}" for s in sorted(told, key=lambda s: -weigh[s]) if weigh[s] >= SPEAKS_FOR)
        against = tuple(f"{s.name}: {s.text}" for s in sorted(told, key=lambda s: weigh[s]) if shares[s] <= SPEAKS_AGAINST)
        found.append(Ranked(names[k], round(float(support[k]), 4), bool(scores.max() - scores[k] >= FAR), speaks_for, against))
    return tuple(found)


def _told(signs_seen: Iterable[Sign]) -> list[Sign]:
    return [sign for sign in signs_seen if sign.shown not in (Shown.UNCLEAR, Shown.UNSEEN)]


def fits_of(signs_seen: Iterable[Sign], rows: Mapping[str, Rows]) -> dict[str, list[float]]:
    """How well each row of each cause fits: the logarithm of how likely it would show these signs, were they independent."""
    told = _told(signs_seen)
    fits = {name: [sum(float(np.log(row[s.name][s.shown])) for s in told) for row in several] for name, several in rows.items()}
    if any(s.name == "copy" and s.shown is Shown.YES for s in told) and COPIED in rows:
        # whatever explains the other cell explains this one, and the likeness comes on top
        other = max(max(fit) for fit in fits.values()) - float(np.log(rows[ORDINARY_CELL][0]["copy"][Shown.YES]))
        fits[COPIED][-1] = other + float(np.log(rows[COPIED][-1]["copy"][Shown.YES]))
    return fits


def outcome_of(ranked: tuple[Ranked, ...]) -> Outcome:
    """Whether the first cause stands out from the second."""
    return Outcome.NAMED if _behind(ranked[0], ranked[1]) >= LEAD else Outcome.NOT_SEPARABLE


def rival(ranked: tuple[Ranked, ...]) -> Ranked:
    """The cause that a test should tell the first from: nobody measures to learn that a cell which strays is an ordinary one."""
    return next((other for other in ranked[1:] if other.cause != ORDINARY_CELL), ranked[1])


def _behind(first: Ranked, other: Ranked) -> float:
    """By which logarithm a cause fits worse than the first."""
    return float(np.log(max(first.support, 1e-12) / max(other.support, 1e-12)))


def sentence_of(outcome: Outcome, ranked: tuple[Ranked, ...]) -> str:
    """The ranking in words: what fits best, what fits about as well, and what else no sign excludes."""
    first = ranked[0]
    open_too = [r.cause for r in ranked[1:] if not r.excluded]
    rest = f"Not excluded: {', '.join(open_too)}." if open_too else "Every other cause of the table is excluded by a sign."
    if outcome is Outcome.NAMED:
        return f"The signs fit {first.cause} best. {rest}"
    close = [r.cause for r in ranked if _behind(first, r) < LEAD]
    further = [cause for cause in open_too if cause not in close]
    return f"Not separable with these data: {' or '.join(close)}." + (f" Not excluded: {', '.join(further)}." if further else "")


def told(proposed: Iterable[Candidate], found: Iterable[Diagnosis]) -> tuple[Candidate, ...]:
    """The candidates with the ranking of their cell among the other explanations, and the test that separates its first two."""
    by_cell = {(one.rack, one.cells[0]): one for one in found if one.cells}
    kept = []
    for candidate in proposed:
        one = by_cell.get((candidate.rack, candidate.cells[0])) if candidate.cells else None
        if one is None:
            kept.append(candidate)
            continue
        alternatives = f"{candidate.alternatives} Ranked by its signs: {one.sentence[0].lower()}{one.sentence[1:]}"
        settles = candidate.settles
        if one.ranked and one.settles not in settles:
            settles = f"{settles} To tell {one.ranked[0].cause} from {rival(one.ranked).cause}: {one.settles[0].lower()}{one.settles[1:]}"
        kept.append(replace(candidate, alternatives=alternatives, settles=settles))
    return tuple(kept)
