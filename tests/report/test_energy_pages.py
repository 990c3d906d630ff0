"""Energy, cells and refusals on paper."""


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
