"""What a report tells besides classifiers: cells found in fields, and masks beside a hand's."""
