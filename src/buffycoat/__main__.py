"""``python -m buffycoat`` is the command ``buffycoat``."""

from buffycoat.cli import main

if __name__ == "__main__":
    main()
