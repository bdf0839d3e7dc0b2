"""Text from before Unicode: which old encoding a file is in, where it is neither UTF-8 nor Western.

Two judges that know nothing of each other must agree: chardet names an encoding from the statistics of bytes, and the
language found in the text that this gives must be one which is written in that encoding, without odd characters. A
file on which they disagree is left to the caller, who reads it as Western or refuses it.
"""

import re
import unicodedata

from tasks.reading.language import find_language

WESTERN = "cp1252"

CENTRAL_EUROPEAN = frozenset(["cs", "hr", "hu", "pl", "ro", "sk", "sl", "sq", "sr"])
CYRILLIC = frozenset(["be", "bg", "kk", "mk", "ru", "sr", "tg", "uk"])
ARABIC = frozenset(["ar", "fa", "ku", "ur"])
LANGUAGES = {
    "cp1250": CENTRAL_EUROPEAN,
    "iso8859-2": CENTRAL_EUROPEAN,
    "cp1251": CYRILLIC,
    "koi8-r": CYRILLIC,
    "koi8-u": CYRILLIC,
    "iso8859-5": CYRILLIC,
    "cp866": CYRILLIC,
    "cp1253": frozenset({"el"}),
    "iso8859-7": frozenset({"el"}),
    "cp1254": frozenset({"tr", "az"}),
    "cp1255": frozenset({"he", "yi"}),
    "cp1256": ARABIC,
    "cp1257": frozenset({"et", "lt", "lv"}),
    "cp1258": frozenset({"vi"}),
    "cp874": frozenset({"th"}),
    "cp932": frozenset({"ja"}),
    "euc_jis_2004": frozenset({"ja"}),
    "gb18030": frozenset({"zh"}),
    "big5hkscs": frozenset({"zh"}),
    "cp949": frozenset({"ko"}),
}

# chardet takes 3 ms for an article, language detection 0.2; neither gets better with more.
SAMPLE_BYTES = 20_000
# "Café" alone tells nothing; below this both judges guess.
MIN_FOREIGN_BYTES = 6
MIN_CONFIDENCE = 0.5
# Right readings have 0 to 1 %, wrong ones that both judges let pass have tens.
MAX_ODD_SHARE = 0.03
FOREIGN_LINE = re.compile(rb"[^\n]*[\x80-\xff][^\n]*")
FOREIGN_BYTES = bytes(range(128, 256))
CONTROL = re.compile("[\x80-\x9f]")
# What stands in printed text beside letters.
PRINTED = frozenset("\xa0§©«®°·»–—‘’‚“”„†•…‰‹›€™№、。「」『』・ー，！？（）：；《》％～【】〜·　")  # noqa: RUF001


def find_legacy_encoding(data: bytes) -> str | None:
    """The old encoding that bytes are in, by Python's name; None where it is Western or not sure."""
    import chardet

    sample = foreign_sample(data)
    if len(sample) - len(sample.translate(None, FOREIGN_BYTES)) < MIN_FOREIGN_BYTES:
        return None
    found = chardet.detect(
        sample,
        prefer_superset=False,  # cp1250 is no superset of ISO 8859-2, as chardet would have it
        compat_names=False,
        include_encodings=[WESTERN, "iso8859-1", *LANGUAGES],
        no_match_encoding=WESTERN,
    )
    encoding = str(found["encoding"])
    return encoding if encoding in LANGUAGES and reads_well(sample, encoding) else None


def foreign_sample(data: bytes) -> bytes:
    """The first lines with anything but ASCII in them, not ending inside a character."""
    parts, size = [], 0
    for line in FOREIGN_LINE.finditer(data):
        parts.append(line[0][: SAMPLE_BYTES - size])
        size += len(parts[-1]) + 1
        if size >= SAMPLE_BYTES:
            return b"\n".join(parts).rstrip(FOREIGN_BYTES)
    return b"\n".join(parts)


def reads_well(sample: bytes, encoding: str) -> bool:
    """Whether a sample is in a language that the encoding is made for, and made of letters and punctuation."""
    text = sample.decode(encoding, "replace")
    foreign = [character for character in text if character > "\x7f"]
    odd = sum(unicodedata.category(character)[0] not in "LM" and character not in PRINTED for character in foreign)
    if odd > MAX_ODD_SHARE * len(foreign) or CONTROL.search(text):
        return False
    language, confidence = find_language(text)
    return language in LANGUAGES[encoding] and (confidence or 0) >= MIN_CONFIDENCE
