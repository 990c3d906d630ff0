"""What does a reviewer see of a scenario? Its window as a project of its own, with the claims that a mandate would put under review.

The samples are written as an importer would have left them, so that `workbench study` and every table of `workbench show` speak of them; scenarios
that are about files are brought in through files instead (`truth.studied`) and differ from this in their repairs alone.
"""

from __future__ import annotations

import secrets
from pathlib import Path

import numpy as np
from msgspec.structs import replace

from workbench.asset.plain import canonical
from workbench.asset.scope import Claim, Mandate, Scope
from workbench.errors import Reason, UsageError
from workbench.ingest.mapping import MappingProfile, fingerprint
from workbench.jobs.progress import Progress
from workbench.review.edits import RegisterWindow
from workbench.simulation.scenarios import SCENARIOS, sized
from workbench.simulation.scene import Scene, made
from workbench.simulation.systematic import with_systematic_errors
from workbench.store.windows import WindowWriter
from workbench.workflow.session import Session

BLOCK = 4096  # samples written together
AUTHOR = "truth suite"


def scenario_project(name: str, seed: int, path: Path, progress: Progress, *, full: bool = False, days: int | None = None) -> Scene:
    """The named scenario with this seed, its errors drawn as the suite draws them, as a new project. Raises UsageError for a name that is none."""
    if name not in SCENARIOS:
        raise UsageError(Reason.USAGE, f"There is no scenario '{name}'.", f"Choose among {', '.join(SCENARIOS)}.")
    scene = made(with_systematic_errors(sized(SCENARIOS[name], seed, full=full, days=days)), progress)
    as_project(scene, path, progress).close()
    return scene


def as_project(scene: Scene, path: Path, progress: Progress) -> Session:
    """The scene as a new project, its window registered and its scope set. The caller closes it."""
    spec = scene.scenario
    scope = Scope(
        client=AUTHOR, mandate=Mandate.VALUATION, question=spec.about, time_zone=spec.zone, design=scene.design, claims=_claims(scene)
    )
    session = Session.create(path, scope, author=AUTHOR)
    try:
        window_id = secrets.token_hex(6)
        with WindowWriter(session.project, window_id) as writer:
            for series in scene.series.values():
                writer.begin_rack(series.rack, tuple(series.signals))
                for first in range(0, len(series.time_ns), BLOCK):
                    writer.append(series.rack.id, series.span(first, first + BLOCK))
            facts = replace(scene.facts, id=window_id, mapping=canonical(_mapping(scene)).decode())
            entry = writer.finish(facts, progress)
        session.do(RegisterWindow(window=entry))
    except BaseException:
        session.close()
        raise
    return session


def _mapping(scene: Scene) -> MappingProfile:
    """No file was read: the profile says so."""
    zone = scene.scenario.zone
    return MappingProfile("none: simulated", fingerprint(()), "wide", ",", "utf-8", ".", "iso", zone, True, (), ())


def _claims(scene: Scene) -> tuple[Claim, ...]:
    """What the display of this site says, to a point each; only what was received."""
    found = []
    for quantity, text in (("reported_soh", "displayed SoH"), ("reported_soc_error", "the displayed SoC is right within three points")):
        shown = [s.signals[quantity] for s in scene.series.values() if quantity in s.signals]
        value = float(np.nanmedian(np.concatenate(shown))) if shown else 0.03
        if shown or quantity == "reported_soc_error":
            found.append(Claim(id=quantity, text=text, quantity=quantity, value=round(value, 4), unit="1", materiality=0.01))
    return tuple(found)
