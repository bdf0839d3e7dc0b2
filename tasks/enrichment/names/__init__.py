"""What an article calls each person, organisation and thing at its fullest."""
