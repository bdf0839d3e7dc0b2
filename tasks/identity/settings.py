"""What a user can set about identity; apart, since it is read by commands that compare nothing."""

# Copies come within weeks; the same words a season later are a new item.
WINDOW_DAYS = 45
