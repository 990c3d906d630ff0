"""Energy, cells and refusals on paper."""

from dataclasses import replace

from workbench.jobs.progress import Progress
from workbench.report.pdf import render


def test_the_waterfall_and_the_map_say_their_numbers(contents, printed):
    text = printed.text.replace("\n", " ")
    waterfall, cells = contents.claims.waterfall, contents.claims.identifiability
    for bar in waterfall.bars:
        assert bar.name in text
        assert not bar.why or bar.why[:40] in text
    assert f"measured: {cells.measured}" in text
    assert all(row.words in text for row in cells.rows)


def test_racks_and_refusals_stand_below(contents, printed):
    text = printed.text.replace("\n", " ")
    for rack in contents.study.estimates.racks:
        assert rack.rack in text
    assert "Not established, and what would settle it" in text


def test_where_no_step_is_established_no_scale_is_drawn(contents, paper):
    """An axis from 0 to 1 MWh under nothing but hatched boxes would be a figure nobody has measured."""
    shown = contents.claims.waterfall
    unknown = replace(
        shown, bars=tuple(replace(b, kind="unknown", text="not established", why="No rating is declared.") for b in shown.bars)
    )
    changed = replace(contents, claims=replace(contents.claims, waterfall=unknown), draft=True)
    text = paper(render(changed, Progress())).text.replace("\n", " ")
    assert "No step from rated to usable energy is established" in text
    assert "Energy waterfall" not in text
    assert "No rating is declared." in text
