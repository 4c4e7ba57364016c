"""Ground truth of masks: which cells are drawn, masks that come in and go out, and two experts beside each other."""
