"""What reading costs: decoding, splitting, cleaning and the language of 500-word articles, and how it grows with size.

    python -m benchmarks.reading [--articles 400] [--repeats 7]

Counted in CPU time on one core, so other work on the machine matters little. The detector of languages alone, on the
same articles and in turn with reading, is the paired baseline: nobody can read faster who wants the language too.
Targets: 1,500 articles/s; ten times the bytes cost at most fifteen times as much, as one line and as paragraphs.
"""

import argparse
import random
import time
from collections.abc import Callable
from statistics import median

from benchmarks.claims import Claim
from benchmarks.measuring import in_turn, print_machine, spread, verdict
from benchmarks.news import RANDOM_SEED, draw, headlines_and_paragraphs
from tasks.reading.language import find_language
from tasks.reading.parsing import parse_file
from tasks.reading.settings import ReadingSettings

ARTICLE_WORDS = 500
TARGET_ARTICLES = 1_500
# Memory that no cache holds any more costs something; a square would be a hundred times.
TARGET_GROWTH = 15
COMMAND = "python -m benchmarks.reading"
SETTINGS = ReadingSettings()


def main(arguments: list[str] | None = None) -> list[Claim]:
    """Prints articles a second, the ratio to the baseline, and the growth of cost with size."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=400)
    parser.add_argument("--repeats", type=int, default=7)
    options = parser.parse_args(arguments)
    print_machine()
    found = print_speed([text.encode() for text in articles(options.articles)], options.repeats)
    sentence = "The mayor\u2019s office said on Monday that the bridge in Liège would stay closed. "
    bodies: dict[str, Callable[[int], str]] = {
        "a line of 1 MB, of 10 MB": lambda size: sentence * (size * 100_000 // len(sentence)),
        "1,000 paragraphs, 10,000": lambda size: f"{sentence * 4}\n" * size * 100,
    }
    return found + [print_growth(what, body, options.repeats) for what, body in bodies.items()]


def articles(count: int) -> list[str]:
    """So many dumps of one article each."""
    chance = random.Random(RANDOM_SEED)
    headlines, pieces = headlines_and_paragraphs()
    return [
        "\n".join([f" date 2025-12-01 {chance.choice(headlines)}", *draw(pieces, ARTICLE_WORDS, chance)])
        for _ in range(count)
    ]


def print_speed(dumps: list[bytes], repeats: int) -> list[Claim]:
    """Articles a second, and how often the language alone could be detected meanwhile."""
    texts = [dump.decode() for dump in dumps]
    seconds(lambda: [parse_file(dump, SETTINGS) for dump in dumps[:20]])
    pairs = [
        in_turn(
            number,
            lambda: seconds(lambda: [parse_file(dump, SETTINGS) for dump in dumps]),
            lambda: seconds(lambda: [find_language(text) for text in texts]),
        )
        for number in range(repeats)
    ]
    rates = [len(dumps) / reading for reading, _ in pairs]
    rate = median(rates)
    of_language = spread([reading / language for reading, language in pairs])
    words = sum(len(text.split()) for text in texts) / len(texts)
    print(f"\n{len(dumps)} articles of {words:.0f} words, median of {repeats} (least to greatest)")
    print(f"  milliseconds an article    {spread([reading / len(dumps) * 1e3 for reading, _ in pairs])}")
    print(f"  articles a second          {rate:,.0f}, target {TARGET_ARTICLES:,}: {verdict(rate >= TARGET_ARTICLES)}")
    print(f"  of the language alone      {of_language} times its cost")
    what = f"articles of {words:.0f} words, CPU time of one core"
    return [
        Claim(
            claim=f"reading {what}",
            command=COMMAND,
            measured=f"{spread(rates, ',.0f')} articles/s",
            target=f"≥ {TARGET_ARTICLES:,} articles/s",
            met=rate >= TARGET_ARTICLES,
        ),
        Claim(
            claim=f"reading {what}, over finding their language alone", command=COMMAND, measured=f"{of_language} times"
        ),
    ]


def print_growth(what: str, body: Callable[[int], str], repeats: int) -> Claim:
    """How much more a file of ten times the size costs."""
    small, large = (f" date 2025-12-01 A headline\n{body(size)}".encode() for size in (10, 100))
    pairs = [
        in_turn(
            number,
            lambda: seconds(lambda: parse_file(small, SETTINGS)),
            lambda: seconds(lambda: parse_file(large, SETTINGS)),
        )
        for number in range(repeats)
    ]
    growths = [later / first for first, later in pairs]
    growth, is_met = median(growths), median(growths) <= TARGET_GROWTH
    last = median(later for _, later in pairs)
    print(f"  {what}   {last:.2f} s, {growth:.1f} times as much, at most {TARGET_GROWTH}: {verdict(is_met)}")
    return Claim(
        claim=f"reading a file of ten times the size, CPU time: {what}",
        command=COMMAND,
        measured=f"{spread(growths, '.1f')} times",
        target=f"≤ {TARGET_GROWTH} times",
        met=is_met,
    )


def seconds(work: Callable[[], object]) -> float:
    """CPU time that work takes."""
    start = time.process_time()
    work()
    return time.process_time() - start


if __name__ == "__main__":
    main()
