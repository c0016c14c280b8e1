"""Workbooks as other programs make them, by hand: for tests that read them."""
import zipfile
from xml.sax.saxutils import escape

TYPES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def letters(column):
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def write_xlsx(path, rows, sheet="Lapa1"):
    """Rows of texts and numbers; texts are shared, as Excel shares them, empty cells are left out."""
    shared, order = {}, []
    lines = []
    for number, row in enumerate(rows, 1):
        cells = []
        for column, value in enumerate(row):
            if value == "":
                continue
            if isinstance(value, (int, float)):
                cells.append(f'<c r="{letters(column)}{number}"><v>{value}</v></c>')
                continue
            if value not in shared:
                shared[value] = len(order)
                order.append(value)
            cells.append(f'<c r="{letters(column)}{number}" t="s"><v>{shared[value]}</v></c>')
        lines.append(f'<row r="{number}">{"".join(cells)}</row>')
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    parts = {
        "[Content_Types].xml": f'{head}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "_rels/.rels": f'{head}<Relationships xmlns="{PACKAGE}"><Relationship Id="rId1" Type="{TYPES}/officeDocument" '
                       'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'{head}<workbook xmlns="{SHEET}" xmlns:r="{TYPES}"><sheets><sheet name="{escape(sheet)}" sheetId="1" '
                           'r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'{head}<Relationships xmlns="{PACKAGE}"><Relationship Id="rId1" Type="{TYPES}/worksheet" '
                                      f'Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="{TYPES}/sharedStrings" '
                                      'Target="sharedStrings.xml"/></Relationships>',
        "xl/sharedStrings.xml": f'{head}<sst xmlns="{SHEET}">' + "".join(f"<si><t>{escape(text)}</t></si>" for text in order) + "</sst>",
        "xl/worksheets/sheet1.xml": f'{head}<worksheet xmlns="{SHEET}"><sheetData>{"".join(lines)}</sheetData></worksheet>',
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
