"""Which vote helps which aim, and by how much: read ``effects`` first."""
