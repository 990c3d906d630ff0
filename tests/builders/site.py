"""A small simulated site with two planted faults, its export, and a project that has imported and studied it: one second of work."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from workbench.asset.nameplate import DesignRecord
from workbench.asset.scope import Claim, Mandate, Scope
from workbench.jobs.progress import Progress
from workbench.review.edits import LockScope, SetVerdict
from workbench.review.finding import Confidence
from workbench.review.roles import Role
from workbench.review.verdict import AnswerWord, Recommendation, Verdict
from workbench.signing import identity
from workbench.simulation.export import export_site
from workbench.simulation.site import Fault, SiteSpec
from workbench.workflow import findings, sign_off
from workbench.workflow.session import Session
from workbench.workflow.sign_off import Credentials

WEAK, FROZEN = Fault(kind="weak-cell", rack="R01", cell=5, size=0.07), Fault(kind="frozen-channel", rack="R02", cell=9, size=30.0)
SPEC = SiteSpec(racks=3, modules=2, cells_per_module=8, days=5, period_s=60.0, faults=(WEAK, FROZEN))
SCOPE = Scope(
    client="A Bank", mandate=Mandate.REFINANCING, question="Is the displayed state sufficient?", asset="Small site", boundary="3 racks", materiality="1 point of SoH",
    time_zone="Europe/Berlin", firm="Engineers", claims=(Claim(id="C1", text="SoH 98 %", value=0.98, materiality=0.01),),
    design=DesignRecord(chemistry="LFP", rated_capacity_ah=280.0, current_offset_a=0.5, source="data sheet"),
)  # fmt: skip
VERDICT = Verdict(answer=AnswerWord.NO, reason="One cell limits rack R01.", recommendation=Recommendation.TIGHTEN)
SECRET = "correct horse battery"


@dataclass(frozen=True)
class Site:
    """Where the export and the imported project lie; copy the project before changing it."""

    export: Path
    project: Path


def make(folder: Path) -> Site:
    export, _ = export_site(SPEC, folder / "owner", Progress())
    with Session.create(folder / "small.bessreview", SCOPE, author="Rita Example") as session:
        entry = session.import_window([export], Progress(), name="March")
        session.run_study(entry.id, Progress())
    return Site(export, folder / "small.bessreview")


@dataclass(frozen=True)
class Issued:
    """A signed review: its project, the sealed report and the two keys' firm."""

    project: Path
    pdf: bytes
    firm: Path


def record(session: Session) -> None:
    """Everything a reviewer does before submitting."""
    for candidate in session.study(session.window_id()).candidates:
        findings.accept(session, session.window_id(), candidate, Progress(), confidence=Confidence.HIGH)
    session.do(SetVerdict(verdict=VERDICT))
    session.do(LockScope())


def issue(site: Site, credentials: tuple[Credentials, Credentials], folder: Path) -> Issued:
    project = shutil.copytree(site.project, folder / "small.bessreview")
    with Session.open(project, author="Rita Example") as session:
        record(session)
        sign_off.submit(session, credentials[0], Progress(), principal="Paul Example")
        session.as_role(Role.PRINCIPAL, "Paul Example")
        sign_off.approve(session, credentials[1], Progress())
        report = sign_off.issue(session, Progress())
    return Issued(project, report.read_bytes(), credentials[0].firm)


def make_identities(folder: Path) -> tuple[Credentials, Credentials]:
    """Reviewer and principal of one firm."""
    identity.create_firm(folder / "firm", "Engineers", SECRET)
    made = []
    for name, role in (("Rita Example", Role.REVIEWER), ("Paul Example", Role.PRINCIPAL)):
        path = identity.create_identity(folder / "firm", name, role, SECRET, SECRET, folder / f"{role.value}.p12")
        made.append(Credentials(path, SECRET, folder / "firm", SECRET))
    return tuple(made)
