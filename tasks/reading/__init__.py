"""From a folder of raw dumps to articles and refusals: discovery, contents, parsing are the ways in."""
