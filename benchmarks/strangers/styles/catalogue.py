"""Every style by its name."""

from benchmarks.strangers.styles import later, registers, studied, turned, wide
from benchmarks.strangers.styles.registers import Style

EVERY: tuple[Style, ...] = (
    registers.system_csv, registers.xlsx_titles, registers.book_per_year, registers.domain_rows, registers.referral_list,
    registers.persons, registers.ods_by_hand, registers.tabs_and_pipes, registers.scores_long, registers.sheet_per_team,
    registers.english_system, registers.day_from_referrals, registers.rows_per_domain, registers.spss,
    registers.codes_and_legend, registers.merged_down, registers.two_municipalities, registers.judgements,
    wide.domains_wide, wide.domains_numbered, wide.scores_wide, wide.meetings_wide, wide.scores_two_headers,
    wide.scores_two_versions, wide.persons_wide, turned.judgements_wide, turned.voices_wide, turned.observations_wide,
    turned.indicators_wide, turned.scores_apart, turned.domains_apart, turned.family_wide, later.change_of_system,
    later.second_delivery, later.quarters, later.sheet_per_month, later.pairs_of_systems, later.corrected, later.reopened,
    studied.judgements_agreed, studied.arena_arrows,
)  # fmt: skip
STYLES = {each.__name__: each for each in EVERY}
