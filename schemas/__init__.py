"""What every table means: one module a table, the accepted values in `reasons`, Arrow and dictionary in `arrow`."""
