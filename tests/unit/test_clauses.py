"""Who says a sentence, where its clauses end, and what becomes of type, parties, deadline and denial."""

import pytest

from analysed import conditions
from digestbot.analysis.clauses import clause_end, governed
from digestbot.analysis.deadlines import find_deadline
from digestbot.model import Condition


def only(text: str) -> Condition:
    [condition] = conditions(text)
    return condition


@pytest.mark.parametrize(
    ("sentence", "clause"),
    [
        ("If Iran attacks, Israel will respond.", "If Iran attacks"),
        ("Israel will respond if Iran attacks.", "if Iran attacks"),
        ("It will sign unless the text is changed; others will not.", "unless the text is changed"),
        ("“We sign only if it is fair,” he said.", "only if it is fair"),
        ("Chad stays unless Togo, Niger and Cameroon go.", "unless Togo, Niger and Cameroon go"),
        (
            "It stays until it is paid by Togo, Niger and Cameroon.",
            "until it is paid by Togo, Niger and Cameroon",
        ),
        (
            "Only if Mali, Niger, and the Central African Republic sign, will it.",
            "Only if Mali, Niger, and the Central African Republic sign",
        ),
        ("If Russia attacks Kyiv, Berlin and Paris will act.", "If Russia attacks Kyiv"),
        (
            "It will leave unless Nigeria, Niger and Cameroon send more men.",
            "unless Nigeria, Niger and Cameroon send more men",
        ),
        ("If the fleet leaves Malta, Italy and Greece will follow.", "If the fleet leaves Malta"),
        ("If Malta stops, Italy and Greece follow suit.", "If Malta stops"),
    ],
)
def test_a_condition_clause_ends_with_its_clause(sentence: str, clause: str) -> None:
    start = sentence.index(clause)
    assert sentence[start : clause_end(sentence, start)] == clause


@pytest.mark.parametrize(("sentence", "name", "expected"), [
    ("In Iran the talks went on", "Iran", True),
    ("after talks with the new premier Smith left", "Smith", True),
    ("Iran demanded talks", "Iran", False),
    ("the envoy (Iran) said", "Iran", True),
    ("a draft seen by this paper says Iran", "Iran", False),
    ("Ana Gil of the growers’ guild Floral pleaded", "Floral", True),
])  # fmt: skip
def test_what_a_preposition_governs_is_no_subject(sentence: str, name: str, expected: bool) -> None:
    assert governed(sentence, sentence.index(name)) is expected


@pytest.mark.parametrize(
    ("text", "holder", "addressee"),
    [
        ("The United States urged Iran to return to the talks.", "United States", "Iran"),
        ("France called on Mali to honour the accord.", "France", "Mali"),
        ("Turkey demanded that Sweden extradite thirty people.", "Turkey", "Sweden"),
        ("Hungary, an old ally of Serbia, asked Germany to reopen the pipeline.", "Hungary", "Germany"),
        ("Iran warned Israel that it would retaliate.", "Iran", "Israel"),
        ("Russia threatened to cut off gas to Moldova.", "Russia", "Moldova"),
        ("Egypt will sign only if Ethiopia opens the dam.", "Egypt", "Ethiopia"),
    ],
)
def test_the_verbs_subject_holds_and_its_object_is_addressed(text: str, holder: str, addressee: str) -> None:
    found = only(text)
    assert (found.holder, found.addressee) == (holder, addressee)


@pytest.mark.parametrize(
    ("text", "type_"),
    [
        ("China will not join the talks unless Japan apologises.", "precondition"),
        ("If Iran attacks Israel, the United States will strike back, President John Porter said.", "threat"),
        ("Turkey would lift its veto if Sweden extradited them, President John Porter said.", "offer"),
        ("If Greece leaves, its banks will collapse, an analyst said.", "consequence"),
        ("Syria must free the detainees, President John Porter said.", "demand"),
        ("India would first have to open its market, President John Porter said.", "precondition"),
    ],
)
def test_the_main_clause_decides_the_type(text: str, type_: str) -> None:
    assert only(text).type.value == type_


def test_an_analyst_holds_nothing() -> None:
    assert only("If Greece leaves, its banks will collapse, an analyst said.").holder is None


@pytest.mark.parametrize(
    ("sentence", "deadline"),
    [
        ("Iran must leave by Friday.", "by Friday"),
        ("They have to pay within 30 days.", "within 30 days"),
        ("The talks resume no later than 1 May.", "no later than 1 May"),
        ("The union gave it until 15 March to act.", "until 15 March"),
        ("Iran must leave.", None),
    ],
)
def test_deadlines_are_quoted(sentence: str, deadline: str | None) -> None:
    assert find_deadline(sentence, 0, len(sentence)) == deadline


def test_what_is_only_reported_is_hedged() -> None:
    assert only("Iran reportedly demanded that Iraq close the border.").hedged
    assert not only("Iran demanded that Iraq close the border.").hedged
