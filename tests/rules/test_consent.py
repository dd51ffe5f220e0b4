"""Without a yes nothing of a person is in any table of a case study: by form, document, voice, card and delivery."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from iww_analysis.cleaning.rules.consent import Consents, Material, Statement, Voice
from iww_analysis.cleaning.source import Built
from iww_analysis.commands import build
from iww_analysis.commands.check import checked
from iww_analysis.io.disk.home import Home
from iww_analysis.tables import TABLES
from shared.homes import deliver, home_with

JUDGED = """
[[sheets]]
file = "oordelen*.csv"
one_row_is = "judgements"
[sheets.columns]
"casus" = "judgements.case_id"
"wie" = "judgements.perspective"
"gesprek" = ["documents.document", "segments.document"]
"toestemming" = "documents.consent"
"citeren" = "documents.consent_quotes"
"cliënt akkoord" = "documents.consent_client"
"element" = "judgements.element"
"aanwezig" = "judgements.present"
"citaat" = "segments.quote"
"vrij" = "segments.cleared"

[[sheets]]
file = "uitkomsten*.csv"
one_row_is = "outcomes"
[sheets.columns]
"casus" = "outcomes.case_id"
"volgens" = "outcomes.according_to"
"uitkomst" = "outcomes.outcome"
[sheets.constants]
"outcomes.level" = "case"

[[sheets]]
file = "doelen*.csv"
one_row_is = "goals"
[sheets.columns]
"casus" = "goals.case_id"
"doel" = "goals.goal"

[[sheets]]
file = "intrekkingen*.csv"
one_row_is = "documents"
[sheets.columns]
"casus" = "documents.case_id"
"wie" = "documents.perspective"
"toestemming" = "documents.consent"
"""
HEAD = "casus;wie;gesprek;toestemming;element;aanwezig;citaat;vrij\n"
TWO = HEAD + "A1;cliënt;G1;{client};vertrouwensrelatie;ja;woorden van de cliënt;ja\n" \
             "A1;professional;G2;ja;vertrouwensrelatie;ja;woorden van de professional;ja\n"  # fmt: skip
UNANSWERED = 'consent = { everyone = "?", according_to = "?" }'


def voices(built: Built, table: str = "judgements", column: str = "perspective") -> list[str]:
    """Whose records a table holds."""
    return sorted(built.tables[table][column]) if table in built.tables else []


def reasons(built: Built) -> dict[str, int]:
    """Why rows were left out, over all sheets."""
    return built.tables["set_aside"]["rule"].value_counts().to_dict()


class Case(NamedTuple):
    """What stands in the cell for consent, and whether the row counts."""

    cell: str
    counts: bool


@pytest.mark.parametrize("case", [
    Case("ja", True), Case("J", True), Case("x", True), Case("nee", False), Case("", False), Case("onbekend", False),
    Case("deels", False), Case("twijfelt nog", False), Case("n.v.t.", False), Case("ingetrokken", False),
], ids=str)  # fmt: skip
def test_only_a_plain_yes_is_a_yes(tmp_path: Path, case: Case) -> None:
    home = home_with(tmp_path, {"oordelen.csv": TWO.format(client=case.cell)}, JUDGED, regime="case_study")
    built = build.build(home, "here")
    expected = ["client", "professional"] if case.counts else ["professional"]
    for table in ("judgements", "documents", "segments"):
        assert voices(built, table) == expected, table
    assert ("woorden van de cliënt" in set(built.tables["segments"]["quote"])) == case.counts
    assert built.ledger["sheets"][0]["rows_set_aside"] == (0 if case.counts else 1)


def test_a_no_holds_for_what_others_sheets_say_by_the_same_voice_and_for_what_is_nobodys_words(tmp_path: Path) -> None:
    """The outcome and the goal name no document; the professional's own outcome stays, as his form says yes."""
    files = {
        "oordelen.csv": TWO.format(client="nee"),
        "uitkomsten.csv": "casus;volgens;uitkomst\nA1;cliënt;minder post\nA1;professional;meer rust\n",
        "doelen.csv": "casus;doel\nA1;schulden onder controle\nB1;werk\n",
    }
    built = build.build(home_with(tmp_path, files, JUDGED, regime="case_study"), "here")
    assert voices(built, "outcomes", "outcome") == ["meer rust"]
    assert voices(built, "goals", "case_id") == ["B1"]  # of B1 the card says that everyone agreed
    assert reasons(built) == {"no_consent": 3}
    assert built.ledger["consent"]["outcomes"] == {"form": 1, "no_consent": 1}


def test_one_yes_among_the_rows_of_a_document_is_enough_and_one_no_is_too_much(tmp_path: Path) -> None:
    rows = "A1;cliënt;G1;{};{};ja;;\n"
    for answers, n in ((("ja", ""), 2), (("ja", "nee"), 0), (("", ""), 0)):
        text = HEAD + "".join(map(rows.format, answers, ("vertrouwensrelatie", "schaamte")))
        home = home_with(tmp_path / f"{answers}", {"oordelen.csv": text}, JUDGED, regime="case_study")
        assert len(voices(build.build(home, "here"))) == n, answers


def test_a_no_on_one_document_leaves_what_the_same_voice_said_in_another(tmp_path: Path) -> None:
    """But an outcome that names no document can be of either."""
    text = HEAD + "A1;cliënt;G1;ja;vertrouwensrelatie;ja;;\nA1;cliënt;G2;nee;schaamte;ja;;\n"
    files = {"oordelen.csv": text, "uitkomsten.csv": "casus;volgens;uitkomst\nA1;cliënt;rust\n"}
    built = build.build(home_with(tmp_path, files, JUDGED, regime="case_study"), "here")
    assert voices(built, "judgements", "element") == ["w03_trust"]
    assert voices(built, "outcomes", "outcome") == []


def test_the_account_of_changes_tells_no_words_of_who_did_not_agree(tmp_path: Path) -> None:
    crosswalk = JUDGED + '[codes.judgement]\n"eigenlijk wel"="yes"\n"och ja"="yes"\n'
    text = HEAD + "A1;cliënt;G1;nee;vertrouwensrelatie;eigenlijk wel;;\nB1;cliënt;G2;ja;vertrouwensrelatie;och ja;;\n"
    built = build.build(home_with(tmp_path, {"oordelen.csv": text}, crosswalk, regime="case_study"), "here")
    raw = set(built.tables["changes"]["raw"].dropna())
    assert "och ja" in raw
    assert "eigenlijk wel" not in raw


def test_what_no_form_asks_counts_only_where_somebody_stands_for_everyone(tmp_path: Path) -> None:
    text = "casus;volgens;uitkomst\nA1;cliënt;minder post\n"
    answers = {
        'consent = { everyone = "yes", according_to = "de onderzoekers" }': {},
        'consent = { everyone = "yes", according_to = "?" }': {"consent_open": 1},
        UNANSWERED: {"consent_open": 1},
        "": {"consent_open": 1},
        'consent = { everyone = "no", according_to = "de onderzoekers" }': {"no_consent": 1},
    }
    for number, (line, expected) in enumerate(answers.items()):
        home = home_with(tmp_path / str(number), {"uitkomsten.csv": text}, JUDGED, regime="case_study", consent=line)
        built = build.build(home, "here")
        assert reasons(built) == expected, line
        assert voices(built, "outcomes", "outcome") == ([] if expected else ["minder post"])


def test_a_register_rests_on_another_ground_but_a_no_on_a_form_is_a_no(tmp_path: Path) -> None:
    files = {"oordelen.csv": TWO.format(client="nee"), "doelen.csv": "casus;doel\nA1;werk\n"}
    built = build.build(home_with(tmp_path, files, JUDGED, regime="register", consent=""), "here")
    assert voices(built) == ["professional"]
    assert len(built.tables["goals"]) == 1


def test_quoting_and_what_others_say_of_a_client_are_apart_where_a_form_has_them_apart(tmp_path: Path) -> None:
    text = (
        "casus;wie;gesprek;toestemming;citeren;cliënt akkoord;element;aanwezig;citaat;vrij\n"
        "A1;cliënt;G1;ja;nee;;vertrouwensrelatie;ja;mijn woorden;ja\n"
        "A1;professional;G2;ja;ja;nee;vertrouwensrelatie;ja;over die cliënt;ja\n"
        "B1;professional;G3;ja;ja;ja;vertrouwensrelatie;ja;over een ander;ja\n"
    )
    built = build.build(home_with(tmp_path, {"oordelen.csv": text}, JUDGED, regime="case_study"), "here")
    assert voices(built) == ["client", "professional"]
    assert set(built.tables["segments"]["quote"].dropna()) == {"over een ander"}


def later(home: Home, files: Mapping[str, str], received: str = "2022-01-15") -> Built:
    """Build after one more delivery."""
    deliver(home, "here", files, received=received, extraction_date="2021-12-31", regime="case_study")
    return build.build(home, "here")


@pytest.mark.parametrize("withdrawn", [
    {"oordelen 2.csv": HEAD + "A1;cliënt;G1;nee;schaamte;;;\n"},  # another row of the document
    {"oordelen 2.csv": TWO.format(client="nee")},  # the same rows once more
    {"intrekkingen.csv": "casus;wie;toestemming\nA1;cliënt;nee\n"},  # a list of who withdrew
    {"intrekkingen.csv": "casus;wie;toestemming\nA1;cliënt;ingetrokken\n"},
], ids=["other row", "same rows", "list", "word"])  # fmt: skip
def test_a_consent_withdrawn_later_empties_what_came_before_and_says_so(
    tmp_path: Path, withdrawn: Mapping[str, str]
) -> None:
    first = {
        "oordelen.csv": TWO.format(client="ja"),
        "uitkomsten.csv": "casus;volgens;uitkomst\nA1;cliënt;minder post\n",
    }
    home = home_with(tmp_path, first, JUDGED, regime="case_study")
    assert voices(build.build(home, "here")) == ["client", "professional"]
    built = later(home, withdrawn)
    assert voices(built) == ["professional"]
    assert voices(built, "outcomes", "outcome") == []
    assert "woorden van de cliënt" not in set(built.tables["segments"]["quote"])
    assert "consent_withdrawn" in reasons(built)
    assert any(notice.code == "rule_consent_withdrawn" for notice in built.notices)


def test_a_withdrawal_without_a_voice_binds_the_whole_case(tmp_path: Path) -> None:
    home = home_with(tmp_path, {"oordelen.csv": TWO.format(client="ja")}, JUDGED, regime="case_study")
    assert voices(later(home, {"intrekkingen.csv": "casus;wie;toestemming\nA1;;nee\n"})) == []


def test_who_agrees_again_counts_again(tmp_path: Path) -> None:
    home = home_with(tmp_path, {"oordelen.csv": TWO.format(client="ja")}, JUDGED, regime="case_study")
    assert voices(later(home, {"intrekkingen.csv": "casus;wie;toestemming\nA1;cliënt;nee\n"})) == ["professional"]
    again = later(home, {"oordelen 3.csv": TWO.format(client="ja")}, "2022-02-15")
    assert voices(again) == ["client", "professional"]


def test_check_says_what_is_left_out_and_asks_what_is_open(tmp_path: Path) -> None:
    files = {"oordelen.csv": TWO.format(client="nee"), "uitkomsten.csv": "casus;volgens;uitkomst\nC1;cliënt;rust\n"}
    home = home_with(tmp_path, files, JUDGED, regime="case_study", consent=UNANSWERED)
    found = checked(home, "here")
    assert "rule_no_consent" in [note.code for note in found.notes]
    assert "rule_consent_open" in [point.code for point in found.points]
    assert "origin_field" in [point.code for point in found.points]


DAYS = ("2021-01-01", "2022-01-01", "2023-01-01")
STATED = st.lists(
    st.builds(
        Statement,
        st.builds(Voice, st.sampled_from("ab"), st.sampled_from(["", "g1", "g2"]), st.just("client"), st.just(""), st.just("")),
        st.just("consent"), st.sampled_from([True, False, None]), st.sampled_from(DAYS),
    ), max_size=8,
)  # fmt: skip


@given(STATED, st.sampled_from(["", "g1", "g2"]), st.sampled_from(["yes", ""]))
def test_a_record_counts_only_if_the_last_word_on_its_document_and_voice_is_yes(
    stated: Sequence[Statement], document: str, everyone: str
) -> None:
    """Worked out otherwise: by going through the days."""
    frame = {
        "case_id": ["a"],
        "perspective": ["client"],
        "document": [document or None],
        "municipality": [None],
        "team": [None],
    }
    records = pd.DataFrame(frame)
    material = Material(TABLES["documents"], as_arrow(records), DAYS[0], is_study=True, everyone=everyone)
    (ground,) = Consents({"consent": stated}, {DAYS[0]: everyone}).grounds(material)
    assert (ground in ("form", "card")) == expected(stated, document, everyone)


def as_arrow(frame: pd.DataFrame) -> "object":
    """The same as Arrow holds it."""
    import pyarrow as pa

    return pa.table({name: pa.array(frame[name].tolist(), pa.large_string()) for name in frame})


def expected(stated: Sequence[Statement], document: str, everyone: str) -> bool:
    """Whether it counts, day by day: a no on the voice closes every document, a later yes on one opens that one."""
    of_case = [s for s in stated if s.voice.case_id == "a"]
    concerned = [s for s in of_case if not document or s.voice.document in ("", document)]
    if not concerned:
        return everyone == "yes"
    names = {s.voice.document for s in concerned} - {""}
    whole: bool | None = None
    state: dict[str, bool | None] = dict.fromkeys(names)
    for day in DAYS:
        said = {
            name: [
                s.agrees for s in concerned if (s.voice.document, s.delivery) == (name, day) and s.agrees is not None
            ]
            for name in (*names, "")
        }
        state |= {name: all(said[name]) for name in names if said[name]}
        if said[""]:
            whole = all(said[""])
            state = {name: value if whole or not value else None for name, value in state.items()}
    if whole is False:
        return bool(names) and all(value is True for value in state.values())
    if not names:
        return whole is True
    return all(value is True or (value is None and whole is True) for value in state.values())
