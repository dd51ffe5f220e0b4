"""The commands: thin wrappers over what a notebook can call too. Each loads what it needs when it is called."""

import datetime as dt
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import pandas as pd
import typer

from iww_analysis.commands.console import ACT, OK, Voice, records, run, table
from iww_analysis.io.disk import locks
from iww_analysis.io.disk.home import Home
from iww_analysis.messages.errors import IwwError, Message, Place, fail
from iww_analysis.messages.render import say

if TYPE_CHECKING:
    from iww_analysis.crosswalk.ask.open_question import OpenQuestion

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False,
                  help="Van rommelige gemeentebestanden naar rapportfiguren die tot op de bronrij na te lopen zijn.")  # fmt: skip

HomeOption = Annotated[
    Path | None, typer.Option("--home", help="Map met data/ en reports/ (anders IWW_HOME, anders hier of hogerop).")
]
LangOption = Annotated[str, typer.Option("--lang", help="Taal: nl of en.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Machineleesbare uitkomst op stdout, en niets anders daar.")]
SourcesArgument = Annotated[list[str] | None, typer.Argument(help="Bronnen; zonder: allemaal.", show_default=False)]
InternalOption = Annotated[
    bool, typer.Option("--internal", help="Onbeschermde aantallen, met watermerk; mag de organisatie niet uit.")
]


def _chosen(home: Home, sources: Sequence[str] | None) -> tuple[str, ...]:
    """The sources that were named, else all there are; none at all, or an unknown one, is said."""
    known = home.sources()
    for source in sources or known or ("-",):
        if source not in known:
            raise fail("source_unknown", source=source, known=", ".join(known) or "-")
    return tuple(sources or known)


@app.command()
def add(
    source: Annotated[str, typer.Argument(help="Naam van de bron, zoals ‘ede’.")],
    paths: Annotated[list[Path] | None, typer.Argument(help="De geleverde bestanden.", show_default=False)] = None,
    received: Annotated[str, typer.Option("--received", help="Dag van ontvangst, jjjj-mm-dd; anders vandaag.")] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Neem over wat zeker is; laat de rest als vraag staan.")] = False,
    answers: Annotated[
        Path | None, typer.Option("--answers", help="Ingevuld formulier met open vragen; bestanden hoeven dan niet.")
    ] = None,
    home: HomeOption = None, lang: LangOption = "nl", as_json: JsonOption = False,
) -> None:  # fmt: skip
    """Neem een levering op en stel de crosswalk voor; of neem de antwoorden op de open vragen op."""
    work = partial(_add, source=source, paths=paths or [], received=received, yes=yes, form=answers)
    run(work, home, lang, as_json)


def _add(
    home: Home, voice: Voice, *, source: str, paths: list[Path], received: str, yes: bool, form: Path | None
) -> int:
    from iww_analysis.commands import add as adding

    try:
        day = dt.date.fromisoformat(received) if received else dt.date.today()  # noqa: DTZ011 - the only clock, and said
    except ValueError:
        raise typer.BadParameter("jjjj-mm-dd / yyyy-mm-dd", param_hint="--received") from None
    done = []
    if paths or not form:
        if not received:
            voice.tell(say("received_today", voice.lang, day=day.isoformat()))
        asks = None if yes or form or voice.as_json or not sys.stdin.isatty() else partial(_ask, voice)
        done.append(adding.add(home, source, paths, day, yes=yes, ask=asks, lang=voice.lang))
    if form:
        done.append(adding.take_in(home, source, form, lang=voice.lang))
    last = done[-1]
    messages = [message for added in done for message in added.messages]
    said = [message for added in done for message in added.notes]
    voice.tell(voice.guesses(last.guesses))
    voice.messages([*said, *messages])
    if form:
        voice.tell(say("answered", voice.lang, n=last.n_taken))
    voice.tell(say("added", voice.lang, source=source, open=last.n_open, crosswalk=home.crosswalk(source).name))
    if last.form:
        voice.tell(say("form_written", voice.lang, form=last.form, source=source))
    to_do = last.n_open or any(message.code != "form_late" for message in messages)
    voice.give({"ok": not to_do, "source": source, "open": last.n_open, "taken": last.n_taken,
                "form": str(last.form or ""), "guesses": records(last.guesses),
                "messages": voice.told([*said, *messages])})  # fmt: skip
    return ACT if to_do else OK


def _ask(voice: Voice, question: "OpenQuestion") -> str:
    return str(typer.prompt(question.say(voice.lang), default=question.default))


@app.command()
def check(
    sources: SourcesArgument = None, home: HomeOption = None, lang: LangOption = "nl", as_json: JsonOption = False
) -> None:
    """Zeg wat niet begrepen wordt: onbekende koppen en codes, open vragen, ongebruikte regels."""
    run(partial(_check, sources=sources), home, lang, as_json)


def _check(home: Home, voice: Voice, *, sources: list[str] | None) -> int:
    from iww_analysis.commands import check as checking

    with voice.busy("checking"):
        looked = [checking.checked(home, source) for source in _chosen(home, sources)]
    messages = [message for each in looked for message in each.points]
    notes = [message for each in looked for message in each.notes]
    voice.messages([*notes, *messages])
    voice.tell(say("checked", voice.lang, n=len(messages)))
    voice.give({"ok": not messages, "messages": voice.told(messages), "notes": voice.told(notes)})
    return ACT if messages else OK


@app.command()
def build(
    sources: SourcesArgument = None, home: HomeOption = None, lang: LangOption = "nl", as_json: JsonOption = False
) -> None:
    """Maak van ruwe bestanden verwerkte tabellen, met de rekening van elke rij."""
    run(partial(_build, sources=sources), home, lang, as_json)


def _build(home: Home, voice: Voice, *, sources: list[str] | None) -> int:
    from iww_analysis.commands import build as building

    refused, lines, said = False, [], []
    for source in _chosen(home, sources):
        try:
            with voice.busy("building"):
                built = building.build_and_store(home, source)
        except IwwError as error:
            voice.messages(error.messages)
            said += voice.told(error.messages)
            refused = True
            continue
        told = [*built.messages, *built.notices]
        voice.messages(told)
        said += voice.told(told)
        refused |= built.refused
        lines += [{"source": source, **line} for line in built.ledger["sheets"]]
    voice.tell(table(pd.DataFrame(lines).drop(columns=["set_aside_by_reason", "not_read_because"], errors="ignore")))
    voice.give({"ok": not refused, "sheets": lines, "messages": said})
    return ACT if refused else OK


@app.command()
def report(
    sources: SourcesArgument = None,
    study: Annotated[str, typer.Option("--study", help="Alleen één studie: iww2017, nbd, sd, hu of saz.")] = "",
    name: Annotated[str, typer.Option("--name", help="Naam van het rapport.")] = "",
    internal: InternalOption = False, home: HomeOption = None, lang: LangOption = "nl", as_json: JsonOption = False,
) -> None:  # fmt: skip
    """Bouw wat verouderd is, draai de notebooks en schrijf het rapport."""
    run(partial(_report, sources=sources, study=study, name=name, internal=internal), home, lang, as_json)


def _report(home: Home, voice: Voice, *, sources: list[str] | None, study: str, name: str, internal: bool) -> int:
    from iww_analysis.commands import build as building
    from iww_analysis.commands import inputs
    from iww_analysis.report import assemble as reporting

    chosen = _chosen(home, sources)
    if study:
        chosen = tuple(s for s in chosen if building.origin_of(home, s).study == study)
        if not chosen:
            raise fail("study_unknown", study=study)
    title = (name or study or ("-".join(sources) if sources else "all")) + ("-intern" if internal else "")
    with locks.held(home, "report", title), voice.busy("reporting"):
        made = reporting.report(home, chosen, title, study_id=study, lang=voice.lang, internal=internal)
        if not made.current:
            reporting.write(home, made)
    index = home.report(title) / "index.html"
    voice.messages(made.messages)
    refused = [file for source in chosen for file in inputs.refused(home, source)]
    voice.messages([Message("file_refused", Place(file)) for file in refused])
    voice.messages(made.changes)
    voice.tell(say("report_current" if made.current else "reported", voice.lang, path=index))
    voice.give(
        {
            "ok": not refused,
            "refused": refused,
            "report": str(index),
            "current": made.current,
            "changes": voice.told(made.changes),
            "messages": voice.told(made.messages),
        }
    )
    return ACT if refused else OK


@app.command()
def trace(
    figure: Annotated[str, typer.Argument(help="Figuur, zoals F05.")],
    mark: Annotated[list[str] | None, typer.Option("--mark", help="SLEUTEL=WAARDE; mag vaker.")] = None,
    report_name: Annotated[str, typer.Option("--report", help="Rapport waar de figuur in staat.")] = "all",
    home: HomeOption = None, lang: LangOption = "nl", as_json: JsonOption = False,
) -> None:  # fmt: skip
    """Loop van een teken in een figuur terug naar de rijen van het bronbestand."""
    run(partial(_trace, figure=figure, marks=mark or [], report_name=report_name), home, lang, as_json)


def _trace(home: Home, voice: Voice, *, figure: str, marks: list[str], report_name: str) -> int:
    from iww_analysis.commands.trace import print_trace

    return print_trace(home, voice, figure=figure, marks=marks, report_name=report_name)


@app.command()
def verify(
    report_name: Annotated[str, typer.Option("--report", help="Rapport dat wordt nagelopen.")] = "all",
    sign_with: Annotated[
        Path | None, typer.Option("--sign", help="Sleutelbestand: onderteken een rapport dat klopt; wordt zo nodig gemaakt.")
    ] = None,
    against: Annotated[
        Path | None, typer.Option("--against", help="Manifest, handtekening of openbare sleutel die u bewaarde.")
    ] = None,
    home: HomeOption = None, lang: LangOption = "nl", as_json: JsonOption = False,
) -> None:  # fmt: skip
    """Loop een rapport na: elk bestand, en binnen de veilige omgeving elk getal opnieuw, zonder netwerk."""
    run(partial(_verify, report_name=report_name, sign_with=sign_with, against=against), home, lang, as_json)


def _verify(home: Home, voice: Voice, *, report_name: str, sign_with: Path | None, against: Path | None) -> int:
    from iww_analysis.commands import verify as verifying
    from iww_analysis.verify.material import SIGNATURE

    with voice.busy("verifying"):
        verified = verifying.verify(home, report_name, against=against)
    voice.tell("\n".join(verified.lines(voice.lang)))
    key = verifying.sign(home, verified, sign_with) if sign_with else ""
    if key:
        voice.tell(say("signed", voice.lang, file=SIGNATURE, key=key))
    voice.give({"ok": verified.ok, "report": report_name, "public_key": key, "checks": [
        {"name": check.name, "n": check.n, "skipped": check.skipped, "findings": voice.told(check.findings)}
        for check in verified.checks
    ]})  # fmt: skip
    return OK if verified.ok or key else ACT


@app.command()
def template(
    kind: Annotated[str, typer.Argument(help="Soort, zoals casusregistratie; bij een onbekende worden alle genoemd.")],
    to: Annotated[Path | None, typer.Option("--to", help="Bestand of map; anders SOORT.xlsx in deze map.")] = None,
    home: HomeOption = None, lang: LangOption = "nl", as_json: JsonOption = False,
) -> None:  # fmt: skip
    """Schrijf een leeg Excelformulier met keuzelijsten, dat ‘iww add’ zonder vragen herkent."""
    run(partial(_template, kind=kind, to=to), home, lang, as_json)


def _template(home: Home, voice: Voice, *, kind: str, to: Path | None) -> int:
    from iww_analysis.commands.template import template as write_template

    path = write_template(kind, to or Path(kind), voice.lang)
    voice.tell(say("templated", voice.lang, path=path))
    voice.give({"ok": True, "file": str(path)})
    return OK


@app.command()
def synthesize(
    seed: Annotated[
        int | None, typer.Option("--seed", help="Zaad van het toeval; anders dat van de meegegeven bronnen.")
    ] = None,
    cases: Annotated[int | None, typer.Option("--cases", help="Casussen van de registers samen.")] = None,
    home: HomeOption = None, lang: LangOption = "nl", as_json: JsonOption = False,
) -> None:  # fmt: skip
    """Schrijf de verzonnen bronnen, met per bron de ware antwoorden in plan.json."""
    run(partial(_synthesize, seed=seed, cases=cases), home, lang, as_json)


def _synthesize(home: Home, voice: Voice, *, seed: int | None, cases: int | None) -> int:
    import iww_synthetic

    made = iww_synthetic.sources(iww_synthetic.SEED if seed is None else seed, cases)
    written = iww_synthetic.write(home, made)
    voice.tell(say("synthesized", voice.lang, n=len(made), written=len(written)))
    voice.give({"ok": True, "files": list(made), "written": written})
    return OK


@app.command()
def lab(home: HomeOption = None, lang: LangOption = "nl", as_json: JsonOption = False) -> None:
    """Open JupyterLab bij de notebooks."""
    run(_lab, home, lang, as_json)


def _lab(home: Home, voice: Voice) -> int:
    from jupyterlab.labapp import LabApp  # a heavy import that only this command needs

    from iww_analysis.report.notebooks import folder

    voice.give({"ok": True, "folder": str(folder(home.path))})
    LabApp.launch_instance(
        argv=[f"--ServerApp.root_dir={home.path}", f"--LabApp.default_url=/lab/tree/{folder(home.path).name}"]
    )
    return OK


def main() -> None:
    """Run the command line."""
    app()
