"""Which names are one in every article, and which never are: the alias files and what they mean."""
