"""The card of a finding: what it shows is what it gives back."""

from builders.reviews import finding

from workbench.review.finding import Bearing, Confidence
from workbench.ui.finding_card import FindingCard


def shown_card(shown, found, *, editable=True):
    card = FindingCard()
    shown(card, 560, 700)
    card.show_finding(found, "R02", ("draft", "none"), editable=editable, answering=False, own=False)
    return card


def test_what_is_shown_is_given_back(shown):
    found = finding(confidence=Confidence.MODERATE, bears_on=(Bearing.WARRANTY,))
    card = shown_card(shown, found)
    assert card.edited(found) == found
    assert card.changed(found) == ()
    card.bears[Bearing.VALUATION].click()
    assert card.edited(found).bears_on == (Bearing.VALUATION, Bearing.WARRANTY), "in the order of the decisions, however they were chosen"
    assert card.changed(found) == ("bears on",)


def test_what_is_typed_stays_when_the_same_card_is_shown_again(shown):
    found = finding()
    card = shown_card(shown, found)
    card.title.setText("half typed")
    card.show_finding(found, "R02", ("draft", "none"), editable=True, answering=False, own=False)
    assert card.title.text() == "half typed"


def test_nothing_can_be_changed_where_nothing_may_be(shown):
    card = shown_card(shown, finding(), editable=False)
    assert not card.confidence.isEnabled()
    assert not any(chip.isEnabled() for chip in card.bears.values())
    assert card.title.isReadOnly()
