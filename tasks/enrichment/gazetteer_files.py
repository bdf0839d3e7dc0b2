"""Where the compiled gazetteer lies, which inputs it was made from, and making it when it is not there."""

from tasks.enrichment.settings import EnrichmentSettings


def gazetteer_fingerprint(settings: EnrichmentSettings) -> str:
    """Hash of the inputs of the gazetteer that `settings` name."""
    return str(settings.gazetteer)
