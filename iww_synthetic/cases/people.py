"""Invent the people and households that cases are about."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from iww_synthetic.cases.truth import Member, Person
from iww_synthetic.chance import Chance
from iww_synthetic.settings import Settings, toml

BSN_START = 999990000  # 99999xxxx is not given out
BSN_STEP = 7919  # prime, so that ten thousand people get ten thousand numbers
SEX: Mapping[str, float] = {"woman": 55, "man": 43, "other": 1, "unknown": 1}
HOUSEHOLDS: Mapping[str, float] = {
    "single": 40, "couple": 12, "couple_children": 20, "single_parent": 22, "multi_family": 3, "institution": 2, "other": 1,
}  # fmt: skip
WITH_PARTNER = ("couple", "couple_children", "multi_family")
WITH_CHILDREN = ("couple_children", "single_parent", "multi_family")


@dataclass(frozen=True)
class Household:
    """People who live together; the first of the members asks for help."""

    household_id: str
    kind: str
    n_children: int | None
    members: tuple[Member, ...]


@dataclass
class Town:
    """Hand out people and households; numbers run on."""

    settings: Settings
    chance: Chance
    n_people: int = 0
    households: dict[str, Household] = field(default_factory=dict)

    def person(self, low: int, high: int) -> Person:
        """Invent a person of an age (in 2019) between low and high."""
        self.n_people += 1
        first, last, domain = (
            self.chance.pick(toml("texts.toml")[k]) for k in ("first_names", "last_names", "mail_domains")
        )
        number = int(self.settings.more["first_person"])
        mail = f"{first}.{self.n_people}@{domain}".lower().replace("ë", "e")
        phone = f"06-0000{self.chance.between(0, 9999):04}"
        birth = dt.date(2019 - self.chance.between(low, high), 1, 1) + dt.timedelta(days=self.chance.between(0, 364))
        return Person(
            person_id=str(number + self.n_people),
            bsn=str(BSN_START + (number + self.n_people) * BSN_STEP % 10_000),
            name=f"{first} {last}",
            contact=f"{phone} / {mail}" if self.chance.yes(0.6) else mail,
            sex=self.chance.weighted(SEX),
            birth=None if self.chance.yes(0.03) else birth,
            birth_missing=self.chance.pick(("empty", "unknown")),
        )

    def household(self) -> Household:
        """Invent a household with everyone in it."""
        kind = self.chance.weighted(HOUSEHOLDS)
        oldest = 58 if kind in WITH_CHILDREN else 84
        members = [Member(self.person(24 if kind in WITH_CHILDREN else 20, oldest), "applicant")]
        if kind in WITH_PARTNER:
            members.append(Member(self.person(24, oldest), "partner"))
        n_children = self.chance.weighted({1: 40, 2: 38, 3: 15, 4: 7}) if kind in WITH_CHILDREN else 0
        members += [Member(self.person(2, 17), "child") for _ in range(n_children)]
        number = int(self.settings.more["first_household"]) + len(self.households)
        shown = None if self.chance.yes(0.05) else n_children
        household = Household(str(number), kind, shown, tuple(members))
        self.households[str(number)] = household
        return household
