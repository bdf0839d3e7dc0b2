"""One test for each hard place; entities are marked by hand, so that only the resolution is judged."""

import pytest

from schemas.reasons import Role, UnresolvedReason
from tasks.enrichment.gazetteer.lookup import Gazetteer
from tasks.enrichment.resolution import locations
from tasks.enrichment.resolution.locations import resolve_articles
from tests.enrichment.marked import find_marked, resolve_marked

HARD_PLACES = [
    ("[Paris] won.", "Paris", "FR.11"),
    ("[Paris], [Texas], won.", "Paris", "US.TX"),
    ("[Paris], [Ky.], won.", "Paris", "US.KY"),
    ("[London], [Ontario]", "London", "CA.08"),
    ("[Troy], [N.C.]", "Troy", "US.NC"),
    ("[Springfield], [Ill.]", "Springfield", "US.IL"),
    ("[Vienna], [Va.]", "Vienna", "US.VA"),
    ("[Lebanon], [Pa.]", "Lebanon", "US.PA"),
    ("[Rome], [GA]", "Rome", "US.GA"),
    ("[St. Petersburg], [Fla.]", "St. Petersburg", "US.FL"),
    ("[Moscow], [Idaho]", "Moscow", "US.ID"),
    ("[Moscow] called it irresponsible", "Moscow", "RU.48"),
    ("[Perth], [Scotland]", "Perth", "GB.SCT"),
    ("[Perth] is hot", "Perth", "AU.08"),
    ("[Sydney], [Nova Scotia]", "Sydney", "CA.07"),
    ("[Hyderabad], [Pakistan]", "Hyderabad", "PK.05"),
    ("[Cordoba], [Spain]", "Cordoba", "ES.51"),
    ("[Cordoba], [Argentina]", "Cordoba", "AR.05"),
    ("[Georgia], [Atlanta] and [Savannah]", "Georgia", "US.GA"),
    ("[Cambridge] near [Boston], [Massachusetts]", "Cambridge", "US.MA"),
    ("[Cambridge] and [Oxford] in [England]", "Cambridge", "GB.ENG"),
    ("[Birmingham] and [Montgomery], [Alabama]", "Birmingham", "US.AL"),
    ("[Birmingham] and [Coventry]", "Birmingham", "GB.ENG"),
    ("[Tripoli] and [Beirut], [Lebanon]", "Tripoli", "LB.09"),
    ("[Tripoli] and [Benghazi], [Libya]", "Tripoli", "LY.77"),
    ("[Odessa] and [Midland], [Texas]", "Odessa", "US.TX"),
    ("[Odesa] was hit", "Odesa", "UA.17"),
    ("[Valencia] and [Caracas]", "Valencia", "VE.07"),
    ("[Victoria] and [Melbourne]", "Victoria", "AU.07"),
    ("[Victoria] and [Vancouver], [British Columbia]", "Victoria", "CA.02"),
    ("[Alexandria] and [Cairo]", "Alexandria", "EG.06"),
    ("[Kingston] and [Ottawa], [Ontario]", "Kingston", "CA.08"),
    ("[Hamilton] and [Auckland]", "Hamilton", "NZ.G1"),
    ("[Newcastle] and [Sydney]", "Newcastle", "AU.02"),
    ("[Washington] said", "Washington", "US.DC"),
    ("[Washington] and [Seattle] and [Spokane]", "Washington", "US.WA"),
    ("[Manchester] won", "Manchester", "GB.ENG"),
    ("[San Jose], [Costa Rica]", "San Jose", "CR.08"),
    ("[San Jose], [Calif.]", "San Jose", "US.CA"),
    ("[L.A.] won", "L.A.", "US.CA"),
    ("[Ft. Worth] won", "Ft. Worth", "US.TX"),
    ("[Rafah] and [Khan Younis]", "Rafah", "PS.GZ"),
    ("[Crimea] is held", "Crimea", "UA.11"),
    ("[Northern Ireland] voted", "Northern Ireland", "GB.NIR"),
]


@pytest.mark.parametrize(("marked", "surface", "admin1_code"), HARD_PLACES)
def test_a_hard_place_lies_where_the_article_means(
    marked: str, surface: str, admin1_code: str, gazetteer: Gazetteer
) -> None:
    place = next(found.place for found in resolve_marked(marked, gazetteer) if found.toponym.surface == surface)
    assert place is not None
    assert place.admin1_code == admin1_code


@pytest.mark.parametrize(
    ("marked", "name", "feature_code"),
    [
        ("[Georgia] and [Tbilisi]", "Georgia", "PCLI"),
        ("[Jordan] and [Amman]", "Jordan", "PCLI"),
        ("[Lebanon] votes", "Lebanon", "PCLI"),
        ("[Congo] votes", "Democratic Republic of the Congo", "PCLI"),
        ("[Niger] votes", "Niger", "PCLI"),
        ("[Turkey] votes", "Turkey", "PCLI"),
        ("[Holland] votes", "Netherlands", "PCLI"),
        ("[Burma] votes", "Myanmar", "PCLI"),
        ("the [U.S.] votes", "United States", "PCLI"),
        ("the [UK] votes", "United Kingdom", "PCLI"),
        ("[Delaware] votes", "Delaware", "ADM1"),
        ("[Kharkiv region] is hit", "Kharkiv Oblast", "ADM1"),
        ("[New York] state votes", "New York", "ADM1"),
        ("[New York] votes", "New York City", "PPL"),
        ("[Kharkiv] and [Dnipro] are hit", "Kharkiv", "PPL"),
        ("the city of [Kherson]", "Kherson", "PPL"),
        ("[Gaza] is hit", "Gaza Strip", "RGN"),
        ("[Donbas|LOC] is hit", "Donbas", "RGN"),
        ("[Middle East|LOC] talks", "Middle East", "RGN"),
        ("[South China Sea|LOC]", "South China Sea", "SEA"),
        ("[Strait of Hormuz|LOC]", "Strait of Hormuz", "STRT"),
        ("[Dnieper|LOC]", "Dnieper", "STM"),
        ("[Himalayas|LOC]", "Himalayas", "MTS"),
        ("[Amazon|LOC] fires", "Amazon", "RGN"),
        ("the [Kremlin|FAC] said", "Kremlin", "BLDG"),
        ("[The Hague] ruled", "The Hague", "PPL"),
        ("[São Paulo] votes", "São Paulo", "PPL"),
        ("[Europe|LOC] votes", "Europe", "CONT"),
    ],
)
def test_a_place_is_of_the_kind_the_article_means(
    marked: str, name: str, feature_code: str, gazetteer: Gazetteer
) -> None:
    place = resolve_marked(marked, gazetteer)[0].place
    assert place is not None
    assert (place.name, place.feature_code) == (name, feature_code)


@pytest.mark.parametrize(
    ("marked", "surface", "role", "name"),
    [
        ("[French|NORP] farmers", "French", Role.DEMONYM, "France"),
        ("[Londoners|NORP] vote", "Londoners", Role.DEMONYM, "London"),
        ("[Texans|NORP] vote", "Texans", Role.DEMONYM, "Texas"),
        ("[Scottish|NORP] farmers", "Scottish", Role.DEMONYM, "Scotland"),
        ("[European|NORP] leaders", "European", Role.DEMONYM, "Europe"),
        ("[South Koreans|NORP] vote", "South Koreans", Role.DEMONYM, "South Korea"),
        ("[French Navy|ORG]", "French", Role.ORGANISATION, "France"),
        ("[Bank of England|ORG]", "England", Role.ORGANISATION, "England"),
        ("[Chicago Police Department|ORG]", "Chicago", Role.ORGANISATION, "Chicago"),
        ("[Florida Department of Health|ORG]", "Florida", Role.ORGANISATION, "Florida"),
        ("[U.S. District Court|ORG]", "U.S.", Role.ORGANISATION, "United States"),
        ("[Boston Marathon Hall|FAC]", "Boston", Role.ORGANISATION, "Boston"),
    ],
)
def test_a_place_can_be_named_through_its_people_or_an_organisation(
    marked: str, surface: str, role: Role, name: str, gazetteer: Gazetteer
) -> None:
    (found,) = resolve_marked(marked, gazetteer)
    assert found.place is not None
    assert (found.toponym.surface, found.toponym.role, found.place.name) == (surface, role, name)


@pytest.mark.parametrize(
    "marked",
    [
        "[Amazon|ORG] hires",
        "[Jordan|PERSON] scores",
        "[Superior Court|ORG] rules",
        "[University of Life|ORG]",
        "[Coast Guard|ORG]",
        "[Jews|NORP] pray",
    ],
)
def test_what_only_looks_like_a_place_is_none(marked: str, gazetteer: Gazetteer) -> None:
    assert resolve_marked(marked, gazetteer) == []


@pytest.mark.parametrize(
    ("marked", "reason"),
    [
        ("the [West|LOC] fears", UnresolvedReason.BLACKLISTED),
        ("[Qwghlm] votes", UnresolvedReason.NOT_IN_GAZETTEER),
        ("[Springfield] votes", UnresolvedReason.LOW_CONFIDENCE),
    ],
)
def test_an_unresolved_place_says_why(marked: str, reason: UnresolvedReason, gazetteer: Gazetteer) -> None:
    (found,) = resolve_marked(marked, gazetteer)
    assert (found.place, found.unresolved_reason) == (None, reason)


def test_an_unlikely_place_is_named_as_the_runner_up(gazetteer: Gazetteer) -> None:
    (found,) = resolve_marked("[Springfield] votes", gazetteer)
    assert found.runner_up is not None
    assert found.confidence is not None
    assert found.confidence < 0.4


SAID_WHERE = [
    ("[Alexandria], [Louisiana]", "Alexandria", "US.LA"),
    ("[Paris] in [Texas]", "Paris", "US.TX"),
    ("in [Paris], in the US state of [Texas],", "Paris", "US.TX"),
    ("in [Paris], a town in [Texas],", "Paris", "US.TX"),
    ("the [Kent] town of [Ashford]", "Ashford", "GB.ENG"),
    ("the [Canadian|NORP] city of [London]", "London", "CA.08"),
    ("[Ohio]'s [Dublin]", "Dublin", "US.OH"),
    ("[Buffalo], [New York]", "New York", "US.NY"),
    ("[Moscow|GPE], [Idaho], not [Boise]", "Moscow", "US.ID"),
]


@pytest.mark.parametrize(("marked", "surface", "admin1_code"), SAID_WHERE)
def test_the_words_between_say_what_lies_where(
    marked: str, surface: str, admin1_code: str, gazetteer: Gazetteer
) -> None:
    found = next(found for found in resolve_marked(marked, gazetteer) if found.toponym.surface == surface)
    assert found.place is not None
    assert (found.place.admin1_code, found.method) == (admin1_code, "containment")


@pytest.mark.parametrize(
    ("marked", "codes"),
    [
        # No home in the article: the cities that agencies write without a country.
        ("[Paris], [London] and [Chicago]", ["FR.11", "GB.ENG", "US.IL"]),
        ("[Dublin] and [Athens] agreed", ["IE.L", "GR.ESYE31"]),
        # The article has a home.
        ("[Paris] beside [Puryear] in [Henry County], [Tennessee]", ["US.TN", "US.TN", "US.TN", "US.TN"]),
        ("[Dublin], [Columbus] and [Franklin County]", ["US.OH", "US.OH", "US.OH"]),
        ("[London], [Woodstock] and [St. Thomas] in [Ontario]", ["CA.08", "CA.08", "CA.08", "CA.08"]),
        # A dateline.
        ("[PARIS], [Tenn.] (AP) - Rain fell. The mayor of [Paris] said so.", ["US.TN", "US.TN", "US.TN"]),
        # A list of states.
        ("[Missouri], [New York] and [Virginia]", ["US.MO", "US.NY", "US.VA"]),
        ("[Georgia], [Oklahoma], [Pennsylvania] and [Wisconsin]", ["US.GA", "US.OK", "US.PA", "US.WI"]),
        # A people.
        ("[Canadian|NORP] police in [Vancouver] and [Victoria]", [None, "CA.02", "CA.02"]),
    ],
)
def test_the_rest_of_the_article_says_which_namesake(
    marked: str, codes: list[str | None], gazetteer: Gazetteer
) -> None:
    assert [found.place and found.place.admin1_code for found in resolve_marked(marked, gazetteer)] == codes


def test_a_list_of_states_names_no_cities(gazetteer: Gazetteer) -> None:
    for marked in ("[Missouri], [New York] and [Virginia]", "[Georgia], [Oklahoma], [Pennsylvania] and [Wisconsin]"):
        assert {found.place and found.place.kind for found in resolve_marked(marked, gazetteer)} == {"admin1"}


def test_a_name_means_one_place_throughout(gazetteer: Gazetteer) -> None:
    found = resolve_marked("[Paris], [Texas], is dry. [Paris] prays for rain.", gazetteer)
    assert {one.place.admin1_code for one in found if one.place} == {"US.TX"}


@pytest.mark.parametrize(
    ("marked", "surface", "names"),
    [
        ("[Paris], [Texas], is no [Paris], [France].", "Paris", ["US.TX", "FR.11"]),
        ("[Atlanta], [Georgia], and [Georgia], the former Soviet republic, in 1991.", "Georgia", ["US.GA", None]),
        ("[New York] state taxes; [New York] dances.", "New York", ["ADM1", "PPL"]),
    ],
)
def test_the_text_itself_may_say_otherwise(
    marked: str, surface: str, names: list[str | None], gazetteer: Gazetteer
) -> None:
    found = [one.place for one in resolve_marked(marked, gazetteer) if one.toponym.surface == surface]
    assert [place and (place.admin1_code if "ADM1" not in names else place.feature_code) for place in found] == names


def test_a_place_said_to_lie_where_none_of_its_name_is_known_is_not_put_elsewhere(gazetteer: Gazetteer) -> None:
    bradford, ontario = resolve_marked("[Grantville], [Pennsylvania]", gazetteer)
    assert (bradford.place, bradford.unresolved_reason) == (None, UnresolvedReason.LOW_CONFIDENCE)
    assert ontario.place is not None


def test_words_of_local_news_make_a_famous_place_less_likely(gazetteer: Gazetteer) -> None:
    (world,) = resolve_marked("The ministers and the president of [Athens] met today", gazetteer)
    (local,) = resolve_marked("The sheriff and the councilman of [Athens] met downtown", gazetteer)
    assert world.confidence is not None
    assert local.confidence is not None
    assert local.confidence < world.confidence - 0.1


def test_two_spellings_of_one_name_do_not_vote_for_each_other(gazetteer: Gazetteer) -> None:
    once = resolve_marked("[Paris] voted", gazetteer)[0].confidence
    twice = resolve_marked("[Paris] voted in [Paris City]", gazetteer)[0].confidence
    assert once is not None
    assert twice == once


def test_two_places_in_one_span_are_two_mentions(gazetteer: Gazetteer) -> None:
    found = resolve_marked("[Portland, Maine]", gazetteer)
    assert [(one.toponym.surface, one.place and one.place.admin1_code) for one in found] == [
        ("Portland", "US.ME"),
        ("Maine", "US.ME"),
    ]


def test_the_evidence_is_named(gazetteer: Gazetteer) -> None:
    def methods(marked: str) -> list[str | None]:
        return [found.method for found in resolve_marked(marked, gazetteer)]

    assert methods("[Paris], [Texas]") == ["containment", "containment"]
    assert methods("[Paris]") == ["prominence"]
    assert methods("[Wuhan]") == ["only_candidate"]
    assert methods("[French|NORP]") == ["demonym"]
    assert methods("[Cambridge] near [Boston], [Massachusetts]")[0] == "context"


COMPANY = [
    "[Paris], [Texas], and [Dallas] have a sheriff.",
    "[Paris]",
    "[London], [Paris] and [Berlin] voted; [London] again.",
    "The councillors of [Reading] met in [Oxford].",
    "[Nowhereville|GPE]",
    "[Missouri], [New York], [Virginia] and [Georgia] voted, [Springfield] did not, said the sheriff's deputy.",
]


def test_an_article_means_the_same_places_alone_and_in_company(
    gazetteer: Gazetteer, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = [resolve_marked(marked, gazetteer) for marked in COMPANY]
    texts, toponyms = zip(*(find_marked(marked, gazetteer) for marked in COMPANY), strict=True)
    sources = [None] * len(texts)
    assert resolve_articles(texts, toponyms, sources, gazetteer) == alone
    # Weighed by twos and threes.
    monkeypatch.setattr(locations, "MOST_MENTIONS_TOGETHER", 6)
    assert resolve_articles(texts, toponyms, sources, gazetteer) == alone


def test_a_very_long_list_of_places_is_resolved_in_stretches(gazetteer: Gazetteer) -> None:
    names = ["Springfield", "Portland", "Alexandria", "San Jose", "Santa Cruz", "Kingston", "Troy", "Clinton"]
    found = resolve_marked("; ".join(f"[{name}]" for name in names * 300), gazetteer)
    assert [one.toponym.surface for one in found] == names * 300
