"""Whole sentences as wires build them, with every fact they tell and all that is known of it. All are made up.

A fact is told in one line: kind, words, what they are worth, unit and subject; then its qualifier, who says so, what it
is if not plainly so, and of which of them it is a part or a conversion.
"""

from decimal import Decimal

import pytest

from pipeline.facts import extract_facts
from pipeline.model import Fact

FLAGS = ("negated", "hypothetical", "background", "increment")


def told(fact: Fact) -> str:
    """Return a fact in one line."""
    words = fact.sentence[fact.start : fact.end]
    worth = number(fact.low) if fact.low == fact.high else f"{number(fact.low)}..{number(fact.high)}"
    parts = [fact.kind.value, words] + (["=", worth, fact.unit or "", fact.subject] if worth else [])
    notes = [fact.qualifier, f"says {fact.attribution}" if fact.attribution else None]
    notes += [flag for flag in FLAGS if getattr(fact, flag)]
    notes += [f"of {fact.parent}" if fact.parent is not None else None]
    notes += [f"again {fact.converts}" if fact.converts is not None else None]
    return ", ".join([" ".join(part for part in parts if part), *(note for note in notes if note)])


def number(value: Decimal | None) -> str:
    return "" if value is None else f"{value.normalize():f}"


@pytest.mark.parametrize(
    ("sentence", "facts"),
    [
        (
            (
                "Norland pledges to invest US$20 billion in Sarvia's economy over the next 15 years, but admits \"no "
                'sum is fixed yet."'
            ),
            [
                "money US$20 billion = 20000000000 USD sarvia's economy, says Norland, hypothetical",
                "duration 15 = 15 years economy, hypothetical",
                "quote no sum is fixed yet.",
            ],
        ),
        (
            "Mayor Pia Holm leads with 31.4% of the vote; no candidate received more than half of it.",
            ["percent 31.4% = 31.4 % vote", "percent half = 50.. %, more than, negated"],
        ),
        (
            (
                'Torland\'s president Jo Lind orders new limits, saying that smugglers bring "chaos and ruin" to 12 '
                "towns."
            ),
            ["count 12 = 12 towns, says Jo Lind", "quote chaos and ruin, says Jo Lind"],
        ),
        (
            "The rebels claim that they hit the U.S.S. Mara with 18 rockets and drones.",
            ["count 18 = 18 rockets and drones"],
        ),
        (
            "On August 17, 2031 two hikers were injured in the Calder Fire.",
            ["injured two = 2 hikers, background"],
        ),
        (
            (
                "The bloc pledges €2.5 billion ($2.7 billion) in aid, while Norland pledges an additional £160 "
                "million (€190.3 million)."
            ),
            [
                "money €2.5 billion = 2500000000 EUR, says The bloc, hypothetical",
                "money $2.7 billion = 2700000000 USD, says The bloc, hypothetical, again 0",
                "money £160 million = 160000000 GBP, says Norland, hypothetical, increment",
                "money €190.3 million = 190300000 EUR, says Norland, hypothetical, again 2",
            ],
        ),
        (
            (
                "Forces launch drones and cruise missiles on Orrin, Torland, killing at least 28 people and injuring "
                "more than 150 others."
            ),
            ["killed 28 = 28.. people, at least", "injured 150 = 150.. others, more than"],
        ),
        (
            (
                "Three people are killed and 70 others are injured, including up to 19 seriously, after a tank truck "
                "carrying 49,500 liters (13,000 gallons) of gas explodes."
            ),
            [
                "killed Three = 3 people",
                "injured 70 = 70 others",
                "injured 19 = ..19 others, up to, of 1",
                "measure 49,500 = 49500 litres truck",
                "measure 13,000 = 13000 gallons truck, again 3",
            ],
        ),
        (
            "The blast brought the death toll to up to 63.",
            ["killed 63 = 63 people"],
        ),
        (
            "It has now burned 963, 276 acres with 94 percent containment.",
            ["measure 963, 276 = 963276 acres", "percent 94 percent = 94 % containment"],
        ),
        (
            "Eleven people are killed, according to the National Commission on Human Rights in Ard.",
            ["killed Eleven = 11 people, says the National Commission on Human Rights in Ard"],
        ),
        (
            "Thirteen people are killed and 50 others become ill, including 21 cases of blindness.",
            ["killed Thirteen = 13 people", "count 50 = 50 others", "count 21 = 21 cases"],
        ),
        (
            (
                "The cabinet approves a plan to close one of the country's two state broadcasters by March 1, 2026, "
                "citing complaints from soldiers."
            ),
            ["count two = 2 state broadcasters, hypothetical"],
        ),
        (
            "The Court of Bosk and Herzov confirms the former leader's six-year ban from office.",
            ["duration six = 6 years ban, says The Court of Bosk and Herzov"],
        ),
        (
            (
                "Strikes kill at least 15 people, including eight children and two women, queuing for bread on "
                "October 7."
            ),
            ["killed 15 = 15.. people, at least", "killed eight = 8 children, of 0", "killed two = 2 women, of 0"],
        ),
        (
            "The ministry confirms the death of a critically injured crew member.",
            ["killed a = 1 critically injured crew member, says The ministry"],
        ),
        (
            (
                "The union reports that a record 383 aid workers were killed in 2024, up by 31% from 2023, including "
                "181 in Ard and 60 in Sel."
            ),
            [
                "killed 383 = 383 aid workers, a record, says The union, background",
                "percent 31% = 31 % workers, says The union, background",
                "killed 181 = 181 aid workers, says The union, background, of 0",
                "killed 60 = 60 aid workers, says The union, background, of 0",
            ],
        ),
        (
            "The army freed 1,900 detainees, including 250 people serving life sentences.",
            ["count 1,900 = 1900 detainees", "count 250 = 250 people, of 0"],
        ),
        (
            "A panel blames four of the five ministers.",
            ["count four = 4 ministers, of 1", "count five = 5 ministers"],
        ),
        (
            ("Groups report that the authorities released 13 detainees held after the vote, with some freed outright."),
            ["count 13 = 13 detainees, says Groups"],
        ),
        (
            (
                "A court sentences a 38-year-old man to death for setting a hall on fire and killing 23 people "
                "inside in May 2024."
            ),
            ["killed 23 = 23 people, background"],
        ),
        (
            "The assembly approves terms from five to seven years and 12 new seats.",
            ["duration five = 5 years terms", "duration seven = 7 years terms", "count 12 = 12 new seats"],
        ),
        (
            (
                "Minister Marina Holt announces that Torland has committed to donate €1 billion (US$1.15 billion) "
                "for the forest over the next decade."
            ),
            [
                "money €1 billion = 1000000000 EUR, says Torland, hypothetical",
                "money US$1.15 billion = 1150000000 USD, says Torland, hypothetical, again 0",
            ],
        ),
        (
            (
                "A man kills two civilians - a 18-year-old woman and a 68-year-old man - and injures another two, "
                "including a child."
            ),
            ["killed two = 2 civilians", "injured two = 2 people", "injured a = 1 child, of 1"],
        ),
        (
            (
                "Drones killed at least 25 people and injured dozens of others, including 16 inmates killed in a "
                "strike on a prison."
            ),
            [
                "killed 25 = 25.. people, at least",
                "injured dozens = 24.. others, dozens",
                "killed 16 = 16 inmates, of 1",
            ],
        ),
        (
            (
                "The government sends 400 Catal guards and 117 Military Emergencies Unit members after two dead wild "
                "boars were found."
            ),
            [
                "count 400 = 400 catal guards",
                "count 117 = 117 military emergencies unit members",
                "count two = 2 dead wild boars",
            ],
        ),
        (
            "A court sentences six former guards to prison terms of six to 25 years.",
            ["count six = 6 former guards", "duration six to 25 = 6..25 years terms"],
        ),
        (
            (
                "The agency says 2025 was the hottest summer, averaging 24.2 °C (75.6 °F) and surpassing 2022's "
                "record of 24.1 °C."
            ),
            [
                "measure 24.2 = 24.2 °C summer, says The agency",
                "measure 75.6 = 75.6 °F summer, says The agency, again 0",
                "measure 24.1 = 24.1 °C record, says The agency, background",
            ],
        ),
        (
            "Police recover the bodies of two hostages abducted by militants.",
            ["hostage two = 2 hostages"],
        ),
        (
            "Two villagers, including a pregnant woman and her child, are critically wounded.",
            ["injured Two = 2 villagers", "injured a = 1 pregnant woman, of 0"],
        ),
        (
            "One person is killed and 29 people are injured when a Mw 5.8 undersea earthquake strikes near Poso.",
            ["killed One = 1 person", "injured 29 = 29 people", "magnitude 5.8 = 5.8 Mw earthquake"],
        ),
        (
            (
                "The state secures the release of 100 of the 315 pupils abducted from a school, while more than 160 "
                "others remain unaccounted for."
            ),
            ["hostage 100 = 100 pupils, of 1", "hostage 315 = 315 pupils", "missing 160 = 160.. others, more than"],
        ),
        (
            (
                "The Health Ministry reports that the death toll since October 2023 has reached 55,000 people, with "
                "over 127,000 people wounded."
            ),
            [
                "killed 55,000 = 55000 people, says The Health Ministry",
                "injured 127,000 = 127000.. people, over, says The Health Ministry",
            ],
        ),
        (
            "Twelve people were not hurt.",
            ["injured Twelve = 12 people, negated"],
        ),
        (
            "The army denied that it had killed 40 villagers, without naming 3 others.",
            ["killed 40 = 40 villagers, negated", "count 3 = 3 others, negated"],
        ),
        (
            'Police say the "no" camp has 200 members.',
            ["count 200 = 200 members, says Police"],
        ),
        (
            'He said: "We lost 14 men," and blamed the two generals.',
            ["count 14 = 14 men"],
        ),
        (
            '"We will rebuild every one of these houses," the mayor, who lost his own, said.',
            ["quote We will rebuild every one of these houses,, says the mayor"],
        ),
        (
            '"We have never seen such a flood in our lives," he said, adding 12 bridges were gone.',
            ["count 12 = 12 bridges", "quote We have never seen such a flood in our lives,"],
        ),
        (
            'The film "The Long Road Home to Sel" sold 3,000 tickets.',
            ["count 3,000 = 3000 tickets"],
        ),
        (
            'The minister added "the dam has held the water since spring" and left 30 guards.',
            [
                "count 30 = 30 guards, says The minister",
                "quote the dam has held the water since spring, says The minister",
            ],
        ),
        (
            "He called it “a very sad day for all of us and left at noon with 12 men.",
            ["count 12 = 12 men"],
        ),
        (
            "The index lost 31,36% in 2.5 hours of talks.",
            ["percent 31,36% = 31.36 % index"],
        ),
        (
            "The bill of XYZ$500 was paid in R$200 and 30 Rs.",
            ["money R$200 = 200 BRL"],
        ),
        (
            "The M23 group, 9/11, a C-130, v.2, #5 and @7 count nobody.",
            [],
        ),
        (
            "1. Twelve people were hurt.",
            ["injured Twelve = 12 people"],
        ),
        (
            "A Boeing 737 with 12 people on board is missing.",
            ["count 12 = 12 people"],
        ),
        (
            "THE DEADLY BLAST KILLED 12 PEOPLE IN ARD",
            ["killed 12 = 12 people"],
        ),
        (
            "Police Arrest 12 After Riot in Southern Port",
            ["arrested 12 = 12 people"],
        ),
        (
            "About one in five residents, or 1 in 10 children, left Ard.",
            [],
        ),
        (
            "It was a three-way race, a one-off, with 12-member teams.",
            ["count 12 = 12 member"],
        ),
        (
            "Two thirds of the 300 seats were won by women.",
            ["percent Two thirds = 66.67 %", "count 300 = 300 seats"],
        ),
        (
            "He scored in the second half of the match.",
            [],
        ),
        (
            "Half of May was lost; a third of the 12 towns were hit.",
            ["percent a third = 33.33 %", "count 12 = 12 towns"],
        ),
        (
            "From 2019-2021 the 1,200-1,500 guards worked.",
            ["count 1,200-1,500 = 1200..1500 guards"],
        ),
        (
            "He served a two-year term after a two-year-old boy and a 10-year high.",
            ["duration two = 2 years term"],
        ),
        (
            "The strike lasted three days; two weeks ago it began for the second time in 5 years.",
            ["duration three = 3 days strike"],
        ),
        (
            "The law cuts the age from 65 to 63 years and terms from 90 days to 30 days.",
            ["duration 90 = 90 days terms", "duration 30 = 30 days terms"],
        ),
        (
            "The company said on Monday in a statement to reporters that 12 people died.",
            ["killed 12 = 12 people, says The company"],
        ),
        (
            "Twelve people died, the ministry told AFP in a statement late on Monday.",
            ["killed Twelve = 12 people, says the ministry"],
        ),
        (
            "Said the ministry: 12 people died.",
            ["killed 12 = 12 people, says the ministry"],
        ),
        (
            "Officials, citing the Red Cross, put the toll at 12.",
            ["killed 12 = 12 people, says the Red Cross"],
        ),
        (
            "Citing security concerns, the port shut 12 gates.",
            ["count 12 = 12 gates"],
        ),
        (
            "Regional police chief Bo Dahl said, while army spokesman Gen. Cy Dow denied, that 12 died.",
            ["killed 12 = 12 people, says Bo Dahl"],
        ),
        (
            "The estimated cost is 12 million euros, the reported toll 40.",
            ["money 12 million = 12000000 EUR"],
        ),
        (
            "The group, which claims 300 members, admitted killing two guards.",
            ["count 300 = 300 members", "killed two = 2 guards"],
        ),
        (
            "With officials reporting thousands displaced, Ard asked for 200 tents.",
            ["displaced thousands = 2000.. people, thousands, says officials", "count 200 = 200 tents, says Ard"],
        ),
        (
            "The council announces a fund after 12 people died, but 30 are missing.",
            ["killed 12 = 12 people", "missing 30 = 30 people"],
        ),
        (
            (
                "A court sentences former intelligence chief Bo Dahl to 14 years in prison on charges related to "
                "politics."
            ),
            ["duration 14 = 14 years bo dahl"],
        ),
        (
            (
                "A court orders Ard Airlines (AA) to pay CN¥2.9 million (US$410,000) each to families of eight "
                "missing passengers."
            ),
            [
                "money CN¥2.9 million = 2900000 CNY",
                "money US$410,000 = 410000 USD, again 0",
                "missing eight = 8 missing passengers",
            ],
        ),
        (
            "More than 600 pilgrims in Ard, Torland, are hospitalised after a leak.",
            ["injured 600 = 600.. pilgrims, more than"],
        ),
        (
            "A court sentences 11 people, including three from a powerful family in Sel, to death.",
            ["count 11 = 11 people", "count three = 3 people, of 0"],
        ),
        (
            "The army returns one more body.",
            ["killed one = 1 more body, increment"],
        ),
        (
            "The government culls 500,000 birds, including chickens and 12,000 geese.",
            ["count 500,000 = 500000 birds", "count 12,000 = 12000 geese"],
        ),
        (
            "Thirteen suspected gang members are killed in a riot following two explosions in Ard.",
            ["killed Thirteen = 13 suspected gang members", "count two = 2 explosions"],
        ),
        (
            "Norland imposes a three-month flight ban after three months of war.",
            ["duration three = 3 months war"],
        ),
        (
            "Ten people are killed, bringing the toll up to 12.",
            ["killed Ten = 10 people", "killed 12 = 12 people"],
        ),
        (
            "Medics say 20 people are missing across Ard, Orrin and the Sel area.",
            ["missing 20 = 20 people, says Medics"],
        ),
        (
            "The toll stands at 2,700, said Ann Orr (above), who leads the team.",
            ["killed 2,700 = 2700 people, says Ann Orr"],
        ),
        (
            "According to police (PNA), 12 died.",
            ["killed 12 = 12 people, says police"],
        ),
        (
            "The number of people killed in clashes has risen to 30.",
            ["killed 30 = 30 people"],
        ),
        (
            "The number of villagers killed has risen to 30.",
            ["killed 30 = 30 people"],
        ),
        (
            "No survivors were found.",
            ["count No = 0 survivors, negated"],
        ),
        (
            "The hall has no windows.",
            [],
        ),
        (
            "An analyst at Orlo, a bank, said 88,000 jobs were gone.",
            ["count 88,000 = 88000 jobs, says An analyst at Orlo"],
        ),
        (
            "A sum of 5 to 7 million euros was paid, or between 900 and 1,000 dollars.",
            ["money 5 to 7 million = 5000000..7000000 EUR", "money 900 and 1,000 = 900..1000 USD"],
        ),
        (
            "The 1999 quake's toll of 300 was a record.",
            ["killed 300 = 300 people, background"],
        ),
        (
            "Two of the three skiers missing since Friday were found dead.",
            ["killed Two = 2 skiers, of 1", "missing three = 3 skiers"],
        ),
        (
            "Twelve people who had been missing were found alive.",
            ["rescued Twelve = 12 people"],
        ),
        (
            "The 12 soldiers killed 30 rebels.",
            ["count 12 = 12 soldiers", "killed 30 = 30 rebels"],
        ),
        (
            "Four people, two of them children, were hurt, three badly.",
            ["injured Four = 4 people", "injured two = 2 children, of 0", "injured three = 3 people, of 0"],
        ),
        (
            "One in custody, 2 dead after Ard shooting",
            ["arrested One = 1 people", "killed 2 = 2 people"],
        ),
        (
            "Rebels report killing 12 soldiers, which an army spokesman denies.",
            ["killed 12 = 12 soldiers"],
        ),
        (
            "Ann Orr, head of Ard's port authority, told The Tarn Times on Friday that 12 ships sank.",
            ["count 12 = 12 ships, says Ann Orr"],
        ),
        (
            "The port's owner, Bo Dahl, says 300 jobs will go.",
            ["count 300 = 300 jobs, says The port's owner"],
        ),
        (
            "Health minister Dr. Jo Lind says 12 died.",
            ["killed 12 = 12 people, says Jo Lind"],
        ),
        (
            "Twelve died, says the World Fund for Ard.",
            ["killed Twelve = 12 people, says the World Fund for Ard"],
        ),
        (
            "Prime Minister May sent 300 guards.",
            ["count 300 = 300 guards"],
        ),
        (
            "In May 2024, 12 died; since 2023 14 have.",
            ["killed 12 = 12 people, background", "count 14 = 14 people"],
        ),
        (
            "The drought, the worst since 2011, cost $3 million.",
            ["money $3 million = 3000000 USD"],
        ),
        (
            "A storm left 14 dead, 3 of whom were children, and 20,000 homeless.",
            ["killed 14 = 14 people", "killed 3 = 3 people, of 0", "displaced 20,000 = 20000 people"],
        ),
        (
            "The bus, which carried 40 pupils, hit a wall, injuring 12 of them.",
            ["count 40 = 40 pupils", "injured 12 = 12 people"],
        ),
        (
            "Gunmen in Ard, Torland, and Sel kidnapped 30 women and girls.",
            ["hostage 30 = 30 women and girls"],
        ),
        (
            'The strike will cost Orlo "hundreds of millions of dollars," it said.',
            [
                "count hundreds of millions = 200000000.. dollars, hundreds of millions, hypothetical",
                "quote hundreds of millions of dollars,",
            ],
        ),
        (
            "Six of the injured died overnight.",
            ["killed Six = 6 people, increment"],
        ),
        (
            "The fire, the third this year, burned 40 to 50 homes and 3 shops.",
            ["count 40 to 50 = 40..50 homes", "count 3 = 3 shops"],
        ),
        (
            "Around 2,000 protesters rally against cuts of up to $40 million.",
            ["count 2,000 = 2000 protesters, around", "money $40 million = ..40000000 USD, up to"],
        ),
        (
            "Some 200 police officers and around 50 firefighters came.",
            ["count 200 = 200 police officers, some", "count 50 = 50 firefighters, around"],
        ),
        (
            "Teams searched 12 of 15 villages.",
            ["count 12 = 12 villages, of 1", "count 15 = 15 villages"],
        ),
        (
            "The ship with 12 crew members and 300 passengers sank; all were saved.",
            ["count 12 = 12 crew members", "count 300 = 300 passengers"],
        ),
        (
            "Over 1,000 tents for 5,000 families, each worth $200, arrived.",
            ["count 1,000 = 1000.. tents, over", "count 5,000 = 5000 families", "money $200 = 200 USD"],
        ),
        (
            "The blast wounded dozens, two of them critically, the Red Cross said.",
            [
                "injured dozens = 24.. people, dozens, says the Red Cross",
                "injured two = 2 people, says the Red Cross, of 0",
            ],
        ),
        (
            "The dead include two nurses and a doctor, the hospital says.",
            ["killed two = 2 nurses, says the hospital", "killed a = 1 doctor, says the hospital"],
        ),
        (
            "An earthquake of 5.6 struck, then one of M 6.1.",
            ["magnitude 5.6 = 5.6 M earthquake", "magnitude 6.1 = 6.1 M earthquake"],
        ),
        (
            "I m 6 years old.",
            [],
        ),
        (
            "Three and a half million people fled.",
            ["displaced Three and a half million = 3500000 people"],
        ),
        (
            "The price rose from 5 to 7 million dollars.",
            ["money 7 million = 7000000 USD"],
        ),
        (
            "Twenty-five hundred people came, and one hundred and six left.",
            ["count Twenty-five hundred = 2500 people"],
        ),
        (
            (
                "Nine people are killed, including five children, and three others are injured, including the driver "
                "and another child."
            ),
            [
                "killed Nine = 9 people",
                "killed five = 5 children, of 0",
                "injured three = 3 others",
                "injured another = 1 child, of 2",
            ],
        ),
        (
            "A storm or two killed two or three people.",
            ["killed two or three = 2..3 people"],
        ),
        (
            "They found no one; nobody was hurt, and no deaths were reported.",
            ["injured nobody = 0 people, negated", "killed no = 0 deaths, negated"],
        ),
        (
            "Ann Orr, a former guard, and two others were killed.",
            ["killed two = 2 others"],
        ),
        (
            "A Pole, a Dane, and a Swede were hurt.",
            ["injured A = 1 pole", "injured a = 1 dane", "injured a = 1 swede"],
        ),
        (
            "In Ard, a city of 9,000, a nurse was hurt.",
            ["injured a = 1 nurse"],
        ),
        (
            "At the gate, a guard was killed.",
            ["killed a = 1 guard"],
        ),
        (
            "One soldier was killed and one more wounded.",
            ["killed One = 1 soldier", "injured one = 1 people"],
        ),
    ],
)
def test_a_sentence_is_read_in_full(sentence: str, facts: list[str]) -> None:
    assert [told(fact) for fact in extract_facts([sentence], "en")] == facts
