"""Identities by name."""

import pytest
from builders.site import SECRET

from workbench.errors import UsageError
from workbench.workflow.identities import create_firm, create_person, describe


def test_firm_person_and_who_they_are(tmp_path):
    firm = create_firm(tmp_path / "firm", "Engineers", SECRET)
    assert len(firm["fingerprint"]) == 64
    made = create_person(tmp_path / "firm", "Ada Example", "principal", "another secret", SECRET, tmp_path / "ada.p12")
    shown = describe(tmp_path / "ada.p12", "another secret")
    assert (shown["name"], shown["role"], made["role"]) == ("Ada Example", "principal", "principal")


@pytest.mark.parametrize(("name", "secret"), [("", SECRET), ("Engineers", "short")])
def test_what_is_missing_is_said(tmp_path, name, secret):
    with pytest.raises(UsageError):
        create_firm(tmp_path / "firm", name, secret)
    assert not (tmp_path / "firm").exists()
