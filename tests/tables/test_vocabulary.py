"""What the closed lists promise: sound codes, labels for everything, and no word that means two things."""

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iww_analysis import vocabulary
from iww_analysis.tables import TABLES
from iww_analysis.tables.statement import Column, read_tables
from iww_analysis.vocabulary import Value, fold, key

LISTS = vocabulary.names()
FORMS = tuple(form.name for form in vocabulary.forms())
CODE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
OTHER_CODES = {"municipality": re.compile(r"GM\d{4}"), "age_class": re.compile(r"\d+-\d+|\d+\+")}

# What no form can hold: made while reading, or following from something else.
MADE = {
    "meetings.meeting_id", "attendances.meeting_id", "attendances.sector", "case_organisations.canonical",
    "region_memberships.region", "region_memberships.municipality", "region_memberships.valid_from",
    "region_memberships.valid_to", "cases.number_key", "case_persons.birth_key", "case_persons.nth", "case_persons.place",
}  # fmt: skip


def drawn(table: str) -> list[tuple[str, ...]]:
    """Read a table drawn with pipes; its first line holds the headings."""
    lines = table.strip().splitlines()[1:]
    return [tuple(cell.strip() for cell in line.strip().strip("|").split("|")) for line in lines]


def column_of(target: str) -> Column:
    table, column = target.split(".")
    return TABLES[table][column]


def repeated(items: Iterable[str]) -> list[str]:
    return [item for item, times in Counter(items).items() if times > 1]


def words_of(value: Value) -> set[str]:
    return {key(word) for word in (value.code, value.nl, value.en, *value.words)}


# --- the lists ---


@pytest.mark.parametrize("name", LISTS)
def test_a_list_bears_the_name_of_its_file_and_says_what_it_is(name: str) -> None:
    words = vocabulary.read(name)
    assert words.name == name
    assert all((words.nl, words.en, words.definition, words.source, words.values))


@pytest.mark.parametrize("name", LISTS)
def test_codes_are_unique_and_well_formed(name: str) -> None:
    words = vocabulary.read(name)
    assert repeated(value.code for value in words.values) == []
    assert [code for code in words.codes if not OTHER_CODES.get(name, CODE).fullmatch(code)] == []


@pytest.mark.parametrize("name", LISTS)
def test_every_value_has_two_labels_a_definition_of_one_sentence_and_a_source(name: str) -> None:
    for value in vocabulary.read(name).values:
        assert all((value.nl, value.en, value.source)), value.code
        assert value.definition.endswith("."), value.code
        assert ". " not in value.definition, value.code


@pytest.mark.parametrize("name", LISTS)
def test_labels_fit_a_chart_axis(name: str) -> None:
    longest = 30 if name != "study" else 60
    assert [v.nl for v in vocabulary.read(name).values if max(len(v.nl), len(v.en)) > longest] == []


@pytest.mark.parametrize("name", LISTS)
def test_labels_are_unique_within_a_language(name: str) -> None:
    values = vocabulary.read(name).values
    assert repeated(value.nl for value in values) == []
    assert repeated(value.en for value in values) == []


OF_TWO = {"municipality": ["bergen"], "domain_status": ["zorgelijk"]}  # these are asked about


@pytest.mark.parametrize("name", LISTS)
def test_no_word_leads_to_two_codes_but_those_that_people_use_for_two(name: str) -> None:
    values = vocabulary.read(name).values
    twice = repeated(word for value in values for word in words_of(value))
    assert twice == OF_TWO.get(name, [])
    assert set(twice) <= set(vocabulary.read(name).ambiguous)


@pytest.mark.parametrize("name", [name for name in LISTS if name != "missing"])
def test_no_word_means_both_a_value_and_its_absence(name: str) -> None:
    assert set(vocabulary.read(name).lookup) & set(vocabulary.read("missing").lookup) == set()


STATEMENT = {"nl": "kleuren", "row_is": "colour", "key": ["colour"]}
COLOUR = {"name": "colour", "kind": "code", "nl": "kleur", "meaning": "The colour.", "vocabulary": "door"}


@pytest.mark.parametrize(
    ("column", "statement"),
    [
        ({"vocabulary": "colours"}, {}), ({"kind": "label"}, {}), ({"kind": "colour"}, {}), ({"colours": "nl"}, {}),
        ({}, {"key": ["hue"]}), ({}, {"needs": ["hue"]}), ({}, {"inherits": ["hue"]}), ({}, {"colours": ["colour"]}),
    ],
)  # fmt: skip
def test_a_statement_that_cannot_be_is_refused_when_it_is_read(
    column: dict[str, str], statement: dict[str, list[str]]
) -> None:
    (table,) = read_tables({"shared": [COLOUR], "tables": {"colours": STATEMENT | {"columns": ["colour"]}}})
    assert (table.name, table.key, table["colour"].vocabulary) == ("colours", ("colour",), "door")
    with pytest.raises((TypeError, ValueError), match="colour"):
        read_tables({"tables": {"colours": STATEMENT | statement | {"columns": [COLOUR | column]}}})


def test_an_unknown_list_names_the_lists_there_are() -> None:
    with pytest.raises(KeyError, match=r"no list 'colours'; the lists are .*closure_reason.*yes_no"):
        vocabulary.read("colours")


# --- looking words up ---

KNOWN = """
| list              | somebody wrote                 | it means           |
| closure_reason    | Succesvol afgerond             | according_to_plan  |
| closure_reason    | Nietverschenen                 | no_show            |
| closure_reason    | VERHUISD                       | moved              |
| closure_reason    | Zelf                           | on_their_own       |
| closure_reason    | Voldoet niet                   | not_suitable       |
| closure_reason    | Administratief afgesloten      | administrative     |
| referrer_role     | Huisarts / POH                 | gp                 |
| referrer_role     | WerkBedrijf                    | work_income        |
| life_domain       | Financiën                      | finances           |
| life_domain       | FINANCIEN                      | finances           |
| life_domain       | Werk / opleiding               | work_education     |
| life_domain       | Opvoeden en opgroeien          | family             |
| meeting_kind      | Intake                         | introduction       |
| meeting_kind      | cliëntenoverleg                | joint_client_meeting |
| meeting_kind      | casuïstiekvorming              | case_discussion    |
| missing           | n.v.t.                         | not_applicable     |
| missing           | NVT                            | not_applicable     |
| missing           |                                | empty              |
| missing           | -                              | empty              |
| missing           | ?                              | unknown            |
| missing           | .                              | suppressed         |
| missing           | Weet niet                      | unknown            |
| yes_no            | J                              | yes                |
| yes_no            | ✓                              | yes                |
| yes_no            | 0                              | no                 |
| municipality      | Den Haag                       | GM0518             |
| municipality      | 's-Gravenhage                  | GM0518             |
| municipality      | 518                            | GM0518             |
| municipality      | GM0268                         | GM0268             |
| municipality      | gemeente Wijk bij Duurstede    | GM0352             |
| municipality      | Alphen a/d Rijn                | GM0484             |
| municipality      | 14                             | GM0014             |
| municipality      | GM 0268                        | GM0268             |
| municipality      | 268.0                          | GM0268             |
| municipality      | gem. Den Bosch                 | GM0796             |
| municipality      | 's-Hertogenbosch (gemeente)    | GM0796             |
| municipality      | Hengelo (O)                    | GM0164             |
| municipality      | BERGEN (NH.)                   | GM0373             |
| municipality      | Bergen (L)                     | GM0893             |
| municipality      | Nuenen                         | GM0820             |
| municipality      | Sudwest Fryslan                | GM1900             |
| municipality      | De Friese Meren                | GM1940             |
| municipality      | Utrecht (gemeente)             | GM0344             |
| municipality      | Aa & Hunze                     | GM1680             |
| age_class         | 12 t/m 17 jaar                 | 12-17              |
| age_class         | dec-17                         | 12-17              |
| judgement         | niet besproken                 | not_discussed      |
| working_element   | W07                            | w07_joint_client_meeting |
| instrument_domain | Werk & Opleiding               | work_education     |
| instrument_domain | Dagbesteding                   | daytime_2013       |
| instrument_version | ZRM-2017                      | zrm_2017           |
| perspective       | (ex)cliënt                     | client             |
"""


@pytest.mark.parametrize(("name", "written", "code"), drawn(KNOWN))
def test_a_word_that_people_write_leads_to_its_code(name: str, written: str, code: str) -> None:
    assert vocabulary.read(name).lookup[key(written)] == code


# What a source must say itself, because it means one thing here and another there.
AMBIGUOUS = """
| list               | somebody wrote |
| closure_reason     | gestopt        |
| life_domain        | gezondheid     |
| life_domain        | participatie   |
| meeting_kind       | MDO            |
| instrument_version | ZRM            |
| moment             | T1             |
| missing            | geen           |
| missing            | n/a            |
| sex                | 1              |
| municipality       | Bergen         |
| municipality       | gemeente Bergen |
| municipality       | Provincie Utrecht |
"""


@pytest.mark.parametrize(("name", "written"), drawn(AMBIGUOUS))
def test_an_ambiguous_word_is_asked_about(name: str, written: str) -> None:
    assert key(written) not in vocabulary.read(name).lookup


FOLDED = """
| written          | folded         |
| 's-Gravenhage    | s gravenhage   |
| CLIËNT_nr.       | client nr      |
| Werk & Opleiding | werk opleiding |
| n.v.t.           | n v t          |
| --               |                |
"""


@pytest.mark.parametrize(("written", "folded"), drawn(FOLDED))
def test_folding_drops_case_accents_and_punctuation(written: str, folded: str) -> None:
    assert fold(written) == folded


def test_a_composed_and_a_decomposed_accent_are_the_same() -> None:
    assert fold("financi\u00ebn") == fold("financie\u0308n") == "financien"


def test_a_key_keeps_signs_that_folding_would_lose() -> None:
    assert (key(" ? "), key("-"), key("  "), key("\u00a0")) == ("?", "-", "", "")


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_codes_keep_the_agreed_order() -> None:
    assert vocabulary.read("moment").codes == ("begin", "between", "end", "aftercare")


def test_labels_come_in_two_languages_also_for_what_is_missing() -> None:
    reasons = vocabulary.read("closure_reason")
    assert (reasons.label("moved", "nl"), reasons.label("moved", "en")) == ("verhuisd", "moved")
    assert reasons.label("not_recorded", "nl") == "niet vastgelegd"
    with pytest.raises(KeyError):
        reasons.label("no_such_code", "nl")


# --- what only some lists have ---


def test_every_party_sits_on_a_known_side_of_the_table() -> None:
    sides = {value.extra["sector"] for value in vocabulary.read("party").values}
    assert sides == set(vocabulary.read("party_sector").codes)


def test_age_classes_follow_one_another_without_gap_or_overlap() -> None:
    bounds = [(value.extra["low"], value.extra["high"]) for value in vocabulary.read("age_class").values]
    assert bounds[0][0] == 0
    assert [low for low, _ in bounds[1:]] == [high + 1 for _, high in bounds[:-1]]


def test_every_instrument_has_a_scale() -> None:
    instruments = vocabulary.read("instrument_version").values
    assert all(value.extra["low"] < value.extra["high"] for value in instruments)


def test_instrument_domains_name_known_versions_and_life_domains() -> None:
    versions, domains = vocabulary.read("instrument_version"), vocabulary.read("life_domain")
    for value in vocabulary.read("instrument_domain").values:
        assert value.extra["life_domain"] in ("", *domains.codes)
        assert set(value.extra["versions"]) <= set(versions.codes)


@pytest.mark.parametrize(("version", "n_domains"), [("zrm_2013", 11), ("zrm_2017", 13)])
def test_a_matrix_has_its_number_of_domains(version: str, n_domains: int) -> None:
    values = vocabulary.read("instrument_domain").values
    assert sum(version in value.extra["versions"] for value in values) == n_domains


def test_eight_domains_can_be_followed_from_2013_to_2017() -> None:
    values = vocabulary.read("instrument_domain").values
    both = [value.code for value in values if {"zrm_2013", "zrm_2017"} <= set(value.extra["versions"])]
    assert both == ["finances", "housing", "domestic_relations", "mental_health", "physical_health",
                    "social_network", "participation", "justice"]  # fmt: skip


def memberships(region: str) -> dict[str, tuple[str, str]]:
    return {
        member["municipality"]: (str(member.get("valid_from", "")), str(member.get("valid_to", "")))
        for member in vocabulary.read("region")[region].extra["members"]
    }


def test_voorschoten_changed_region_at_new_year_2024() -> None:
    assert memberships("haaglanden")["GM0626"] == ("", "2023-12-31")
    assert memberships("holland_rijnland")["GM0626"] == ("2024-01-01", "")
    assert vocabulary.read("municipality")["GM0626"].extra["region"] == "holland_rijnland"


def test_haaglanden_had_ten_municipalities() -> None:
    assert len(memberships("haaglanden")) == 10


def test_regions_and_municipalities_say_the_same() -> None:
    towns = vocabulary.read("municipality")
    for region in vocabulary.read("region").codes:
        members = memberships(region).items()
        latest = {code for code, (_, until) in members if not until or "valid_to" in towns[code].extra}
        assert latest == {value.code for value in towns.values if value.extra.get("region") == region}


def test_a_code_is_in_use_from_its_first_to_its_last_day() -> None:
    towns = vocabulary.read("municipality")
    first, last = dt.date(2019, 1, 1), dt.date(2018, 12, 31)
    assert [towns["GM0738"].valid_on(day) for day in (last, first)] == [True, False]  # Aalburg, into Altena
    assert [towns["GM1959"].valid_on(day) for day in (last, first)] == [False, True]
    assert towns["GM0268"].valid_on(dt.date.min)


def test_a_code_that_ended_went_into_codes_that_were_in_use_the_next_day() -> None:
    towns = vocabulary.read("municipality")
    ended = [town for town in towns.values if "valid_to" in town.extra]
    for town in ended:
        next_day = town.extra["valid_to"] + dt.timedelta(days=1)
        assert town.extra["into"]
        assert all(towns[code].valid_on(next_day) for code in town.extra["into"]), town.nl
    assert len(towns.values) - len(ended) == 342  # municipalities since 2023 (CBS)


def test_a_sign_that_takes_no_room_changes_no_word() -> None:
    assert key("Finan\u00adci\u200b\u00ebn\ufeff") == "financien"
    assert key("\u2714\ufe0f") == key("\u2714") == "\u2714"


def test_noordwijkerhout_ended_in_2018() -> None:
    assert str(vocabulary.read("municipality")["GM0576"].extra["valid_to"]) == "2018-12-31"


def test_every_study_has_its_questions_in_two_languages() -> None:
    for value in vocabulary.read("study").values:
        assert len(value.extra["questions_nl"]) == len(value.extra["questions_en"]) > 0


# --- headings, identifiers and forms ---


def test_every_heading_leads_to_a_column_that_exists() -> None:
    targets = {target for heading in vocabulary.headings() for target in heading.to}
    known = {f"{table.name}.{column.name}" for table in TABLES.values() for column in table}
    assert targets - known == set()


def test_every_constant_of_a_heading_is_a_code_of_its_column() -> None:
    for heading in vocabulary.headings():
        for name, code in heading.constants.items():
            for target in heading.to:
                list_name = column_of(f"{target.split('.')[0]}.{name}").vocabulary
                assert list_name is not None, heading
                assert code in vocabulary.read(list_name), heading


def test_no_heading_claims_the_version_of_an_instrument() -> None:
    assert [heading for heading in vocabulary.headings() if "instrument_version" in heading.constants] == []


def implied() -> Iterator[str]:
    for heading in vocabulary.headings():
        for target in heading.to:
            yield from (f"{target.split('.')[0]}.{name}" for name in heading.constants)


def test_every_column_that_a_form_can_hold_has_a_heading() -> None:
    reached = {target for heading in vocabulary.headings() for target in heading.to} | set(implied())
    inherited = {f"{t.name}.{column}" for t in TABLES.values() for column in t.inherits}
    every = {f"{table.name}.{column.name}" for table in TABLES.values() for column in table}
    assert every - reached - inherited - MADE == set()


TWO_MEANINGS = {"netwerk", "sociaal netwerk", "sociaal netwerk j n", "sociale contacten"}  # a domain, or who takes part


@pytest.mark.parametrize("form", FORMS)
def test_a_word_heads_one_column_per_form(form: str) -> None:
    repeats = repeated(key(word) for heading in vocabulary.headings(form) for word in heading.words)
    assert {*repeats} <= (TWO_MEANINGS if form == "casusregistratie" else set())


def test_every_heading_belongs_to_a_known_form() -> None:
    assert {form for heading in vocabulary.headings() for form in heading.forms} == set(FORMS)


@pytest.mark.parametrize("form", FORMS)
def test_no_identifier_is_ever_read(form: str) -> None:
    read = {key(word) for heading in vocabulary.headings(form) for word in heading.words}
    never = {key(word) for identifier in vocabulary.identifiers() for word in identifier.words}
    assert read & never == set()


@pytest.mark.parametrize(
    "heading",
    ["BSN", "Burgerservicenummer", "Naam", "Voornaam", "Achternaam", "Adres", "Straat", "Postcode",
     "Telefoon", "Mobiel", "E-mail", "IBAN", "Rekeningnummer", "Contactpersoon", "Toelichting"],
)  # fmt: skip
def test_direct_identifiers_and_free_text_are_never_read_with_a_reason(heading: str) -> None:
    (reason,) = [i.reason for i in vocabulary.identifiers() if key(heading) in map(key, i.words)]
    assert reason["nl"]
    assert reason["en"]


HEADED = """
| form             | heading               | target                              | constants                       |
| casusregistratie | Casusnr.              | cases.case_id                       |                                 |
| casusregistratie | Datum aanmelding      | cases.date_referral, referrals.date |                                 |
| casusregistratie | Uitstroomreden        | cases.closure_reason                |                                 |
| casusregistratie | Geboortedatum         | case_persons.birth_date             |                                 |
| casusregistratie | Leefgebieden          | case_domains.domain (split)         |                                 |
| casusregistratie | Financiën             | case_domains.status                 | domain=finances                 |
| casusregistratie | Datum 1e dialoog      | meetings.date                       | kind=first_dialogue             |
| casusregistratie | ZRM Financiën begin   | scores.score                        | domain=finances, moment=begin   |
| casusregistratie | ZRM Dagbesteding eind | scores.score                        | domain=daytime_2013, moment=end |
| casusregistratie | Aantal naasten na     | case_network.n_people               | moment=end                      |
| bijeenkomsten    | Datum                 | meetings.date                       |                                 |
| bijeenkomsten    | Aanwezigen            | attendances.party (split)           |                                 |
| acties           | Datum                 | actions.date                        |                                 |
| metingen         | Financiën             | scores.score                        | domain=finances                 |
| arena_breed      | Incasseerders         | arena_nodes.item (split)            | kind=beneficiary                |
| interviews       | Citaat                | segments.quote                      |                                 |
"""


@pytest.mark.parametrize(("form", "written", "target", "constants"), drawn(HEADED))
def test_a_heading_that_people_write_leads_to_its_column(form: str, written: str, target: str, constants: str) -> None:
    (heading,) = [h for h in vocabulary.headings(form) if key(written) in map(key, h.words)]
    assert ", ".join(heading.to) + (" (split)" if heading.split else "") == target
    assert ", ".join(f"{name}={code}" for name, code in heading.constants.items()) == constants


@pytest.mark.parametrize("form", vocabulary.forms(), ids=FORMS)
def test_a_form_is_recognised_by_headings_that_it_has(form: vocabulary.Form) -> None:
    assert form.one_row_is in TABLES
    assert form.recognised_by
    reached = {target for heading in vocabulary.headings(form.name) for target in heading.to}
    assert set(form.recognised_by) <= reached


@pytest.mark.parametrize("form", vocabulary.forms(), ids=FORMS)
def test_a_form_can_fill_what_its_table_requires(form: vocabulary.Form) -> None:
    reached = {target for heading in vocabulary.headings(form.name) for target in heading.to}
    needed = {f"{form.one_row_is}.{c.name}" for c in TABLES[form.one_row_is] if c.required}
    assert needed - reached == set()
