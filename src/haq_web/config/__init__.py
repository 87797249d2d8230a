"""Settings from the environment, the root of all URLs, and the entrance for servers."""
