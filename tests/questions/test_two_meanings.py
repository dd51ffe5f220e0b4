"""A heading whose words fit two fields: its values and the columns beside it decide, or a person is asked."""

import pytest

from shared.recognised import best, sheet

DOMAIN, INVOLVED = "case_domains.status (domain = network)", "case_network.involved"


@pytest.mark.parametrize("values", [("1", "0", "1"), ("Ja", "Nee", "Ja")])
@pytest.mark.parametrize("beside", ["Leefgebied(en) | Team", "Waarom geen netwerk | Team"])
def test_beside_a_list_of_domains_or_a_reason_without_network_it_says_who_takes_part(
    values: tuple[str, ...], beside: str
) -> None:
    words = ("Wonen", "Schulden", "Wonen") if beside.startswith("Leef") else ("schaamte", "", "wil niet")
    rows = [
        f"{n} | 03-0{n}-2022 | {word} | A | {value}" for n, word, value in zip((5, 7, 6), words, values, strict=True)
    ]
    recognised = sheet("\n".join([f"Casusnr | Datum aanmelding | {beside} | Sociaal netwerk", *rows]))
    assert best(recognised, "Sociaal netwerk") == INVOLVED


def test_among_columns_of_a_domain_each_it_is_a_domain() -> None:
    recognised = sheet("""
        Casusnr | Datum aanmelding | Financiën | Huisvesting | Sociaal netwerk
        0012    | 03-05-2022       | Ja        | Nee         | Ja
        0013    | 14-05-2022       | Nee       | Nee         | Ja
        """)
    assert best(recognised, "Sociaal netwerk") == DOMAIN


def test_words_that_only_one_of_the_two_knows_decide() -> None:
    recognised = sheet("""
        Casusnr | Datum aanmelding | Sociaal netwerk
        0012    | 03-05-2022       | aandachtspunt
        0013    | 14-05-2022       | goed
        0011    | 15-05-2022       | problemen
        """)
    assert best(recognised, "Sociaal netwerk") == DOMAIN


def test_where_nothing_decides_it_is_asked_with_what_would_follow() -> None:
    recognised = sheet("""
        Casusnr | Datum aanmelding | Sociaal netwerk
        0012    | 03-05-2022       | Ja
        0013    | 14-05-2022       | Nee
        0011    | 15-05-2022       | Ja
        """)
    [proposal] = [p for p in recognised.proposals if p.heading == "Sociaal netwerk"]
    assert proposal.sure is None
    assert {c.label: c.reason.say("nl") for c in proposal.candidates[:2]} == {
        DOMAIN: "de woorden passen ook bij iets anders; de cellen zeggen dan: 2 × probleem, 1 × geen probleem",
        INVOLVED: "de woorden passen ook bij iets anders; de cellen zeggen dan: 2 × ja, 1 × nee",
    }


def test_one_domain_in_a_column_of_its_own_beside_a_list_of_domains_is_asked_and_a_family_is_not() -> None:
    alone = sheet("""
        Casusnr | Datum aanmelding | Leefgebied(en) | Justitie
        0012    | 03-05-2022       | Wonen          | Ja
        0013    | 14-05-2022       | Schulden       | Nee
        """)
    assert best(alone, "Justitie") == "?"
    family = sheet("""
        Casusnr | Datum aanmelding | Leefgebied(en) | Justitie | Financiën | Huisvesting
        0012    | 03-05-2022       | Wonen          | Ja       | Nee       | Nee
        0013    | 14-05-2022       | Schulden       | Nee      | Nee       | Ja
        """)
    assert [best(family, name) for name in ("Justitie", "Financiën")] == [
        "case_domains.status (domain = justice)", "case_domains.status (domain = finances)",
    ]  # fmt: skip


def test_numbered_columns_of_what_a_case_has_several_of_are_each_that() -> None:
    recognised = sheet("""
        Casusnr | Datum aanmelding | Leefgebied 1 | Leefgebied 2 | Leefgebied 3
        0012    | 03-05-2022       | Wonen        | Financiën    | Justitie
        0013    | 14-05-2022       | Financiën    |              |
        0011    | 15-05-2022       | Justitie     | Wonen        |
        """)
    assert {best(recognised, f"Leefgebied {n}") for n in (1, 2, 3)} == {"case_domains.domain"}


def test_some_words_of_a_day_of_another_record_are_proposed_after_the_days_of_its_own() -> None:
    recognised = sheet("""
        Casusnr | Start      | Einde      | Reden afsluiting
        0012    | 03-05-2022 | 03-08-2022 | Verhuisd
        0013    | 14-05-2022 |            |
        0011    | 15-05-2022 | 03-09-2022 | Verhuisd
        """)
    [start] = [p for p in recognised.proposals if p.heading == "Start"]
    assert (start.sure, start.best.label) == (None, "cases.date_referral + referrals.date")
