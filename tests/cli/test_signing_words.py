"""Passphrases come from the environment or the keyboard, never from the command line."""

import argparse

from workbench.cli.signing_words import add_credentials, credentials, passphrase


def test_from_the_environment(monkeypatch):
    monkeypatch.setenv("WORKBENCH_PASSPHRASE", "one")
    monkeypatch.setenv("WORKBENCH_FIRM_PASSPHRASE", "two")
    parser = argparse.ArgumentParser()
    add_credentials(parser)
    made = credentials(parser.parse_args(["p", "--identity", "me.p12", "--firm", "firm"]))
    assert (made.passphrase, made.firm_passphrase) == ("one", "two")
    assert not any("pass" in option for action in parser._actions for option in action.option_strings)


def test_without_a_terminal_nothing_is_asked(monkeypatch):
    monkeypatch.delenv("WORKBENCH_PASSPHRASE", raising=False)
    assert passphrase("WORKBENCH_PASSPHRASE", "x") == ""
