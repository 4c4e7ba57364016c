from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from hashlib import sha256

import pytest

from buffycoat.domain.taxonomy import (
    ICSH,
    RAABIN,
    TAXONOMIES,
    Taxonomy,
    Term,
    TermKind,
    read_taxonomy,
    shipped,
    write_taxonomy,
)
from buffycoat.domain.taxonomy_file import EDITIONS
from buffycoat.errors import InvalidTaxonomy, UnknownTerm

# Labels were given by these editions: their files are never changed.
DIGESTS = {"raabin@1": "c989e59d74c77d55", "icsh@1": "bcd8f8557117f48f"}

# The Cell Ontology's own name of every id that we use.
ONTOLOGY = {
    "CL:0000040": "monoblast",
    "CL:0000096": "mature neutrophil",
    "CL:0000232": "erythrocyte",
    "CL:0000233": "platelet",
    "CL:0000542": "lymphocyte",
    "CL:0000556": "megakaryocyte",
    "CL:0000559": "promonocyte",
    "CL:0000560": "band form neutrophil",
    "CL:0000576": "monocyte",
    "CL:0000582": "neutrophilic metamyelocyte",
    "CL:0000738": "leukocyte",
    "CL:0000765": "erythroblast",
    "CL:0000767": "basophil",
    "CL:0000771": "eosinophil",
    "CL:0000775": "neutrophil",
    "CL:0000786": "plasma cell",
    "CL:0000836": "promyelocyte",
    "CL:0002192": "metamyelocyte",
    "CL:0002193": "myelocyte",
}
# The word of the ontology's name that our name must share with it, where the two are not equal.
SHARED = {"CL:0000096": "neutrophil", "CL:0000560": "band", "CL:0000582": "metamyelocyte"}
OTHER_NAMES = {"CL:0000232": "red cell", "CL:0000765": "nucleated red cell"}

FILE_WORDS = {
    "Neutrophil": "neutrophil.segmented",
    "Band": "neutrophil.band",
    "Meta": "neutrophil.metamyelocyte",
    "Small Lymph": "lymphocyte.small",
    "Large Lymph": "lymphocyte.large",
    "Lymphocyte": "lymphocyte",
    "Monocyte": "monocyte",
    "Eosinophil": "eosinophil",
    "Basophil": "basophil",
    "Burst": "smudge",
    "Artifact": "artifact",
    "Unknn": "not-recognized",
    "Not centered": "not-centered",
    "NRBC": "erythroblast",
    "Megakar": "megakaryocyte",
}


def term(key: str, parent: str | None, hotkey: str = "", *aliases: str) -> Term:
    return Term(key=key, name=key, parent=parent, kind=TermKind.LEUKOCYTE, hotkey=hotkey, aliases=aliases)


# ------------------------------------------------------------------ the tree


@pytest.mark.parametrize(
    ("terms", "fault"),
    [
        ((), "not one root: .*found none"),
        ((term("a", None), term("b", None)), "not one root: .*'a', 'b'"),
        ((term("a", None), term("b", "c"), term("c", "b")), "'b' does not lead.*b -> c -> b"),
        ((term("a", "b"), term("b", "a")), "does not lead.*a -> b -> a"),
        ((term("a", None), term("b", "b")), "does not lead.*b -> b"),
        ((term("r", None), term("a", "b"), term("b", "c"), term("c", "b")), "'b' does not lead.*found b -> c -> b"),
        ((term("alpha", None), term("b", "alpa")), "'b' does not lead.*expected alpha, found 'alpa'"),
        ((term("a", None), term("a", "a")), "key used twice: a"),
        ((term("a", None, "1"), term("b", "a", "1")), "hotkeys used twice: '1' by 'a' and 'b'"),
        ((term("a", None, "x"), term("b", "a", "X")), "hotkeys used twice: 'x' by 'a' and 'b'"),
        ((term("a", None, "12"),), "'a' has an unusable hotkey: expected one character, found '12'"),
        ((term("a", None, "", "N"), term("b", "a", "", "N")), "aliases used twice: 'N' by 'a' and 'b'"),
        ((term("a", None), term("b", "a", "", "a")), "aliases used twice: 'a' is one of 'b'"),
        ((term("a", None, "", " N"),), "'a' has an unusable alias"),
        ((term("a b", None),), "'a b' is no key"),
        ((term("a", None), replace(term("b", "a"), name="A")), "names used twice: 'a' by 'a' and 'b'"),
        ((replace(term("a", None), sources=("bain",)),), "'a' names a source that is not in its list"),
    ],
)
def test_what_is_no_tree_is_refused_by_the_terms_at_fault(terms, fault):
    with pytest.raises(InvalidTaxonomy, match=fault):
        Taxonomy(name="t", version=1, terms=terms)


@pytest.mark.parametrize(
    ("level", "fault"),
    [
        ({"bb": "x"}, "level 'l' names an unknown term: expected b, found 'bb'"),
        ({"a": "x"}, "level 'l' names 'a', which has terms below it"),
        ({"b": " "}, "has no name"),
    ],
)
def test_level_of_anything_but_leaves_is_refused(level, fault):
    with pytest.raises(InvalidTaxonomy, match=fault):
        Taxonomy(name="t", version=1, terms=(term("a", None), term("b", "a")), levels={"l": level})


def test_ways_up_and_down_the_tree():
    assert RAABIN.root.key == "element"
    assert RAABIN.children("element")[0] == "leukocyte"
    assert RAABIN.children("monocyte") == ()
    assert RAABIN.leaves("monocyte") == ("monocyte",)
    assert RAABIN.leaves("leukocyte") == (
        "neutrophil.segmented",
        "neutrophil.band",
        "neutrophil.metamyelocyte",
        "lymphocyte.small",
        "lymphocyte.large",
        "monocyte",
        "eosinophil",
        "basophil",
    )
    assert RAABIN.path("element") == ("element",)
    assert ICSH.path("lymphocyte.reactive") == ("element", "leukocyte", "lymphocyte", "lymphocyte.reactive")
    for way in (RAABIN.children, RAABIN.leaves, RAABIN.path, RAABIN.spelling):
        with pytest.raises(UnknownTerm, match="monocyte"):
            way("monocyt")


def test_deep_and_wide_trees_are_walked_without_recursion():
    chain = tuple(term(f"t{i}", f"t{i - 1}" if i else None) for i in range(5000))
    deep = Taxonomy(name="deep", version=1, terms=chain)
    assert deep.leaves("t0") == ("t4999",)
    assert len(deep.path("t4999")) == 5000


def test_equal_taxonomies_are_equal_and_hash_alike():
    again = read_taxonomy(write_taxonomy(RAABIN), name="again")
    assert again == RAABIN
    assert hash(again) == hash(RAABIN)
    assert replace(RAABIN, version=RAABIN.version + 1) != RAABIN


# ---------------------------------------------------------------- words of files


def test_raabin_reads_and_writes_every_spelling_of_the_released_files(data):
    stats = json.loads((data / "raabin_json" / "stats.json").read_text())
    words = {word for word in stats["labels"] if word}
    assert words == set(FILE_WORDS) - {"Lymphocyte"}
    assert {word: RAABIN.read(word).key for word in FILE_WORDS} == FILE_WORDS
    assert {RAABIN.spelling(key): key for key in FILE_WORDS.values()} == FILE_WORDS


def test_words_of_the_other_public_sets_are_read(data):
    boxes = (data / "bccd" / "fields" / "field_categories.csv").read_text().splitlines()[1:]
    seen = {word.strip(' "') for line in boxes for word in line.partition(",")[2].split(",")} - {""}
    assert {RAABIN.read(word).key for word in seen} == {
        "neutrophil",
        "lymphocyte",
        "monocyte",
        "eosinophil",
        "basophil",
    }
    folders = {path.name for path in (data / "pbc_barcelona" / "crops").iterdir()}
    assert {RAABIN.read(name).key for name in folders} == {*RAABIN.classes("five-class"), "erythroblast", "platelet"}
    coco = json.loads((data / "raabin_json" / "second_microscope_album4_coco.json").read_text())
    assert [RAABIN.read(each["name"]).key for each in coco["categories"]] == [
        "neutrophil.segmented",
        "lymphocyte",
        "monocyte",
        "not-recognized",
    ]
    spelled = {
        "neutrophil.segmented": ["SNE", "segmented neutrophil"],
        "neutrophil.band": ["BNE", "band"],
        "neutrophil": ["NEUTROPHIL", "neutro", "neut", "neutrophil"],
        "lymphocyte": ["lympho", "lymp", "LY"],
        "monocyte": ["mono", "MO"],
        "eosinophil": ["eosi", "eo", "EO"],
        "basophil": ["baso", "BA"],
        "erythroblast": ["ERB", "nrbc"],
        "platelet": ["PLATELET", "Platelets"],
        "leukocyte": ["WBC"],
        "erythrocyte": ["RBC"],
    }
    for taxonomy in TAXONOMIES:
        assert {key: {taxonomy.read(word).key for word in words} for key, words in spelled.items()} == {
            key: {key} for key in spelled
        }
    assert [ICSH.read(word).key.partition(".")[2] for word in ("MMY", "MY", "PMY")] == [
        "metamyelocyte",
        "myelocyte",
        "promyelocyte",
    ]


@pytest.mark.parametrize("taxonomy", TAXONOMIES, ids=lambda taxonomy: taxonomy.name)
def test_what_a_term_is_spelled_reads_back(taxonomy):
    assert [key for term in taxonomy.terms if taxonomy.read(taxonomy.spelling(key := term.key)).key != key] == []
    assert {word: taxonomy.read(f"  {word} ").key for term in taxonomy.terms for word in (term.key, *term.aliases)} == {
        word: term.key for term in taxonomy.terms for word in (term.key, *term.aliases)
    }


def test_name_that_another_term_reads_is_not_written():
    pair = Taxonomy(name="t", version=1, terms=(term("cell", None), term("c.one", "cell", "", "Cell")))
    assert (pair.spelling("cell"), pair.spelling("c.one"), pair.read("Cell").key) == ("cell", "Cell", "c.one")


def test_unknown_words_name_their_nearest():
    with pytest.raises(UnknownTerm, match="monocyte"):
        RAABIN.read("monocyt")
    with pytest.raises(UnknownTerm, match="five-class"):
        RAABIN.roll_up("monocyte", "six-class")
    with pytest.raises(UnknownTerm, match="monocyte"):
        RAABIN.roll_up("monocyt", "five-class")
    with pytest.raises(UnknownTerm, match="raabin or icsh"):
        shipped("leukopy")


# ------------------------------------------------------------------------ levels


def test_five_classes_are_the_released_ones():
    inside = {leaf: RAABIN.roll_up(leaf, "five-class") for leaf in RAABIN.leaves("element")}
    assert inside == {
        "neutrophil.segmented": "neutrophil",
        "neutrophil.band": None,
        "neutrophil.metamyelocyte": None,
        "lymphocyte.small": "lymphocyte",
        "lymphocyte.large": "lymphocyte",
        "monocyte": "monocyte",
        "eosinophil": "eosinophil",
        "basophil": "basophil",
    } | dict.fromkeys(
        (
            "smudge",
            "erythroblast",
            "megakaryocyte",
            "platelet",
            "erythrocyte",
            "artifact",
            "not-leukocyte",
            "other-named",
            "not-recognized",
            "poor-image",
            "not-centered",
        )
    )


def test_levels_on_the_two_expert_matrix_of_the_first_microscope(data):
    stats = json.loads((data / "raabin_json" / "stats.json").read_text())
    rows = stats["agreement_rows_label1_cols_label2"]
    words = stats["labels"]
    pairs = {(a, b): rows[i][j] for i, a in enumerate(words) for j, b in enumerate(words) if a and b and rows[i][j]}
    agreed: dict[str, Counter[str]] = {level: Counter() for level in RAABIN.levels}
    for (first, second), count in pairs.items():
        for level, found in agreed.items():
            one, other = (RAABIN.roll_up(RAABIN.read(word).key, level) for word in (first, second))
            if one is not None and one == other:
                found[one] += count
    assert agreed["five-class"] == {"neutrophil": 9754, "lymphocyte": 4041, "monocyte": 874, "eosinophil": 1466}
    assert agreed["lineage"]["neutrophil"] == 9754 + 134 + 26 + 310 + 2 + 2 + 11
    assert agreed["full"].total() == 23131
    assert agreed["differential"]["lymphocyte"] == 4041
    assert agreed["differential"]["neutrophil.band"] == 310


@pytest.mark.parametrize("taxonomy", TAXONOMIES, ids=lambda taxonomy: taxonomy.name)
def test_a_roll_up_is_a_class_of_its_level_or_nothing(taxonomy):
    for level in taxonomy.levels:
        found = {term.key: taxonomy.roll_up(term.key, level) for term in taxonomy.terms}
        assert {one for one in found.values() if one} == set(taxonomy.classes(level))
        assert all(taxonomy.term(one) for one in taxonomy.classes(level)), "shipped levels speak of terms"
    assert taxonomy.classes("full") == taxonomy.leaves(taxonomy.root.key)


def test_answer_that_stops_at_a_parent_counts_where_the_level_goes_no_further():
    assert RAABIN.roll_up("lymphocyte", "five-class") == "lymphocyte"
    assert RAABIN.roll_up("neutrophil", "five-class") == "neutrophil"
    assert RAABIN.roll_up("neutrophil", "differential") is None
    assert RAABIN.roll_up("neutrophil", "full") is None
    assert RAABIN.roll_up("leukocyte", "five-class") is None
    assert ICSH.roll_up("granulocyte", "lineage") == "neutrophil"
    assert ICSH.roll_up("granulocyte", "differential") is None


# ------------------------------------------------------------- the two that ship


@pytest.mark.parametrize("taxonomy", TAXONOMIES, ids=lambda taxonomy: taxonomy.name)
def test_shipped_terms_say_how_they_look_and_after_whom(taxonomy):
    assert "never a diagnosis" in taxonomy.notice
    for term in taxonomy.terms:
        assert term.sources, term.key
        assert 1 <= len(re.findall(r"[.](?: |$)", term.morphology)) <= 4, term.key
    cells = {TermKind.LEUKOCYTE, TermKind.OTHER_CELL}
    leaves = [taxonomy.term(key) for key in taxonomy.leaves("element")]
    sizeless = {"lymphocyte.abnormal", "neutrophil.hypersegmented", "platelet.giant", "platelet.clump", "megakaryocyte"}
    sizeless.add("other-named")
    assert {each.key for each in leaves if each.kind in cells and "µm" not in each.morphology} <= sizeless
    assert [each.key for each in leaves if each.kind is TermKind.LEUKOCYTE and not each.raised_in] == []
    assert {short for each in taxonomy.terms for short in each.sources} == set(taxonomy.sources)


@pytest.mark.parametrize("taxonomy", TAXONOMIES, ids=lambda taxonomy: taxonomy.name)
def test_ids_of_the_cell_ontology_are_of_the_cell_meant(taxonomy):
    named = {term.ontology: term.name for term in taxonomy.terms if term.ontology}
    for key, name in named.items():
        assert name == OTHER_NAMES.get(key, name)
        assert name in OTHER_NAMES.values() or SHARED.get(key, ONTOLOGY[key]) in name


def test_icsh_maps_to_raabin_or_to_nothing():
    mapped = {term.key: term.maps_to for term in ICSH.terms}
    assert all(key is None or RAABIN.term(key) for key in mapped.values())
    assert {key for key, to in mapped.items() if to is None and not ICSH.children(key)} == {
        "blast",
        "granulocyte.promyelocyte",
        "granulocyte.myelocyte",
        "lymphocyte.abnormal",
        "lymphocyte.prolymphocyte",
        "plasma-cell",
        "monocyte.promonocyte",
        "monocyte.monoblast",
    }
    five = {
        key: (ICSH.roll_up(key, "five-class"), RAABIN.roll_up(to, "five-class")) for key, to in mapped.items() if to
    }
    assert [key for key, (here, there) in five.items() if here != there] == []


def test_keys_that_stand_in_databases_are_all_there():
    kept = """element leukocyte neutrophil neutrophil.segmented neutrophil.band neutrophil.metamyelocyte lymphocyte
        lymphocyte.small lymphocyte.large monocyte eosinophil basophil smudge erythroblast megakaryocyte artifact
        not-recognized not-centered"""
    assert (RAABIN.reference, shipped("raabin@1").reference) == ("raabin@2", "raabin@1")
    assert [key for key in kept.split() if not RAABIN.term(key)] == []


@pytest.mark.parametrize("taxonomy", TAXONOMIES, ids=lambda taxonomy: taxonomy.name)
def test_a_newer_edition_only_adds(taxonomy):
    first = shipped(f"{taxonomy.name}@1")
    assert (first.version, taxonomy.version) == (1, 2)
    now = {each.key: each for each in taxonomy.terms}
    for before in first.terms:
        after = now[before.key]
        assert (after.parent, after.kind, after.morphology) == (before.parent, before.kind, before.morphology)
        assert set(before.aliases) <= set(after.aliases)
        assert {level: first.roll_up(before.key, level) for level in first.levels} == {
            level: taxonomy.roll_up(before.key, level) for level in first.levels
        }
    added = {key: each.kind.value for key, each in now.items() if key not in {each.key for each in first.terms}}
    wanted = {"not-leukocyte": "other-cell", "other-named": "other-cell", "poor-image": "defect"}
    assert {**added, "poor-image": "defect"} == wanted
    for key in wanted:
        assert [taxonomy.roll_up(key, level) for level in taxonomy.levels if level != "full"] == [None] * 3


def test_digests_of_published_editions_stay():
    digests = {name: sha256(write_taxonomy(shipped(name))).hexdigest()[:16] for name in EDITIONS}
    assert digests == DIGESTS


def test_shipped_taxonomies_are_read_at_first_use_only():
    program = """
import sys, buffycoat, buffycoat.domain.taxonomy_file as file, buffycoat.domain.taxonomy as face
assert file.shipped.cache_info().currsize == 0
assert face.RAABIN is face.RAABIN and file.shipped.cache_info().currsize == 1
try:
    face.NOTHING
except AttributeError as error:
    print(error)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert "NOTHING" in done.stdout
    program = "import sys, buffycoat; print([name for name in sys.modules if 'taxonomy' in name])"
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout == "[]\n"
