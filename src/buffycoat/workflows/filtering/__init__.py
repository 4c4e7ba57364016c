"""Color filters trained on a screen: what one sees, how it does, what is kept, and which smear is searched with it."""
