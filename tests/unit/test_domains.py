"""The domain of a condition, by the words that tell it and their file."""

import tomllib
from importlib import resources

import pytest

from digestbot.analysis import analyse
from digestbot.analysis.domains import weights
from digestbot.model import Domain, ExtractedText


def lists() -> dict[str, dict[str, list[str]]]:
    table = tomllib.loads((resources.files("digestbot") / "lexicon" / "domains.toml").read_text("utf-8"))
    return {
        section: {name: [" ".join(entry.split()) for entry in text.split(";")] for name, text in rows.items()}
        for section, rows in table.items()
    }


@pytest.mark.parametrize(
    ("text", "domain"),
    [
        ("Sudan will sign only if the paramilitaries leave the towns.", "military"),
        ("Turkey demanded that Greece pull its garrison off the island.", "military"),
        ("Ukraine will accept a truce only if Russia stops its drones and artillery.", "military"),
        ("Japan wants China to lift the ban on scallops.", "economic"),
        ("Kenya will cut the duty on maize once Tanzania reopens the grain market.", "economic"),
        ("Ghana asked China to write off half of its debt.", "economic"),
        ("Iran will let the two aid workers go home if Sweden frees its diplomat.", "humanitarian"),
        ("Jordan called on Israel to let food convoys through the crossing.", "humanitarian"),
        ("Colombia will free the rebels if Venezuela hands back the kidnapped nurses.", "humanitarian"),
        ("Peru will return to the table once the tribunal has ruled on the maritime boundary.", "legal"),
        ("Serbia wants Kosovo to hand the suspects over to the court.", "legal"),
        ("India asked Pakistan to open the reservoirs for inspection under the Indus treaty.", "legal"),
        ("Poland insists that Hungary hold the vote before the summit.", "political"),
        ("Chad will not talk to France until the ambassador has apologised.", "political"),
        ("The opposition demanded that Prime Minister Ana Ruiz resign and call elections.", "political"),
    ],
)
def test_what_is_asked_tells_the_domain(text: str, domain: str) -> None:
    found = analyse(ExtractedText(text=text, media_type="text/plain", language="en")).conditions
    assert found[-1].domain.value == domain


@pytest.mark.parametrize(
    ("text", "domain", "weight"),
    [
        ("an air strike", Domain.MILITARY, 1.0),
        ("an air link", Domain.ECONOMIC, 1.0),
        ("a cease-fire", Domain.MILITARY, 1.0),
        ("the think tank", Domain.MILITARY, 0.0),
        ("the army’s tanks", Domain.MILITARY, 2.0),
        ("$ 5", Domain.ECONOMIC, 1.0),
        ("", Domain.LEGAL, 0.0),
    ],
)
def test_the_longest_entry_at_a_word_is_taken(text: str, domain: Domain, weight: float) -> None:
    assert weights(text)[domain] == weight


@pytest.mark.parametrize(
    ("text", "domain", "other"),
    [
        ("insurgents", Domain.MILITARY, Domain.ECONOMIC),  # not what begins like "insurer"
        ("an investigation", Domain.LEGAL, Domain.ECONOMIC),  # nor like "invest"
        ("citizenship", Domain.LEGAL, Domain.HUMANITARIAN),
        ("a coupon", Domain.ECONOMIC, Domain.POLITICAL),
        ("investors", Domain.ECONOMIC, Domain.LEGAL),
    ],
)
def test_of_two_beginnings_the_longer_one_is_taken(text: str, domain: Domain, other: Domain) -> None:
    assert weights(text)[domain] >= 0.5
    assert weights(text)[other] == 0.0


@pytest.mark.parametrize(
    ("plain", "telling", "domain"),
    [
        ("the senate", "the senate's vote", Domain.POLITICAL),  # who decides is not what is decided
        ("a telephone and the parliament", "a call for a referendum", Domain.POLITICAL),
        ("they struck a deal", "they struck down the law", Domain.LEGAL),
        ("Port Sudan", "a port", Domain.ECONOMIC),
    ],
)
def test_who_decides_and_how_it_is_said_tell_little(plain: str, telling: str, domain: Domain) -> None:
    assert weights(plain)[domain] < weights(telling)[domain]


@pytest.mark.parametrize(
    ("text", "domain"),
    [
        ("Malta asked Libya to take back its nationals.", Domain.HUMANITARIAN),  # people, and
        ("Malta asked Libya to take back its threat.", Domain.POLITICAL),  # words
        ("until the hungry are fed and rations are restored", Domain.HUMANITARIAN),
        ("until the sailors are free and back with their compatriots", Domain.HUMANITARIAN),
        ("if Norway should leave the convention", Domain.LEGAL),
        ("if the two withdraw from the treaty", Domain.LEGAL),
        ("unless there is an independent inquiry", Domain.LEGAL),
        ("an independent Catalonia", Domain.POLITICAL),
        ("the defendants", Domain.LEGAL),  # not those who defend
        ("they will defend the coast", Domain.MILITARY),
        ("the herders want the pasture", Domain.ECONOMIC),
        ("the dinghies and the drowned", Domain.HUMANITARIAN),
        ("pay each instalment upfront", Domain.ECONOMIC),
        ("a recount before the run-off", Domain.POLITICAL),
        ("shells on the airstrip", Domain.MILITARY),
        ("refunds for fares and tickets", Domain.ECONOMIC),
        ("let those who fled be reunited", Domain.HUMANITARIAN),
        ("the law on sedition is revoked", Domain.LEGAL),
        ("an emissary with an olive branch", Domain.POLITICAL),
    ],
)
def test_families_of_words_tell_what_is_asked(text: str, domain: Domain) -> None:
    found = weights(text)
    assert max(found, key=lambda each: found[each]) is domain


@pytest.mark.parametrize(
    ("text", "domain"),
    [
        ("Oslo is free to choose", Domain.HUMANITARIAN),
        ("Basra is home to two refineries", Domain.HUMANITARIAN),
        ("the workers are fed up", Domain.HUMANITARIAN),
        ("news agencies", Domain.HUMANITARIAN),
        ("the committee", Domain.POLITICAL),  # not what is committed
        ("a familiar tune", Domain.HUMANITARIAN),
        ("it is their duty", Domain.ECONOMIC),
        ("the Economic Community of Central African States", Domain.ECONOMIC),
        ("the Ngok chiefs", Domain.HUMANITARIAN),  # not what begins like "NGO"
    ],
)
def test_phrases_that_only_look_like_a_domain_say_nothing(text: str, domain: Domain) -> None:
    assert weights(text)[domain] == 0.0


def test_entries_are_written_as_they_are_looked_up() -> None:
    for section, rows in lists().items():
        assert section == "none" or section in set(Domain)
        for entries in rows.values():
            for entry in entries:
                assert entry == entry.lower(), entry
                assert "-" not in entry, entry
                assert all("*" not in word[:-1] for word in entry.split()), entry


def test_no_entry_has_two_strengths_in_a_domain() -> None:
    for rows in lists().values():
        every = [entry for entries in rows.values() for entry in entries]
        assert len(every) == len(set(every))


def test_every_domain_has_hundreds_of_words() -> None:
    for domain in Domain:
        assert sum(len(entries) for entries in lists()[domain.value].values()) >= 300, domain
