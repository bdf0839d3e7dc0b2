"""A delivery of mixed files about a few places, and what is taken in of it."""

import os
import random

from benchmarks.tiny import PLACES
from tests.ingestion.deliveries import mixed_delivery
from tests.ingestion.mill import Mill

FILES = 120
BATCH = 15
ENGLISH = (
    "the of and to in that was for with said on as have from by at they this which after were government minister"
    " people police court president party election water river bridge city town fire winter summer school hospital"
    " doctor report newspaper bank company worker factory energy price budget million percent storm damage"
)


def english(number: int) -> tuple[str, str]:
    """A headline and three paragraphs with places in them, other words for every number."""
    chance = random.Random(number)
    paragraphs = [" ".join(chance.choices(ENGLISH.split(), k=45)) for _ in range(3)]
    places = chance.sample(PLACES, 3)
    body = [f"The minister went to {place} and {text}." for place, text in zip(places, paragraphs, strict=True)]
    return f"News number {number} from {places[0]}", "\n".join(body)


DELIVERY = mixed_delivery(FILES, english)


def lay(mill: Mill) -> Mill:
    """The delivery in the input folder, each file with a time that follows from its path."""
    for path, content in DELIVERY.items():
        file = mill.put(path, content)
        os.utime(file, (1_764_000_000, 1_764_000_000 + int(path.split("/")[-1][:5])))
    return mill
