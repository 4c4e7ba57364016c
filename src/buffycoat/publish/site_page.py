"""The page of a site before its script has run, and how its release is cited in BibTeX."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from buffycoat.formats.table import latex_text

__all__ = ["bibtex", "contact_address", "index_page"]

_EMAIL: Final = re.compile(r"[^\s@<>()\[\],;:\"]+@[^\s@<>()\[\],;:\"]+\.[A-Za-z]{2,}")
_PAGE: Final = """<!doctype html>
<html lang="en" dir="ltr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="description" content="{description}">
<title>{title}</title>
<link rel="stylesheet" href="assets/site.css">
<script src="assets/site.js" defer></script>
<script src="data/site.js" defer></script>
</head>
<body>
<div id="site">
<main class="before">
<h1>{title}</h1>
<p>{description}</p>
{notes}<p>{counts}</p>
<noscript><p>This page needs JavaScript to browse the cells. Without it: <a href="release/README.md">the datasheet</a>
and <a href="release/LICENSE.txt">the terms</a>.</p></noscript>
</main>
</div>
</body>
</html>
"""
_POLICY: Final = (
    "default-src 'none'; script-src 'self' file:; style-src 'self' file:; img-src 'self' file:; font-src 'self' file:; "
    "base-uri 'none'; form-action 'none'"
)
"""Nothing is asked of anybody else. ``file:`` is for pages from a disk, which no browser takes for the same origin."""


def index_page(title: str, description: str, counts: str, /, *, notes: Sequence[str]) -> bytes:
    """Return ``index.html``: what the release is, in words, and the scripts that show the rest.

    Parameters
    ----------
    title, description, counts : str
        Plain text.
    notes : sequence of str
        What nobody may miss, such as that the release is simulated.

    Examples
    --------
    >>> b"<h1>A &amp; B</h1>" in index_page("A & B", "", "2 cells", notes=())
    True
    """
    warned = "".join(f'<p class="warning">{html.escape(note)}</p>\n' for note in notes)
    words = {"title": title, "description": description, "counts": counts, "policy": _POLICY}
    return _PAGE.format(**{name: html.escape(word) for name, word in words.items()}, notes=warned).encode()


def contact_address(contact: str, /) -> str:
    """Return the mail address in what a release says of its contact; empty where there is none.

    Examples
    --------
    >>> contact_address("A. Expert <a.expert@example.org>"), contact_address("the laboratory's office")
    ('a.expert@example.org', '')
    """
    found = _EMAIL.search(contact)
    return found[0] if found else ""


def bibtex(about: Mapping[str, Any], version: str, /) -> str:
    r"""Return an entry for BibTeX and BibLaTeX.

    Parameters
    ----------
    about : mapping
        As the manifest of a release has it: ``title``, ``contributors``, ``published``, ``url``, ``license``.
    version : str
        Of the release.

    Examples
    --------
    >>> print(bibtex({"title": "Smears & more", "contributors": ["Expert, A."], "published": "2026-05-01"}, "1"))
    @misc{expert-2026-1,
      title = {{Smears \& more}},
      author = {Expert, A.},
      year = {2026},
      version = {1},
      note = {Data set, version 1},
    }
    """
    people = [name for name in about.get("contributors", ()) if name.strip()]
    year = str(about.get("published", ""))[:4]
    words = [people[0].partition(",")[0] if people else "release", year, version]
    key = "-".join(filter(None, (re.sub(r"[^a-z0-9.]+", "-", word.lower()).strip("-") for word in words)))
    # A name without a comma is an institution or one word: braces keep it whole.
    authors = " and ".join(latex_text(name) if "," in name else f"{{{latex_text(name)}}}" for name in people)
    lines = {
        "title": f"{{{latex_text(str(about.get('title') or 'Release of blood cells'))}}}",
        "author": authors,
        "year": year,
        "version": latex_text(version),
        "url": str(about.get("url", "")).replace("{", "").replace("}", ""),
        "note": latex_text(f"Data set, version {version}" + _licensed(about)),
    }
    told = [f"  {name} = {{{text}}}," for name, text in lines.items() if text]
    return "\n".join([f"@misc{{{key},", *told, "}"])


def _licensed(about: Mapping[str, Any]) -> str:
    return f", {about['license']}" if about.get("license") else ""
