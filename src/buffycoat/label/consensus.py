"""What the labels of a cell amount to; computed, never stored."""

from __future__ import annotations

from collections.abc import Sequence

from buffycoat.domain.label import Consensus, Label, Purpose, Round, Standing

__all__ = ["consensus_of", "is_closed"]


def consensus_of(cell_id: str, labels: Sequence[Label], /) -> Consensus:
    """Return where a cell stands.

    Two equal answers agree; "double-labeled" in the paper (Kouzehkanan et al. 2022, Data labeling). An adjudication
    decides over all.

    Parameters
    ----------
    cell_id : str
        The cell.
    labels : sequence of Label
        Its live labels in one round, in any order.

    Returns
    -------
    Consensus
        With a term where the experts agree or an adjudicator decided.

    Examples
    --------
    >>> consensus_of("c1", []).standing
    <Standing.OPEN: 'open'>
    """
    decided = sorted(
        (label for label in labels if label.purpose is Purpose.ADJUDICATION), key=lambda label: label.given_at
    )
    if decided:
        return Consensus(cell_id=cell_id, standing=Standing.ADJUDICATED, term=decided[-1].term)
    readings = [label for label in labels if label.purpose is Purpose.READING]
    terms = {label.term for label in readings}
    if not readings:
        return Consensus(cell_id=cell_id, standing=Standing.OPEN, term=None)
    if len({label.expert_id for label in readings}) == 1:
        return Consensus(cell_id=cell_id, standing=Standing.SINGLE, term=None)
    if len(terms) == 1:
        return Consensus(cell_id=cell_id, standing=Standing.AGREED, term=terms.pop())
    return Consensus(cell_id=cell_id, standing=Standing.DISPUTED, term=None)


def is_closed(campaign: Round, labels: Sequence[Label], /) -> bool:
    """Say whether every expert of a round has read every cell of it.

    Until then nobody is shown anything of another's answers.
    """
    read = {(label.cell_id, label.expert_id) for label in labels if label.purpose is Purpose.READING}
    return all((cell, expert) in read for cell in campaign.cells for expert in campaign.experts)
