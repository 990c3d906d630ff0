"""Cards say claim, verdict, number and test; the bar never draws a number that is not there."""

from builders.claims import REFUSED, card

from workbench.ui.claim_cards import ClaimCardView, RangeBar
from workbench.ui.theme import colour
from workbench.ui.widgets import Label


def pixels(widget, token):
    image = widget.grab().toImage()
    wanted = colour(token).rgb()
    return sum(image.pixel(x, y) == wanted for x in range(image.width()) for y in range(image.height()))


def test_a_card_reads_claim_verdict_and_test(qtbot):
    view = ClaimCardView(card())
    qtbot.addWidget(view)
    texts = {label.text() for label in view.findChildren(Label)}
    assert view.accessibleName() == "C1 State of health 97.0 %: contradicted"
    assert view.edge == "bad"
    assert {"State of health 97.0 %", "92.6 %", "[91.4, 93.7] 95 %", "capacity of the limiting cell", "one C/4 cycle"} <= texts


def test_the_interval_is_drawn_only_where_there_is_one(qtbot):
    bars = [RangeBar(card()), RangeBar(REFUSED)]
    for bar in bars:
        qtbot.addWidget(bar)
        bar.resize(260, 62)
    assert pixels(bars[0], "accent") > 50
    assert pixels(bars[1], "accent") == 0
    assert "not established: gain undeclared" in bars[1].accessibleDescription()
