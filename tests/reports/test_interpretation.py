"""The researcher's words stand beside the numbers that they were written about, and beside no others."""

from iww_analysis.report.interpretation import Words, bound, for_cells

FIRST = "# Duiding\n\n## F05 Redenen\n\nVerhuizing is de eerste reden.\n\n## F01 Instroom\n"
AGAIN = FIRST.replace("eerste reden.", "eerste reden. Nagelezen.")
MORE = FIRST.replace("## F01", "## F02 Velden\n\nGoed ingevuld.\n\n## F01")


def written(document: str = FIRST, numbers: str = "one") -> Words:
    """Words written when a report lay there of which F05 had these numbers."""
    return bound(document, {}, {"F05": numbers})


def test_words_stand_beside_the_numbers_they_were_written_about() -> None:
    assert written().beside({"F05": "one", "F01": "any"}) == {"F05": "Verhuizing is de eerste reden."}
    assert written().apart({"F05": "one"}) == {}


def test_beside_other_numbers_they_are_held_back() -> None:
    later = bound(FIRST, written().bindings, {"F05": "one"})
    assert later.beside({"F05": "two"}) == {}
    assert later.apart({"F05": "two"}) == {"F05": "Verhuizing is de eerste reden."}


def test_reports_made_since_do_not_bind_them_to_other_numbers() -> None:
    second = bound(FIRST, written().bindings, {"F05": "one"})
    third = bound(FIRST, second.bindings, {"F05": "two"})
    assert set(third.apart({"F05": "two"})) == {"F05"}
    assert set(third.beside({"F05": "one"})) == {"F05"}  # a delivery taken back: the numbers are those of before


def test_words_that_were_changed_are_about_the_numbers_that_were_read_then() -> None:
    changed = bound(AGAIN, written().bindings, {"F05": "two"})
    assert set(changed.beside({"F05": "two"})) == {"F05"}
    assert set(changed.apart({"F05": "one"})) == {"F05"}


def test_words_on_one_figure_say_nothing_of_those_on_another() -> None:
    more = bound(MORE, written().bindings, {"F05": "two", "F02": "new"})
    assert set(more.beside({"F05": "two", "F02": "new"})) == {"F02"}


def test_words_from_before_there_was_a_report_or_on_a_figure_that_is_not_drawn_are_about_no_numbers_shown() -> None:
    assert set(bound(FIRST, {}, {}).apart({"F05": "one"})) == {"F05"}
    assert set(bound(FIRST, {}, {}).apart({})) == {"F05"}
    assert set(written().apart({})) == {"F05"}


def test_a_cell_holds_the_words_or_says_why_it_does_not() -> None:
    cells = for_cells({"F01": "Rustig."}, {"F05": "Oud."}, ["F01", "F05", "F17"], "reports/ede", "nl")
    assert cells["F01"] == "**Duiding.** Rustig."
    assert cells["F05"] == (
        "**Duiding.** _Geschreven bij andere cijfers dan hier staan. Lees na wat in `reports/ede/duiding.md` staat en "
        "verander het; dan komt het weer hier._"
    )
    assert cells["F17"] == "**Duiding.** _Nog niet geschreven; dat kan in `reports/ede/duiding.md`._"
