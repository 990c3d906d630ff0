"""The posture for machines."""

from workbench.workflow.posture_rows import posture_rows


def test_each_row_holds_its_figures_and_effects(session):
    rows = {row["id"]: row for row in posture_rows(session.study(session.window_id()))}
    assert {f"DQ{k:02d}" for k in range(1, 21)} <= set(rows)
    assert rows["DQ20"]["figures"]["meters"] == 0
    assert {
        "estimator": "round-trip efficiency",
        "effect": "weakened",
        "why": "no energy meter in the export: at the rack terminals only",
    } in rows["DQ20"]["effects"]
    assert rows["DQ04"]["effects"] == []
