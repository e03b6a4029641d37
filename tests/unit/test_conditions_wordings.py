"""What a wording makes of a sentence: which condition, of which type, or none at all.

All sentences are made up; each stands alone, so that nothing but its own words speaks for its type.
"""

import pytest

from digestbot.analysis import analyse
from digestbot.analysis.evidence import EVIDENCE
from digestbot.model import Condition, ExtractedText

TYPES = {
    "threat": [
        # what is not looked on at, and what is answered
        "“We will not sit idle while our brothers are killed,” the Turkish minister said.",
        "Turkey will have no choice but to act if the fighters stay where they are, its minister said.",
        "Any attempt to land on the island will be met with a firm response, Japan said.",
        "If the European Union goes on, Russia's answer will be painful, the foreign ministry said.",
        "Failure to comply will result in further measures, the Chinese ministry said.",
        "An attack on the fleet would bring the treaty of 1951 into play, the United States said.",
        # a deed whose absence is wanted
        "The United States said the duty will not be signed unless Colombia fails to keep its word.",
        # "if they don't, we will"
        "Turkey said Iraq should expel the fighters, and if it doesn't, Turkey will.",
        "American negotiators raised the possibility of halting aid unless Ukraine came round.",
        "Iran regards any diversion of the river as a casus belli.",
        "China called any transit by foreign warships an act of war.",
        "Iran called every vessel bound for the port a target and said it counts as an enemy.",
        "Egypt said that if Ethiopia fills the dam, the contract would be void.",
        "Algeria has given notice of a strike should the decree stand.",
        "The Houthis said attacks on ships would go on for as long as Gaza is under siege.",
        "The Houthis promised to resume attacks unless aid enters Gaza within four days.",
        "Russia said any foreign troops in Ukraine would be legitimate targets.",
        "India said the visas would be cancelled unless the Pakistanis left by Sunday.",
        "The European Union said it could freeze the funds of Slovakia if the law is adopted.",
        "China has warned that a visit to Taiwan would be answered.",
        "When they drive into our villages, our forces will fight, the Kurdish party said.",
        "The general gave the Malian rebels sixty days to leave, or lose their licences.",
    ],
    "offer": [
        "“Let the ships through and we will stop firing,” the Houthi spokesman said.",
        "Iran said that if Iraq takes one step, it would take two.",
        "The European Union has dangled a loan of 90 billion in front of Ukraine.",
        "Russia is offering cheap gas to anyone who signs before the winter.",
        "Iran said it would dilute its uranium if all sanctions were lifted.",
        "Japan pledged to buy more gas if the tariff was halved.",
        "The United States proposed to ease its sanctions for each step Venezuela takes.",
        "The Burmese junta holds out a seat in parliament to any army that lays down its guns.",
        "China will suspend the duties for a year if the United States does the same.",
    ],
    "precondition": [
        "Russia will only talk about a truce if Ukraine gives up the four regions, the Kremlin said.",
        "If the two want to rewrite the treaty, they must both agree, India said.",
        "Nothing short of a withdrawal would satisfy Syria, its president said.",
        "Any such deal must pass through parliament, the Iraqi minister said.",
        "Egypt wants the mines cleared before a single gate is opened.",
        "Serbia will join only as an equal member, its president said.",
        "Those who wish to fly there must first ask Georgia for a permit, its ministry said.",
        "No agreement that leaves Hamas in power would be acceptable to Israel.",
        "Iran will sign no text which leaves the sanctions in place.",
        "The treaty needs the consent of both parliaments, Armenia said.",
        "For Saudi Arabia, no state means no normalisation.",
        "Unless Iran moves, neither will the United States.",
        "Provided that the mayors come back, Kosovo can live with the text.",
        "Russia will be back when its half of the bargain is honoured, the Kremlin said.",
        "Serbia's attendance is tied to the reopening of the list.",
        "Israel will pull back in step with the disarming of Hezbollah.",
        "Vietnam signs nothing that mentions arbitration.",
        "The North Macedonian loan hangs on a vote in parliament.",
        "Without a truce there can be no vote, Sudan's army said.",
        "No grain could leave Ukraine before the ministry had seen the papers.",
    ],
    "demand": [
        "The accord obliges Syria to hand over the border crossings within a month.",
        "The resolution requires Sudan to open the crossing to aid convoys.",
        "Brazil recommended against any retaliation.",
        "He asked the Organisation of American States (OAS) to leave Guatemala alone.",
        "Palau sought money for what has washed up on its beaches.",
        "The bishops enjoined the Congolese government to hold the vote.",
        "Germany wants to see the reforms voted first.",
    ],
    "consequence": [
        "Egypt's minister warned that investors would leave if the law passed.",
        "Pakistan's economy would collapse if the river were cut, its planning minister said.",
        "It is simple, an investor in Berlin said: take the assets and nobody will lend to Europe again.",
        "Let Europe pick and choose, says a professor in Leiden, and no dictator will lose any sleep.",
        "“Whoever buys that oil will still be in court in ten years,” an analyst in London said.",
    ],
}

NOTHING = [
    # whether
    "We asked three owners in Piraeus if they would sail to Ukraine.",
    "It isn't known if anybody in Russia listened.",
    "Israel could not establish in the first hours if anyone had survived.",
    "It was discussed in the Turkish press if the army would stay.",
    "France does not want to guess if the vote would pass.",
    # idioms
    "It need not come to this, Spain's minister said.",
    "The Indian and Pakistani commissioners met in Dubai.",
    "Hungary begs to differ.",
    "If you're just joining us, scroll down for what happened in Colombia today.",
    "If you have information about this story, contact our reporters in Kenya.",
    "Russia's team spoke on the condition of the roads in the north.",
    "Germany stands by Ukraine for as long as it takes, and that is all there is to it.",
    "China opposed the use or threat of force.",
    "The text of the treaty reached Fiji without a single bracket.",
    "The United Nations has called for Monday a briefing in Geneva.",
    # forecasts, nature, guests, what is denied
    "Japan's central bank expects prices to grow this year.",
    "The storm threatened the coast of Mexico for two days.",
    "The museum in Cairo asks visitors to leave bags at the door.",
    "Kenya denied that it had asked for money.",
    "The Peruvian prosecutor asked for a sentence of ten years.",
    "Kenya's opposition did not rule out a coalition.",
    "The weather service in Chile lifted its red warning but said the rain would go on.",
    "Mr Ruto and Mr Odinga will fight for the presidency of Kenya in August.",
    "What do they want in Moscow?",
    # what might have been, and duties that are told
    "Had it rained, Chile would still have played the match.",
    "One bridge in Ukraine had to be inspected twice.",
    "No one who was in Syria then will forget it.",
    "As long as anyone can remember, Morocco has held the market on Fridays.",
]


def _conditions(sentence: str) -> tuple[Condition, ...]:
    return analyse(ExtractedText(text=sentence, media_type="text/plain")).conditions


@pytest.mark.parametrize(
    ("kind", "sentence"), [(kind, sentence) for kind, sentences in TYPES.items() for sentence in sentences]
)
def test_the_wording_decides_the_type(kind: str, sentence: str) -> None:
    assert kind in {str(condition.type) for condition in _conditions(sentence)}


@pytest.mark.parametrize("sentence", NOTHING)
def test_what_only_looks_like_a_cue_is_none(sentence: str) -> None:
    assert [c.cue for c in _conditions(sentence) if c.cue != EVIDENCE] == []


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        ("The talks must start where they ended in 2019, Morocco's minister said.", "precondition"),
        ("A settlement with the rebels must respect the borders, Ethiopia's premier said.", "precondition"),
        ("The talks must start soon, Morocco's minister said.", "demand"),  # that they be, not how
        ("Elections must be held in May, Haiti's premier said.", "demand"),
        ("Touch the reserves and Russia will take its own back, its minister said.", "threat"),
        ("If the militia stalls, Turkey will do what has to be done, its minister said.", "threat"),
    ],
)
def test_how_talks_must_be_is_a_term_and_what_has_to_be_done_a_threat(sentence: str, kind: str) -> None:
    assert [str(c.type) for c in _conditions(sentence)] == [kind]


def test_a_demand_and_the_terms_behind_it_are_two() -> None:
    found = _conditions("Iraq expects Iran to open the gates, and only then would it talk about gas.")
    assert [str(c.type) for c in found] == ["demand", "precondition"]


def test_a_demand_and_the_threat_told_with_it_are_two() -> None:
    found = _conditions("Ghana demanded a vote in May, and its allies had threatened to leave.")
    assert {str(c.type) for c in found} == {"demand", "threat"}
