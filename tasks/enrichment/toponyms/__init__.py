"""Which names are places, and which places the model missed."""
