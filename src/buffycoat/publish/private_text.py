"""Text that could name a person: addresses, numbers, dates, titles, names, paths of files.

Patterns only, in English and Persian; no text is understood. What is looked for differs by column: a citation names
people, a site may be called after one, an expert has a pseudonym.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from itertools import pairwise
from typing import Final

__all__ = ["Place", "Suspicion", "suspicions"]


class Suspicion(StrEnum):
    """What a piece of text looks like."""

    EMAIL = "an e-mail address"
    NUMBER = "a telephone number, a national id or another long number"
    BIRTH = "a date of birth"
    DATE = "an exact date"
    TITLE = "a person's title"
    NAME = "a person's name"
    PATH = "the path of a file"


class Place(StrEnum):
    """Where a text stands, which decides what may stand in it.

    A ``SITE`` may be called after a person where it says that it is a laboratory, a hospital or the like; a ``SETUP``
    after the people who gave a maker its name. A ``STATEMENT``, such as that of an ethics committee, has dates and
    numbers of its own, and ``PROSE`` has words with capitals.
    """

    SITE = "site"
    SETUP = "set-up"
    EXPERT = "expert"
    PROSE = "prose"
    STATEMENT = "statement"


_DIGITS: Final = str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩", "01234567890123456789")
_LINK: Final = re.compile(r"(?:https?://|www\.)\S+|(?:doi:\s*)?\b10\.\d{4,9}/\S+", re.IGNORECASE)
_EMAIL: Final = re.compile(r"[\w.+-]+\s?@\s?[\w-]+(?:\.[\w-]+)+")
_MONTHS: Final = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    "|nov(?:ember)?|dec(?:ember)?|فروردین|اردیبهشت|خرداد|تیر|مرداد|شهریور|مهر|آبان|آذر|دی|بهمن|اسفند"
)
_DAY: Final = "(?:0?[1-9]|[12][0-9]|3[01])"
_YEAR: Final = "(?:1[2-4]|19|20)[0-9]{2}"
_DATE: Final = re.compile(
    rf"(?<![0-9])(?:{_YEAR}([-/.])(?:0?[1-9]|1[0-2])\1{_DAY}|{_DAY}([-/.])(?:0?[1-9]|[12][0-9]|3[01])\2{_YEAR}"
    rf"|(?:19|20)[0-9]{{2}}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])|{_DAY}(?:st|nd|rd|th)?\.?\s+(?:of\s+)?"
    rf"(?:{_MONTHS})\.?,?\s+{_YEAR}|(?:{_MONTHS})\.?\s+{_DAY}(?:st|nd|rd|th)?,?\s+{_YEAR})(?![0-9])",
    re.IGNORECASE,
)
_BIRTH: Final = re.compile(
    r"\bborn\s+(?:on|in|at)\b|\bdate\s+of\s+birth\b|\bbirth\s?da(?:te|y)\b|\bd\.?o\.?b\b|تاریخ تولد|متولد",
    re.IGNORECASE,
)
# Eight digits in a row, or nine and more in groups as telephone numbers are written.
_NUMBER: Final = re.compile(
    r"(?<![\w.])[0-9]{8,}(?!\w)|(?<![\w.,/-])(?:\+|\(?0)[0-9](?:[\s().-]{0,2}[0-9]){7,14}(?![\w])"
)
_TITLE: Final = re.compile(
    r"\b(?:(?:Dr|Mr|Mrs|Ms|Prof)\b\.?|Miss|Doctor|Professor|Nurse|Patient)\s+[^\W\d_a-z]\w*"
    r"|(?:^|\s)(?:خانم|آقای|اقای|دکتر|پروفسور|سرکار|جناب|بیمار)\s+\w+"
)
_PATH: Final = re.compile(
    r"\bfile://\S+|(?<![\w])[A-Za-z]:[\\/]\S+|\\\\\w+\\\S+|(?:^|(?<=[\s'\"(]))(?:~/|(?:/[\w.-]+){2})\S*"
)
_WORD: Final = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*\.?")
_INSTITUTION: Final = re.compile(
    r"\b(?:lab|labs|laborator\w*|hospital\w*|clinic\w*|klinik\w*|universit\w*|institut\w*|cent(?:er|re|ro)|department"
    r"|facult\w*|school|college|medical|medicine|research|group|bank|foundation|service|ward|unit|h[oô]pital|site)\b"
    r"|بیمارستان|آزمایشگاه|ازمایشگاه|دانشگاه|دانشکده|کلینیک|درمانگاه|مرکز|پژوهش|پژوهشگاه|مؤسسه|موسسه|انستیتو|بانک خون",
    re.IGNORECASE,
)
_MAKERS: Final = re.compile(
    r"\b(?:olympus|zeiss|nikon|leica|leitz|motic\w*|euromex|meiji|bresser|amscope|labomed|optika|novel|sunny|lomo|meopta"
    r"|swift|celestron|axio\w*|eclipse|primo|samsung|galaxy|lg|apple|iphone|canon|sony|nokia|huawei|xiaomi|redmi|honor"
    r"|google|pixel|oppo|vivo|oneplus|motorola|realme|htc|asus|zenfone|fujifilm|panasonic|lumix|pentax|gopro|dino"
    r"|cellavision|sysmex|scopio|techcyte|basler|hamamatsu|touptek|jenoptik|toupcam|point grey|microscope\w*|camera\w*"
    r"|phone|smartphone|tablet|ocular|eyepiece|scanner|digital|series|model)\b",
    re.IGNORECASE,
)
_GIVEN: Final = frozenset(
    {"علی", "محمد", "محمدرضا", "حسین", "حسن", "رضا", "مهدی", "امیر", "احمد", "محمود", "سعید", "حمید", "مجید", "ناصر"}
    | {"عباس", "جواد", "یوسف", "ابراهیم", "فاطمه", "زهرا", "مریم", "زینب", "سارا", "نرگس", "معصومه", "لیلا", "نسرین"}
    | {"فرشته", "پروین", "مینا", "نیلوفر", "شیرین"}
)


def suspicions(text: str, place: Place) -> Iterator[tuple[Suspicion, str]]:
    """Yield what a text looks like that should not stand there, with the part that does.

    Parameters
    ----------
    text : str
        In any script; Persian digits count as digits. Links and DOIs are passed over.
    place : Place
        Where it stands.

    Yields
    ------
    tuple of Suspicion and str
        Each kind once.

    Examples
    --------
    >>> [found for kind, found in suspicions("Razi Laboratory, 021-8877 6655", Place.SITE)]
    ['021-8877 6655']
    >>> list(suspicions("Zahra Rezaei", Place.SITE)), list(suspicions("Razi Hospital", Place.SITE))
    ([(<Suspicion.NAME: "a person's name">, 'Zahra Rezaei')], [])
    """
    plain = _LINK.sub(" ", text.translate(_DIGITS))
    for kind, find in _FINDERS.items():
        if kind in _LEFT_OUT.get(place, ()):
            continue
        if found := find(plain, place):
            yield kind, found
        if kind in _CONSUMED:
            plain = _CONSUMED[kind].sub(" ", plain)


def _by(pattern: re.Pattern[str]) -> Callable[[str, Place], str]:
    def find(text: str, _: Place) -> str:
        seen = pattern.search(text)
        return seen[0].strip() if seen else ""

    return find


def _find_address(text: str, place: Place) -> str:
    return text.strip() if place is Place.EXPERT and "@" in text else _by(_EMAIL)(text, place)


def _find_title(text: str, place: Place) -> str:
    """Return a title with its name; an institution may be called after a doctor."""
    return "" if place is Place.SITE and _INSTITUTION.search(text) else _by(_TITLE)(text, place)


def _find_name(text: str, place: Place) -> str:
    """Return two words that begin with capitals, an initial and such a word, or two with a common given name."""
    if place is Place.SITE and _INSTITUTION.search(text):
        return ""
    if place is Place.SETUP and (_MAKERS.search(text) or re.search("[0-9]", text)):
        return ""
    words = _WORD.findall(text)
    for first, second in pairwise(words):
        initial = first.rstrip(".")
        named = _is_capitalized(first) or (len(initial) == 1 and initial.isupper())
        if (named and _is_capitalized(second)) or {first, second} & _GIVEN:
            return f"{first} {second}"
    return ""


def _is_capitalized(word: str) -> bool:
    return word[0].isupper() and any(letter.islower() for letter in word[1:])


_FINDERS: Final[Mapping[Suspicion, Callable[[str, Place], str]]] = {
    Suspicion.EMAIL: _find_address,
    Suspicion.BIRTH: _by(_BIRTH),
    Suspicion.DATE: _by(_DATE),
    Suspicion.NUMBER: _by(_NUMBER),
    Suspicion.TITLE: _find_title,
    Suspicion.NAME: _find_name,
    Suspicion.PATH: _by(_PATH),
}
# A date is no long number besides, nor a title with its name another name.
_CONSUMED: Final = {Suspicion.DATE: _DATE, Suspicion.TITLE: _TITLE}
_LEFT_OUT: Final[Mapping[Place, frozenset[Suspicion]]] = {
    Place.PROSE: frozenset([Suspicion.NAME]),
    Place.STATEMENT: frozenset([Suspicion.NAME, Suspicion.DATE, Suspicion.NUMBER]),
}
