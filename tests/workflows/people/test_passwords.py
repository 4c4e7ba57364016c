"""What a password and a handle must be, and how they are kept."""

from __future__ import annotations

import pytest
from argon2 import PasswordHasher, extract_parameters
from argon2.low_level import Type
from hypothesis import given
from hypothesis import strategies as st

from buffycoat.domain.account import (
    Password,
    fold_handle,
    handle_of,
)
from buffycoat.domain.label import Expert, Role
from buffycoat.errors import AlreadyExists, InputError, NotFound, NotSignedIn
from buffycoat.workflows import people
from buffycoat.workflows.people import invitations, passwords, sessions
from buffycoat.workflows.workspace import Workspace

WORDS = "four words nobody joins"
OTHER = "another four words here"


def test_passwords_are_kept_as_argon2id_of_rfc_9106():
    kept = passwords.hash_password(WORDS)
    found = extract_parameters(kept)
    assert (found.type, found.memory_cost >= 64 * 1024, found.time_cost >= 3, found.salt_len) == (
        Type.ID,
        True,
        True,
        16,
    )
    assert passwords.fits(kept, WORDS)
    assert not passwords.fits(kept, WORDS + " ")
    assert passwords.hash_password(WORDS) != kept, "each has salt of its own"
    assert not passwords.is_outdated(kept)


def test_a_handle_that_nobody_has_costs_what_a_wrong_password_costs(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace, person, simulated
):
    """The same work is done, with the same parameters; counted, as seconds depend on the machine."""
    done: list[str] = []
    hasher = passwords._HASHER

    class Counted:
        def verify(self, kept: str, password: str) -> bool:
            done.append(kept.rpartition("$")[0].rpartition("$")[0])
            return hasher.verify(kept, password)

        hash = staticmethod(hasher.hash)
        check_needs_rehash = staticmethod(hasher.check_needs_rehash)

    person(workspace, "edna")
    people.appoint(workspace, person(workspace, "gone").id, active=False)
    simulated(workspace)
    monkeypatch.setattr(passwords, "_HASHER", Counted())
    said = set()
    for handle in ("edna", "nobody", "gone", ""):
        with pytest.raises(NotSignedIn) as error:
            sessions.sign_in(workspace, handle=handle, password=OTHER)
        said.add(str(error.value) + error.value.hint)
    assert len(done) == 4
    assert len(set(done)) == len(said) == 1


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("123456789", "too short"),
        ("x" * 1001, "too long"),
        ("Edna.Bloom", "is the handle"),
        ("edna.bloom ", "is the handle"),
        ("Password123", "everybody tries"),
        ("ｐａｓｓｗｏｒｄ１２３", "everybody tries"),
        ("aaaaaaaaaaaa", "everybody tries"),
        (" " * 12, "everybody tries"),
    ],
)
def test_passwords_that_are_guessed_early_are_refused(password: str, said: str):
    with pytest.raises(InputError, match=said) as error:
        passwords.check_password(password, handle="edna.bloom")
    assert password not in str(error.value) + error.value.hint


@pytest.mark.parametrize("password", ["لکوسیت در گسترش خون", "0123456780", "x y z 1 2 3", "🩸🩸🩸🩸🩸🩸🩸🩸🩸🔬"])
def test_nothing_is_asked_of_what_a_password_is_made_of(password: str):
    passwords.check_password(password, handle="edna")


def test_common_passwords_are_long_enough_to_be_asked_about():
    assert [word for word in passwords.COMMON if len(word) < passwords.SHORTEST or word != fold_handle(word)] == []
    assert len(passwords.COMMON) > 40


def test_one_character_spelled_in_two_ways_is_one(cheap: None):
    assert passwords.fits(passwords.hash_password("Zürich am Abend"), "Zu\u0308rich am Abend")


def test_passwords_of_lower_parameters_are_hashed_anew_when_their_person_signs_in(
    workspace: Workspace, monkeypatch, person, who
):
    edna = person(workspace, "edna")
    first = sessions.sign_in(workspace, handle="edna", password=WORDS)
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=2, memory_cost=16, parallelism=1))
    sessions.sign_in(workspace, handle="edna", password=WORDS)
    sessions.sign_in(workspace, handle="edna", password=WORDS)
    with workspace.database.reading() as transaction:
        kept = sorted(transaction.find(Password, expert_id=edna.id), key=lambda each: each.made_at)
    assert [extract_parameters(each.hash).time_cost for each in kept] == [1, 2]
    assert who(workspace, first.secret), "it is the same password: nobody is signed out"


@pytest.mark.parametrize(
    ("given_", "kept"),
    [
        ("Edna", "edna"),
        (" edna.b ", "edna.b"),
        ("سارا", "سارا"),
        ("Ｅｄ1", "ed1"),
        ("\u0639\u0644\u064a", "\u0639\u0644\u06cc"),
        ("\u0643\u0627\u0648\u0647", "\u06a9\u0627\u0648\u0647"),
        ("edna\u06f1\u0661", "edna11"),
        ("\u7530\u4e2d\u3055\u304f\u3089", "\u7530\u4e2d\u3055\u304f\u3089"),
    ],
)
def test_handles_are_folded(given_: str, kept: str):
    assert handle_of(given_) == kept


@pytest.mark.parametrize(
    "text",
    ["", "e", "a b", "e" * 33, "-ed", "ed-", "a/b", "<b>", "a\u202eb", "a\nb", "ed\ud800na", "e\u0316\u0316\u0316d"],
)
def test_handles_that_do_not_fit_are_refused(text: str):
    with pytest.raises(InputError, match="handle"):
        handle_of(text)


@pytest.mark.parametrize("unseen", ["\u034f", "\u115f", "\u3164", "\u180b", "\ufe0f", "\U000e0100", "\u200d", "\u200f"])
def test_handles_with_what_is_not_seen_are_refused(unseen: str):
    with pytest.raises(InputError, match="handle"):
        handle_of(f"ed{unseen}na")


@pytest.mark.parametrize("text", ["\u0435dna", "edn\u03b1", "\u0639edna"])
def test_handles_of_two_scripts_are_refused(text: str):
    with pytest.raises(InputError, match="one script"):
        handle_of(text)


@pytest.mark.parametrize(
    ("taken", "text"),
    [
        ("ace", "\u0430\u0441\u0435"),
        ("emil", "emi1"),
        ("bob", "b0b"),
        ("ian", "i\u0307an"),
        ("\u0430\u0441\u0435", "ace"),
    ],
)
def test_a_handle_that_looks_like_that_of_somebody_else_is_refused(workspace: Workspace, person, taken: str, text: str):
    person(workspace, taken)
    with pytest.raises(AlreadyExists, match="looks like"):
        person(workspace, text)
    with pytest.raises(AlreadyExists, match="looks like"):
        invitations.invite(workspace, role=Role.EXPERT, handle=text)


def test_a_handle_is_the_same_on_a_persian_and_an_arabic_keyboard(workspace: Workspace, person):
    person(workspace, "\u0639\u0644\u06cc\u06f1")
    assert sessions.sign_in(workspace, handle="\u0639\u0644\u064a\u0661", password=WORDS).person.handle


@given(st.text(max_size=40))
def test_a_handle_is_folded_once_and_for_all(text: str):
    assert fold_handle(fold_handle(text)) == fold_handle(text)
    try:
        handle = handle_of(text)
    except InputError:
        return
    assert handle_of(handle) == handle == fold_handle(handle)


def test_handles_that_differ_in_case_are_one_person(workspace: Workspace, person):
    edna = person(workspace, "Edna")
    with pytest.raises(AlreadyExists):
        person(workspace, "EDNA")
    assert sessions.sign_in(workspace, handle=" eDNA", password=WORDS).person == edna


def test_an_expert_of_a_round_keeps_the_id_when_an_account_is_made(workspace: Workspace):
    with workspace.database.writing() as transaction:
        transaction.add([Expert(id="e9", handle="Dr Bloom")])
    facts = people.list_people(workspace)
    assert [(each.person.handle, each.active, each.since) for each in facts] == [("Dr Bloom", False, None)]
    made = people.add_person(workspace, handle="dr bloom", role=Role.ADJUDICATOR, password=WORDS)
    assert (made.person.id, made.person.handle, made.person.role) == ("e9", "Dr Bloom", Role.ADJUDICATOR)


def test_folders_of_imported_sets_are_nobody(workspace: Workspace, person):
    with workspace.database.writing() as transaction:
        transaction.add([Expert(id="e9", handle="neutrophils", role=Role.SOURCE)])
    assert people.list_people(workspace) == ()
    with pytest.raises(AlreadyExists):
        person(workspace, "neutrophils")
    with pytest.raises(NotFound):
        people.appoint(workspace, "e9", role=Role.ADMIN)
    with pytest.raises(InputError, match="role"):
        person(workspace, "edna", Role.SOURCE)
