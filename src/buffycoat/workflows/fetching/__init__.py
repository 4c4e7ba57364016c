"""Public sets from their public addresses: resumed, verified, recorded."""
