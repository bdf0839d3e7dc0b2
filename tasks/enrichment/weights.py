"""What each piece of evidence for a place is worth, in one table.

A candidate's score is a sum: what it is, how its name matches, and what the article says. Scores become
probabilities by a softmax with SHARPNESS. The weights were fitted by hand on four public corpora of news (LGL,
TR-News, GeoWebNews, GeoVirus) before this project and have not been tuned since.
"""

# How prominent it is: times log10 of its inhabitants.
PROMINENCE = 1.0
# How the name matches: times the rank of the name (0 its own, 1 another, 2 cut short).
OTHER_NAME = -1.5
# What kind of thing it is.
KIND = {
    "country": 4.0,
    "continent": 4.0,
    "region": 3.0,
    "capital": 1.5,
    "admin1": 1.2,
    "feature": 0.5,
    "city": 0.0,
    "admin2": -0.6,
}
# A division named like a city in it (Moscow, Odesa): news says "region" when it means the division. It holds for large
# cities, and for those that hold a good part of their division's people.
DIVISION_OF_NAMESAKE_CITY = -3.0
NAMESAKE_CITY_PEOPLE = 500_000
NAMESAKE_CITY_SHARE = 0.1
# "Kharkiv Oblast", "New York state", "the city of Kherson": the kind of place that the words say.
SAID_KIND = 4.0
# "Paris, Texas", "Texas (Paris)": worth more than any difference in size. The container gets half: it is no town.
CONTAINMENT = 8.0
CONTAINER_SHARE = 0.5
# "Paris in Texas", "Paris, the Texas town": half of it.
LOOSE_CONTAINMENT_SHARE = 0.5
# What else the article names: times the share of its places in the same country, the same division.
SAME_COUNTRY = 3.0
SAME_DIVISION = 2.5
# Times the sum of exp(-distance / PROXIMITY_KM) to its other towns, at most MOST_NEIGHBOURS.
PROXIMITY = 2.0
PROXIMITY_KM = 120.0
MOST_NEIGHBOURS = 2.0
# A demonym speaks for its country half as loudly as a place does.
DEMONYM_SHARE = 0.5

# overrides.csv says which bearer of a name news means ("Washington"): a factor of 100 in size.
PREFERRED = 2.0
# The sense "none of these": a town that the gazetteer lacks, no place at all. Of lone small towns (3,000 people) three
# in four were right on LGL and GeoVirus, of those that are only also called so one in three: this score gives both.
NONE_OF_THESE = 2.5
# What the model calls a natural place or a building is seldom the town of that name: less than half were right.
NONE_OF_THESE_TOWNS = 3.5

SHARPNESS = 1.2
ROUNDS = 3
MOST_CANDIDATES = 25
# From probability to the share that was right on LGL and GeoVirus: of the surest, 4 % were wrong all the same.
SUREST = 0.96
# A place inside an organisation's name is the place meant less often.
EMBEDDED_SHARE = 0.85
DEMONYM_CONFIDENCE = 0.95
