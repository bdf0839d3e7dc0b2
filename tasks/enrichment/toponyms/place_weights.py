"""What each sign that a name is a place is worth, in one table.

Each weight is a log-odds, from a logistic regression over 4,005 names that the model marked as something else or not
at all (516 of them places; LGL and GeoVirus), rounded by hand; the same signs are what English grammar leads to expect.
"""

# What the model said: not marking a name at all is stronger than marking it wrongly.
START = {"": -4.1, "ORG": -2.2, "PERSON": -2.4}
START_OTHERWISE = -2.0
# Times log10 of the inhabitants of the largest place of that very name.
PROMINENCE = 0.23
LARGE_KINDS = frozenset(["country", "admin1", "continent", "region", "capital"])
LARGE = 1.0
COUNTY = 0.8
ONLY_OTHER_NAME = -1.8
MORE_WORDS = 0.6
MORE_WORDS_UNMARKED = 2.1
SHORT = -2.0
# "in Rolling Meadows", "from Hanover", "the mayor of Tyler", "a Tyler man".
PLACE_PREPOSITIONS = "in near outside around downtown across between throughout inside into"
PREPOSITIONS = "from at through to toward towards"
ARTICLES_AND = "a an and"
# What armies and travellers do to places.
VERBS = "shelled bombed bombarded besieged captured recaptured seized evacuated reached entered"
TITLES = (
    "president mr mrs ms dr sen senator rep gov governor judge justice king queen prince princess coach officer sir"
)
BEFORE = {
    **dict.fromkeys(TITLES.split(), -3.0),
    **dict.fromkeys(PLACE_PREPOSITIONS.split(), 2.1),
    **dict.fromkeys(PREPOSITIONS.split(), 1.2),
    **dict.fromkeys(VERBS.split(), 1.2),
    **dict.fromkeys(ARTICLES_AND.split(), 0.8),
    "of": 1.7,
}
# "the Honda", "the White House": a town takes no article, whatever stands before it.
AFTER_ARTICLE = -2.5
WHAT_A_PLACE_HAS = """police man men woman women resident residents native teen teenager couple boy girl mayor officials
officers sheriff firefighters fire council councillor councilman students school schools hospital airport house home
area region province district county counties parish city town village township suburb neighborhood neighbourhood
border coast central campus street state based government governor lawyer attorney"""
# People speak and are spoken of; towns seldom.
WHAT_PEOPLE_DO = "said says told also added had has was is would will whose who"
AFTER = {
    **dict.fromkeys(WHAT_A_PLACE_HAS.split(), 2.2),
    **dict.fromkeys(WHAT_PEOPLE_DO.split(), -0.4),
}
# "Mark Doe, 54, of Tyler"
HOME = 2.0
# "Campbell's lawyer", "Robertson's daughter": what people have, towns have without the apostrophe.
KIN_WORDS = "daughter son wife husband father mother brother sister family lawyer attorney death body"
KIN = frozenset(KIN_WORDS.split())
KIN_AFTER = -2.0
# "Falcon 9", "March 31", "US$50"
BEFORE_NUMBER = -2.0
INSIDE_NEXT = 3.0
BETWEEN_PLACES = 3.0
DATELINE = 2.6
PLACE_ELSEWHERE = 2.2
# Less where the other mention was itself found by evidence.
FOUND_ELSEWHERE = 1.3
PERSON_ELSEWHERE = -3.2
GIVEN_NAME = -2.2
LOWER_CASE_ELSEWHERE = -2.5
KIND_OF_LIST = 3.0
# "St. Patrick's Day", "St. Mary's students" are of the saint.
SAINTS_OWN = -3.0
# Log-odds of 0.4: below it more than half of what is let in is no place.
LEAST_EVIDENCE = -0.4
