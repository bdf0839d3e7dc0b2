"""Small news texts: one story and what other papers made of it, and texts that only look alike."""

FLOOD = """The bridge over the river Aire in the centre of Leeds was closed to all traffic on Monday morning after two
days of heavy rain had raised the water by more than two metres. Engineers of the city council found cracks in the
northern pier and said that the bridge would stay shut until divers could examine the foundations, which may take until
the end of the week. Some forty shops on the southern bank were evacuated as a precaution, and the market was moved to
the car park behind the railway station. The Environment Agency expects the river to fall slowly from Tuesday on but
warned that more rain is forecast for the weekend. Ada Lovelace, who leads the council, thanked the fire brigade and
asked people to stay away from the banks."""

# A subeditor's version: the same story with some sentences changed.
REWORDED = FLOOD.replace(
    "Some forty shops on the southern bank were evacuated as a precaution", "Forty shops had to close"
)

# A paper with less room took the first half.
CUT = " ".join(FLOOD.split()[: len(FLOOD.split()) // 2])

ELECTION = """Voters in the northern district go to the polls on Thursday to choose a new member of parliament after the
sudden resignation of the long-serving representative in October. Four candidates are standing, among them the former
head of the county hospital and a farmer who had not been active in politics before. Observers expect a close race
between the two largest parties, because the main issue of the campaign, the planned closure of two village schools,
divides both of them. Polling stations are open from seven in the morning until ten in the evening, and a result is
expected before dawn on Friday."""


def weather(low: int, high: int, rain: int, wind: int, humidity: int) -> str:
    """A report that repeats a template: only its numbers are news."""
    return f"""The weather station at the airport reports a lowest temperature of {low} degrees and a highest
temperature of {high} degrees for the day. Rainfall amounted to {rain} millimetres, and the wind reached {wind}
kilometres an hour from the west. Relative humidity was {humidity} per cent at noon. The station has measured without
interruption since it was moved to its present site beside the northern runway, and its figures are checked every
evening by the duty forecaster before they are passed on to newspapers and to the public."""
