"""A spaCy pipeline that costs next to nothing, to measure what lies beside the model."""

from collections.abc import Iterable
from pathlib import Path

PLACES = ("Iran", "London", "Mexico", "Paris", "Texas", "United States")


def write_tiny_pipeline(folder: Path, places: Iterable[str] = PLACES, version: str = "1.0.0") -> str:
    """Leave a pipeline that knows a few places by their names; gives what `--model` takes.

    One with other places must have another version: that is how newsmill tells them apart.
    """
    import spacy

    nlp = spacy.blank("en")
    # Named as the pipeline looks for it; where it takes a trained recogniser, this one takes a list.
    ruler = nlp.add_pipe("entity_ruler", name="ner", config={"phrase_matcher_attr": "LOWER"})
    ruler.add_patterns([{"label": "GPE", "pattern": place} for place in places])  # type: ignore[attr-defined]
    nlp.meta.update(name="tiny", version=version)
    nlp.to_disk(folder)
    return str(folder)
