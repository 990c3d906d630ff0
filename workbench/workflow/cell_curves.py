"""Curves of chosen cells in one pass: what the window, the design record and the checks of the study allow together."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from workbench.analysis.charge_balance import NO_CURRENT
from workbench.analysis.charge_count import ChargeCount, charge_count, hold_factor
from workbench.analysis.charge_curves import SETTLES, ChargeCurves, charge_curves, longest_pass
from workbench.analysis.effects import Estimator
from workbench.analysis.regimes import Pass, find_regimes
from workbench.analysis.results import Estimate, NotEstablished, StudyParameters, StudyResult
from workbench.analysis.value_checks import quantum_mv
from workbench.analysis.withholding import blocked
from workbench.asset.nameplate import DesignRecord
from workbench.jobs.progress import Progress
from workbench.viewmodels.charge_curves import CurvesPicture, curves_picture
from workbench.viewmodels.requests import CurvesRequest
from workbench.workflow.views import Views

METHOD = "charge-curves 1"


@dataclass(frozen=True, slots=True, eq=False)
class _Rack:
    """What is kept of a rack between two questions: small beside its voltages."""

    passes: tuple[Pass, ...]
    count: ChargeCount | None
    quantum_mv: float


class CellCurves:
    """Makes the pictures. Passes and counts of a rack are found once per session. Thread safe."""

    def __init__(self, views: Views) -> None:
        self._views = views
        self._lock = threading.Lock()
        self._racks: dict[tuple[str, str], _Rack] = {}

    def picture(
        self, request: CurvesRequest, design: DesignRecord, study: StudyResult | None, progress: Progress
    ) -> CurvesPicture | NotEstablished:
        """The picture; where there is no current or no pass there is none at all, where only the slopes are refused it says why."""
        progress.stage("reading the passes")
        progress.checkpoint()
        reader = self._views.reader(request.window_id)
        rack = self._rack(request.window_id, request.rack)
        if rack.count is None:
            return NO_CURRENT
        if not rack.passes:
            return NotEstablished(reason="no-pass", why="No charge or discharge of five minutes was recorded.", settles=SETTLES)
        progress.checkpoint()
        times, count = reader.time_ns(request.rack), rack.count
        chosen = next((p for p in rack.passes if int(times[p.first]) == request.start_ns), None)
        if chosen is None:
            chosen = longest_pass(reader.signal(request.rack, "rack_current_a", 0, len(times)), rack.passes, count)
        seen = reader.read(request.rack, chosen.first, chosen.last)
        here = Pass(chosen.regime, 0, chosen.last - chosen.first, chosen.at_limit)
        part = slice(chosen.first, chosen.last)
        count_here = ChargeCount(count.ah[part], count.hours[part], count.edge_ah, count.hidden_ah[part])
        capacity = self._capacity_ah(request.rack, design, study)
        found: ChargeCurves | NotEstablished = charge_curves(
            seen, here, count_here, capacity, rack.quantum_mv, reader.facts.nominal_period_s, request.cells
        )
        why = blocked(study.checks).get(Estimator.MODES) if study else None
        passes = [(int(times[p.first]), int(times[p.last - 1]), p) for p in rack.passes]
        passed = count_here.passed(0, chosen.last - chosen.first)
        return curves_picture(request, reader.facts, reader.root, seen, passed, passes, why or found, METHOD)

    def _rack(self, window_id: str, rack_id: str) -> _Rack:
        key = window_id, rack_id
        with self._lock:
            if key not in self._racks:
                reader = self._views.reader(window_id)
                series, period_s = reader.series(rack_id), reader.facts.nominal_period_s
                current = series.signal("rack_current_a")
                if current is None:
                    self._racks[key] = _Rack((), None, float("nan"))
                else:
                    held = hold_factor(series.time_ns, period_s, StudyParameters().gap_factor)
                    passes = find_regimes(series, period_s, held).passes
                    self._racks[key] = _Rack(passes, charge_count(series, current, period_s, held), quantum_mv(series))
            return self._racks[key]

    @staticmethod
    def _capacity_ah(rack_id: str, design: DesignRecord, study: StudyResult | None) -> float | None:
        """Counted between the limits where the study could, else rated."""
        racks = study.estimates.racks if study and study.estimates else ()
        counted = next((r.string_ah for r in racks if r.rack == rack_id), None)
        return counted.value if isinstance(counted, Estimate) else design.rated_capacity_ah
