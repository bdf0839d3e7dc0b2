"""What each piece of evidence for a place is worth, in one table.

A place's score is a sum: what it is, how its name matches, what the words around it and the other places of the
article say. A softmax over the places of a name makes probabilities of scores, so a weight is a logarithm of odds.
"""

# How prominent it is: times log10 of its inhabitants.
PROMINENCE = 1.0
# How the name matches: by the rank of the name (0 its own, 1 another, 2 cut short).
NAME_RANK = (0.0, -1.88, -2.88)
# What kind of thing it is.
KIND = {
    "country": 3.2,
    "continent": 4.8,
    "region": 3.71,
    "capital": 1.48,
    "admin1": 2.16,
    "feature": 0.3,
    "city": 0.0,
    "admin2": -0.5,
}
# A division named like a city in it (Moscow, Odesa): news says "region" when it means the division. It holds for large
# cities, and for those that hold a good part of their division's people.
DIVISION_OF_NAMESAKE_CITY = -2.8
NAMESAKE_CITY_PEOPLE = 500_000
NAMESAKE_CITY_SHARE = 0.1
# "Kharkiv Oblast", "New York state", "the city of Kherson": the kind of place that the words say.
SAID_KIND = 4.0
# "Georgia, the former Soviet republic".
SAID_COUNTRY = 10.0
# overrides.csv says which bearer of a name news means ("Washington").
PREFERRED = 1.67
# standalone_cities.csv: news agencies write the name alone when they mean this bearer of it. Local news does not.
STANDALONE = 2.0

# "Paris, Texas", "Texas (Paris)": worth more than most differences in size.
CONTAINMENT = 12.0
# "Paris in Texas", "Paris, the Texas town": half of it.
LOOSE_CONTAINMENT_SHARE = 0.5
# "Grantville, Pennsylvania" where no Grantville is known: added to "none of these".
KNOWN_ELSEWHERE_ONLY = 5.0

# What else the article names: times the share of its places in the same country, the same division.
SAME_COUNTRY = 3.72
SAME_DIVISION = 4.14
# That any other name can mean a place in the same division, however unlikely: its likelihood is steeply enlarged.
DIVISION_BACKED = 1.56
BACKING_STEEPNESS = 60.0
# Times the sum of a bell curve of the distances to other towns, at most MOST_NEIGHBOURS.
PROXIMITY = 2.05
PROXIMITY_KM = 114.0
MOST_NEIGHBOURS = 2.0
# "Missouri, New York and Virginia": times how likely the neighbours in a list are of its kind.
SAME_LIST = 2.2
# How loudly a name speaks: 1, more with each mention, more for a dateline, less for a demonym.
DATELINE = 1.0
DEMONYM_LOUDNESS = 0.6

# That the article has the words of local news in the place's country ("sheriff", "councillor"): times 0 to 1, of which
# WORDS_TO_TELL such words bring 0.63.
TOLD_COUNTRY = 0.8
WORDS_TO_TELL = 2.0
# Local news means local places: how much less the logarithm of inhabitants then counts.
FAME_IN_LOCAL_NEWS = 0.5

# The sense "none of these": a town that the gazetteer lacks, no place at all.
NONE_OF_THESE = 3.7
# What the model calls a natural place or a building is seldom the town of that name.
NONE_OF_THESE_TOWNS = 4.9

# The names speak for one another in rounds, until no probability moves any more.
MOST_ROUNDS = 4
SETTLED = 0.05
MOST_CANDIDATES = 40

# From the probability to the share of answers that are right, a logistic regression: its constant, times log(p), times
# -log(1 - p), and for a place inside an organisation's name.
CONFIDENCE_BASE = 0.72
CONFIDENCE_OF_PROBABILITY = 0.75
CONFIDENCE_OF_REST = 0.45
CONFIDENCE_EMBEDDED = -0.46
# Of 470 demonyms 99 % named the right country.
DEMONYM_CONFIDENCE = 0.99
