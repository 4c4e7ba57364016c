"""Sets of other laboratories in: facts, fields and labels of what a reader gives."""
