"""The lexicon: what names, adjectives, capitals, offices and acronyms stand for.

    TOML tables (package data, then a user's own files) ──► entries + forms ──► one trie of folded tokens

The data are facts in `digestbot/lexicon/*.toml`; nothing here knows a name. A *form* is one way an entry is
written
("Pakistani", "Islamabad", "the Kremlin"); a *sense* is a form's entry and what kind of form it is. A form
that ends in "?"
in the data is an everyday word or an acronym of many: it counts only where its country or its full name is
in the document.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib import resources
from pathlib import Path
from typing import Any, NamedTuple

from digestbot.analysis.words import Token, fold, word_set, words_of
from digestbot.errors import ConfigurationError

#: Kinds an entry can have: those of actors, and two that never are actors.
KINDS = ("state", "person", "organisation", "armed_group", "bloc", "population", "place", "outlet")
SECTORS = word_set(
    "GOV MIL LEG JUD REB OPP IGO NGO BUS MED CVL ELI COP SPY PTY REL LAB CRM UNK"
)  # CAMEO/PLOVER
ORGANISATIONS = tuple(
    f"organisations/{family}.toml"
    for family in ("international", "agencies", "parties", "companies", "society")
)
DATA_FILES = (
    "states.toml", "territories.toml", "blocs.toml", *ORGANISATIONS, "armed_groups.toml",
    "institutions.toml",
    "media.toml", "offices.toml", "words.toml", "regions.toml", "names.toml", "cities.toml",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing the lexicon knows. `institution`: the type it is an instance of ("foreign-ministry")."""

    id: str
    name: str
    kind: str
    country: str | None
    sector: str | None
    institution: str | None = None
    adjective: str | None = None  # of states: the commonest
    origin: str = ""


class Sense(NamedTuple):
    """What one form stands for. `form`: name, acronym, adjective, people, capital, seat or head."""

    entry: Entry
    form: str
    cautious: bool = False  # counts only in the company of its country or full name
    shape: tuple[int, ...] = ()  # for each token: 0 any case, 1 begins with a capital, 2 capitals, 3 some


class LexiconMatch(NamedTuple):
    """A form found in a text: token indexes [first, last), offsets [start, end), its senses, best first."""

    first: int
    last: int
    start: int
    end: int
    senses: tuple[Sense, ...]
    compound: bool = False  # part of a hyphenated word ("Saudi-led")


@dataclass(frozen=True, slots=True)
class Institution:
    """A type of institution every state has, and the phrases ("foreign ministry") that stand for one."""

    type: str
    name: str
    sector: str
    bare: bool
    heads: tuple[str, ...]
    named: Mapping[str, Entry]
    only: frozenset[str] | None = None  # countries that have one; None: any


_Node = dict[Any, Any]  # folded token → node; None → list of what ends here


def insert(root: _Node, key: Sequence[str], value: Any) -> None:
    """Adds `value` at the end of the path `key`."""
    node = root
    for part in key:
        node = node.setdefault(part, {})
    node.setdefault(None, []).append(value)


#: Acronyms that are words as well: only in capitals are they names ("PLAN", "RAND", "ARENA").
_ALSO_WORDS = word_set(
    "plan rand arena care star seal cast coal fact gain gift harm help hero idea lead link live mark mass "
    "meet path peace pact port rise safe save shape share sole step trade unite vote wave start stop doge "
    "snap dash core acts aids swat salt cope hope home state union force front march media mission order "
    "power press relief rally roma scale score solar speed spark store storm tiger total trust vital world "
    "young ready rapid radar base bank board cable chain chair chase cloud coral coast court creed drive "
    "eagle earth equal faith field focus forum frost grace grain grand green guard guide habit heart human "
    "impact index joint juice judge light local logic lotus major maker metal model money motor mount "
    "music north ocean orbit panel paper party patch phase piece pilot pitch plant point prime pride probe "
    "proof proud pulse queen query quick quote raise range reach realm rebel swift stan gail alba neos "
    "olaf sami wada"
)


def _words_of(surface: str) -> list[str]:
    """The words of a form as `tokenise` cuts them; letters and blanks alone need no pattern."""
    if surface.replace(" ", "").isalpha():
        return surface.split()
    return words_of(surface)


def _shape(form: Sequence[str], *, any_case: bool) -> tuple[int, ...]:
    if any_case:
        return (0,) * len(form)
    shape = []
    for text in form:
        if text.islower() or text[1:].islower():  # most words
            shape.append(1 if text[0].isupper() else 0)
            continue
        letters = [c for c in text if c.isalpha()]
        if len(letters) >= 2 and all(c.isupper() for c in letters):
            shape.append(2 if len(letters) <= 3 or fold(text) in _ALSO_WORDS else 1)
        elif len(letters) <= 5 and sum(map(str.isupper, letters)) >= 2:
            shape.append(3)
        else:
            shape.append(1 if text[0].isupper() else 0)
    return tuple(shape)


def _fits(shape: tuple[int, ...], words: Sequence[str]) -> bool:
    for want, word in zip(shape, words, strict=False):
        if want == 0:
            continue
        if want == 2:
            if not word.isupper():
                return False
        elif want == 3:
            if sum(map(str.isupper, word)) < 2:
                return False
        elif not word[0].isupper() and not (word[0].islower() and any(c.isupper() for c in word)):
            return False
    return True


@dataclass(frozen=True, slots=True, eq=False)
class NameStyle:
    """How persons are named in some countries: given names, surnames, endings of surnames (all folded)."""

    language: str
    countries: tuple[str, ...]
    also: tuple[str, ...]  # where the language is at home among others
    given: frozenset[str]
    family: frozenset[str]
    ends: tuple[str, ...]
    marked: frozenset[str] = frozenset()  # of them, those written with accents, unfolded


class NameTable(NamedTuple):
    """Styles of naming by the given names, surnames and endings they know."""

    given: Mapping[str, Sequence[NameStyle]]
    family: Mapping[str, Sequence[NameStyle]]
    ends: Mapping[str, Sequence[NameStyle]]


@dataclass(frozen=True)
class Lexicon:
    """Everything the rules of actors and conditions look up. Immutable once built."""

    entries: Mapping[str, Entry]
    version: str
    regions: Mapping[str, str]  # ISO code → name of the UN M49 sub-region
    words: Mapping[str, frozenset[str]]  # word lists of words.toml by name, folded
    honorifics: frozenset[str]
    titles: Mapping[str, str]  # folded office phrase → sector
    heads: Mapping[str, str]  # folded last word of an office phrase → sector
    departments: frozenset[str]
    office_countries: Mapping[str, tuple[str, ...]]  # folded office phrase → the countries that have it
    honorific_countries: Mapping[str, frozenset[str]]  # folded honorific → the countries it is at home in
    office_lacking: Mapping[str, frozenset[str]]  # folded office phrase → countries that have none
    institutions: Mapping[str, Institution]
    name_styles: tuple[NameStyle, ...]
    cities: Mapping[
        str, tuple[tuple[tuple[str, ...], str], ...]
    ]  # folded first word → (folded words, ISO code)
    trie: _Node = field(repr=False)
    title_trie: _Node = field(repr=False)
    institution_trie: _Node = field(repr=False)

    def find(self, tokens: Sequence[Token], folded: Sequence[str] | None = None) -> list[LexiconMatch]:
        """The longest forms in `tokens`, left to right, none overlapping another.

        `folded`: the folded words of the tokens, by who has them already.
        """
        if folded is None:
            folded = [fold(token.text) for token in tokens]
        found: list[LexiconMatch] = []
        trie, last, count = self.trie, 0, len(tokens)
        for position, word in enumerate(folded):
            if position < last:
                continue
            node = trie.get(word)
            if node is None:
                if "-" in word:
                    found.extend(self._parts(position, tokens[position]))
                continue
            best: tuple[int, tuple[Sense, ...]] | None = None
            index = position
            while node is not None:
                index += 1
                ends = node.get(None)
                if ends:
                    words = [token.text for token in tokens[position:index]]
                    senses = tuple(sense for sense in ends if _fits(sense.shape, words))
                    if senses:
                        best = index, senses
                if index >= count:
                    break
                node = node.get(folded[index])
            if best is None:
                if "-" in tokens[position].text:
                    found.extend(self._parts(position, tokens[position]))
                continue
            last, senses = best
            found.append(LexiconMatch(position, last, tokens[position].start, tokens[last - 1].end, senses))
        return found

    def _parts(self, index: int, token: Token) -> Iterable[LexiconMatch]:
        """Forms inside a hyphenated word: "US-Pakistan", "Saudi-led", "non-Syrian"."""
        offset = token.start
        parts = token.text.replace("‑", "-").split("-")
        if any(not part for part in parts):
            return
        for part in parts:
            node = self.trie.get(fold(part))
            ends = node.get(None) if node else None
            if ends:
                senses = tuple(
                    s for s in ends if s.form != "head" and _fits(s.shape, (part,)) and not s.cautious
                )
                if senses:
                    yield LexiconMatch(index, index + 1, offset, offset + len(part), senses, True)
            offset += len(part) + 1

    def state(self, country: str | None) -> Entry | None:
        """The state (or territory) with this ISO code."""
        if country is None:
            return None
        return self.entries.get(f"state:{country}")

    def city_at(self, folded: Sequence[str], index: int) -> str | None:
        """The country of the city or province whose name begins at `index` of folded words."""
        if not 0 <= index < len(folded):
            return None
        for words, country in self.cities.get(folded[index], ()):
            if tuple(folded[index : index + len(words)]) == words:
                return country
        return None

    def city_length(self, folded: Sequence[str], index: int) -> int:
        """How many words the city or province at `index` has; 0 where none begins."""
        for words, _ in self.cities.get(folded[index], ()):
            if tuple(folded[index : index + len(words)]) == words:
                return len(words)
        return 0

    def flag(self, country: str | None) -> str:
        """The flag of an ISO 3166 alpha-2 code as regional indicators; empty without a code."""
        if not country or len(country) != 2 or not country.isalpha():
            return ""
        return "".join(chr(0x1F1E6 + ord(letter) - ord("A")) for letter in country.upper())

    def region(self, country: str | None) -> str | None:
        """The UN M49 sub-region of a country."""
        return self.regions.get(country) if country else None

    def institution_of(self, type_: str, country: str | None) -> Entry | None:
        """The entry of a state's institution: its own name where it has one, else the canonical pattern."""
        institution = self.institutions[type_]
        if country is None:
            return None
        if country in institution.named:
            return institution.named[country]
        state = self.state(country)
        if state is None:
            return None
        name = institution.name.replace("{adj}", state.adjective or state.name)
        name = name.replace("{}", with_article(state.name))
        return Entry(f"{type_}:{country}", name, "organisation", country, institution.sector, type_)

    @cached_property
    def office_words(self) -> frozenset[str]:
        """Folded words an office phrase can begin its core with, plurals included."""
        single = {*self.titles, *self.heads}
        return frozenset({*self.title_trie, *single, *(f"{word}s" for word in single)})

    @cached_property
    def name_table(self) -> NameTable:
        """The styles of naming, for looking up a name in all of them at once."""
        tables: tuple[dict[str, list[NameStyle]], ...] = ({}, {}, {})
        for style in self.name_styles:
            for table, names in zip(tables, (style.given, style.family, style.ends), strict=True):
                for name in names:
                    table.setdefault(name, []).append(style)
        return NameTable(*tables)


_WITH_ARTICLE = (
    "United",
    "Philippines",
    "Netherlands",
    "Bahamas",
    "Maldives",
    "Democratic",
    "Dominican",
    "Central",
    "Republic",
    "Marshall",
    "Solomon",
    "Comoros",
    "Gambia",
    "Czech",
)


def with_article(state: str) -> str:
    """ "the Philippines", "Pakistan": a state's name as it reads after "of"."""
    return f"the {state}" if state.startswith(_WITH_ARTICLE) else state


_SPELLINGS = {
    british: american
    for pair in (
        "organisation organization", "defence defense", "labour labor", "centre center",
        "programme program", "co-operation cooperation", "organisations organizations",
    )
    for british, american in (pair.split(), reversed(pair.split()))
}  # fmt: skip


def _respelt(key: tuple[str, ...]) -> tuple[str, ...]:
    """A form as the other side of the Atlantic spells it."""
    return tuple(_SPELLINGS.get(word, word) for word in key)


def _forms(value: Any) -> list[str]:
    return [part for part in (piece.strip() for piece in str(value or "").split(";")) if part]


class _Builder:
    """Collects entries and forms from the tables; checks what users add."""

    def __init__(self) -> None:
        self.entries: dict[str, Entry] = {}
        self.trie: _Node = {}
        self.title_trie: _Node = {}
        self.institution_trie: _Node = {}
        self.institutions: dict[str, Institution] = {}
        self.words: dict[str, frozenset[str]] = {}
        self.titles: dict[str, str] = {}
        self.heads: dict[str, str] = {}
        self.honorifics: frozenset[str] = frozenset()
        self.departments: frozenset[str] = frozenset()
        self.office_countries: dict[str, tuple[str, ...]] = {}
        self.regions: dict[str, str] = {}

    def add(self, entry: Entry, forms: Iterable[tuple[str, str]], *, first: bool = False) -> None:
        """Adds an entry under its forms: (text, form) pairs. `first`: before the senses already there."""
        self.entries[entry.id] = entry
        for text, form in forms:
            cautious = text.endswith("?")
            surface = text.removesuffix("?")
            tokens = _words_of(surface)
            if not tokens:
                continue
            acronym = form == "name" and len(tokens) == 1 and sum(map(str.isupper, surface)) >= 2
            form_name = "acronym" if acronym else form
            sense = Sense(entry, form_name, cautious, _shape(tokens, any_case=form == "head"))
            written = tuple([fold(word) for word in tokens])
            keys = {written}
            if len(written) > 1 and not _SPELLINGS.keys().isdisjoint(written):
                keys.add(_respelt(written))
            if "-" in surface:
                spaced = _words_of(surface.replace("-", " "))
                keys.add(tuple([fold(word) for word in spaced]))
            for key in keys:
                node = self.trie
                for part in key:
                    node = node.setdefault(part, {})
                senses = node.setdefault(None, [])
                fitted = sense if len(key) == len(tokens) else sense._replace(shape=())
                if not senses:
                    senses.append(fitted)
                    continue
                known = next((n for n, other in enumerate(senses) if other.entry.id == entry.id), None)
                if known is not None:
                    if len(senses[known].shape) == len(fitted.shape):
                        loose = tuple(map(min, senses[known].shape, fitted.shape))
                        senses[known] = senses[known]._replace(shape=loose)
                    continue
                if first:
                    senses.insert(0, fitted)
                else:
                    senses.append(fitted)

    def states(self, table: Mapping[str, Any], origin: str) -> None:
        for code, row in table.items():
            adjectives = _forms(row.get("adj"))
            country = row.get("country", code if origin == "states.toml" else None)
            kind = row.get("kind", "state")
            prefix = "state" if kind == "state" else "territory"
            identifier = f"{prefix}:{code}"
            sector = "GOV" if kind != "place" else None
            entry = Entry(
                identifier,
                row["name"],
                kind,
                country,
                sector,
                None,
                adjectives[0] if adjectives else None,
                origin,
            )
            forms = [(row["name"], "name")]
            forms += [(form, "name") for form in _forms(row.get("also"))]
            forms += [(form, "adjective") for form in adjectives]
            forms += [(form, "people") for form in _forms(row.get("people"))]
            forms += [(form, "capital") for form in _forms(row.get("capital"))]
            forms += [(form, "seat") for form in _forms(row.get("seat"))]
            self.add(entry, forms)

    def listed(
        self, rows: Mapping[str, str], kind: str, sector: str, country: str | None, prefix: str, origin: str
    ) -> None:
        for key, value in rows.items():
            names = _forms(value)
            entry = Entry(
                f"{prefix}:{key}", names[0].removesuffix("?"), kind, country, sector, None, None, origin
            )
            self.add(entry, [(name, "name") for name in names])

    def organisations(self, table: Mapping[str, Any], origin: str) -> None:
        for sector, rows in table.items():
            plain = {key: value for key, value in rows.items() if isinstance(value, str)}
            self.listed(plain, "organisation", sector, None, "org", origin)
            for country, national in rows.items():
                if not isinstance(national, str):
                    self.listed(national, "organisation", sector, country, "org", origin)

    def institution(self, type_: str, row: Mapping[str, Any]) -> None:
        named: dict[str, Entry] = {}
        for code, value in row.items():
            if len(code) != 2 or not code.isupper():
                continue
            names = _forms(value)
            if not names:
                continue
            entry = Entry(
                f"{type_}:{code}",
                names[0].removesuffix("?"),
                "organisation",
                code,
                row["sector"],
                type_,
                None,
                "institutions.toml",
            )
            named[code] = entry
            self.add(entry, [(name, "name") for name in names])
        heads = tuple(_forms(row["heads"]))
        self.institutions[type_] = Institution(
            type_, row["name"], row["sector"], bool(row.get("bare")), heads, named,
            frozenset(row["only"].split()) if "only" in row else None,
        )  # fmt: skip
        for head in heads:
            insert(self.institution_trie, tuple(fold(word) for word in words_of(head)), type_)

    def offices(self, table: Mapping[str, Any]) -> None:
        self.honorifics = frozenset(
            " ".join(fold(word) for word in words_of(h)) for h in _forms(table["honorifics"])
        )
        self.departments = frozenset(fold(d) for d in _forms(table["departments"]))
        for sector, phrases in table["titles"].items():
            for phrase in _forms(phrases):
                key = tuple(fold(word) for word in words_of(phrase))
                self.titles.setdefault(" ".join(key), sector)
                insert(self.title_trie, key, sector)
        for honorific in self.honorifics:
            insert(self.title_trie, tuple(honorific.split()), "")
        for sector, words in table["heads"].items():
            for word in _forms(words):
                self.heads.setdefault(fold(word), sector)
        for countries, phrases in table["countries"].items():
            for phrase in _forms(phrases):
                joined = " ".join(fold(word) for word in words_of(phrase))
                self.office_countries[joined] = tuple(countries.split("-"))

    def word_lists(self, table: Mapping[str, str]) -> None:
        for name, text in table.items():
            parts = _forms(text) if ";" in text else text.split()
            self.words[name] = frozenset(fold(part) for part in parts)

    def user(self, path: Path) -> bytes:
        """Reads one file of a user's additions: any number of [[actor]] tables."""
        try:
            content = path.read_bytes()
            table = tomllib.loads(content.decode("utf-8"))
        except OSError as error:
            raise ConfigurationError(f"{path}: cannot be read ({error.strerror}); check the path.") from error
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise ConfigurationError(f"{path}: not valid TOML in UTF-8 ({error}); mend that line.") from error
        if unknown := set(table) - {"actor"}:
            raise ConfigurationError(
                f"{path}: unknown table {sorted(unknown)[0]!r}; additions stand in [[actor]] tables."
            )
        rows = table.get("actor", [])
        if not isinstance(rows, list):
            raise ConfigurationError(f"{path}: write [[actor]] with two brackets, one for each entry.")
        for number, row in enumerate(rows, 1):
            self._user_row(f"{path}, [[actor]] number {number}", row)
        return content

    def _user_row(self, place: str, row: Mapping[str, Any]) -> None:
        allowed = {"name", "kind", "country", "sector", "also", "adj", "people", "capital", "seat"}
        if unknown := set(row) - allowed:
            raise ConfigurationError(
                f"{place}: unknown key {sorted(unknown)[0]!r}; known are {', '.join(sorted(allowed))}."
            )
        for key, value in row.items():
            if not isinstance(value, str) or not value.strip():
                raise ConfigurationError(f"{place}: {key} must be a text that is not empty.")
        if "name" not in row:
            raise ConfigurationError(f'{place}: has no name; add name = "…".')
        kind = row.get("kind", "organisation")
        if kind not in KINDS:
            raise ConfigurationError(
                f"{place} ({row['name']}): kind {kind!r} is not one of {', '.join(KINDS)}."
            )
        country = row.get("country")
        if country is not None and f"state:{country}" not in self.entries and country not in self.regions:
            raise ConfigurationError(
                f'{place} ({row["name"]}): country {country!r} is no ISO 3166 alpha-2 code such as "PK".'
            )
        sector = row.get("sector")
        if sector is not None and sector not in SECTORS:
            raise ConfigurationError(
                f"{place} ({row['name']}): sector {sector!r} is not one of {', '.join(sorted(SECTORS))}."
            )
        slug = "-".join(fold(word) for word in words_of(row["name"]) if word[0].isalnum())
        adjectives = _forms(row.get("adj"))
        entry = Entry(
            f"user:{slug}",
            row["name"],
            kind,
            country,
            sector,
            None,
            adjectives[0] if adjectives else None,
            place,
        )
        forms = [(row["name"], "name"), *((form, "name") for form in _forms(row.get("also")))]
        forms += [(form, "adjective") for form in adjectives]
        for key in ("people", "capital", "seat"):
            forms += [(form, key) for form in _forms(row.get(key))]
        self.add(entry, forms, first=True)


def _name_style(language: str, row: Mapping[str, str]) -> NameStyle:
    given, family = row.get("given", "").split(), row.get("family", "").split()
    return NameStyle(
        language,
        tuple(row["countries"].split()),
        tuple(row.get("also", "").split()),
        frozenset(fold(name) for name in given),
        frozenset(fold(name) for name in family),
        tuple(fold(end) for end in row.get("ends", "").split()),
        frozenset(name for name in (*given, *family) if not name.isascii()),
    )


def _cities(table: Mapping[str, str]) -> dict[str, tuple[tuple[tuple[str, ...], str], ...]]:
    found: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for country, names in table.items():
        for name in _forms(names):
            words = tuple(fold(word) for word in words_of(name))
            found.setdefault(words[0], []).append((words, country))
    return {first: tuple(sorted(rows, key=lambda row: -len(row[0]))) for first, rows in found.items()}


def _build(extra: Sequence[Path]) -> Lexicon:
    builder = _Builder()
    digest = hashlib.sha256()
    folder = resources.files("digestbot") / "lexicon"
    tables: dict[str, Any] = {}
    for name in DATA_FILES:
        content = (folder / name).read_bytes()
        digest.update(content)
        tables[name] = tomllib.loads(content.decode("utf-8"))
    for region, codes in tables["regions.toml"]["regions"].items():
        builder.regions.update(dict.fromkeys(codes.split(), region))
    builder.states(tables["states.toml"], "states.toml")
    builder.states(tables["territories.toml"], "territories.toml")
    for sector, rows in tables["blocs.toml"].items():
        if sector != "capitals":
            builder.listed(rows, "bloc", sector, None, "bloc", "blocs.toml")
    for key, forms in tables["blocs.toml"]["capitals"].items():
        builder.add(builder.entries[f"bloc:{key}"], [(form, "capital") for form in _forms(forms)])
    for origin in ORGANISATIONS:
        builder.organisations(tables[origin], origin)
    for country, rows in tables["armed_groups.toml"].items():
        builder.listed(
            rows, "armed_group", "REB", None if country == "none" else country, "group", "armed_groups.toml"
        )
    for type_, row in tables["institutions.toml"].items():
        builder.institution(type_, row)
    outlets = {f"{number}": name for number, name in enumerate(_forms(tables["media.toml"]["outlets"]))}
    builder.listed(outlets, "outlet", "MED", None, "outlet", "media.toml")
    builder.offices(tables["offices.toml"])
    builder.word_lists(tables["words.toml"])
    for path in extra:
        digest.update(builder.user(path))
    return Lexicon(
        entries=builder.entries,
        version=digest.hexdigest()[:12],
        regions=builder.regions,
        words=builder.words,
        honorifics=builder.honorifics,
        titles=builder.titles,
        heads=builder.heads,
        departments=builder.departments,
        office_countries=builder.office_countries,
        honorific_countries={
            fold(phrase): frozenset(codes.split())
            for phrase, codes in tables["offices.toml"]["honorific_countries"].items()
        },
        office_lacking={
            fold(phrase): frozenset(codes.split())
            for phrase, codes in tables["offices.toml"]["lacking"].items()
        },
        institutions=builder.institutions,
        name_styles=tuple(_name_style(language, row) for language, row in tables["names.toml"].items()),
        cities=_cities(tables["cities.toml"]["cities"]),
        trie=builder.trie,
        title_trie=builder.title_trie,
        institution_trie=builder.institution_trie,
    )


@cache
def _default() -> Lexicon:
    return _build(())


def load_lexicon(extra: Sequence[Path] = ()) -> Lexicon:
    """The packaged lexicon with a user's files added; the packaged one alone is built once.

    `extra`: files, or folders whose *.toml files are read in order of name. Raises ConfigurationError with
    the
    file, the entry and how to mend it.
    """
    if not extra:
        return _default()
    files: list[Path] = []
    for path in extra:
        files.extend(sorted(path.glob("*.toml")) if path.is_dir() else [path])
    return _build(files) if files else _default()
