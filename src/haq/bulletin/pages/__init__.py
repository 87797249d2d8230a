"""The pages of the bulletin: each a function of what every page knows (``Desk``) and of one value."""
