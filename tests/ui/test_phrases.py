"""Texts with figures in German: no sentence half translated, no stored word touched, no figure changed where it is copied."""

import ast
import re
from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel, QLineEdit, QPlainTextEdit, QWidget

from workbench import analysis
from workbench.asset.plain import canonical
from workbench.ui import phrases
from workbench.ui.main_window import MainWindow
from workbench.ui.phrases import spoken
from workbench.ui.rail import STAGES
from workbench.ui.screenshots import settle
from workbench.ui.table import PictureTable
from workbench.ui.translation import use_language, words
from workbench.viewmodels.pictures import TableCell, TableColumn, TablePicture

TERMS = re.compile(  # of the trade, of files and of the program itself: the same in German
    r"(SoC|SoH|BMS|LFP|DC|V–Q|dQ/d[UV]|dU/dQ|Median|Racks?|UTC|Europe/\w+|Temp\.|SHA-256|PKCS#12|LLI|LAM|NMC|Ctrl|Shift|Alt|Plus|Rate|Pixel|Text|Element|Journal|Filter|Firmware|Reserve|Interpolation)"
)
TRANSLATED = ("checks", "repairs", "diagnoses")  # of these every sentence has German words
NAMES = {"Rita Example", "March", "small", "Small site", "Engineers", "A Bank"}  # of the project under test


@pytest.fixture
def german():
    use_language("de")
    yield
    use_language("en")


@pytest.mark.parametrize(
    ("english", "german_words"),
    [
        ("3.254\u202fV", "3,254\u202fV"),
        ("−0.5\u202fmV/d", "−0,5\u202fmV/d"),
        ("1220.8 Ah", "1220,8 Ah"),
        ("CC47 D39D E274", "CC47 D39D E274"),
        ("[−1.5, 0.6]", "[−1,5; 0,6]"),
        ("1\u202f942 samples, extremes of 60.7\u202fs kept", "1\u202f942 Messwerte, Extreme von je 60,7\u202fs behalten"),
        ("Sat 7 Mar 2026 18:32:00 +01:00", "Sa 7. Mär 2026 18:32:00 +01:00"),
        ("4 claims: 1 supported; 1 not contradicted, evidence too wide; 2 contradicted.", "4 Angaben: 1 gestützt; 1 nicht widerlegt, Beleg zu weit; 2 widerlegt."),
        ("6 rows beyond scale, this view", "6 Zeilen jenseits, diese Ansicht"),
        ("scope lacks client, boundary", "dem Auftrag fehlt Auftraggeber, Abgrenzung"),
        ("March 2.5 · 10\u202fd every 20\u202fs", "March 2.5 · 10\u202fd alle 20\u202fs"),
        ("Current, charge positive, A", "Strom, Laden positiv, A"),
    ],
)  # fmt: skip
def test_figures_and_words_are_said_as_the_language_says_them(german, english, german_words):
    assert spoken(english) == german_words
    assert spoken(german_words) == german_words, "what was said once is not said again"


@pytest.mark.parametrize(
    "stored",
    ["R02 · M3 · C041 limits its rack by 0.5 mV", "R01_M1_CellV004_mV", "workbench 0.1.0", "2026-03-31", "At rest it stands 3.5 mV low; the others do not."],
)  # fmt: skip
def test_stored_words_names_and_versions_stay_whole(german, stored):
    assert spoken(stored) == stored, "half a sentence in another language, or a figure changed in it, is worse than none"


def test_english_is_left_alone():
    assert spoken("3.254\u202fV") == "3.254\u202fV"


def test_a_long_unknown_text_costs_little(german):
    import time

    start = time.process_time()
    for number in range(100):
        spoken(
            f"alarm word and contactor and current stopped (from -{number}.5 to 0.1 A, {number}) lie inside 20 s, and 2 s; their order is open"
        )
    assert time.process_time() - start < 2.0


def test_what_is_copied_is_what_is_stored(german, qtbot):
    table = PictureTable("Findings")
    qtbot.addWidget(table)
    table.show_table(TablePicture("t", (TableColumn("v", "Voltage", "V"),), ((TableCell("3.254"),),), ("a",)))
    assert table.model().index(0, 0).data() == "3,254"
    assert table.copied() == "Voltage, V\n3.254", "a copied figure has its plain dot, its head the word of the export"


def texts_of(widget):
    """Every text that a person can see or hear of a widget."""
    yield from (widget.toolTip(), widget.accessibleName(), widget.windowTitle())
    if isinstance(widget, QLabel | QAbstractButton):
        yield widget.text()
    if isinstance(widget, QLineEdit | QPlainTextEdit):
        yield widget.placeholderText()
    if isinstance(widget, QComboBox):
        yield from (widget.itemText(i) for i in range(widget.count()))
    if isinstance(widget, PictureTable):
        model = widget.model()
        yield from (str(model.headerData(c, Qt.Orientation.Horizontal)) for c in range(model.columnCount()))
        yield from (str(model.index(r, c).data() or "") for r in range(min(model.rowCount(), 300)) for c in range(model.columnCount()))


def stored_texts(session):
    """What the project holds in words and the window shows as they are: names, findings, notes. Of what is computed only findings stay: they are the report's."""
    found = []

    def gather(value):
        if isinstance(value, str):
            found.append(value)
        elif isinstance(value, dict):
            for key, part in value.items():
                gather(key)
                gather(part)
        elif isinstance(value, list | tuple):
            for part in value:
                gather(part)

    for fact in (session.study(session.window_id()), session.document, *session.windows()):
        gather({name: part for name, part in msgspec.json.decode(canonical(fact)).items() if name not in TRANSLATED})
    found += [repair.place for window in session.windows() for repair in window.repairs]  # files and columns of the owner
    return "\n".join(found)


def words_of_findings():
    """The texts that become findings: they are the report's words, stored with it, and stay as they are."""
    found = []
    for path in sorted(Path(analysis.__file__).parent.glob("*candidates.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and len(node.value) > 3:
                found.append(node.value)
    return "\n".join(found)


def remains(text, kept, german):
    """The pieces of a text that are neither German, nor figures, names or terms, nor kept as they are stored or computed."""
    for words_ in german:
        if words_ in text:
            text = re.sub(rf"(?<!\w){re.escape(words_)}(?!\w)", " ", text)
    open_ones = []
    for piece in (piece.strip(" .…()/") for piece in re.split(r" · |; |: |\n|\(|\)|, |\. | {2,}", text)):
        for name in NAMES:
            piece = re.sub(rf"\b{name}\b", "", piece).strip()
        if not any(c.islower() for c in TERMS.sub("", piece)) or piece in kept or phrases.FIGURES.fullmatch(piece):
            continue
        bare = " ".join(re.sub(phrases.NUMBER, " ", TERMS.sub(" ", piece)).split())
        if not all(word in kept for word in [bare] if word) and not all(
            part.strip() in kept for part in re.split(r"[\d.%+−\[\]\u202f]+", piece)
        ):
            open_ones.append(piece)
    return open_ones


def test_no_english_is_left_in_the_german_window_over_all_stages(german, qapp, project, monkeypatch):
    unknown = set()
    monkeypatch.setattr(phrases, "unknown", lambda text: unknown.add(text) or text)
    window = MainWindow()
    window.resize(1440, 900)
    window.show()
    seen = {text for widget in (window, *window.findChildren(QWidget)) for text in texts_of(widget)}
    window.open_project(project)
    settle(window)
    workspace = window.workspace
    workspace.population.candidates.walk(1)
    settle(window)
    for stage, _ in STAGES:
        workspace.go(stage)
        settle(window)
        window.grab()
        if stage == "Cells":
            for shape in (1, 2, 3, 0):
                workspace.cells.shape.choose(shape)
                settle(window)
                window.grab()
        seen |= {text for widget in (window, *window.findChildren(QWidget)) for text in texts_of(widget)}
    made = phrases.said_before() | set(words().values())
    kept = stored_texts(workspace.desk.session) + words_of_findings() + str(project)
    longest_first = sorted(made, key=len, reverse=True)
    window.close()
    left = {text: found for text in sorted((seen | unknown) - made) if (found := remains(text, kept, longest_first))}
    assert left == {}, "\n".join(f"{text!r} leaves {found}" for text, found in left.items())
