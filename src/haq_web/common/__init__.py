"""What every page shares: the frame, the home page, and how a view declares its access."""
