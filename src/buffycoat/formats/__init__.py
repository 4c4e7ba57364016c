"""What files say: one module a format, each reads and writes the same values. Ingest reads, publish writes."""
