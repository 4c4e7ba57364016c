"""What a release is made of: contents, files, pages; and a sealed one opened again."""
