"""A reading round opened: cells chosen by a query, experts named, and everything sealed before the first answer."""

from __future__ import annotations

import math
import secrets
from collections.abc import Collection, Sequence
from dataclasses import replace

import numpy as np

from buffycoat.domain.account import Person
from buffycoat.domain.label import Mode, Role, Round
from buffycoat.domain.query import Query
from buffycoat.domain.reading import RoundView, RoundWish
from buffycoat.domain.taxonomy import FULL, RAABIN, Taxonomy
from buffycoat.domain.value import derive_id, digest_of
from buffycoat.errors import AlreadyExists, InputError, NotAllowed, TooFew
from buffycoat.store.queries import latest_taxonomy
from buffycoat.workflows.editions import newest_edition, taxonomy_of
from buffycoat.workflows.people import list_people
from buffycoat.workflows.reading.answering import reading_run
from buffycoat.workflows.reading.panel import TRYING, draw_evenly, known_terms
from buffycoat.workflows.reading.rounds import view_of
from buffycoat.workflows.runs import now, run_of
from buffycoat.workflows.selection import find_query
from buffycoat.workflows.shown import cells_of
from buffycoat.workflows.workspace import Workspace

__all__ = ["open_reading", "open_wished", "seal_round"]

_LEADING = (Role.CURATOR, Role.ADMIN)
_LONGEST_NAME = 64


def open_reading(workspace: Workspace, wish: RoundWish, person: Person) -> RoundView:
    """Open a round as a curator or admin wishes it; see :func:`open_wished`.

    Raises
    ------
    NotAllowed
        The person is no curator or admin.
    """
    if person.role not in _LEADING:
        raise NotAllowed("only a curator or admin opens a round")
    campaign = open_wished(workspace, wish, secret=secrets.token_hex(16))
    with workspace.database.reading() as transaction:
        return view_of(transaction, campaign, person, closed=False)


def open_wished(workspace: Workspace, wish: RoundWish, *, secret: str) -> Round:
    """Open a round: the one way in which any is opened, from the studio and from the command line.

    Only kept cells with a photograph are read. In training and proficiency rounds these are cells on which a panel has
    decided: experts who agree, or an adjudicator.

    Parameters
    ----------
    workspace
        Where.
    wish : RoundWish
        What is wanted.
    secret : str
        What orders and ids of items come from: made up, or always the same where everything may be known.

    Raises
    ------
    InputError
        The name, the share, a number, an expert or a cell does not fit; or the mode shows no examples or has no panel.
    AlreadyExists
        A round of this name is there.
    NotFound
        There is no such query, taxonomy or panel.
    UnknownTerm
        The taxonomy has no such level.
    TooFew
        There is no cell to read, or there are not as many cells with a known answer.
    """
    name = _checked_name(wish)
    experts = _checked_experts(workspace, wish)
    taxonomy = _taxonomy(workspace, wish)
    query = Query(id="all") if wish.query is None else find_query(workspace, wish.query)
    chosen = cells_of(workspace, replace(query, kept=query.kept is not False, with_pixels=True))
    if wish.cells:
        chosen = _among(chosen, wish.cells)
    known: dict[str, str] = {}
    if wish.mode in TRYING:
        known = known_terms(workspace, taxonomy, of_round=wish.panel)
        chosen = [cell for cell in chosen if cell in known]
    if not chosen:
        raise TooFew(
            "no cell of this query can be read in such a round",
            hint="a cell needs a photograph; for training and proficiency also an answer of a panel",
        )
    if wish.most is not None and len(chosen) > wish.most:
        chosen = draw_evenly(chosen, known, most=wish.most, seed=f"cells {name}")
    return seal_round(
        workspace,
        name=name,
        experts=experts,
        cells=chosen,
        taxonomy=taxonomy.reference,
        wish=wish,
        gold=_gold(workspace, wish, taxonomy, but=chosen) if wish.gold else (),
        secret=secret,
    )


def seal_round(  # noqa: PLR0913 (everything that a round is)
    workspace: Workspace,
    *,
    name: str,
    experts: Sequence[str],
    cells: Collection[str],
    taxonomy: str,
    wish: RoundWish | None = None,
    gold: Sequence[str] = (),
    secret: str = "",
) -> Round:
    """Write a round and the runs under which its experts answer, all at once.

    Raises
    ------
    AlreadyExists
        A round of this name is there.
    """
    ids = tuple(sorted(cells))
    mode = Mode.BLIND if wish is None else wish.mode
    parameters = {"name": name, "experts": ", ".join(experts)}
    said = "\n".join(ids)
    if wish is not None:
        parameters["mode"] = mode.value
        said = "\n".join([said, *gold, taxonomy, wish.level, str(wish.repeat_share), str(wish.examples)])
    run = run_of(room="label", function="label.open_round", parameters=parameters, inputs=digest_of(said.encode()))
    campaign = Round(
        id=derive_id("round", {"name": name}),
        name=name,
        taxonomy=taxonomy,
        cells=ids,
        experts=tuple(experts),
        opened_at=now(),
        run_id=run.id,
        mode=mode,
        level=FULL if wish is None else wish.level,
        repeat_share=0.0 if wish is None else wish.repeat_share,
        gold=tuple(gold),
        secret=secret,
        examples=wish is not None and wish.examples,
    )
    with workspace.database.writing() as transaction:
        if transaction.count(Round, name=name):
            raise AlreadyExists("there is a round of this name", found=name, hint="give another name")
        transaction.add([run, *(reading_run(campaign, expert) for expert in experts), campaign])
    return campaign


def _among(chosen: Sequence[str], cells: Sequence[str]) -> list[str]:
    """Return the cells that were named; one that cannot be read is no silent gap."""
    missing = sorted(set(cells) - set(chosen))
    if missing:
        raise InputError(
            "some of these cells cannot be read in a round",
            expected="kept cells with a photograph that the query means",
            found=f"{len(missing)} others, such as {missing[0][:80]!r}",
        )
    return sorted(set(cells))


def _checked_name(wish: RoundWish) -> str:
    name = wish.name.strip()
    if not 1 <= len(name) <= _LONGEST_NAME or not name.isprintable():
        raise InputError(
            "a name of a round does not fit", expected=f"1 to {_LONGEST_NAME} characters", found=repr(name[:80])
        )
    if not (math.isfinite(wish.repeat_share) and 0 <= wish.repeat_share <= 0.5):
        raise InputError("no share of hidden repeats", expected="0 to 0.5", found=str(wish.repeat_share))
    if wish.gold < 0:
        raise InputError("no number of gold cells", expected="0 or more", found=str(wish.gold))
    if wish.most is not None and wish.most < 1:
        raise InputError("no number of cells", expected="1 or more", found=str(wish.most))
    if wish.examples and wish.mode is Mode.PROFICIENCY:
        raise InputError("a proficiency round shows no examples: it tries who reads", found="examples")
    if wish.panel is not None and wish.mode not in TRYING:
        raise InputError("only a training or proficiency round has a panel", found=repr(wish.panel[:80]))
    return name


def _checked_experts(workspace: Workspace, wish: RoundWish) -> tuple[str, ...]:
    """Return the ids of those who will read, as they were named."""
    known = {facts.person.id: facts for facts in list_people(workspace)}
    if not wish.experts or len(set(wish.experts)) < len(wish.experts):
        raise InputError(
            "a round needs different experts", expected="at least one, each once", found=str(len(wish.experts))
        )
    for key in wish.experts:
        facts = known.get(key)
        if facts is None:
            raise InputError("nobody has this id", expected="ids of people", found=repr(key[:80]))
        role = facts.person.role
        if role is Role.VIEWER or (role is Role.TRAINEE and wish.mode not in TRYING):
            raise InputError(
                f"a {role.value} does not read in a round of this mode",
                expected="an expert, adjudicator, curator or admin; a trainee for training and proficiency",
                found=facts.person.handle,
            )
        if facts.since is not None and not facts.active:
            raise InputError("the account of an expert is switched off", found=facts.person.handle)
    return wish.experts


def _taxonomy(workspace: Workspace, wish: RoundWish) -> Taxonomy:
    word = wish.taxonomy
    if word is None:
        with workspace.database.reading() as transaction:
            word = newest_edition(latest_taxonomy(transaction) or RAABIN.reference)
    elif word.endswith(".toml"):
        raise InputError(
            "a taxonomy is named, not its file", found=repr(word[:80]), hint="`buffycoat taxonomy` keeps one"
        )
    taxonomy = taxonomy_of(workspace, word)
    if wish.level != FULL:
        taxonomy.classes(wish.level)
    return taxonomy


def _gold(workspace: Workspace, wish: RoundWish, taxonomy: Taxonomy, *, but: Collection[str]) -> tuple[str, ...]:
    """Draw cells whose answer is known, from all that are not read in the round anyway."""
    readable = set(cells_of(workspace, Query(id="gold", kept=True, with_pixels=True)))
    there = sorted((known_terms(workspace, taxonomy).keys() & readable) - set(but))
    if len(there) < wish.gold:
        raise TooFew(
            "there are not as many cells with a known answer outside this query",
            expected=str(wish.gold),
            found=str(len(there)),
        )
    rng = np.random.default_rng(int(digest_of(f"gold {wish.name}".encode())[:16], 16))
    return tuple(sorted(there[n] for n in rng.choice(len(there), size=wish.gold, replace=False)))
