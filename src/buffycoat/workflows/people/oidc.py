"""Signing in with an institution's own account: OpenID Connect, authorization code with PKCE."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from buffycoat.domain.account import Ended, Identity, Invitation, Person, Revocation, fold_handle
from buffycoat.domain.label import Expert, Role
from buffycoat.domain.value import value
from buffycoat.errors import Conflict, NotAllowed, NotSignedIn
from buffycoat.store import Transaction
from buffycoat.store.accounts import appointments_now
from buffycoat.workflows.people.accounts import account_of, end, facts_of, find_expert, new_expert, revocation_id
from buffycoat.workflows.people.invitations import find_invitation
from buffycoat.workflows.people.linking import held_link
from buffycoat.workflows.people.passwords import key_of
from buffycoat.workflows.people.provider import Provider
from buffycoat.workflows.people.sessions import Caller
from buffycoat.workflows.runs import now
from buffycoat.workflows.workspace import Workspace

__all__ = ["Begun", "Flows", "own_path", "sign_in_with"]

LASTS_S = 600.0
MOST = 10_000
_PATH = re.compile(r"/(?![/\\])[^\x00-\x20\\]*")


@value
class Begun:
    """A sign-in that was begun: where the browser goes, and what it must show when it comes back."""

    address: str
    browser: str


@value
class _Flow:
    nonce: str
    verifier: str
    browser: str
    redirect: str
    to: str
    invitation: str | None
    caller: Caller | None
    link: bool
    since: float


class Flows:
    """Sign-ins that were begun here and have not come back: each is good once, for ten minutes, in one browser.

    Parameters
    ----------
    most : int
        So many are held at once; beyond, the oldest is forgotten, and its person begins again.
    clock : callable
        Gives seconds that only grow.
    """

    def __init__(self, *, most: int = MOST, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = most
        self._clock = clock
        self._lock = threading.Lock()
        self._flows: OrderedDict[str, _Flow] = OrderedDict()

    def begin(
        self,
        provider: Provider,
        *,
        redirect: str,
        to: str = "/",
        invitation: str | None = None,
        caller: Caller | None = None,
        link: bool = False,
    ) -> Begun:
        """Begin a sign-in.

        Parameters
        ----------
        provider : Provider
            With whom.
        redirect : str
            Where the provider is to send the browser back to.
        to : str
            Path within the studio to go on to.
        invitation : str, optional
            Code of an invitation that is to be taken.
        caller : Caller, optional
            Who is signed in already in this browser: that sign-in ends when this one has come back.
        link : bool
            Whether the provider's account is to be linked with that person's, instead of whoever it is being signed in.

        Raises
        ------
        NotSignedIn
            The provider does not answer; or nobody is signed in, whose account could be linked.
        """
        if link and caller is None:
            raise NotSignedIn("nobody is signed in")
        address = provider.endpoint("authorization_endpoint")
        state, browser = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
        flow = _Flow(
            nonce=secrets.token_urlsafe(32),
            verifier=secrets.token_urlsafe(64),
            browser=browser,
            redirect=redirect,
            to=own_path(to),
            invitation=invitation,
            caller=caller,
            link=link,
            since=self._clock(),
        )
        with self._lock:
            self._flows[state] = flow
            while len(self._flows) > self._most or self._late(next(iter(self._flows.values()))):
                self._flows.popitem(last=False)
        asked = {
            "response_type": "code",
            "client_id": provider.settings.client,
            "redirect_uri": redirect,
            "scope": "openid email profile",
            "state": state,
            "nonce": flow.nonce,
            "code_challenge": _challenge(flow.verifier),
            "code_challenge_method": "S256",
        }
        return Begun(address=f"{address}{'&' if '?' in address else '?'}{urlencode(asked)}", browser=browser)

    def take(self, state: str, browser: str) -> _Flow:
        """Return a sign-in that comes back, once.

        Raises
        ------
        NotSignedIn
            None of this state was begun in this browser, it came back before, or took too long.
        """
        with self._lock:
            flow = self._flows.pop(state, None)
        if flow is None or self._late(flow) or not hmac.compare_digest(flow.browser.encode(), browser.encode()):
            raise NotSignedIn("this sign-in was not begun here, or took too long", hint="begin again")
        return flow

    def _late(self, flow: _Flow) -> bool:
        return self._clock() - flow.since > LASTS_S


def own_path(to: str) -> str:
    r"""Return a path within the studio, or its first page where it leads elsewhere.

    Examples
    --------
    >>> own_path("/rounds/1?a=b"), own_path("//evil.example"), own_path("https://evil.example"), own_path("/\\evil")
    ('/rounds/1?a=b', '/', '/', '/')
    """
    return to if _PATH.fullmatch(to) else "/"


def _challenge(verifier: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")


def sign_in_with(
    workspace: Workspace, provider: Provider, flows: Flows, *, state: str, browser: str, code: str
) -> tuple[Person, str]:
    """Return whom the provider has sent back, with or after an account, and the path to go on to.

    Whoever was signed in there before is signed out: the browser is to hold a new secret, and not two.

    Raises
    ------
    NotSignedIn
        The sign-in was not begun in this browser, or the provider's word does not hold; or the person whose account was
        to be linked has signed out meanwhile.
    NotAllowed
        The provider knows the person, and nobody here does; or the mail address is not of the institution.
    Conflict
        The account is switched off, is one of the demo, or is of somebody else.
    """
    flow = flows.take(state, browser)
    token = provider.redeem(code, redirect=flow.redirect, verifier=flow.verifier)
    claims = provider.verify(token, nonce=flow.nonce)
    _check_domain(provider, claims)
    before = flow.caller
    with workspace.database.writing() as transaction:
        if flow.link and before is not None and transaction.find(Revocation, id=revocation_id(before.by)):
            raise NotSignedIn("the sign-in that was to be linked has ended", hint="sign in, and link again")
        known, key = held_link(transaction, issuer=provider.settings.issuer, subject=claims["sub"])
        if known is not None and flow.link and before is not None and known.expert_id != before.person.id:
            raise Conflict("this sign-in is linked with another account")
        person_id = known.expert_id if known else _linked(transaction, workspace, provider, flow, claims)
        facts = facts_of(transaction, person_id)
        if facts.person.simulated or not facts.active:
            raise Conflict("this account is switched off, or one of the demo", found=facts.person.handle)
        if known is None:
            transaction.add([Identity(id=key, expert_id=person_id, made_at=now())])
        if before is not None:
            transaction.add(end([before.by], Ended.SIGNED_OUT, by=before.person.id))
        return facts.person, flow.to


def _check_domain(provider: Provider, claims: Mapping[str, Any]) -> None:
    domains = provider.settings.domains
    if domains and (_mail(claims) or "").rpartition("@")[2] not in domains:
        raise NotAllowed("the provider names no verified mail address of the institution", expected=", ".join(domains))


def _mail(claims: Mapping[str, Any]) -> str | None:
    """Return the mail address, where the provider says that it is the person's own."""
    mail = claims.get("email")
    if not isinstance(mail, str) or mail.count("@") != 1 or claims.get("email_verified") is not True:
        return None
    return mail.casefold()


def _linked(
    transaction: Transaction, workspace: Workspace, provider: Provider, flow: _Flow, claims: Mapping[str, Any]
) -> str:
    """Return the account that somebody new to us is to have: the own one, the one invited to, or a new one."""
    if flow.link and flow.caller is not None:
        return flow.caller.person.id
    name = _name(provider, claims)
    if flow.invitation is not None:
        offered = find_invitation(workspace, flow.invitation)
        found = transaction.get(Invitation, key_of(flow.invitation, "i") or "")
        return _accepted(transaction, found, offered.handle or name)
    # A handle of the provider's is not proof enough to become somebody who is here already: an invitation that lets a
    # person in again is taken by its link.
    if name is not None and not _has_account(transaction, name) and (invited := _invited(transaction, name)):
        return _accepted(transaction, invited, name)
    role = _role(provider, claims)
    if name is None or role is None:
        raise NotAllowed(
            "the provider knows you, and nobody here does yet",
            hint="ask for an invitation, and sign in through its link; or sign in with a password and link it there",
        )
    if find_expert(transaction, name) is not None:
        raise NotAllowed("this handle is somebody's", found=name, hint="ask for an invitation for it")
    expert = new_expert(transaction, name, role)
    transaction.add(account_of(expert, role, None))
    return expert.id


def _name(provider: Provider, claims: Mapping[str, Any]) -> str | None:
    """Return the handle that the provider's word gives; an address only where it is verified."""
    claim = provider.settings.handle_claim
    if claim == "email":
        mail = _mail(claims)
        return None if mail is None else fold_handle(mail.partition("@")[0])
    held = claims.get(claim) if claim else None
    return fold_handle(held) if isinstance(held, str) and held else None


def _role(provider: Provider, claims: Mapping[str, Any]) -> Role | None:
    settings = provider.settings
    held = claims.get(settings.role_claim)
    groups = held if isinstance(held, list) else [held]
    roles = [Role(role) for group, role in settings.roles.items() if group in groups]
    if roles:
        return max(roles, key=[*Role].index)
    return Role(settings.role) if settings.role else None


def _has_account(transaction: Transaction, name: str) -> bool:
    known = find_expert(transaction, name)
    return known is not None and known.id in appointments_now(transaction)


def _invited(transaction: Transaction, name: str) -> Invitation | None:
    """Return the invitation for a handle that still holds, the latest one."""
    found = [
        each
        for each in transaction.find(Invitation, handle=name)
        if now() < each.expires_at and not transaction.find(Revocation, id=revocation_id(each.id))
    ]
    return max(found, key=lambda each: each.made_at) if found else None


def _accepted(transaction: Transaction, invitation: Invitation, name: str | None) -> str:
    """Take an invitation; return whose account it makes, or links."""
    if name is None:
        raise NotAllowed("this invitation is for no handle", hint="ask for one that names the handle")
    if transaction.find(Revocation, id=revocation_id(invitation.id)):
        raise NotAllowed("this invitation holds no more")
    known: Expert | None = find_expert(transaction, name)
    if known is not None and invitation.handle is None:
        raise NotAllowed("this handle is somebody's", found=name, hint="ask for an invitation for it")
    if known is None or known.id not in appointments_now(transaction):
        known = new_expert(transaction, name, invitation.role)
        transaction.add(account_of(known, invitation.role, None, by=invitation.by))
    transaction.add(end([invitation.id], Ended.USED, by=known.id))
    return known.id
