from __future__ import annotations

from importlib.resources import files

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from buffycoat.domain.taxonomy import RAABIN, TAXONOMIES, Taxonomy, Term, TermKind, read_taxonomy, write_taxonomy
from buffycoat.errors import InvalidTaxonomy

GOOD = """
name = "mine"
version = 3
[levels.two]
white = ["wbc.one", "wbc.two"]
[[terms]]
key = "all"
name = "all"
kind = "root"
[[terms]]
key = "wbc"
name = "white cell"
parent = "all"
kind = "leukocyte"
[[terms]]
key = "wbc.one"
name = "first"
parent = "wbc"
kind = "leukocyte"
hotkey = "1"
aliases = ["One"]
maps_to = "monocyte"
[[terms]]
key = "wbc.two"
name = "second"
parent = "wbc"
kind = "leukocyte"
hotkey = "2"
"""


def test_file_of_a_laboratory_is_read():
    mine = read_taxonomy(GOOD.encode(), name="mine.toml")
    assert mine.reference == "mine@3"
    assert mine.term("wbc.one").maps_to == "monocyte"
    assert mine.levels["two"] == {"wbc.one": "white", "wbc.two": "white"}
    assert mine.roll_up("wbc", "two") == "white"
    assert read_taxonomy(b"\xef\xbb\xbf" + GOOD.encode(), name="from-notepad.toml") == mine


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('hotkey = "2"', 'hotkey = "1"', r"mine.toml: .*hotkeys used twice: '1' by 'wbc.one' and 'wbc.two'"),
        ('parent = "all"', 'parent = "wbc.one"', r"mine.toml: .*circle.*found wbc -> wbc.one -> wbc"),
        ('parent = "all"\n', "", r"mine.toml: .*not one root: .*'all', 'wbc'"),
        ('parent = "all"', 'parent = "al"', r"mine.toml: .*'wbc' .*parent is unknown: expected all, found 'al'"),
        ('key = "wbc.two"', 'key = "wbc.one"', r"mine.toml: .*key used twice: wbc.one"),
        ('hotkey = "2"', 'aliases = ["One"]', r"mine.toml: .*aliases used twice: 'One' by 'wbc.one' and 'wbc.two'"),
        ('"wbc.one", "wbc.two"]', '"wbc.on"]', r"level 'two' names an unknown term: expected wbc.one"),
        ('"wbc.one", "wbc.two"]', '"wbc"]', r"level 'two' names 'wbc', which has terms below it"),
        ('"wbc.one", "wbc.two"]', '"wbc.one", "wbc.one"]', r"level 'two' counts 'wbc.one' twice"),
        ("[levels.two]", "[levels.full]", r"level 'full' is there already"),
        ('kind = "root"', 'kind = "rot"', r"mine.toml: term 'all' has an unknown kind: expected .*root.*found 'rot'"),
        ("aliases =", "alises =", r"mine.toml: term 'wbc.one' has an unknown field: expected aliases, found 'alises'"),
        ("version", "verison", r"mine.toml has an unknown field: expected version, found 'verison'"),
        ("version = 3", "", r"mine.toml: version .*expected a whole number from 1 up, found nothing"),
        ("version = 3", "version = true", r"mine.toml: version .*found True \(bool\)"),
        ("version = 3", "version = 0", r"mine.toml: version"),
        ('key = "wbc"\n', "", r"mine.toml: term 2: key .*expected text, found nothing"),
        ('name = "white cell"\n', "", r"mine.toml: term 'wbc': name .*expected text"),
        ('kind = "root"\n', "", r"mine.toml: term 'all': kind"),
        ('hotkey = "2"', "hotkey = 2", r"mine.toml: term 'wbc.two': hotkey .*expected text, found 2 \(int\)"),
        ('["One"]', '"One"', r"mine.toml: term 'wbc.one': aliases .*expected a list of text, found 'One'"),
        ('["One"]', '["One", 1]', r"mine.toml: term 'wbc.one': aliases .*found a list of 2"),
        ('"monocyte"', '"monocyt"', r"mine.toml: term 'wbc.one' maps to no term of raabin: expected monocyte"),
        ("version = 3", "version = ", r"mine.toml is not TOML: .*line 3"),
        ("[levels.two]", "levels = 3\n[levels.two]", r"mine.toml is not TOML: .*line 5"),
        ('white = ["wbc.one", "wbc.two"]', "white = 1", r"level 'two': white .*expected a list of text"),
        ('name = "mine"', 'name = "my cells"', r"'my cells' is no key"),
        ("[[terms]]", "[terms]", r"mine.toml is not TOML: .*line"),
        ('name = "mine"', 'name = "mine"\nsources = {bain = 1}', r"source 'bain' .*expected text, found 1"),
        ('name = "mine"', 'name = "mine"\nsources = 1', r"mine.toml: sources .*expected a table, found 1"),
    ],
)
def test_fault_of_a_file_is_named_with_file_and_term(old, new, fault):
    assert GOOD.count(old) >= 1, "the test must change something"
    with pytest.raises(InvalidTaxonomy, match=fault) as caught:
        read_taxonomy(GOOD.replace(old, new, 1 if old != "[[terms]]" else -1).encode(), name="mine.toml")
    assert "mine" in str(caught.value)
    assert caught.value.hint


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", "name .*found nothing"),
        (b'name = "x"\nversion = 1\n', "terms .*expected a list of tables"),
        (b'name = "x"\nversion = 1\nterms = [1]\n', "term 1 .*expected a table"),
        (b'name = "x"\nversion = 1\nlevels = 1\nterms = []\n', "levels .*expected a table"),
        (b'name = "x"\nversion = 1\nterms = []\nlevels = {two = 1}\n', "level 'two' .*expected a table"),
        (b'name = "\xff"', "not UTF-8, at line 1: expected UTF-8, found byte 0xff"),
        (b'a = "b"\n\xe9', "not UTF-8, at line 2"),
        (b"x = " + b"[" * 100_000, "brackets within brackets"),
        (b"#" * 1_000_001, "too large .*1,000,000"),
        (b"\x00", "not TOML"),
        (b'{"name": "x"}', "not TOML.*line 1"),
    ],
)
def test_what_is_no_taxonomy_at_all_is_refused(content, fault):
    with pytest.raises(InvalidTaxonomy, match=fault):
        read_taxonomy(content, name="bad.toml")


def test_shipped_files_are_plain_text_without_tabs():
    for taxonomy in TAXONOMIES:
        text = (files("buffycoat.domain") / "taxonomies" / f"{taxonomy.name}.toml").read_text("utf-8")
        assert "\t" not in text
        assert text.endswith("\n")


# ------------------------------------------------------------------ round trips

KEYS = st.text("abcXYZ019._-", min_size=1, max_size=8).filter(lambda key: key[0].isalnum())
WORDS = st.text(st.characters(exclude_categories=("Cc", "Cs")), min_size=1, max_size=12).filter(
    lambda word: word == word.strip()
)
TEXTS = st.text(st.characters(exclude_categories=("Cs",)), max_size=30)


@st.composite
def taxonomies(draw):
    keys = draw(st.lists(KEYS, min_size=1, max_size=9, unique_by=str.casefold))
    free = st.sampled_from(draw(st.lists(WORDS, min_size=1, max_size=12, unique_by=str.casefold)))
    sources = draw(st.dictionaries(WORDS, TEXTS, max_size=3))
    taken: set[str] = set(keys)
    named: set[str] = set()
    hotkeys: set[str] = set()
    terms = []
    for position, key in enumerate(keys):
        spelled = []
        for word in draw(st.lists(free, max_size=3, unique=True)):
            if word not in taken:
                taken.add(word)
                spelled.append(word)
        name = draw(WORDS)
        if name.casefold() in named:
            name = f"{key}!"
        named.add(name.casefold())
        hotkey = draw(st.sampled_from(["", "1", "ß", '"', "\\", "."]))
        hotkey = "" if hotkey in hotkeys else hotkey
        hotkeys.add(hotkey)
        terms.append(
            Term(
                key=key,
                name=name,
                parent=draw(st.sampled_from(keys[:position])) if position else None,
                kind=draw(st.sampled_from(TermKind)),
                hotkey=hotkey,
                aliases=tuple(spelled),
                ontology=draw(st.none() | WORDS),
                maps_to=draw(st.none() | st.sampled_from([term.key for term in RAABIN.terms])),
                morphology=draw(TEXTS),
                raised_in=tuple(draw(st.lists(TEXTS, max_size=3))),
                lowered_in=tuple(draw(st.lists(TEXTS, max_size=3))),
                sources=tuple(draw(st.lists(st.sampled_from(sorted(sources)), max_size=2))) if sources else (),
            )
        )
    leaves = sorted(set(keys) - {term.parent for term in terms})
    level = st.dictionaries(st.sampled_from(leaves), WORDS, max_size=5)
    return Taxonomy(
        name=draw(KEYS),
        version=draw(st.integers(1, 10**9)),
        terms=tuple(terms),
        levels=draw(st.dictionaries(WORDS, level, max_size=3)),
        title=draw(TEXTS),
        notice=draw(TEXTS),
        sources=sources,
    )


@settings(max_examples=150, deadline=None)
@given(taxonomies())
def test_what_is_written_reads_back_equal(taxonomy):
    # The mapping is checked against the shipped tree, unless the file says that it is that tree.
    again = read_taxonomy(write_taxonomy(taxonomy), name="again.toml")
    assert again == taxonomy
    assert write_taxonomy(again) == write_taxonomy(taxonomy)


@settings(max_examples=100, deadline=None)
@given(taxonomies())
def test_every_taxonomy_spells_what_it_reads_and_counts_what_it_has(taxonomy):
    for each in taxonomy.terms:
        assert taxonomy.read(taxonomy.spelling(each.key)).key == each.key
        assert taxonomy.path(each.key)[0] == taxonomy.root.key
        assert set(taxonomy.leaves(each.key)) <= set(taxonomy.levels["full"])
    assert taxonomy.leaves(taxonomy.root.key) == tuple(taxonomy.leaves(taxonomy.root.key))
    assert len(taxonomy.leaves(taxonomy.root.key)) == len(taxonomy.levels["full"])
