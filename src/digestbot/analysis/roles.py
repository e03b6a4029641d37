"""What a person is, in the words of the text, and the sector that makes them."""

from __future__ import annotations

from digestbot.analysis.drafts import Draft
from digestbot.analysis.words import fold

_NO_OFFICES = (["counterpart"], ["colleague"], ["predecessor"], ["successor"])  # tell the country, no office
MOST = 3  # offices shown of one person


def role_of(draft: Draft) -> str | None:
    """The offices of a person as the text gives them, "former" and "acting" kept, joined by "; "."""
    if draft.person is None:
        return None
    kept: list[str] = []
    for find in sorted(draft.person.finds, key=lambda f: (f.line, f.first)):
        for role in find.roles:
            words = " ".join(role.split()).strip(" ,;")
            folded = fold(words)
            if folded.split()[-1:] in _NO_OFFICES or any(folded in fold(other) for other in kept):
                continue
            kept = [other for other in kept if fold(other) not in folded]
            kept.append(words)
    return "; ".join(kept[:MOST]) or None


def sector_of(draft: Draft) -> str | None:
    """The CAMEO/PLOVER sector: of the office for persons, of the organisation or the lexicon for others."""
    if draft.person is None:
        return draft.sector
    owners = [owner for find in draft.person.finds for owner in find.owners]
    for owner in owners:
        if owner.kind == "armed_group":
            return "REB"
        if owner.sector in {"PTY", "BUS", "NGO", "IGO"} and owner.kind in {"organisation", "bloc"}:
            return "OPP" if owner.sector == "PTY" and _opposes(draft) else owner.sector
    sectors = [sector for find in draft.person.finds if not find.former for sector in find.sectors]
    if sectors:
        return max(dict.fromkeys(sectors), key=sectors.count)
    if owners and owners[0].kind == "state":
        return "GOV"
    return "ELI" if any(find.former for find in draft.person.finds) else None


def _opposes(draft: Draft) -> bool:
    assert draft.person is not None
    return any("opposition" in role.casefold() for find in draft.person.finds for role in find.roles)
