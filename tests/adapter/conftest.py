"""What stands in ``built_*.py`` builds solids: ``make adapter`` runs it, in an environment that has build123d."""

from __future__ import annotations

from importlib.util import find_spec

collect_ignore_glob = [] if find_spec("build123d") else ["built_*.py"]
