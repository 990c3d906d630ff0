"""Workbooks as owners hand them over: one sheet per quantity, one per message, titles over nameless columns, the old kind."""

import xlsxwriter
import xlwt

TIME_FORMAT = "yyyy-mm-dd hh:mm:ss.000"


def workbook(path, sheets, **options):
    """sheets: name to a list of rows; datetimes become cells with a date format. A (text, columns) pair is a merged title."""
    with xlsxwriter.Workbook(path, {"default_date_format": TIME_FORMAT, **options}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for i, row in enumerate(rows):
                _write(sheet, i, row)
    return path


def _write(sheet, i, row):
    column = 0
    for value in row:
        if isinstance(value, tuple):
            text, width = value
            sheet.merge_range(i, column, i, column + width - 1, text)
            column += width
        else:
            if value is not None:
                sheet.write(i, column, value)
            column += 1


def old_workbook(path, sheets):
    """As `workbook`, in the format of 1997."""
    book = xlwt.Workbook()
    date_format = xlwt.easyxf(num_format_str="YYYY-MM-DD HH:MM:SS")
    for name, rows in sheets.items():
        sheet = book.add_sheet(name)
        for i, row in enumerate(rows):
            column = 0
            for value in row:
                if isinstance(value, tuple):
                    sheet.write_merge(i, i, column, column + value[1] - 1, value[0])
                    column += value[1]
                    continue
                if hasattr(value, "year"):
                    sheet.write(i, column, value, date_format)
                elif value is not None:
                    sheet.write(i, column, value)
                column += 1
    book.save(str(path))
    return path


def rows_of(table, *, unit="mV", time=lambda at: at):
    """The known table as rows of a sheet."""
    factor = 1 if unit == "mV" else 1000
    head = ["Time", *(f"{name}_{unit}" for name in table.names), "Current_A"]
    body = [
        [time(at), *(int(v) / factor for v in row), float(amps)]
        for at, row, amps in zip(table.times, table.voltage, table.current, strict=True)
    ]
    return [head, *body]
