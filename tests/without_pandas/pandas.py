"""Stands before pandas where newsmill's own processes look for it: nobody who installs newsmill alone has it.

PyArrow imports pandas, where it finds it, before it makes its first array: a third of a second in each of the hundreds
of processes that tests start.
"""

raise ImportError("Tests hide pandas from newsmill's processes.")
