"""A figure can be asked for again from what is printed beside it."""

from workbench.report.recipe import recipe_words
from workbench.review.finding import Evidence

HEAT = (
    '{"clip":0.5,"end_ns":1772920940000000000,"first_cell":0,"limits":null,"max_columns":480,"quantity":"deviation","racks":["R02","R03"],'
    '"reduction":"worst","start_ns":1772888540000000000,"type":"heatmap","window_id":"ba2a81afca77"}'
)


def evidence(recipe, view="heatmap"):
    return Evidence(view=view, title="x", recipe=recipe, picture_sha256="ab" * 32, extract_sha256="cd" * 32, window_root="ef" * 32)


def test_query_data_and_digests_are_named():
    words = recipe_words(evidence(HEAT), "F-01-2.csv")
    for part in ("heatmap of R02 R03", "quantity deviation", "reduction worst", "clip 0.5", "2026-03-07T13:02:20Z to 2026-03-07T22:02:20Z",
                 "window ba2a81afca77", "data F-01-2.csv", "picture ABAB", "extract CDCD"):  # fmt: skip
        assert part in words
    assert "limits" not in words, "what was left at nothing is no part of the query"
    assert "first cell" not in words


def test_cells_and_channels_are_named_and_a_bare_recipe_still_reads():
    traces = recipe_words(evidence('{"cells":[41,42],"channels":["rack_current_a"],"rack":"R02"}', "traces"), "a.csv")
    assert traces.startswith("traces of R02, cells 41 42, channels rack_current_a;")
    assert recipe_words(evidence("{}", "posture"), "a.csv").startswith("posture of all racks; data a.csv;")


def test_it_stands_beside_each_figure_of_the_report(printed):
    page = next(p for p in printed.pages if "Recipe of figure F-01.1" in p)
    assert "data F-01-1.csv" in page
    assert "Recipe of figure F-01.2" in page
