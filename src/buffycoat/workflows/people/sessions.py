"""Signing in, and whose a shown secret is: what stands before every request."""

from __future__ import annotations

from datetime import datetime, timedelta

from buffycoat.domain.account import Ended, Password, Person, Revocation, Scope, SignIn, Token, TokenFacts
from buffycoat.domain.value import digest_of, value
from buffycoat.errors import InputError, NotFound, NotSignedIn
from buffycoat.store import Transaction
from buffycoat.store.accounts import Shown, only_simulated, shown_secret
from buffycoat.workflows.people.accounts import end, facts_of, find_expert, random_id, revocation_id
from buffycoat.workflows.people.passwords import fits, hash_password, is_outdated, key_of, make_secret, same_secret
from buffycoat.workflows.people.roster import list_people
from buffycoat.workflows.people.tokens import last_uses
from buffycoat.workflows.runs import now
from buffycoat.workflows.workspace import Workspace

__all__ = [
    "SIGNED_IN_FOR",
    "Caller",
    "Signed",
    "end_token",
    "list_demo",
    "list_tokens",
    "make_token",
    "open_session",
    "sign_in",
    "sign_in_demo",
    "sign_out",
    "who",
]

SIGNED_IN_FOR = timedelta(days=30)
LONGEST_DAYS = 366
MOST_TOKENS = 50


@value
class Signed:
    """A person who has just signed in, and what the browser is to hold."""

    person: Person
    secret: str


@value
class Caller:
    """Whose request it is, what it may do at most, and by what it was told: the id of a sign-in or token."""

    person: Person
    scope: Scope
    by: str


def sign_in(workspace: Workspace, *, handle: str, password: str) -> Signed:
    """Sign a person in.

    An unknown handle, a wrong password and an account that is switched off or has no password are the same answer after
    the same time.

    Raises
    ------
    NotSignedIn
        Handle and password do not fit.
    """
    with workspace.database.reading() as transaction:
        expert = find_expert(transaction, handle)
        kept = _password(transaction, expert.id) if expert else None
    right = fits(kept.hash if kept else None, password)
    if not right or kept is None:
        raise _wrong()
    better = hash_password(password) if is_outdated(kept.hash) else None
    with workspace.database.writing() as transaction:
        held = _password(transaction, kept.expert_id)
        facts = facts_of(transaction, kept.expert_id)
        # Between the two transactions somebody may have changed the password or switched the account off.
        if held is None or held.id != kept.id or not facts.active or facts.person.simulated:
            raise _wrong()
        if better is not None:
            moment = max(now(), kept.made_at + timedelta(microseconds=1))
            transaction.add([Password(id=random_id("p"), expert_id=kept.expert_id, hash=better, made_at=moment)])
        return _signed(transaction, facts.person)


def _wrong() -> NotSignedIn:
    return NotSignedIn("handle and password do not fit", hint="an admin can send a new invitation")


def _password(transaction: Transaction, expert_id: str) -> Password | None:
    kept = sorted(transaction.find(Password, expert_id=expert_id), key=lambda each: (each.made_at, each.id))
    return kept[-1] if kept else None


def _signed(transaction: Transaction, person: Person) -> Signed:
    key, secret, digest = make_secret("s")
    moment = now()
    transaction.add(
        [SignIn(id=key, expert_id=person.id, digest=digest, made_at=moment, expires_at=moment + SIGNED_IN_FOR)]
    )
    return Signed(person=person, secret=secret)


def open_session(workspace: Workspace, person_id: str) -> Signed:
    """Sign in somebody who has just made the account.

    Raises
    ------
    NotSignedIn
        The account is switched off.
    """
    with workspace.database.writing() as transaction:
        facts = facts_of(transaction, person_id)
        if not facts.active:
            raise _wrong()
        return _signed(transaction, facts.person)


def sign_in_demo(workspace: Workspace, handle: str) -> Signed:
    """Sign in as a person of the demo, without a password; the service makes sure that it is asked from this machine.

    Raises
    ------
    NotSignedIn
        A smear is real, or the demo has no such person.
    """
    with workspace.database.writing() as transaction:
        expert = find_expert(transaction, handle) if only_simulated(transaction) else None
        facts = facts_of(transaction, expert.id) if expert is not None and expert.simulated else None
        if facts is None or not facts.active:
            raise NotSignedIn("the demo has no such person", hint="/api/session lists the people of the demo")
        return _signed(transaction, facts.person)


def list_demo(workspace: Workspace) -> tuple[Person, ...]:
    """Return whom one may sign in as without a password; nobody where a smear is real."""
    with workspace.database.reading() as transaction:
        if not only_simulated(transaction):
            return ()
    return tuple(facts.person for facts in list_people(workspace) if facts.person.simulated and facts.active)


def sign_out(workspace: Workspace, caller: Caller) -> None:
    """End one sign-in; the same person stays signed in elsewhere."""
    with workspace.database.writing() as transaction:
        transaction.add(end([caller.by], Ended.SIGNED_OUT, by=caller.person.id))


def who(workspace: Workspace, secret: str, *, token: bool, demo: bool) -> Caller | None:
    """Return whose secret this is; ``None`` where it is nobody's, or no longer good.

    Parameters
    ----------
    workspace
        Where.
    secret : str
        What the browser or the program shows.
    token : bool
        Whether it is shown as a token; otherwise as the cookie of a browser.
    demo : bool
        Whether the people of the demo may act: they need no password, so it must be asked from this machine. They may
        never where a smear is real.

    Notes
    -----
    Called on the thread that serves, before every request. What is remembered holds until anything is written into the
    workspace, by whatever process: what another one ended has ended here. Until then one look is enough to know so.
    """
    kind = Token if token else SignIn
    key = key_of(secret, "t" if token else "s")
    if key is None:
        return None
    memory = workspace.database.glances.memory()
    name = (kind, key, digest_of(secret.encode()))
    shown: Shown | None = memory.get(name)
    if shown is None:
        shown = shown_secret(workspace.database, kind, key, ended=revocation_id(key))
        if shown is None or not same_secret(secret, shown.digest):
            return None
        memory[name] = shown
    if not shown.active or now() >= shown.expires_at or (shown.person.simulated and not (demo and not shown.real)):
        return None
    return Caller(person=shown.person, scope=shown.scope, by=key)


def make_token(workspace: Workspace, person_id: str, *, name: str, scope: Scope, days: int) -> TokenFacts:
    """Make a token for a program of a person; what the program shows is told once.

    Raises
    ------
    InputError
        The name is empty or long, the time too short or longer than a year, or the person has too many tokens.
    NotFound
        Nobody has this id.
    NotSignedIn
        The account is switched off.
    """
    name = name.strip()
    if not 1 <= len(name) <= 64 or not name.isprintable():
        raise InputError("the name of the token does not fit", expected="1 to 64 characters", found=str(len(name)))
    if not 1 <= days <= LONGEST_DAYS:
        raise InputError("the token cannot hold so long", expected=f"1 to {LONGEST_DAYS} days", found=str(days))
    key, secret, digest = make_secret("t")
    moment = now()
    with workspace.database.writing() as transaction:
        if not facts_of(transaction, person_id).active:
            raise _wrong()
        if len(_tokens(transaction, person_id, moment)) >= MOST_TOKENS:
            raise InputError("there are too many tokens", expected=f"at most {MOST_TOKENS}", hint="end one first")
        token = Token(
            id=key,
            expert_id=person_id,
            name=name,
            scope=scope,
            digest=digest,
            made_at=moment,
            expires_at=moment + timedelta(days=days),
        )
        transaction.add([token])
    return _facts(token, secret)


def _facts(token: Token, secret: str | None = None, *, used_at: datetime | None = None) -> TokenFacts:
    return TokenFacts(
        id=token.id,
        name=token.name,
        scope=token.scope,
        made_at=token.made_at,
        expires_at=token.expires_at,
        used_at=used_at,
        token=secret,
    )


def _tokens(transaction: Transaction, person_id: str, moment: datetime) -> list[Token]:
    return [
        token
        for token in transaction.find(Token, expert_id=person_id)
        if moment < token.expires_at and not transaction.find(Revocation, id=revocation_id(token.id))
    ]


def list_tokens(workspace: Workspace, person_id: str) -> tuple[TokenFacts, ...]:
    """Return the tokens of a person that still hold, oldest first."""
    with workspace.database.reading() as transaction:
        held = _tokens(transaction, person_id, now())
        used = last_uses(transaction, [token.id for token in held])
    return tuple(
        _facts(token, used_at=used.get(token.id)) for token in sorted(held, key=lambda each: (each.made_at, each.id))
    )


def end_token(workspace: Workspace, person_id: str, token_id: str) -> None:
    """End a token of a person.

    Raises
    ------
    NotFound
        The person has no such token.
    """
    with workspace.database.writing() as transaction:
        if not transaction.find(Token, id=token_id, expert_id=person_id):
            raise NotFound("no token of yours has this id", found=token_id)
        transaction.add(end([token_id], Ended.WITHDRAWN, by=person_id))
