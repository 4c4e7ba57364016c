"""People: who may do what, how they sign in, and what lets them in."""

from buffycoat.workflows.people.roster import (
    DEMO,
    add_person,
    appoint,
    curator_of,
    demo_people,
    is_demo,
    list_people,
    needs_setup,
    set_password,
)

__all__ = [
    "DEMO",
    "add_person",
    "appoint",
    "curator_of",
    "demo_people",
    "is_demo",
    "list_people",
    "needs_setup",
    "set_password",
]
