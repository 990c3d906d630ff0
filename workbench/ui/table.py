"""A table picture on screen: model and view, statuses as glyph and word, sparklines in one delegate."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from PySide6.QtCore import QAbstractTableModel, QEvent, QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QGuiApplication, QKeyEvent, QKeySequence, QPainter, QPen, QPolygonF, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTableView

from workbench.ui.phrases import spoken
from workbench.ui.theme import STATUS, colour, font, icon_pixmap
from workbench.ui.widgets import plain_tip
from workbench.viewmodels import numbers
from workbench.viewmodels.table_order import order_of, picked
from workbench.viewmodels.table_picture import TableCell, TablePicture

Index = QModelIndex | QPersistentModelIndex
EMPTY = TablePicture("", (), (), ())
MAX_WIDTH = 420
WORDY, MOST_AIR = 260, 60  # pixels: a column of sentences; what a column of figures gets besides its need
WRAPPED = int(Qt.TextFlag.TextWordWrap)


class TableModel(QAbstractTableModel):
    """The cells of a table picture. sparks: column key -> values per row, drawn as lines."""

    def __init__(self) -> None:
        super().__init__()
        self.table = EMPTY
        self.sparks: dict[str, tuple[tuple[float, ...], ...]] = {}

    def show_table(self, table: TablePicture, sparks: dict[str, tuple[tuple[float, ...], ...]] | None = None) -> None:
        """Other contents."""
        self.beginResetModel()
        self.table, self.sparks = table, sparks or {}
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  Qt's own default
        """Rows of the picture."""
        return 0 if parent.isValid() else len(self.table.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Columns of the picture."""
        return 0 if parent.isValid() else len(self.table.columns)

    def cell(self, index: Index) -> TableCell:
        """The cell at a place."""
        return self.table.rows[index.row()][index.column()]

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Text for the screen, the screen reader and the tooltip of cut cells."""
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return spoken(self.cell(index).text)
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(spoken(self.cell(index).text))
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Column titles with their unit."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self.head(section, spoken(self.table.columns[section].title))
        return None

    def head(self, section: int, title: str) -> str:
        """A title with the unit of its column."""
        unit = self.table.columns[section].unit
        return f"{title}, {numbers.unit_sign(unit)}" if unit else title


@lru_cache(maxsize=8192)
def _wrapped_height(text: str, width: int, pixels: int) -> float:
    """Of a text in the small font, which is as many pixels tall. Laying out is dear, and every cell is asked again whenever a table changes its size."""
    return QFontMetricsF(font("small")).boundingRect(QRectF(0, 0, width, 1e5), WRAPPED, text).height()


class _Delegate(QStyledItemDelegate):
    def __init__(self, model: TableModel, *, wrap: bool) -> None:
        super().__init__()
        self._model, self.wrap, self.lit = model, wrap, ""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """As tall as the wrapped text needs in the present width of its column."""
        view = option.widget
        if not self.wrap or not isinstance(view, QTableView):
            return super().sizeHint(option, index)
        return QSize(*self.room(self._model.cell(index), view.columnWidth(index.column())))

    def room(self, cell: TableCell, column: int) -> tuple[int, int]:
        """Width and height [px] of a cell whose text is wrapped in a column of that width."""
        width = column - 20 - (20 if cell.status else 0)
        return width, int(_wrapped_height(numbers.unbroken(spoken(cell.text)), max(width, 40), font("small").pixelSize())) + 12

    def paint(self, p: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Ground, glyph, text or spark line."""
        state, rect = option.state, QRectF(option.rect)
        cell, head = self._model.cell(index), self._model.table.columns[index.column()]
        p.save()
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        if state & QStyle.StateFlag.State_Selected:
            p.fillRect(rect, colour("accent_soft"))
            if index.column() == 0:
                p.fillRect(QRectF(rect.left(), rect.top(), 3, rect.height()), colour("accent"))
        elif self.lit and self._model.table.keys[index.row()] == self.lit:
            p.fillRect(rect, colour("raised"))
            if index.column() == 0:
                p.fillRect(QRectF(rect.left() + 1, rect.top() + 4, 4, rect.height() - 9), colour("accent"))
        p.fillRect(QRectF(rect.left(), rect.bottom() - 1, rect.width(), 1), colour("line"))
        inner = rect.adjusted(10, 0, -10, -1)
        ink = "text"
        if cell.status:
            name, ink, _ = STATUS[cell.status]
            p.drawPixmap(QPointF(inner.left(), inner.center().y() - 7), icon_pixmap(name, ink, 14))
            inner.setLeft(inner.left() + 20)
        if head.key in self._model.sparks:
            self._spark(p, inner.adjusted(0, 4, 0, -4), self._model.sparks[head.key], index.row())
        else:
            p.setFont(font("small"))
            p.setPen(colour(ink))
            align = Qt.AlignmentFlag.AlignRight if head.align == "r" else Qt.AlignmentFlag.AlignLeft
            if self.wrap:
                p.drawText(inner, int(align | Qt.AlignmentFlag.AlignVCenter) | WRAPPED, numbers.unbroken(spoken(cell.text)))
            else:
                text = QFontMetricsF(font("small")).elidedText(spoken(cell.text), Qt.TextElideMode.ElideRight, inner.width() + 1)
                p.drawText(inner, align | Qt.AlignmentFlag.AlignVCenter, text)
        p.restore()

    def _spark(self, p: QPainter, box: QRectF, sparks: tuple[tuple[float, ...], ...], place: int) -> None:
        """All rows share one scale, so that lines can be compared down the column."""
        top = max((max(s) for s in sparks if s), default=1.0) or 1.0
        values = sparks[place]
        points = [
            QPointF(box.left() + i / max(len(values) - 1, 1) * box.width(), box.bottom() - v / top * box.height())
            for i, v in enumerate(values)
        ]
        p.setPen(QPen(colour("muted"), 1.3))
        p.drawPolyline(QPolygonF(points))


class _Header(QHeaderView):
    def __init__(self, model: TableModel) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._model = model
        self.order: tuple[int, bool] | None = None
        self.setFixedHeight(26)

    def paintSection(self, p: QPainter, rect: QRect, section: int) -> None:
        """Caption type on a raised ground."""
        p.save()
        p.fillRect(rect, colour("raised"))
        p.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), colour("line"))
        p.setFont(font("caption"))
        p.setPen(colour("muted"))
        right = self._model.table.columns[section].align == "r"
        text = str(self._model.headerData(section, Qt.Orientation.Horizontal))
        if self.order is not None and self.order[0] == section:
            text += " \u2193" if self.order[1] else " \u2191"
        p.drawText(
            QRectF(rect).adjusted(10, 0, -10, 0),
            (Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft) | Qt.AlignmentFlag.AlignVCenter,
            text,
        )
        p.restore()


def shared_widths(natural: Sequence[float], room: int) -> list[int]:
    """Widths [px] of wrapped columns: those that fit into an even share keep their own width, the others divide what is left."""
    widths = _shares(natural, room)
    if widths:
        widths[natural.index(max(natural))] += max(
            room - sum(widths), 0
        )  # whole pixels, and what is to spare: head and rows end where the table does
    return widths


def _shares(natural: Sequence[float], room: int) -> list[int]:
    if sum(natural) <= room:
        return [int(w) for w in natural]
    open_, left = dict(enumerate(natural)), float(room)
    widths: dict[int, int] = {}
    while True:
        fitting = [i for i, w in open_.items() if w <= left / max(len(open_), 1)]
        if not fitting:
            break
        for i in fitting:
            widths[i] = int(open_.pop(i))
            left -= widths[i]
    weight = sum(w**0.5 for w in open_.values())
    widths |= {i: max(int(left * w**0.5 / weight), 60) for i, w in open_.items()}
    return [widths[i] for i in range(len(natural))]


class PictureTable(QTableView):
    """Shows a table picture; chosen emits the key of the row a person goes to."""

    chosen = Signal(str)
    opened = Signal(str)
    pointed = Signal(str)  # key of the row under the pointer, empty when it leaves
    fitted = Signal()  # rows of wrapped text have other heights

    def __init__(self, name: str, row_height: int = 28, *, wrap: bool = False) -> None:
        super().__init__()
        self._model = TableModel()
        self.setModel(self._model)
        self._delegate = _Delegate(self._model, wrap=wrap)
        self.setItemDelegate(self._delegate)
        self._wrap = wrap
        self._spare = -1
        self._natural: list[float] = []  # what each column would need on one line
        self._room = (
            self.width()
        )  # pixels for columns; the viewport itself is not asked: the binding then makes every class of widgets there is
        self._head = _Header(self._model)
        self.setHorizontalHeader(self._head)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(row_height)
        self.setShowGrid(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setTabKeyNavigation(False)
        self._order: tuple[int, bool] | None = None  # column and whether descending; None as the picture stands
        self._as_given = EMPTY
        self._sparks: dict[str, tuple[tuple[float, ...], ...]] | None = None
        self._widths: dict[str, int] | None = None
        self._head.setSectionsClickable(True)
        self._head.sectionClicked.connect(self.sort_by)
        self._sizing = False  # widths are being given out: rows are fitted once, at the end
        self._head.sectionResized.connect(lambda *_: self._fit_rows() if self._wrap and not self._sizing else None)
        self.setAccessibleName(name)
        self.selectionModel().currentRowChanged.connect(self._moved)
        self.activated.connect(lambda index: self.opened.emit(self._model.table.keys[index.row()]))
        self.setMouseTracking(True)
        self.entered.connect(lambda index: self.pointed.emit(self._model.table.keys[index.row()]))

    def light(self, key: str) -> None:
        """The row with this key is pointed at, here or in another view; an empty key lights none."""
        if key != self._delegate.lit:
            self._delegate.lit = key
            for row in range(len(self.table.keys)):
                for column in range(len(self.table.columns)):
                    self.update(self._model.index(row, column))

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is pointed at any more."""
        super().leaveEvent(event)
        self.pointed.emit("")

    @property
    def table(self) -> TablePicture:
        """What is shown."""
        return self._model.table

    def show_table(
        self, table: TablePicture, sparks: dict[str, tuple[tuple[float, ...], ...]] | None = None, widths: dict[str, int] | None = None
    ) -> None:
        """Other contents; the chosen row stays if its key is still there. The widest text column takes what is left."""
        kept = self.current_key()
        if [c.key for c in table.columns] != [c.key for c in self._as_given.columns]:
            self._order = None
        self._as_given, self._sparks, self._widths = table, sparks, widths
        if self._order is not None:
            places = order_of(table, self._order[0], descending=self._order[1])
            table = picked(table, places)
            sparks = {name: tuple(lines[i] for i in places) for name, lines in (sparks or {}).items()}
        self._head.order = self._order
        self._model.show_table(table, sparks)
        metrics = QFontMetricsF(font("small"))
        spare, most = -1, 0.0
        self._natural, self._sizing = [], True
        for i, head in enumerate(table.columns):
            texts = [metrics.horizontalAdvance(spoken(r[i].text)) + (20 if r[i].status else 0) for r in table.rows[:200]]
            title = QFontMetricsF(font("caption")).horizontalAdvance(str(self._model.headerData(i, Qt.Orientation.Horizontal)))
            wide = max([title, *texts]) + 24
            if wide > most and head.align == "l":
                spare, most = i, wide
            self._head.resizeSection(i, (widths or {}).get(head.key, int(min(wide, MAX_WIDTH))))
            self._natural.append(wide)
        self._spare = spare
        self._stretch()
        self._sizing = False
        if self._wrap:
            self._share_width()
        if kept in table.keys:
            self.choose(kept)

    def sort_by(self, column: int) -> None:
        """Ascending, descending, then again as the picture stands; lines that are drawn in rows go with them."""
        was = self._order if self._order is not None and self._order[0] == column else None
        self._order = (column, False) if was is None else (column, True) if not was[1] else None
        self.show_table(self._as_given, self._sparks, self._widths)

    def copied(self) -> str:
        """The table as tab-separated text with its head, for a spreadsheet or a letter: as stored, in English and with plain dots."""
        heads = [self._model.head(i, column.title) for i, column in enumerate(self.table.columns)]
        return "\n".join("\t".join(line) for line in (heads, *([cell.text for cell in row] for row in self.table.rows)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+C copies the whole table."""
        if event.matches(QKeySequence.StandardKey.Copy):
            QGuiApplication.clipboard().setText(self.copied())
        else:
            super().keyPressEvent(event)

    def current_key(self) -> str:
        """Key of the chosen row, or empty."""
        index = self.currentIndex()
        return self._model.table.keys[index.row()] if index.isValid() and index.row() < len(self._model.table.keys) else ""

    def choose(self, key: str) -> None:
        """Go to the row with this key."""
        if key in self._model.table.keys:
            self.selectRow(self._model.table.keys.index(key))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Wrapped columns share another width."""
        super().resizeEvent(event)
        self._room = event.size().width()
        if self._room != event.oldSize().width():
            self._sizing = True
            self._stretch()
            self._sizing = False
            if self._wrap:
                self._share_width()

    def _stretch(self) -> None:
        """The widest text column takes what is left, but never less than its words need: then the table scrolls sideways instead."""
        wanted = sum(self._widths.get(c.key, w) if self._widths else w for c, w in zip(self.table.columns, self._natural, strict=False))
        room = wanted <= self._room or len(self._natural) == 1
        even = room and self._spare >= 0 and self._natural[self._spare] < WORDY and len(self._natural) > 1 and not self._wrap
        self._head.setStretchLastSection(even)  # what is still left lies behind the last column, under one head
        share = min((self._room - wanted) / max(len(self._natural), 1), MOST_AIR) if even else 0.0
        for i, (head, natural) in enumerate(zip(self.table.columns, self._natural, strict=False)):
            stretched = i == self._spare and room and not self._wrap and not even
            if even:  # no column of sentences: all take the same air, so that no gap opens in the middle
                self._head.resizeSection(i, int((self._widths or {}).get(head.key, natural) + share))
            self._head.setSectionResizeMode(i, QHeaderView.ResizeMode.Stretch if stretched else QHeaderView.ResizeMode.Interactive)
            if i == self._spare and not room and not self._wrap:
                self._head.resizeSection(i, (self._widths or {}).get(head.key, int(min(natural, MAX_WIDTH))))
        if not room and not self._wrap:
            self._fill_cut()

    def _fill_cut(self) -> None:
        """Columns that were cut off share what the window has to spare."""
        cut = {
            i: natural - self._head.sectionSize(i)
            for i, (head, natural) in enumerate(zip(self.table.columns, self._natural, strict=False))
            if natural > self._head.sectionSize(i) and head.key not in (self._widths or {})
        }
        spare = self._room - self._head.length()
        if cut and spare > 0:
            for i, lack in cut.items():
                self._head.resizeSection(i, self._head.sectionSize(i) + int(min(lack, spare * lack / sum(cut.values()))))

    def wrap_lines(self, on: bool) -> None:
        """Whether long text runs over several lines, from the next contents on."""
        self._wrap = self._delegate.wrap = on

    def _share_width(self) -> None:
        """Short columns take what they need; the long ones share the rest by the root of their length, so that no row grows tall beside an empty column."""
        self._head.blockSignals(True)
        for i, width in enumerate(shared_widths(self._natural, self._room)):
            self._head.resizeSection(i, width)
        self._head.blockSignals(False)
        self._fit_rows()

    def _fit_rows(self) -> None:
        widths = [self.columnWidth(k) for k in range(self._model.columnCount())]
        least = self.verticalHeader().defaultSectionSize()
        for i, row in enumerate(self._model.table.rows):
            tall = max((self._delegate.room(cell, width)[1] for cell, width in zip(row, widths, strict=True)), default=0)
            self.setRowHeight(i, max(tall, least))
        self.fitted.emit()

    def height_of(self, rows: int) -> int:
        """Pixels that so many rows take, or all of them if there are fewer, with the head and room for a bar that scrolls sideways."""
        head = 0 if self._head.isHidden() else self._head.height()
        bar = (
            0 if self._wrap else self.horizontalScrollBar().sizeHint().height()
        )  # kept free, or the height would depend on when it was asked
        return head + sum(self.rowHeight(i) for i in range(min(rows, len(self.table.rows)))) + bar + 2

    def _moved(self, index: QModelIndex) -> None:
        if index.isValid():
            self.chosen.emit(self._model.table.keys[index.row()])
