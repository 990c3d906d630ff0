"""The main job on a built-in synthetic site, from the owner's export to a verified, signed PDF. Nothing is prepared: every step is the real one."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from workbench.analysis.results import StudyResult
from workbench.asset.nameplate import DesignRecord
from workbench.asset.scope import Claim, Mandate, Scope
from workbench.errors import ProjectError, Reason
from workbench.jobs.progress import Progress
from workbench.review.edits import LockScope, SetVerdict
from workbench.review.finding import Confidence
from workbench.review.roles import Role
from workbench.review.verdict import AnswerWord, Recommendation, Verdict
from workbench.signing import identity as identities
from workbench.signing.verify import Verification
from workbench.simulation.export import export_site
from workbench.simulation.site import SiteSpec, Truth
from workbench.store.disk import disk_errors
from workbench.workflow import findings, sign_off
from workbench.workflow.session import Session
from workbench.workflow.sign_off import Credentials, check_against_project

REVIEWER, PRINCIPAL, FIRM = "Rita Example", "Paul Example", "Example Independent Engineers"
SCOPE = Scope(
    client="Example Infrastructure Debt Fund",
    mandate=Mandate.REFINANCING,
    question="Is the condition reported by the battery management system sufficient to size the loan on the rated energy of this site?",
    asset="Northfield, synthetic demonstration site",
    boundary="6 racks, 576 cells, DC side",
    excluded=("power conversion and transformers", "fire protection", "contract law"),
    materiality="1 point of SoH",
    time_zone="Europe/Berlin",
    stationary=True,
    country="DE",
    firm=FIRM,
    claims=(
        Claim(id="C1", text="The BMS displays SoH 98 %", quantity="reported_soh", value=0.98, unit="", materiality=0.01),
        Claim(id="C2", text="Usable energy 520 kWh, DC", quantity="usable_energy", value=520.0, unit="kWh", materiality=10.0),
        Claim(id="C3", text="Round-trip efficiency 97 %, DC", quantity="round_trip_efficiency", value=0.97, unit="", materiality=0.01),
        Claim(id="C4", text="Displayed SoC within 3 points", quantity="reported_soc_error", value=0.03, unit="", materiality=0.01),
    ),
    design=DesignRecord(
        chemistry="LFP", rated_capacity_ah=280.0, current_offset_a=0.5, source="data sheet of the synthetic site; sensor gain not declared"
    ),
)


@dataclass(frozen=True, slots=True)
class DemoResult:
    """Where everything is, and what was found of what had been planted. found: (kind, rack, cell, finding id or '')."""

    folder: Path
    project: Path
    report: Path
    export: Path
    found: tuple[tuple[str, str, int, str], ...]
    false_alarms: int
    verification: Verification
    differs: tuple[str, ...]

    @property
    def complete(self) -> bool:
        """Every planted fault found, nothing else reported, report valid."""
        return all(f[3] for f in self.found) and not self.false_alarms and self.verification.first_failure is None and not self.differs


def run(folder: Path, progress: Progress, say: Callable[[str], None], spec: SiteSpec | None = None) -> DemoResult:
    """Simulate, import, study, record findings, submit, approve, issue, verify. The folder must be empty or new."""
    spec = spec or SiteSpec()
    with disk_errors(folder):
        if folder.exists() and any(folder.iterdir()):
            raise ProjectError(Reason.PROJECT_EXISTS, f"{folder} is not empty.", "Give a new folder.")
        folder.mkdir(parents=True, exist_ok=True)
        export, truth = export_site(spec, folder / "owner", progress)
    say(f"owner's export   {export}")
    session = Session.create(folder / "northfield.bessreview", SCOPE, author=REVIEWER)
    with session:
        entry = session.import_window([export], progress, name="March 2026")
        facts = session.views.facts(entry.id)
        say(
            f"imported         {len(facts.plant.racks)} racks, {facts.plant.n_cells} cells, {facts.samples:,} cell samples, {len(facts.repairs)} repairs"
        )
        result = session.run_study(entry.id, progress)
        say(f"study            {len(result.checks)} checks, {len(result.candidates)} candidates")
        progress.stage("recording findings")
        sure = Confidence.HIGH  # on a site of known faults the reviewer is sure of what the signs say
        recorded = {c.id: findings.accept(session, entry.id, c, progress, confidence=sure) for c in result.candidates}
        session.do(SetVerdict(verdict=_verdict(session, entry.id, result)))
        session.do(LockScope())
        found = _compared(truth, result, {key: finding.id for key, finding in recorded.items()})
        reviewer, principal = _identities(folder / "identities")
        sign_off.submit(session, reviewer, progress, principal=PRINCIPAL)
        say(f"submitted        by {REVIEWER}")
        session.as_role(Role.PRINCIPAL, PRINCIPAL)
        sign_off.approve(session, principal, progress)
        say(f"approved         by {PRINCIPAL}")
        report = sign_off.issue(session, progress)
        verification, differs = check_against_project(session, report.read_bytes(), progress, recompute=True)
    planted = {(f.rack, f.cell) for f in spec.faults}
    extra = sum((c.rack, c.cells[0]) not in planted for c in result.candidates)
    return DemoResult(folder, session.path, report, export, found, extra, verification, differs)


def _verdict(session: Session, window_id: str, result: StudyResult) -> Verdict:
    """What an honest reviewer may conclude from these results: never more than the kernels established."""
    major = [c for c in result.candidates if c.severity == "major"]
    racks = sorted({c.rack for c in major})
    claims = session.claims(window_id)
    energy = claims.waterfall.headline if claims else "not established"
    reason = (
        f"{claims.sentence if claims else ''} Usable energy is {energy}. {len(result.candidates)} findings, {len(major)} of them major, in {', '.join(racks) or 'no rack'}: "
        "cells that limit, leak or heat are not visible in the displayed 98 % SoH. The gain of the current sensors is not declared; it is most of the width of every interval."
    )
    contradicted = claims is not None and claims.status == "bad"
    return Verdict(
        answer=AnswerWord.NO if major or contradicted else AnswerWord.NOT_ESTABLISHED,
        reason=reason.strip(),
        recommendation=Recommendation(claims.recommendation) if claims and claims.recommendation else Recommendation.MONITOR,
        conditions=tuple(f"{c.title}: {c.settles}" for c in major[:4]),
        next_tests=(
            "Calibration record of all rack current sensors, or one cycle against the revenue meter.",
            "One full C/4 cycle of every rack, cells every 10 s, before first drawdown.",
        ),
        not_examined=("usable energy at the point of connection", "power above 0.25C"),
        downside="Not estimated: ten days cannot carry a forecast.",
    )


def _compared(truth: Truth, result: StudyResult, recorded: dict[str, str]) -> tuple[tuple[str, str, int, str], ...]:
    """For every planted fault the finding that names it: same kind, same rack, same cell."""
    rows = []
    for fault in truth.spec.faults:
        match = next((c for c in result.candidates if (c.kind, c.rack, c.cells[:1]) == (fault.kind, fault.rack, (fault.cell,))), None)
        rows.append((fault.kind, fault.rack, fault.cell, recorded[match.id] if match else ""))
    return tuple(rows)


def _identities(folder: Path) -> tuple[Credentials, Credentials]:
    """Throw-away identities of a throw-away firm; the passphrases die with this process."""
    secret = [secrets.token_urlsafe(12) for _ in range(3)]
    firm = folder / "firm"
    identities.create_firm(firm, FIRM, secret[0])
    made = []
    for name, role, phrase in ((REVIEWER, Role.REVIEWER, secret[1]), (PRINCIPAL, Role.PRINCIPAL, secret[2])):
        path = identities.create_identity(firm, name, role, phrase, secret[0], folder / f"{role.value}.p12")
        made.append(Credentials(path, phrase, firm, secret[0]))
    return made[0], made[1]
