"""Words in a release that could name a person, and those that could not."""

from __future__ import annotations

import pytest

from buffycoat.publish.private_text import Place, Suspicion, suspicions

TEXTS = [
    (Place.SITE, "Razi Laboratory", None),
    (Place.SITE, "Lab A", None),
    (Place.SITE, "bccd", None),
    (Place.SITE, "raabin_json", None),
    (Place.SITE, "Takht-e Tavous Laboratory, Tehran", None),
    (Place.SITE, "Hospital Clinic de Barcelona", None),
    (Place.SITE, "Dr. Shariati Hospital", None),
    (Place.SITE, "بیمارستان دکتر علی شریعتی", None),
    (Place.SITE, "Zahra Rezaei", Suspicion.NAME),
    (Place.SITE, "Z. Rezaei", Suspicion.NAME),
    (Place.SITE, "مریم کریمی", Suspicion.NAME),
    (Place.SITE, "خانم کریمی", Suspicion.TITLE),
    (Place.SITE, "lab of Mrs. Karimi", None),
    (Place.SITE, "office of Mrs. Karimi", Suspicion.TITLE),
    (Place.SITE, "Razi Laboratory 0912 345 6789", Suspicion.NUMBER),
    (Place.SITE, "Razi Laboratory ۰۹۱۲۳۴۵۶۷۸۹", Suspicion.NUMBER),
    (Place.SITE, "Razi Laboratory, lab@razi.ir", Suspicion.EMAIL),
    (Place.SITE, "Razi Laboratory, 1395/05/01", Suspicion.DATE),
    (Place.SITE, "Razi Laboratory ۱۳۹۵/۰۵/۰۱", Suspicion.DATE),
    (Place.SETUP, "Olympus CX18", None),
    (Place.SETUP, "Carl Zeiss", None),
    (Place.SETUP, "Samsung Galaxy S5", None),
    (Place.SETUP, "SAMSUNG-SM-G900A", None),
    (Place.SETUP, "Sony SSC-DC50AP", None),
    (Place.SETUP, "Axioskop 40", None),
    (Place.SETUP, "CellaVision DM96", None),
    (Place.SETUP, "Motic Moticam Pro 252A on N800-D", None),
    (Place.SETUP, "unknown", None),
    (Place.SETUP, "Zahra Rezaei", Suspicion.NAME),
    (Place.SETUP, "phone of Mr. Ahmadi", Suspicion.TITLE),
    (Place.SETUP, "Olympus, serial 20160720123", Suspicion.NUMBER),
    (Place.SETUP, "C:\\photos\\ahmadi", Suspicion.PATH),
    (Place.EXPERT, "expert-1", None),
    (Place.EXPERT, "expert 2", None),
    (Place.EXPERT, "Reader A", None),
    (Place.EXPERT, "hematologist_03", None),
    (Place.EXPERT, "Zahra Rezaei", Suspicion.NAME),
    (Place.EXPERT, "zahra@lab", Suspicion.EMAIL),
    (Place.EXPERT, "Dr. Rezaei", Suspicion.TITLE),
    (Place.PROSE, "White Blood Cells", None),
    (Place.PROSE, "Raabin-WBC, July 2016", None),
    (Place.PROSE, "36,624 cells; 5312 x 2988; version 1.10.2", None),
    (Place.PROSE, "taken on 20 July 2016", Suspicion.DATE),
    (Place.PROSE, "taken on July 20th, 2016", Suspicion.DATE),
    (Place.PROSE, "taken 20160720", Suspicion.DATE),
    (Place.PROSE, "۵ مرداد ۱۳۹۵", Suspicion.DATE),
    (Place.PROSE, "a woman born in Tehran", Suspicion.BIRTH),
    (Place.PROSE, "newborns and adults; day and/or night 5/6", None),
    (Place.PROSE, "national id 0012345678", Suspicion.NUMBER),
    (Place.PROSE, "call +98 (21) 8877-6655", Suspicion.NUMBER),
    (Place.PROSE, "collected by Prof. Ahmadi", Suspicion.TITLE),
    (Place.PROSE, "from ~/smears/ahmadi", Suspicion.PATH),
    (Place.PROSE, "from /srv/smears/ahmadi", Suspicion.PATH),
    (Place.PROSE, "see https://example.org/a/b/20160720 and doi:10.1038/s41598-021-04426-x", None),
    (Place.STATEMENT, "IR.TUMS.1398.1234567890 of 2019-05-03", None),
    (Place.STATEMENT, "ask Dr. Ahmadi", Suspicion.TITLE),
]


@pytest.mark.parametrize(("place", "text", "kind"), TEXTS, ids=lambda part: str(part)[:40])
def test_text_is_suspected_where_it_should_be(place, text, kind):
    assert [found for found, _ in suspicions(text, place)] == ([] if kind is None else [kind])
