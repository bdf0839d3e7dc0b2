"""Names that several places, people or things share, each in a sentence; entities are marked by hand."""

import pytest

from tasks.enrichment.gazetteer.lookup import Gazetteer
from tests.enrichment.marked import resolve_marked

# The marked sentence, the name in it; name, country and feature code of the place meant, None where all will do.
HARD_PLACES = [
    ("Protesters marched in [Paris] and [Lyon].", "Paris", "Paris", "FR", "PPLC"),
    ("A tornado hit [Paris], [Texas], and moved to [Dallas].", "Paris", "Paris", "US", "PPL"),
    ("[London] and [Toronto], [Ontario], are joined by Highway 401.", "London", "London", "CA", "PPL"),
    ("The mayor of [London] met the [British|NORP] prime minister.", "London", "London", "GB", "PPLC"),
    ("[Georgia] accused [Russia] of shelling villages near [Tbilisi].", "Georgia", "Georgia", "GE", "PCLI"),
    ("Voters in [Georgia], [Alabama] and [Florida] went to the polls.", "Georgia", "Georgia", "US", "ADM1"),
    ("[Washington] and [Moscow] disagree.", "Washington", "Washington", "US", "PPLC"),
    ("Wildfires burn in [Oregon], [Washington] and [Idaho].", "Washington", "Washington", "US", "ADM1"),
    ("[Moscow] and [Kyiv] exchanged prisoners.", "Moscow", "Moscow", "RU", "PPLC"),
    ("[Cambridge] and [Oxford], [England]", "Cambridge", "Cambridge", "GB", "PPL"),
    ("[Cambridge], [Massachusetts]", "Cambridge", "Cambridge", "US", "PPL"),
    ("[Birmingham] and [Manchester], [England]", "Birmingham", "Birmingham", "GB", "PPL"),
    ("[Birmingham], [Alabama]", "Birmingham", "Birmingham", "US", "PPL"),
    ("The [Amazon|LOC] burns, says [Brazil].", "Amazon", "Amazon", None, "RGN"),
    ("Police in [Kent], [England]", "Kent", "Kent", "GB", "ADM2"),
    ("[Arlington], [Virginia]", "Arlington", "Arlington", "US", "PPL"),
    ("[Arlington], [Texas]", "Arlington", "Arlington", "US", "PPL"),
    ("[Delaware] and [Maryland] vote.", "Delaware", "Delaware", "US", "ADM1"),
    ("[Jordan] and [Egypt] border [Israel].", "Jordan", "Jordan", "JO", "PCLI"),
    ("An attack in [Nice] on the coast of [France].", "Nice", "Nice", "FR", "PPL"),
    ("Trains from [Reading] to [London], [England]", "Reading", "Reading", "GB", "PPL"),
    ("[Chad] and [Niger] fight in the [Sahel|LOC].", "Chad", "Chad", "TD", "PCLI"),
    ("[Chad] and [Niger] fight in the [Sahel|LOC].", "Niger", "Niger", "NE", "PCLI"),
    ("The [Niger|LOC] river floods [Mali].", "Mali", "Mali", "ML", "PCLI"),
    ("[Mobile], [Alabama]", "Mobile", "Mobile", "US", "PPL"),
    ("[Victoria] and [New South Wales] are states of [Australia].", "Victoria", "Victoria", "AU", "ADM1"),
    ("[Victoria], [British Columbia]", "Victoria", "Victoria", "CA", "PPL"),
    ("[Lebanon] and [Syria] are neighbours.", "Lebanon", "Lebanon", "LB", "PCLI"),
    ("[Lebanon], [Tennessee]", "Lebanon", "Lebanon", "US", "PPL"),
    ("Ebola spreads in [Guinea] and [Sierra Leone].", "Guinea", "Guinea", "GN", "PCLI"),
    ("A coup in [Guinea]-Bissau.", "Guinea-Bissau", "Guinea-Bissau", "GW", "PCLI"),
    ("A coup in [Equatorial Guinea].", "Equatorial Guinea", "Equatorial Guinea", "GQ", "PCLI"),
    ("[Papua New Guinea] and [Fiji]", "Papua New Guinea", "Papua New Guinea", "PG", "PCLI"),
    ("the [Democratic Republic of the Congo]", "Democratic Republic of the Congo", None, "CD", "PCLI"),
    ("[Congo]-Brazzaville", "Congo-Brazzaville", None, "CG", "PCLI"),
    ("[North Korea] and [South Korea] talk.", "North Korea", "North Korea", "KP", "PCLI"),
    ("[North Korea] and [South Korea] talk.", "South Korea", "South Korea", "KR", "PCLI"),
    ("[Holland] beat [Germany].", "Holland", "Netherlands", "NL", "PCLI"),
    ("[Ireland] and the [United Kingdom]", "Ireland", "Ireland", "IE", "PCLI"),
    ("[Northern Ireland]", "Northern Ireland", "Northern Ireland", "GB", "ADM1"),
    ("[Luxembourg] and [Belgium]", "Luxembourg", "Luxembourg", "LU", "PCLI"),
    ("[Mexico] and [Guatemala]", "Mexico", "Mexico", "MX", "PCLI"),
    ("[New Mexico] and [Arizona]", "New Mexico", "New Mexico", "US", "ADM1"),
    ("[York] and [Leeds], [England]", "York", "York", "GB", "PPL"),
    ("[Jersey] and [Guernsey]", "Jersey", "Jersey", "JE", "PCLD"),
    ("[New Jersey] and [New York] commuters", "New Jersey", "New Jersey", "US", "ADM1"),
    ("the [Isle of Man]", "Isle of Man", "Isle of Man", "IM", "PCLD"),
    ("Aid for [Gaza] and the [West Bank]", "Gaza", "Gaza Strip", "PS", "RGN"),
    ("fighting in the [Donbas|LOC]", "Donbas", "Donbas", "UA", "RGN"),
    ("[Crimea] and [Sevastopol]", "Crimea", "Crimea", "UA", "ADM1"),
    ("[Kashmir] between [India] and [Pakistan]", "Kashmir", None, None, None),
    ("[Hebei] province in [China]", "Hebei", "Hebei", "CN", "ADM1"),
    ("farmers in [Maharashtra], [India]", "Maharashtra", "Maharashtra", "IN", "ADM1"),
    ("from [Nyanza Province] in [Kenya]", "Nyanza Province", "Nyanza Province", "KE", "RGN"),
    ("in [North Eastern Province], [Kenya]", "North Eastern Province", "North Eastern Province", "KE", "RGN"),
    ("in [Kasai Occidental], [Congo]", "Kasai Occidental", "Kasai Occidental", "CD", "RGN"),
    ("flights from [Heathrow|FAC]", "Heathrow", "Heathrow Airport", "GB", "AIRP"),
    ("at [Luxor International Airport|FAC]", "Luxor International Airport", None, "EG", "AIRP"),
    ("on [Lake Athabasca|LOC]", "Lake Athabasca", "Lake Athabasca", None, "LK"),
    ("in [Manhattan] and [Brooklyn], [New York]", "Brooklyn", "Brooklyn", "US", "PPL"),
    ("a theatre in [Piccadilly|LOC], [London]", "Piccadilly", "Piccadilly", "GB", "SQR"),
    ("off the coast of [eastern Ukraine]", "eastern Ukraine", "Ukraine", "UA", "PCLI"),
    ("in [Metro Vancouver], [Canada]", "Metro Vancouver", "Vancouver", "CA", "PPL"),
    ("in the [Village of Glen Carbon], [Illinois]", "Village of Glen Carbon", "Glen Carbon", "US", "PPL"),
    ("the [Pacific|LOC] and the [Atlantic|LOC]", "Pacific", "Pacific Ocean", None, "OCN"),
    ("jazz in the [Big Easy|LOC]", "Big Easy", "New Orleans", "US", "PPL"),
]


@pytest.mark.parametrize(("marked", "surface", "meant"), [(row[0], row[1], row[2:]) for row in HARD_PLACES])
def test_a_hard_place_is_the_one_meant(
    marked: str, surface: str, meant: tuple[str | None, str | None, str | None], gazetteer: Gazetteer
) -> None:
    place = next(found.place for found in resolve_marked(marked, gazetteer) if found.toponym.surface == surface)
    assert place is not None
    for expected, column in zip(meant, (place.name, place.country_code, place.feature_code), strict=True):
        assert expected in (None, column)


@pytest.mark.parametrize(
    "marked",
    [
        "[Jordan|PERSON] scored 30 points.",
        "[Amazon|ORG] hires.",
        "Read this Reading list.",
        "a [Chad|PERSON] Smith film",
        "a Mobile phone",
    ],
)
def test_a_namesake_of_a_place_is_no_place(marked: str, gazetteer: Gazetteer) -> None:
    assert resolve_marked(marked, gazetteer) == []
