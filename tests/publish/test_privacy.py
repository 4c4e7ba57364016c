from __future__ import annotations

import io
import struct
from dataclasses import replace

import cv2
import numpy as np
import pytest
from PIL import Image, PngImagePlugin

from buffycoat.domain.query import DOUBLE_LABELED
from buffycoat.domain.release import ReleaseAbout
from buffycoat.domain.smear import AgeBand, Diagnosis, Sex
from buffycoat.domain.value import digest_of
from buffycoat.errors import InputError, PrivacyBreach
from buffycoat.imaging.codecs import decode_rgb, encode_jpeg, encode_png
from buffycoat.publish.privacy import PrivacyFinding, PrivacyKind, privacy_findings, refuse_private, withhold
from buffycoat.publish.private_parts import private_parts
from buffycoat.publish.small_groups import facts_to_withhold, small_groups

ABOUT = ReleaseAbout(
    title="White blood cells of Example Laboratory, 2016 to 2017",
    license="CC-BY-4.0",
    terms_of_use="Cite the paper; https://doi.org/10.1038/s41598-021-04426-x",
    ethics="Approved on 2019-05-03 by the ethics committee (IR.TUMS.VCR.REC.1398.1234567890).",
    contributors=("Rezaei, Zahra", "Dr. A. Ahmadi <a@example.org>"),
    citation="Rezaei Z, Ahmadi A. Small set. Sci Rep 12, 1123 (2022). doi:10.1038/s41598-021-04426-x",
    contact="zahra@example.org, +98 21 8877 6655",
    description="36,624 boxed cells in 17,769 photographs of 66 films, Olympus CX18, 100x, 5312 x 2988 px.",
)


def plain() -> np.ndarray:
    """A field of round cells on a bright ground."""
    field = np.full((240, 320, 3), (226, 200, 205), np.uint8)
    for x, y in ((60, 60), (150, 90), (250, 60), (90, 170), (230, 180)):
        cv2.circle(field, (x, y), 24, (190, 120, 140), -1, cv2.LINE_AA)
        cv2.circle(field, (x, y), 12, (120, 50, 140), -1, cv2.LINE_AA)
    return cv2.GaussianBlur(field, (0, 0), 1.5)


def stamped() -> np.ndarray:
    return cv2.putText(plain(), "2016-07-20", (150, 232), cv2.FONT_HERSHEY_SIMPLEX, 0.8, (255, 240, 0), 2, cv2.LINE_AA)


def segment(marker: int, payload: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(payload) + 2) + payload


def exif(*, gps: bool, serial: bool) -> bytes:
    block = Image.Exif()
    block[0x0112] = 1
    if serial:
        block.get_ifd(0x8769)[0xA431] = "SECRET-serial"
    if gps:
        block.get_ifd(0x8825)[1] = "N"
        block.get_ifd(0x8825)[2] = (35.0, 42.0, 7.5)
    return block.tobytes()


class Store(dict):
    """Bytes by their digest, as a release asks for them."""

    def put(self, content: bytes) -> str:
        self[digest_of(content)] = content
        return digest_of(content)


@pytest.fixture
def store() -> Store:
    return Store()


@pytest.fixture
def clean(make_contents, store):
    """A release of ten people and more at one laboratory, in which nothing names anybody."""
    contents = make_contents(about=ABOUT, experts=("expert-1", "expert-2", "folder-3"), query=DOUBLE_LABELED)
    known = replace(contents.smears[0], site="Razi Laboratory", ethics_reference="IR.TUMS.1398.1234567890", person=None)
    photograph, crop = store.put(encode_jpeg(plain())), store.put(encode_png(plain()[:120, :120]))
    return replace(
        contents,
        smears=tuple(replace(known, smear_id=f"s{number}") for number in range(1, 8)),
        fields=tuple(replace(field, photograph=photograph if field.photograph else None) for field in contents.fields),
        cells=tuple(replace(cell, crop=crop) for cell in contents.cells),
        withheld=(),
    )


def find(contents, store, **options) -> list[PrivacyFinding]:
    return list(privacy_findings(contents, photographs=store.__getitem__, **options))


def test_a_clean_release_passes(clean, store):
    assert find(clean, store) == []
    refuse_private(find(clean, store))


def test_drawn_smears_show_nobody(clean, store):
    smears = tuple(replace(smear, simulated=True) for smear in clean.smears[:3])
    photograph = store.put(encode_jpeg(stamped()))
    fields = tuple(
        replace(field, microscope="Drawn microscope A", camera="Drawn ocular camera B", photograph=photograph)
        for field in clean.fields
    )
    assert find(replace(clean, smears=smears, fields=fields), store) == []
    [finding] = find(replace(clean, smears=smears[1:] + clean.smears[:1] * 5, fields=fields), store, minimum=1)
    assert finding.kind is PrivacyKind.WRITING  # the first smear is a real one here


# ---------------------------------------------------------------- files


def jpeg(beside: bytes = b"", behind: bytes = b"") -> bytes:
    content = encode_jpeg(plain())
    return content[:2] + beside + content[2:] + behind


def png(**text: str) -> bytes:
    info = PngImagePlugin.PngInfo()
    for key, word in text.items():
        info.add_text(key, word)
    file = io.BytesIO()
    Image.fromarray(plain()).save(file, "PNG", pnginfo=info)
    return file.getvalue()


def with_exif(kind: str, block: bytes) -> bytes:
    file = io.BytesIO()
    Image.fromarray(plain()).save(file, kind, exif=block)
    return file.getvalue()


FILES = {
    "jpeg": (jpeg(), ()),
    "png": (png(), ()),
    "orientation only": (with_exif("JPEG", exif(gps=False, serial=False)), ()),
    "jpeg with position": (with_exif("JPEG", exif(gps=True, serial=False)), ("a position (GPS)",)),
    "png with position": (with_exif("PNG", exif(gps=True, serial=False)), ("a position (GPS)",)),
    "serial": (with_exif("JPEG", exif(gps=False, serial=True)), ("tag BodySerialNumber",)),
    "broken tags": (jpeg(segment(0xE1, b"Exif\0\0nothing")), ("tags that cannot be read (EXIF)",)),
    "xmp": (jpeg(segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0<x/>")), ("notes of an editor (XMP)",)),
    "iptc": (jpeg(segment(0xED, b"Photoshop 3.0\0x")), ("notes of an editor (IPTC)",)),
    "mpf": (jpeg(segment(0xE2, b"MPF\0x")), ("a second picture (MPF)",)),
    "comment": (jpeg(segment(0xFE, b"Ali")), ("a comment",)),
    "maker": (jpeg(segment(0xE5, b"Samsung")), ("segment E5",)),
    "thumbnail": (jpeg(segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1\1\1abc")), ("a small picture (thumbnail)",)),
    "film": (jpeg(behind=b"a film"), ("6 bytes after the end",)),
    "text": (png(Author="Ali Rezaei"), ("text",)),
    "png film": (png() + b"x", ("1 byte after the end",)),
    "tiff": (b"II*\0" + bytes(20), ("whatever TIFF holds beside a picture",)),
}


@pytest.mark.parametrize("case", FILES)
def test_what_lies_beside_a_picture_is_named(case):
    content, expected = FILES[case]
    assert private_parts(content, name="a") == expected
    assert "SECRET" not in " ".join(expected)


def test_position_in_a_published_photograph_is_found(clean, store):
    found = store.put(with_exif("JPEG", exif(gps=True, serial=True)))
    fields = (replace(clean.fields[0], photograph=found), *clean.fields[1:])
    [position, tag] = find(replace(clean, fields=fields), store)
    assert (position.kind, position.where, position.id) == (PrivacyKind.POSITION, "photograph f1", "f1")
    assert (tag.kind, tag.found) == (PrivacyKind.METADATA, "tag BodySerialNumber")
    assert "35" not in position.found


# -------------------------------------------------------------- writing


def test_writing_in_a_photograph_is_found_with_its_box(clean, store):
    photograph = store.put(encode_jpeg(stamped()))
    fields = (clean.fields[0], replace(clean.fields[1], photograph=photograph), *clean.fields[2:])
    [finding] = find(replace(clean, fields=fields), store)
    assert (finding.kind, finding.id) == (PrivacyKind.WRITING, "f2")
    assert finding.box is not None
    assert finding.box.contains(220, 225)
    assert not finding.box.contains(220, 180)


def test_crops_are_searched_where_their_photograph_stays(clean, store):
    crop = store.put(encode_png(stamped()[120:, 120:]))
    cells = tuple(replace(cell, crop=crop) if cell.cell_id in ("c01", "c08") else cell for cell in clean.cells)
    assert clean.fields[4].photograph is None
    [finding] = find(replace(clean, cells=cells), store)
    assert (finding.kind, finding.where) == (PrivacyKind.WRITING, "crop c08")  # c01's photograph leaves and is clean


def test_reviewed_pictures_lose_their_writing_and_nothing_else(clean, store):
    content = with_exif("JPEG", exif(gps=True, serial=False))
    written = cv2.imencode(".jpg", cv2.cvtColor(stamped(), cv2.COLOR_RGB2BGR))[1].tobytes()
    both = (
        written[:2] + segment(0xE1, b"Exif\0\0" + exif(gps=True, serial=False).removeprefix(b"Exif\0\0")) + written[2:]
    )
    assert np.array_equal(decode_rgb(both, name="a"), decode_rgb(written, name="a"))
    assert content != both
    fields = (replace(clean.fields[0], photograph=store.put(both)), *clean.fields[1:])
    contents = replace(clean, fields=fields, experts=("Zahra Rezaei",))
    kinds = [finding.kind for finding in find(contents, store)]
    assert kinds == [PrivacyKind.POSITION, PrivacyKind.WRITING, PrivacyKind.NAME]
    kinds = [finding.kind for finding in find(contents, store, reviewed=frozenset({"f1", "s1", "expert"}))]
    assert kinds == [PrivacyKind.POSITION, PrivacyKind.NAME]


def test_progress_is_told_for_each_file_once(clean, store):
    told = []
    find(clean, store, progress=lambda done, total: told.append((done, total)))
    assert told == [(1, 2), (2, 2)]


# --------------------------------------------------------- small groups


def people(clean, *facts: dict[str, object]):
    blank = replace(
        clean.smears[0], site="unknown", sex=Sex.UNKNOWN, age_band=AgeBand.UNKNOWN, diagnosis=Diagnosis.UNKNOWN
    )
    return [replace(blank, smear_id=f"s{number}", **fact) for number, fact in enumerate(facts)]


def test_people_are_counted_by_combination_and_not_by_smear(clean):
    one = {"site": "Razi", "sex": Sex.MALE, "diagnosis": Diagnosis.LYMPHOMA}
    smears = people(clean, *[{**one, "person": 7}] * 5, *[{**one, "person": None}] * 3)
    [group] = small_groups(smears, minimum=5)
    assert group.people == 4
    assert group.facts == {"site": "Razi", "sex": "male", "diagnosis": "lymphoma"}
    assert group.smears == tuple(f"s{number}" for number in range(8))
    assert small_groups(smears, minimum=4) == ()


def test_an_unknown_fact_is_none(clean):
    female, older = {"sex": Sex.FEMALE}, {"sex": Sex.FEMALE, "age_band": AgeBand.AGE_90}
    smears = people(clean, *[older] * 5, female, {}, {})
    assert small_groups(smears, minimum=5) == ()  # who is only known to be female is one of six
    [group] = small_groups(smears, minimum=6)
    assert (group.people, dict(group.facts)) == (5, {"sex": "female", "age_band": "90+"})


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ([{"sex": Sex.MALE}] * 5, ()),
        ([{"sex": Sex.MALE}] * 4, ("sex",)),
        ([{"site": "A", "sex": Sex.MALE}] * 5 + [{"site": "A", "sex": Sex.FEMALE}] * 2, ("sex",)),
        ([{"site": "A", "sex": Sex.MALE}] * 5 + [{"site": "B", "sex": Sex.FEMALE}] * 4, ("site", "sex")),
        (
            [{"site": "A", "sex": Sex.MALE, "age_band": AgeBand.CHILD}] * 4
            + [{"site": "A", "sex": Sex.FEMALE, "age_band": AgeBand.CHILD}] * 4
            + [{"site": "A", "age_band": AgeBand.AGE_90}] * 5,
            ("sex",),
        ),
        (
            [{"site": "A", "diagnosis": Diagnosis.NORMAL}] * 6 + [{"site": "A", "diagnosis": Diagnosis.ALLERGY}],
            ("diagnosis",),
        ),
    ],
)
def test_the_smallest_set_that_cures_is_proposed(clean, facts, expected):
    smears = people(clean, *facts)
    assert facts_to_withhold(smears, minimum=5) == expected
    cured = withhold(replace(clean, smears=tuple(smears)), expected)
    assert small_groups(cured.smears, minimum=5) == ()


def test_a_small_group_is_found_and_withholding_cures_it(clean, store):
    smears = (*clean.smears[1:], replace(clean.smears[0], age_band=AgeBand.AGE_90))
    contents = replace(clean, smears=smears)
    [finding] = find(contents, store)
    assert finding.kind is PrivacyKind.SMALL_GROUP
    assert finding.where == "smears s1"
    assert "1 person, fewer than 5, with site Razi Laboratory, sex female, age_band 90+" in finding.found
    assert finding.advice == "publish with --withhold age_band"
    assert find(withhold(contents, ["age_band"]), store) == []
    assert find(contents, store, minimum=1) == []
    with pytest.raises(InputError, match="no number of people"):
        find(contents, store, minimum=0)


def test_withheld_facts_are_unknown_and_recorded(clean):
    left = withhold(replace(clean, withheld=("sex",)), ["site", "sex", "ethics_reference", "age_band", "diagnosis"])
    assert left.withheld == ("sex", "site", "ethics_reference", "age_band", "diagnosis")
    for smear in left.smears:
        assert (smear.site, smear.sex, smear.age_band) == ("unknown", Sex.UNKNOWN, AgeBand.UNKNOWN)
        assert (smear.diagnosis, smear.ethics_reference) == (Diagnosis.UNKNOWN, None)
        assert smear.stain == clean.smears[0].stain
    assert withhold(clean, []) == clean
    with pytest.raises(InputError, match="sex, age_band, site, diagnosis, ethics_reference, found stain, age"):
        withhold(clean, ["stain", "sex", "age"])


# ----------------------------------------------------------------- text


@pytest.mark.parametrize(
    ("change", "kind", "where"),
    [
        ({"experts": ("expert-1", "Zahra Rezaei")}, PrivacyKind.NAME, "expert"),
        ({"about": replace(ABOUT, description="born on a Monday")}, PrivacyKind.TEXT, "about description"),
        ({"about": replace(ABOUT, title="Smears of 2016-07-20")}, PrivacyKind.DATE, "about title"),
        ({"about": replace(ABOUT, terms_of_use="ask a@b.org")}, PrivacyKind.TEXT, "about terms_of_use"),
        ({"query": replace(DOUBLE_LABELED, title="for Mr. Ahmadi")}, PrivacyKind.NAME, "query title"),
    ],
)
def test_each_text_of_a_release_is_read(clean, store, change, kind, where):
    [finding] = find(replace(clean, **change), store)
    assert (finding.kind, finding.where) == (kind, where)
    assert finding.advice


def test_a_text_is_told_once_with_those_that_have_it(clean, store):
    smears = tuple(replace(smear, site="Zahra Rezaei") for smear in clean.smears)
    [finding] = find(replace(clean, smears=smears), store)
    assert (finding.kind, finding.where, finding.id) == (PrivacyKind.NAME, "site of s1, s2, s3 and 4 more", "s1")
    assert finding.advice == "publish with --withhold site"
    assert find(withhold(replace(clean, smears=smears), ["site"]), store) == []
    fields = tuple(replace(field, camera="phone of Mr. Ahmadi") for field in clean.fields[:1])
    [finding] = find(replace(clean, fields=fields), store)
    assert (finding.kind, finding.where) == (PrivacyKind.NAME, "camera of f1")


# -------------------------------------------------------------- refusal


def test_refusal_counts_by_kind_and_shows_what_to_do(clean, store):
    contents = replace(
        clean,
        fields=(replace(clean.fields[0], photograph=store.put(encode_jpeg(stamped()))), *clean.fields[1:]),
        smears=(*clean.smears[1:], replace(clean.smears[0], sex=Sex.MALE)),
        experts=("Zahra Rezaei", "Ali Ahmadi"),
    )
    with pytest.raises(PrivacyBreach) as caught:
        refuse_private(find(contents, store))
    error = caught.value
    assert error.what == "4 things could name a person: 1 writing, 2 name, 1 small group"
    assert error.found.startswith("photograph f1: writing at x ")
    assert "expert: a person's name: 'Zahra Rezaei'" in error.found
    assert error.found.endswith("and 1 more")
    assert "--reviewed" in error.hint
    assert "give experts pseudonyms" in error.hint
    assert "--withhold sex" in error.hint


def test_nothing_found_is_not_refused():
    refuse_private(())
