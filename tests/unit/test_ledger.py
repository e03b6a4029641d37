"""Conditions over time: new, repeated, changed, met, withdrawn."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digestbot.ledger import Report, Sighting, Status, identity, outcome, statuses, track
from digestbot.model import Condition, ConditionType, Domain

START = datetime(2025, 3, 1, 8, 0, tzinfo=UTC)


def condition(
    text: str,
    *,
    holder: str | None = "Ruritania",
    addressee: str | None = "Graustark",
    type_: ConditionType = ConditionType.DEMAND,
    deadline: str | None = None,
    negated: bool = False,
    start: int = 0,
) -> Condition:
    return Condition(
        sentence=text,
        sentence_start=start,
        sentence_end=start + len(text),
        text=text,
        start=start,
        end=start + len(text),
        type=type_,
        domain=Domain.MILITARY,
        holder=holder,
        addressee=addressee,
        speaker=None,
        cue="demand",
        deadline=deadline,
        negated=negated,
    )


def sighting(day: int, found: Condition, document: int | None = None, publisher: str = "Gazette") -> Sighting:
    number = day if document is None else document
    return Sighting(number, number * 10, START + timedelta(days=day), found, publisher)


WITHDRAW = "withdraw its troops from the river bank"


def test_a_condition_seen_once_is_new() -> None:
    [thread] = track([sighting(0, condition(WITHDRAW))])
    assert [event.status for event in thread.events] == [Status.NEW]


def test_the_same_condition_in_another_document_is_repeated() -> None:
    [thread] = track(
        [sighting(0, condition(WITHDRAW)), sighting(1, condition(WITHDRAW), publisher="Courier")]
    )
    assert [event.status for event in thread.events] == [Status.NEW, Status.REPEATED]
    assert thread.publishers == ("Gazette", "Courier")


def test_inflection_and_small_words_do_not_make_another_condition() -> None:
    later = "that Graustark withdraws the troops from river banks"
    [thread] = track([sighting(0, condition(WITHDRAW)), sighting(1, condition(later))])
    assert len(thread.events) == 2


def test_another_figure_is_a_change_that_tells_what_stood_before() -> None:
    first, second = condition("release 30 prisoners of war"), condition("release 50 prisoners of war")
    [thread] = track([sighting(0, first), sighting(2, second)])
    assert thread.status is Status.CHANGED
    assert thread.events[-1].before == "release 30 prisoners of war"
    assert thread.latest.condition is second


def test_another_deadline_is_a_change() -> None:
    first, second = condition(WITHDRAW, deadline="by Friday"), condition(WITHDRAW, deadline="by Sunday")
    [thread] = track([sighting(0, first), sighting(2, second)])
    assert thread.status is Status.CHANGED


def test_a_refusal_of_what_was_demanded_before_withdraws_it() -> None:
    [thread] = track([sighting(0, condition(WITHDRAW)), sighting(2, condition(WITHDRAW, negated=True))])
    assert thread.status is Status.WITHDRAWN


@pytest.mark.parametrize(
    "other",
    [
        condition(WITHDRAW, holder="Elbonia"),
        condition(WITHDRAW, addressee="Elbonia"),
        condition(WITHDRAW, type_=ConditionType.OFFER),
        condition("hold early elections to the national assembly"),
    ],
)
def test_other_parties_types_and_matters_are_other_conditions(other: Condition) -> None:
    assert len(track([sighting(0, condition(WITHDRAW)), sighting(1, other)])) == 2


def test_a_missing_addressee_does_not_part_what_is_otherwise_the_same() -> None:
    assert (
        len(track([sighting(0, condition(WITHDRAW)), sighting(1, condition(WITHDRAW, addressee=None))])) == 1
    )


def test_conditions_nobody_is_known_to_hold_are_never_joined() -> None:
    assert len(track([sighting(d, condition(WITHDRAW, holder=None)) for d in range(2)])) == 2


def test_a_new_version_of_a_document_that_says_the_same_is_no_repetition() -> None:
    first, second = sighting(0, condition(WITHDRAW), document=1), sighting(1, condition(WITHDRAW), document=1)
    [thread] = track([first, second])
    assert len(thread.events) == 1


def test_a_report_that_the_addressee_did_it_meets_the_condition() -> None:
    done = Report(
        9,
        START + timedelta(days=5),
        "Graustark withdrew its troops from the river bank.",
        frozenset({"Graustark"}),
    )
    [thread] = track([sighting(0, condition(WITHDRAW))], [done])
    assert thread.status is Status.MET


def test_a_report_from_before_the_condition_says_nothing_of_it() -> None:
    done = Report(
        9,
        START - timedelta(days=5),
        "Graustark withdrew its troops from the river bank.",
        frozenset({"Graustark"}),
    )
    [thread] = track([sighting(0, condition(WITHDRAW))], [done])
    assert thread.status is Status.NEW


@pytest.mark.parametrize(
    ("sentence", "actors", "expected"),
    [
        ("Graustark pulled back its troops from the river bank.", {"Graustark"}, Status.MET),
        ("Graustark has not withdrawn its troops from the river bank.", {"Graustark"}, None),
        ("Graustark would withdraw troops from the river bank if asked.", {"Graustark"}, None),
        ("Elbonia withdrew its troops from the river bank.", {"Elbonia"}, None),
        ("Graustark signed a trade agreement.", {"Graustark"}, None),
        ("Ruritania dropped its demand over the river bank.", {"Ruritania"}, Status.WITHDRAWN),
        ("Ruritania dropped leaflets.", {"Ruritania"}, None),
    ],
)
def test_outcomes_are_read_from_what_the_parties_did(
    sentence: str, actors: set[str], expected: Status | None
) -> None:
    assert outcome(condition(WITHDRAW), sentence, actors) is expected


def test_the_status_of_each_sighting_can_be_looked_up_by_version_and_place() -> None:
    threads = track([sighting(0, condition(WITHDRAW, start=7)), sighting(1, condition(WITHDRAW, start=3))])
    assert statuses(threads) == {(0, 7): Status.NEW, (10, 3): Status.REPEATED}


def test_identity_ignores_case_and_order_of_words() -> None:
    assert identity(condition("Troops withdrawn")) == identity(condition("withdrawn troops"))


@given(st.permutations(range(5)))
def test_the_order_in_which_sightings_come_does_not_matter(order: list[int]) -> None:
    texts = [WITHDRAW, WITHDRAW, "release 3 prisoners", "release 5 prisoners", "open talks on fishing"]
    given_ = [sighting(n, condition(texts[n])) for n in range(5)]
    shuffled = [given_[n] for n in order]
    assert [t.events for t in track(shuffled)] == [t.events for t in track(given_)]
