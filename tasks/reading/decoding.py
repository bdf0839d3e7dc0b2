"""Bytes to text: which encoding, and whether it is text at all."""

import codecs
import quopri
import re
from dataclasses import dataclass, replace

from schemas.reasons import Flag, Reason
from tasks.reading.legacy import find_legacy_encoding
from tasks.reading.refusals import WholeRefusal

# UTF-32 little endian begins with the mark of UTF-16, so it comes first.
BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

MAGIC_NUMBERS = (
    (b"\x89PNG\r\n\x1a\n", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"%PDF-", "a PDF document"),
    (b"PK\x03\x04", "a zip archive or office document"),
    (b"PK\x05\x06", "an empty zip archive"),
    (b"\x1f\x8b", "gzip-compressed"),
    (b"\x28\xb5\x2f\xfd", "zstd-compressed"),
    (b"BZh", "bzip2-compressed"),
    (b"\xfd7zXZ\x00", "xz-compressed"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old office document"),
    (b"\x7fELF", "a program"),
    (b"SQLite format 3\x00", "a SQLite database"),
    (b"PAR1", "a Parquet file"),
    (b"{\\rtf", "an RTF document"),
)

# Never part of a text: control bytes other than tab, line ends, form feed, Ctrl-Z at an old file's end and escape.
CONTROL_BYTES = bytes([*range(9), *range(14, 26), *range(28, 32), 127])
WINDOW_BYTES = 1024
# Random bytes hold about 100 of them in a window, wire formats with their start and end marks a handful.
MAX_CONTROL_BYTES = 16

# German, French or Vietnamese in an 8-bit encoding stay below an eighth; Cyrillic, Greek or Chinese read as
# Windows-1252 would be most of the text, and wrong.
MAX_WESTERN_SHARE = 0.25
FEW_BYTES = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """The text of a file with LF as its only line end, and what was noticed, which is so of all its articles.

    Where UTF-8 is mixed with other bytes, these stay in it one by one as U+DC80 to U+DCFF, for `clean_stray_bytes`.
    """

    text: str
    flags: frozenset[Flag] = frozenset()


def decode(data: bytes) -> str | WholeRefusal:
    """The text of a file without what was noticed about it."""
    decoded = decode_file(data, legacy_encoding=None)
    return decoded.text if isinstance(decoded, Decoded) else decoded


def decode_file(data: bytes, legacy_encoding: str | None) -> Decoded | WholeRefusal:
    """The text of a file, or why it is not text.

    `legacy_encoding` is Python's name of the encoding to read bytes with that are not Unicode; None finds out.
    """
    if not is_quoted_printable(data):
        return decode_plain(data, legacy_encoding)
    decoded = decode_plain(quopri.decodestring(data), legacy_encoding)
    flags = frozenset({Flag.QUOTED_PRINTABLE_DECODED})
    return replace(decoded, flags=decoded.flags | flags) if isinstance(decoded, Decoded) else decoded


def decode_plain(data: bytes, legacy_encoding: str | None) -> Decoded | WholeRefusal:
    """Bytes that are not wrapped for mail."""
    mark, encoding = next((known for known in BYTE_ORDER_MARKS if data.startswith(known[0])), (b"", None))
    encoding = encoding or wide_encoding(data)
    data = data[len(mark) :]
    if encoding is None or encoding == "utf-8":
        decoded = decoded_utf_8(data, legacy_encoding)
    else:
        decoded = decoded_wide(data, encoding)
    if isinstance(decoded, WholeRefusal):
        return decoded
    text = unify_line_ends(decoded.text)
    if "\x85" in text and "\n" not in text:  # the line end of mainframes; else more likely a damaged ellipsis
        text = text.replace("\x85", "\n")
    return replace(decoded, text=text) if text.strip("\ufeff\x00 \t\n\xa0") else WholeRefusal(reason=Reason.EMPTY)


SOFT_BREAK = re.compile(rb"=\r?\n")
NOT_QUOTED_PRINTABLE = re.compile(rb"=(?![0-9A-F]{2}|\r?\n)|[\x80-\xff]")


def is_quoted_printable(data: bytes) -> bool:
    """Whether a file is still wrapped for mail: lines that go on end in `=`, and every other `=` begins two digits."""
    soft = SOFT_BREAK.search(data)
    return (
        soft is not None and SOFT_BREAK.search(data, soft.end()) is not None and not NOT_QUOTED_PRINTABLE.search(data)
    )


def decoded_wide(data: bytes, encoding: str) -> Decoded | WholeRefusal:
    """UTF-16 or UTF-32; what is cut or damaged becomes U+FFFD."""
    text = data.decode(encoding, "replace")
    if text.count("\0") + text.count("\ufffd") > MAX_CONTROL_BYTES:
        return WholeRefusal(reason=Reason.BINARY, detail=f"not {encoding.upper()} although it begins like it")
    return Decoded(text=text)


def decoded_utf_8(data: bytes, legacy_encoding: str | None) -> Decoded | WholeRefusal:
    """UTF-8, or UTF-8 among other bytes, or one of the encodings from before it."""
    if refusal := binary_refusal(data):
        return refusal
    try:
        return Decoded(text=data.decode("utf-8"))
    except UnicodeDecodeError as error:
        if is_cut(data, error):
            return Decoded(text=data[: error.start].decode("utf-8") + "\ufffd")
    return decoded_legacy(data, legacy_encoding)


def is_cut(data: bytes, error: UnicodeDecodeError) -> bool:
    """Whether all is UTF-8 but for a last character that was cut; a single byte may be Latin-1 if all else is ASCII."""
    missing = error.reason == "unexpected end of data" and error.end == len(data)
    return missing and (error.end - error.start > 1 or not data[: error.start].isascii())


# The header's first word with a NUL before or after each letter.
UTF_16_HEADER = re.compile(rb"(?:[\t\n\r \"']\0){0,64}(?:d\0a\0t\0e\0|D\0a\0t\0e\0|D\0A\0T\0E\0)")
SAMPLE_BYTES = 4096


def wide_encoding(data: bytes) -> str | None:
    """UTF-16 or UTF-32 without a mark, by the NULs of the header or of Latin text; None when there is no sign of it."""
    if UTF_16_HEADER.match(data):
        return "utf-16-le"
    if data.startswith(b"\0") and UTF_16_HEADER.match(data[1 : SAMPLE_BYTES + 1]):
        return "utf-16-be"
    sample = data[:SAMPLE_BYTES]
    if b"\0" not in sample:
        return None
    zeros = [sample[at::4].count(0) * 4 / len(sample) for at in range(4)]  # the share of each place of four
    if min(zeros[1:3]) > 0.9 and max(zeros[0], zeros[3]) > 0.9 and min(zeros[0], zeros[3]) < 0.02:
        return "utf-32-be" if zeros[0] > zeros[3] else "utf-32-le"
    even, odd = (zeros[0] + zeros[2]) / 2, (zeros[1] + zeros[3]) / 2
    if max(even, odd) < 0.4 or min(even, odd) > 0.02:
        return None
    return "utf-16-be" if even > odd else "utf-16-le"


def binary_refusal(data: bytes) -> WholeRefusal | None:
    """Known by its first bytes, or by a stretch dense with control bytes."""
    for magic, what in MAGIC_NUMBERS:
        if data.startswith(magic):
            return WholeRefusal(reason=Reason.BINARY, detail=what)
    if len(data) - len(data.translate(None, CONTROL_BYTES)) <= MAX_CONTROL_BYTES:
        return None
    for start in range(0, len(data), WINDOW_BYTES):
        window = data[start : start + WINDOW_BYTES]
        if len(window) - len(window.translate(None, CONTROL_BYTES)) > MAX_CONTROL_BYTES:
            return WholeRefusal(reason=Reason.BINARY, detail=f"control bytes from byte {start:,} on")
    return None


ASCII_BYTES = bytes(range(128))
WHITE_BYTES = (b" ", b"\t", b"\r", b"\n")
# Two bytes of an 8-bit encoding are one character of UTF-8 by chance, but hardly one of these: "\xc9\x94" is `É”`.
SURELY_UTF_8 = re.compile("[\xa0-\xff\u0800-\ud7ff\ue000-\uffff]")


def decoded_legacy(data: bytes, legacy_encoding: str | None) -> Decoded | WholeRefusal:
    """What is not UTF-8, or not only: a whole file in another encoding, or UTF-8 with stray bytes."""
    text = data.decode("utf-8", "surrogateescape")
    valid = len(data.decode("utf-8", "ignore").encode().translate(None, ASCII_BYTES))
    stray = len(data.translate(None, ASCII_BYTES)) - valid
    if stray > valid:
        encoding = legacy_encoding or find_legacy_encoding(data)
        if encoding:
            return Decoded(text=data.decode(encoding, "replace"), flags=frozenset({Flag.LEGACY_ENCODING}))
    share = stray / max(1, len(data) - valid - sum(map(data.count, WHITE_BYTES)))
    if stray > FEW_BYTES and share > MAX_WESTERN_SHARE:
        detail = f"{stray:,} bytes are not UTF-8, {share:.0%} of the text: no encoding is sure, Windows-1252 least"
        return WholeRefusal(reason=Reason.UNDECODABLE, detail=detail)
    is_mixed = valid > stray or SURELY_UTF_8.search(text) or is_cut_punctuation(text)
    return Decoded(text=text if is_mixed else data.decode("cp1252", "replace"))


LINE_ENDS = re.compile("\r\n?|[\x0b\x0c\x1c-\x1e\u2028\u2029]")
ODD_LINE_ENDS = "\r\x0b\x0c\x1c\x1d\x1e\u2028\u2029"  # the same, looked for one by one: four times as fast


def unify_line_ends(text: str) -> str:
    """CRLF, CR, vertical tab, form feed, the separators of ASCII and of Unicode as LF."""
    return LINE_ENDS.sub("\n", text) if any(end in text for end in ODD_LINE_ENDS) else text


STRAY = re.compile("[\udc80-\udcff]")
# A UTF-8 sequence that was cut: its first byte with some, but not all, of those that should follow.
CUT_SEQUENCE = re.compile("[\udce0-\udcef][\udc80-\udcbf]|[\udcf0-\udcf4][\udc80-\udcbf]{1,2}|[\udcc2-\udcf4]\\Z")
WINDOWS_1252 = {0xDC00 + byte: bytes([byte]).decode("cp1252", "replace") for byte in range(128, 256)}


def clean_stray_bytes(text: str) -> tuple[str, bool]:
    """Stray bytes among UTF-8 as the Windows-1252 characters they most likely are, and whether there were any.

    Line by line: a line that is more Windows-1252 than UTF-8 is decoded whole as the former, since two of its letters
    in a row may look like one of UTF-8; in any other line a cut sequence becomes U+FFFD.
    """
    if not STRAY.search(text):
        return text, False
    lines = [clean_stray_line(line) if STRAY.search(line) else line for line in text.split("\n")]
    return "\n".join(lines), True


def clean_stray_line(line: str) -> str:
    """One line that has at least one stray byte."""
    stray = len(STRAY.findall(line))
    characters = sum(character > "\x7f" for character in line) - stray
    if characters < stray and not is_cut_punctuation(line):
        return line.encode("utf-8", "surrogateescape").decode("cp1252", "replace")
    return CUT_SEQUENCE.sub("\ufffd", line).translate(WINDOWS_1252)


# The first byte of every curly quote, dash and ellipsis with one of its two others; as Windows-1252 it would be `â€`.
CUT_PUNCTUATION = re.compile("\udce2[\udc80-\udcbf]")


def is_cut_punctuation(text: str) -> bool:
    """Whether all stray bytes are those of punctuation that lost a byte."""
    return STRAY.search(CUT_PUNCTUATION.sub("", text)) is None
