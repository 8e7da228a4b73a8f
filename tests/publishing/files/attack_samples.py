"""Files that do harm, and their harmless brothers, built part by part."""

import struct
import zipfile
from io import BytesIO

from tests.publishing.files.file_samples import archive

FREE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
SECTOR = 512
OLE_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
EMPTY_WORD = b"\xec\xa5\xc1\x00" + b"\0" * 508


def biff(number, body=b""):
    return struct.pack("<HH", number, len(body)) + body


def workbook_stream(*records, kind=0):
    """A BIFF8 stream of globals with one sheet of a kind (0: cells, 1: macros of Excel 4)."""
    sheet = biff(0x85, struct.pack("<LBB", 0, 0, kind) + b"\x02\x00S1")
    return biff(0x809, b"\0\x06\x05\0" + b"\0" * 12) + sheet + b"".join(records) + biff(0x0A)


def ole(streams):
    """An OLE compound file; a path with `/` makes storages, `None` an empty storage."""
    entries, sectors, fat = [["Root Entry", 5, [], END, 0]], [], []
    for path, data in streams.items():
        *folders, name = path.split("/")
        parent = 0
        for folder in folders:
            parent = _storage(entries, parent, folder)
        if data is None:
            _storage(entries, parent, name)
            continue
        padded = data.ljust(4096, b"\0")  # shorter streams are kept elsewhere
        entries.append([name, 2, [], len(fat), len(padded)])
        entries[parent][2].append(len(entries) - 1)
        count = -(-len(padded) // SECTOR)
        fat += [len(fat) + n + 1 for n in range(count - 1)] + [END]
        sectors.append(padded.ljust(count * SECTOR, b"\0"))
    return _container(entries, sectors, fat)


def _storage(entries, parent, name):
    for child in entries[parent][2]:
        if entries[child][0] == name:
            return child
    entries.append([name, 1, [], 0, 0])
    entries[parent][2].append(len(entries) - 1)
    return len(entries) - 1


def _container(entries, sectors, fat):
    directory = b"".join(_entry(number, entries) for number in range(len(entries)))
    count = -(-len(directory) // SECTOR)
    first = len(fat)
    fat = [*fat, *(first + n + 1 for n in range(count - 1)), END, FAT]
    assert len(fat) <= SECTOR // 4
    table = struct.pack(f"<{len(fat)}L", *fat).ljust(SECTOR, b"\xff")
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16
    head += struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + b"\0" * 6
    head += struct.pack("<LLLLLLLLL", 0, 1, first, 0, 4096, END, 0, END, 0)
    head += struct.pack("<L", len(fat) - 1) + b"\xff" * 4 * 108
    return head + b"".join(sectors) + directory.ljust(count * SECTOR, b"\0") + table


def _entry(number, entries):
    """A directory entry; the children of a storage hang on one another to the right."""
    name, kind, children, start, size = entries[number]
    wide = (name + "\0").encode("utf-16-le")
    right = FREE
    for parent in entries:
        if number in parent[2]:
            place = parent[2].index(number)
            right = parent[2][place + 1] if place + 1 < len(parent[2]) else FREE
    child = children[0] if children else FREE
    tree = struct.pack("<BBLLL", kind, 1, FREE, right, child)
    return (
        wide.ljust(64, b"\0")
        + struct.pack("<H", len(wide))
        + tree
        + b"\0" * 36
        + struct.pack("<LQ", start, size)
    )


def change(data, parts, *, types="", relations=None):
    """An office document with other or more parts, content types and relations (by .rels part)."""
    relations = relations or {}
    buffer = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", 8) as new:
        names = old.namelist()
        for name in [*names, *(name for name in relations if name not in names)]:
            part = (
                old.read(name).decode("utf-8", "surrogateescape") if name in names else EMPTY_RELS
            )
            if name in parts:
                continue
            if name == "[Content_Types].xml":
                part = part.replace("</Types>", f"{types}</Types>")
            part = part.replace("</Relationships>", f"{relations.get(name, '')}</Relationships>")
            new.writestr(name, part.encode("utf-8", "surrogateescape"))
        for name, part in parts.items():
            new.writestr(name, part)
    return buffer.getvalue()


EMPTY_RELS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    "</Relationships>"
)


def relation(kind, target, *, external=False):
    mode = ' TargetMode="External"' if external else ""
    return f'<Relationship Id="rX" Type="{OLE_RELATION}{kind}" Target="{target}"{mode}/>'


def override(part, said):
    return f'<Override PartName="/{part}" ContentType="{said}"/>'


def open_document(kind, body, **parts):
    """A small OpenDocument file; `body` stands inside `office:body`."""
    spaces = "".join(
        f' xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for prefix, name in (
            ("office", "office"),
            ("text", "text"),
            ("table", "table"),
            ("style", "style"),
            ("draw", "drawing"),
            ("script", "script"),
        )
    )
    content = (
        f'<office:document-content{spaces} xmlns:xlink="http://www.w3.org/1999/xlink">{body}'
        "</office:document-content>"
    )
    return archive(
        {
            "mimetype": f"application/vnd.oasis.opendocument.{kind}",
            "content.xml": content,
            **{name.replace("__", "/"): data for name, data in parts.items()},
        }
    )


def pdf_with(*objects, catalog="", packed=()):
    """A PDF with more objects (from number 4 on); `packed` ones stand in an object stream."""
    import pikepdf

    document = pikepdf.new()
    document.add_blank_page()
    made = [document.make_indirect(pikepdf.Object.parse(text.encode())) for text in objects]
    hidden = [document.make_indirect(pikepdf.Object.parse(text.encode())) for text in packed]
    document.Root["/Kept"] = pikepdf.Array([*made, *hidden])
    for key, value in pikepdf.Object.parse(f"<<{catalog}>>".encode()).items():
        document.Root[key] = value
    buffer = BytesIO()
    mode = pikepdf.ObjectStreamMode.generate if packed else pikepdf.ObjectStreamMode.disable
    document.save(buffer, object_stream_mode=mode, compress_streams=bool(packed))
    return buffer.getvalue()
