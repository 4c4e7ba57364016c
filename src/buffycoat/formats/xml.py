"""XML without what makes it dangerous: no document type, so no entities, and only a few levels."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final
from xml.parsers import expat

from buffycoat.errors import UnreadableFormat

__all__ = ["Element", "escape_xml", "parse_xml"]

_DEEPEST: Final = 32
_ESCAPES: Final[Mapping[str, str]] = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


class Element:
    """An element with the elements in it, in order. Attributes are not kept: the formats read here have none.

    Attributes
    ----------
    tag : str
    text : str
        Without outer spaces; what stands between the elements in it is in it, too.
    within : list of Element
    """

    __slots__ = ("tag", "text", "within")

    def __init__(self, tag: str) -> None:
        self.tag = tag
        self.text = ""
        self.within: list[Element] = []

    def every(self, tag: str) -> Iterator[Element]:
        """Return the elements of that tag that are directly in this one."""
        return (child for child in self.within if child.tag == tag)

    def first(self, tag: str) -> Element | None:
        """Return the first element of that tag that is directly in this one, ``None`` without one."""
        return next(self.every(tag), None)

    def text_of(self, tag: str) -> str | None:
        """Return the text of the first element of that tag, ``None`` without one."""
        child = self.first(tag)
        return None if child is None else child.text


class _Builder:
    def __init__(self, name: str) -> None:
        self.name = name
        self.top = Element("")
        self.path = [self.top]
        self.pieces: list[list[str]] = [[]]

    def start(self, tag: str, _attributes: Mapping[str, str]) -> None:
        if len(self.path) > _DEEPEST:
            raise UnreadableFormat(
                f"{self.name} is nested too deeply", expected=f"at most {_DEEPEST} levels", found=f"<{tag}> below them"
            )
        child = Element(tag)
        self.path[-1].within.append(child)
        self.path.append(child)
        self.pieces.append([])

    def end(self, _tag: str) -> None:
        self.path.pop().text = "".join(self.pieces.pop()).strip()

    def data(self, text: str) -> None:
        self.pieces[-1].append(text)

    def refuse_document_type(self, name: str, *_rest: object) -> None:
        raise UnreadableFormat(
            f"{self.name} has a document type",
            expected="plain XML",
            found=f"<!DOCTYPE {name}>, which could hold entities",
        )


def parse_xml(content: bytes, *, name: str) -> Element:
    """Return the outermost element of an XML file, of any encoding that the file declares.

    Raises
    ------
    UnreadableFormat
        No XML, a document type (``<!DOCTYPE``), or elements nested too deeply.

    Examples
    --------
    >>> parse_xml(b"<a><b> 1 </b></a>", name="a.xml").text_of("b")
    '1'
    """
    if not content:
        raise UnreadableFormat(f"{name} is empty", expected="XML", found="0 bytes")
    builder = _Builder(name)
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.data
    parser.StartDoctypeDeclHandler = builder.refuse_document_type
    try:
        parser.Parse(content, True)  # noqa: FBT003 (the parser takes its last piece by position only)
    except expat.ExpatError as error:
        found = f"{expat.ErrorString(error.code)} on line {error.lineno}, column {error.offset + 1}"
        raise UnreadableFormat(f"{name} is no XML", expected="XML", found=found) from error
    except UnreadableFormat:
        raise
    except (LookupError, ValueError) as error:
        raise UnreadableFormat(f"{name} is of an unknown encoding", expected="UTF-8", found=str(error)) from error
    return builder.top.within[0]


def escape_xml(text: str) -> str:
    """Return text as it stands in XML.

    Examples
    --------
    >>> escape_xml("a < b & c")
    'a &lt; b &amp; c'
    """
    return "".join(_ESCAPES.get(letter, letter) for letter in text)
