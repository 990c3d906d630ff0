"""Building blocks say what they are, to eye and screen reader."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

from workbench.ui.theme import colour
from workbench.ui.widgets import Button, Card, Chip, EmptyState, Facts, Label, Panel, canvas_head, column, panel_head


def test_a_button_is_as_wide_as_its_words_and_its_key(shown, qtbot):
    short, long = Button("Go"), Button("Go", key="Ctrl+Enter")
    assert long.minimumWidth() > short.minimumWidth()
    before = short.minimumWidth()
    short.setText("Go to the population")
    assert short.minimumWidth() > before
    assert short.accessibleName() == "Go to the population"
    shown(short, 200, 28)
    with qtbot.waitSignal(short.clicked):
        qtbot.mouseClick(short, Qt.MouseButton.LeftButton)


def test_facts_are_read_out(shown):
    made = Facts()
    made.show_facts((("Voltage", "3.254 V"), ("Rank", "1 of 96")))
    assert made.accessibleName() == "Voltage 3.254 V; Rank 1 of 96"
    assert (shown(made, 300, 44) < 200).any()


def test_a_chip_shows_its_status_as_ground_and_word(shown):
    made = Chip("degraded", "warning")
    soft = colour("warning_soft")
    pixels = shown(made, made.width(), 22)
    assert (pixels == [soft.red(), soft.green(), soft.blue()]).all(axis=-1).mean() > 0.3


def test_a_long_note_ends_in_an_ellipsis_and_keeps_its_text(shown):
    note = Label("a very long reduction that does not fit into the head of the canvas " * 4, "small", "muted")
    head = canvas_head(Label("Title", "title"), note)
    shown(head, 300, 50)
    assert note.toolTip() == note.text()
    assert note.width() < 300


def test_panels_cards_and_heads_are_painted(shown):
    accent = colour("accent")
    card = shown(Card(column(Label("x"), margins=(14, 4, 4, 4)), edge="accent"), 200, 80)
    assert (card[40, :4] == [accent.red(), accent.green(), accent.blue()]).all(axis=-1).any()
    line = colour("line")
    panel = shown(Panel(lines="t"), 100, 20)
    assert tuple(panel[0, 50]) == (line.red(), line.green(), line.blue())
    assert shown(panel_head("Timeline"), 200, 30).shape[0] == 30


def test_an_empty_state_offers_the_next_act(shown, qtbot):
    made = EmptyState("No window yet", "Import first.", "Go to Intake")
    shown(made)
    with qtbot.waitSignal(made.acted):
        qtbot.mouseClick(made.button, Qt.MouseButton.LeftButton)
    made.rename("Other", "Act")
    assert (made.title.text(), made.button.text()) == ("Other", "Act")


def test_a_long_text_in_a_narrow_card_keeps_its_last_line(shown):
    said = Label("One cycle against the revenue meter. " * 6, "small", wrap=True)
    card = Card(column(Label("Next test"), said, None, margins=(14, 10, 12, 10)))
    shown(card, 220, 400)
    assert said.height() >= said.heightForWidth(said.width())
    assert said.sizeHint().height() < said.heightForWidth(said.width())  # a cap at the hint would cut it


def test_a_button_that_is_on_looks_on_without_colour(shown):
    button = Button("Warranty")
    button.setCheckable(True)
    shown(button, 120, 40)
    grey = []
    for on in (False, True):
        button.setChecked(on)
        grey.append(button.grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8))
    middle = grey[0].height() // 2
    edge = [[image.pixelColor(x, middle).lightness() for x in range(3)] for image in grey]
    assert max(abs(a - b) for a, b in zip(*edge, strict=True)) > 40
