"""How a project was left, told without opening it."""

from workbench.ui import left_off, remembered


def test_what_is_kept_is_recalled(session):
    left_off.keep(session)
    was = left_off.recalled(session.path)
    assert was.state == session.document.stage.value
    assert was.window == session.document.windows[-1].name
    assert session.blocking()[0] in was.left
    assert was.seen_ns > 0


def test_what_is_not_known_or_not_readable_is_nothing(tmp_path):
    assert left_off.recalled(tmp_path / "never.bessreview") == left_off.NOTHING
    for damaged in ("no json", '{"unknown": 1}', "[]", "3"):
        remembered.keep(f"{remembered.place_of(tmp_path)}/left", damaged)
        assert left_off.recalled(tmp_path) == left_off.NOTHING
