"""`pipeline_id`: one hash of everything that derives a row, so that stale rows can be found."""

from collections.abc import Iterable
from functools import cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from tasks.enrichment.gazetteer.files import chosen_path, gazetteer_fingerprint
from tasks.enrichment.models import model_version
from tasks.enrichment.reference import reference_files
from tasks.enrichment.settings import EnrichmentSettings

HERE = Path(__file__).parent
DERIVING_ROOMS = (HERE.parent / "aliases", HERE.parent / "reading", HERE)
DERIVING_PACKAGES = ("spacy", "ftfy")


def pipeline_id(settings: EnrichmentSettings) -> str:
    """16 hexadecimal digits over code, models, gazetteer, reference tables and settings; loads no model."""
    # The variable that names the gazetteer may change while a program runs.
    return id_with(settings, chosen_path(settings))


@cache
def id_with(settings: EnrichmentSettings, _chosen: Path | None) -> str:
    """The id, made once for each gazetteer that was chosen."""
    parts = [
        *(hash_files(sorted(room.rglob("*.py"))) for room in DERIVING_ROOMS),
        hash_files(reference_files()),
        gazetteer_fingerprint(settings),
        *(model_version(model) for model in settings.all_models),
        *(f"{package} {installed_version(package)}" for package in DERIVING_PACKAGES),
        # The place of the gazetteer's file says nothing about what is in it.
        repr((settings.model, settings.languages, settings.apart)),
    ]
    return sha256("\n".join(parts).encode()).hexdigest()[:16]


def hash_files(paths: Iterable[Path]) -> str:
    """Hash of the files' names and bytes."""
    digest = sha256()
    for path in paths:
        digest.update(f"{path.name}\n".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def installed_version(package: str) -> str:
    """The version a package says it has, `none` when it is not installed."""
    try:
        return version(package)
    except PackageNotFoundError:
        return "none"
