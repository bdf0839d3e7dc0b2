"""Which code runs a pipeline: ours where it gives the same entities, spaCy's own for every other one."""

import warnings
from collections.abc import Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, cast

from tasks.enrichment.fast_ner.pipeline import FastPipeline, Recogniser
from tasks.enrichment.fast_ner.stock import StockPipeline
from tasks.enrichment.models import load_model

if TYPE_CHECKING:
    from spacy.language import Language

# What a token's type tells. "SPACY", say, whether white space follows, it does not.
FEATURES_OF_TYPES = frozenset(["ORTH", "NORM", "LOWER", "PREFIX", "SUFFIX", "SHAPE", "IS_SPACE"])
# The parts that are computed anew, in every version of them that does the same.
PARSERS = frozenset(["spacy.TransitionBasedParser.v1", "spacy.TransitionBasedParser.v2"])
EMBEDDINGS = frozenset(["spacy.MultiHashEmbed.v2"])
ENCODERS = frozenset(["spacy.MaxoutWindowEncoder.v2"])

# Names at both ends, over lines, in capitals, before possessives and signs; white space of all kinds; no name at all.
CHECKED_TEXTS = (
    "",
    "London",
    "  Angela Merkel met Emmanuel Macron in Paris on 3 May 2017.\n\nThey talked about the European Union's budget.  ",
    "WASHINGTON (AP) — The U.S. Senate voted 51-49 on Thursday; Sen. Mary O'Neill (D-Ohio) wasn't there.",
    "MOSCOW FLOODS KILL 12\nAt least twelve people died near the Volga, Interfax said.\tPresident Ivanov: 'No.'",
    "Shares in Toyota Motor Corp. fell 3.4% to ¥2,100 ($19.20) in Tokyo, while Apple's rose in New York",
    "we can't say :-) who or what it was, e.g. at 10a.m. or 5km away...",
    "The Dutch Supreme Court, The Hague, ruled on Article 8 of the European Convention on Human Rights in 2019/2020.",
    "Médecins Sans Frontières - Zoë Müller, São Paulo; Łódź, “Le Monde” 🙂 http://www.example.org/a?b=c",
    "Manchester United 2 Bayern Munich 1\nBarcelona 0 Juventus 0\n\n\nReal Madrid - Ajax  postponed",
)


@cache
def load_recogniser(name: str, *, stock: bool = False) -> Recogniser:
    """The recogniser of the pipeline `name`, once per process; `stock` asks for spaCy's own code.

    Raises NewsmillError when it cannot be loaded.
    """
    nlp = load_model(name)
    return StockPipeline(nlp) if stock or reason_against(nlp) else checked(nlp, FastPipeline, name)


def checked(nlp: "Language", build: "Callable[[Language], FastPipeline]", name: str) -> Recogniser:
    """Our code for the pipeline, built for it; the pipeline itself, with a warning, where the two differ."""
    hold_to_one_thread()
    try:
        fast = build(nlp)
        wrong = find_difference(nlp, fast)
    except Exception as error:  # noqa: BLE001  (a pipeline from elsewhere may break any assumption)
        wrong = f"{type(error).__name__}: {error}"
    if wrong:
        sentence = f"The model {name} is run by spaCy's own code, several times slower: newsmill's fast code differs"
        warnings.warn(f"{sentence} ({wrong}).", RuntimeWarning, stacklevel=2)
        return StockPipeline(nlp)
    drop_unused_attributes(nlp)
    return fast


def drop_unused_attributes(nlp: "Language") -> None:
    """Leave out what a new word is looked through for and no type of token tells: half of what a new word costs.

    Whether it is a stop word, a number, an address … Words that are known already keep what they have.
    """
    getters = cast("Any", nlp.vocab).lex_attr_getters
    kept = {nlp.vocab.strings.as_int(name) for name in FEATURES_OF_TYPES}
    for attribute in set(getters) - kept:
        del getters[attribute]


def reason_against(nlp: "Language") -> str | None:
    """Why our code cannot do what the pipeline does, in a few words; None when it can."""
    from spacy.pipeline.ner import EntityRecognizer
    from spacy.tokenizer import Tokenizer

    recogniser = nlp.config["components"].get("ner", {})
    model = recogniser.get("model", {})
    embed, encode = (model.get("tok2vec", {}).get(part, {}) for part in ("embed", "encode"))
    conditions = {
        "has more components than a recogniser": nlp.pipe_names == ["ner"],
        "is no plain recogniser": recogniser.get("factory") == "ner",
        "has another architecture": architecture(model) in PARSERS and model.get("use_upper") is True,
        "embeds tokens in another way": architecture(embed) in EMBEDDINGS,
        "looks at more than a token's type": FEATURES_OF_TYPES.issuperset(embed.get("attrs", ["none"])),
        "encodes tokens in another way": architecture(encode) in ENCODERS and encode.get("window_size") == 1,
        "has a recogniser of its own": type(nlp.get_pipe("ner")) is EntityRecognizer,
        "has a tokenizer of its own": type(nlp.tokenizer) is Tokenizer,
        "has vectors of parts of words": nlp.vocab.vectors.mode == "default",
    }
    return next((reason for reason, is_met in conditions.items() if not is_met), None)


def architecture(settings: Mapping[str, Any]) -> str:
    """The registered name of what the settings are for."""
    return str(settings.get("@architectures"))


def hold_to_one_thread() -> None:
    """Keep numpy's matrix products in the thread that asks: the workers are the processes, and share the cores."""
    from threadpoolctl import threadpool_limits

    threadpool_limits(1, user_api="blas")


def find_difference(nlp: "Language", fast: FastPipeline) -> str | None:
    """A text of CHECKED_TEXTS that the two mark differently, alone or together with the others; None when none is."""
    together = fast.find_entities(CHECKED_TEXTS)
    for text, found in zip(CHECKED_TEXTS, together, strict=True):
        expected = [(span.start_char, span.end_char, span.label_) for span in nlp(text).ents]
        if not expected == found == fast.find_entities([text])[0]:
            return f"it marks {text[:40]!r} differently"
    return None
