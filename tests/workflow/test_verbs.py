"""One name for menu, command line, journal, test and handbook."""

from workbench.workflow.verbs import VERBS


def test_verbs_are_named_once_and_described():
    assert all(VERBS[name].name == name for name in VERBS)
    assert len({verb.label for verb in VERBS.values()}) == len(VERBS)
    assert {verb.needs for verb in VERBS.values()} == {"nothing", "read", "write", "key"}
