"""Conditions in other words than "if", "demand" and "threaten": a plain case or more for each family of cues.

All sentences are made up. `NOTHING` only looks like them.
"""

import pytest

from analysed import conditions
from digestbot.analysis.evidence import load_weights

FOUND = {
    "imperative-if": [
        "Lift the siege and we will hand over the pilots, the rebels said in a broadcast.",
        "Let the panel become a post office and the truce will be remembered as half-time.",
    ],
    "imperative-told": ["Keep your fleet out of our waters, Ecuador told China."],
    "imperative-said": ["The way out is short, the envoy said: release the prisoners."],
    "failing-which": ["Leave the island or face the consequences, the Chinese coast guard told the sailors."],
    "one-more": [
        "A second Kerch, in this mood, will bring a longer war, the Russian general said.",
        "One more raid on the camp, the Turkish minister said, and the reply would be delivered in Erbil.",
    ],
    "vow": ["An attack on the pipeline would be treated as an act of war, Norway's prime minister said."],
    "no-no": ["No troops, no talks, the South Korean negotiator summed up."],
    "no-under": ["There will be no Philippine signature under a code that is not binding, the envoy said."],
    "with-still": ["Ties cannot mend with the launchers still on the island, China's ambassador wrote."],
    "with-done": ["With that clause gone, he said, Ghana could have new loans within weeks."],
    "while-refused": [
        "Riyadh will not open an embassy while the war goes on, the Saudi prince told visitors."
    ],
    "cannot-both": ["Egypt cannot host the talks and at the same time arm one side, Sudan's minister said."],
    "need-before": ["Owners need a calm month before the insurance comes down, Qatar's minister said."],
    "needed-is-for": ["What is needed now is for Chad to open its archives, the Libyan premier said."],
    "all-needed": ["All that is needed, the Turkish minister said, is for Greece to withdraw its note."],
    "only-if": ["Brazil may send its navy there only in self-defence, its president said."],
    "no-sooner": ["A truce follows the withdrawal, Moscow said, and not the other way round."],
    "presupposes": [
        "The dialogue presupposes that the militia lays down its arms, Azerbaijan said.",
        "Brazil agreed to host the summit with the proviso that Venezuela stays away.",
        "Sanctions relief will go hand in hand with inspections, the European Union said.",
    ],
    "in-turn": ["Riyadh would pay the wages, and the Houthis in turn would open the ports."],
    "or-not": ["Saudi Arabia signs as a mediator or it does not sign, the ambassador said."],
    "without-first": ["In the absence of a ceasefire, flights will end on Sunday, the agency said."],
    "until-first": ["Until the last prisoner is home there can be no talk of amnesty, Armenia insists."],
    "this-for-that": [
        "The Houthis have made the salaries the touchstone of any truce.",
        "The blockade would end with the release of the emirs, Mali's prime minister said.",
    ],
    "side-by-side": ["“They accept this, we can meet tomorrow,” the Burmese minister said."],
    "such-a-thing": ["An all-out war across that strait would pull the Philippines in."],
    "refuses-such": [
        "The Group would not lend itself to a process that treats a militia as a government.",
        "Ottawa is not prepared to talk dairy at all, its trade minister said.",
        "Spain will never discuss sovereignty over Ceuta, its foreign minister said.",
    ],
    "no-go": ["Independence is off the table, Madrid told the Catalan government."],
    "asked-to": [
        "The European Union is told to drop its levy.",
        "Both armies were asked to release prisoners.",
    ],
    "told-to": ["Afghanistan's deputy premier directed importers to stop their dealings with Pakistan."],
    "ask-that": ["The party has requested that the Assembly call the minister."],
    "would-have": [
        "India would have the group settle its projects first.",
        "Serbia's students are after full publication of the documents.",
    ],
    "price-is": ["Ankara's terms are unchanged: extradition of thirty people and an end to the embargo."],
    "position-is": ["Brazil's position was simple: no army crosses into Guyana."],
    "list-of-demands": ["Ecuador's Indians put ten points to President Guillermo Lasso."],
    "only-way": ["The only way out was for the premier to go, the Solomon Islands opposition leader said."],
    "is-to": ["Armenia is to hand over the maps, Azerbaijan's President Ilham Aliyev said."],
    "time-to": [
        "Iran gave the emirate one month for permitting the experts, its envoy said.",
        "The Central Bank of Yemen gave six banks sixty days to move.",
    ],
    "whoever-will": [
        "Whoever supplies the rebels with weapons will answer for it, Mali's junta said.",
        "Any country that sides with BRICS is going to pay more, Donald Trump wrote.",
    ],
    "targets": ["Every ship in Haifa is a legitimate target, the Houthi spokesman said."],
    "will-bring": ["France said the sanctions on Iran would snap back in August."],
    "ready-to": ["Serbia would be happy to sell gas, and Moldova is ready to talk about it."],
}

NOTHING = """
This year's appeal for Yemen is 39 percent funded.
Two guards died nine days after Iran gave a warning over the water of the river.
The city is ready for winter, the mayor said.
Ships are expected to arrive on Monday.
The price of bread is three pounds.
Whoever built the bridge is long dead.
The minister told reporters that he had slept well.
A man who would later become president was born there in 1950.
The volcano forced thousands to leave their homes.
The rebels forced villagers to carry their loads.
Refugees were told to wait in the hall, a witness said.
The minister has three weeks to enjoy his holiday.
The king gave a speech until midnight.
The museum is open to visitors from Tuesday.
Soldiers who took part in the parade will get a medal.
He could not sleep while the guns were firing, a resident said.
The road cannot be used while workers repair the bridge.
The general's condition is stable, doctors said.
Her only wish was to see her son again.
Namibia has moved a hundred threatened rhinos across the border.
The foreign minister called on the president at his residence in Khartoum.
The court found him guilty of pressing children into his militia.
It was not immediately known if the road was open.
The two leaders discussed if and how the rules could be simplified.
Fighters killed dozens of people in a church the day after Christmas.
All content is free unless otherwise stated.
The patient needs surgery before Christmas.
One cannot read and at the same time drive.
The singer could not sing and at the same time dance.
What is needed for the cake is butter.
A second Airbus landed an hour later.
""".strip().splitlines()

CASES = [(cue, sentence) for cue, sentences in FOUND.items() for sentence in sentences]


@pytest.mark.parametrize(("cue", "sentence"), CASES)
def test_each_family_finds_its_sentences(cue: str, sentence: str) -> None:
    assert cue in {condition.cue for condition in conditions(sentence)}


@pytest.mark.parametrize("sentence", NOTHING)
def test_what_only_looks_like_a_condition_is_none(sentence: str) -> None:
    assert not conditions(sentence)


BARGAIN = [
    "The two delegations met in Geneva on Tuesday.",
    "The talks went on until the evening.",
    "Iran will sign only if the sanctions are lifted, its minister said.",
    "France demanded that the inspectors be let in.",
    "Unless the plant is closed, the United States will leave the talks.",
]
#: No cue stands in it.
WITHOUT_CUE = (
    "Tehran would let a few men in, a diplomat said, not an army of them: three or four, for one visit."
)


def test_a_sentence_without_a_cue_counts_only_where_the_text_bargains() -> None:
    found = {c.sentence: c.cue for c in conditions("\n".join([*BARGAIN, WITHOUT_CUE]))}
    assert found[WITHOUT_CUE] == "evidence"
    news = ["The two delegations met in Geneva on Tuesday.", "They had lunch together.", "It rained all day."]
    assert not conditions("\n".join([*news, WITHOUT_CUE]))


def test_evidence_grows_with_what_is_said_to_come_and_shrinks_with_what_is_over() -> None:
    weigh = load_weights().weigh
    assert weigh("Ankara would sign a deal, the minister said.", 5) > weigh("Ankara signed, he said.", 5)
    assert weigh("They'll sign nothing.", 5) > weigh("They signed yesterday.", 5)
    assert weigh(WITHOUT_CUE, 5) > weigh(WITHOUT_CUE, 0)
