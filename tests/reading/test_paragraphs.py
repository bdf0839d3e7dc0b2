"""Lines to paragraphs."""

from tasks.reading.paragraphs import find_paragraphs

WRAPPED = [
    "The bridge was closed on Monday after two days of",
    "heavy rain, which the city had not seen for years,",
    "and will stay so.",
    "",
    "It will open again on Friday, the city said, unless",
    "more rain falls, as the weather service expects for",
    "Thursday night.",
]


def test_a_line_is_a_paragraph_and_blank_lines_are_none() -> None:
    assert find_paragraphs(["One.", "", "", "Two."]) == (["One.", "Two."], False)


def test_lines_of_fixed_width_are_joined_to_paragraphs() -> None:
    paragraphs, _ = find_paragraphs(WRAPPED)
    assert [paragraph.split()[0] for paragraph in paragraphs] == ["The", "It"]
    assert paragraphs[0].endswith("rain, which the city had not seen for years, and will stay so.")


def test_a_short_line_ends_a_paragraph_where_no_blank_line_does() -> None:
    assert len(find_paragraphs([line for line in WRAPPED if line])[0]) == 2


def test_a_table_is_not_joined() -> None:
    table = ["shr 21 cts vs 18 cts", "net 1,068,000 vs 902,000", "revs 38.1 mln vs 29.7 mln for the year", "avg shrs 5"]
    assert find_paragraphs(table) == (table, False)


def test_a_hyphenated_word_is_put_together() -> None:
    assert find_paragraphs(["U.S. cong-", "ressional members"]) == (["U.S. congressional members"], True)


def test_a_suspended_hyphen_stays() -> None:
    lines = ["before the pre-", "and post-war years"]
    assert find_paragraphs(lines) == (lines, False)
