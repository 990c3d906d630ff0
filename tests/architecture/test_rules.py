"""Does the code keep to its map? One test per rule; the failure lists every violation."""

import pytest
from architecture.rules import ROOT, RULES


@pytest.mark.parametrize("name", RULES)
def test_rule(name):
    violations = RULES[name](ROOT)
    assert not violations, "\n" + "\n".join(violations)
