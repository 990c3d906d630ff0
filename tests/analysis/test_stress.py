"""The frozen values of stress survive storage, and moments are intervals."""

import pytest

from workbench.analysis.stress import ColdLimit, Justified, Moment, MomentKind, RackStress, Standing, Stress
from workbench.asset.plain import canonical, revive


def test_stored_and_read_back():
    one = Stress((RackStress("R01", (), (), "no current", None, "no probes", (), "no cells", 2, 1, 0),), 3)
    assert revive(canonical(one), Stress) == one


def test_a_moment_keeps_both_ends():
    moment = Moment(MomentKind.ALARM, 5, 9, "R01", "x", 2)
    assert revive(canonical(moment), Moment) == moment


def test_unknown_fields_are_refused():
    with pytest.raises(ValueError, match="unknown"):
        revive(b'{"below_degc":1.0,"c_rate":0.1,"more":1}', ColdLimit)


def test_words_a_person_reads_are_fixed():
    assert [w.value for w in Justified] == ["borne out", "not borne out", "not testable"]
    assert [w.value for w in Standing] == ["supported", "possible", "unlikely", "not established"]
