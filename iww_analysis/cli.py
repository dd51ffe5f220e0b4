"""The command line: what each command takes. What it does is in `commands/`, its help in `messages/help.toml`."""

import datetime as dt
import io
import os
import re
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any, cast

import typer
from typer.core import TyperCommand, TyperGroup

from iww_analysis.messages import sentences
from iww_analysis.messages.console import ACT, MISUSED, Console
from iww_analysis.messages.errors import IwwError, Lang, Message, unforeseen

MISUSE = {
    "figure_unknown", "mark_unknown", "mark_value_unknown", "mark_key", "row_key", "row_unknown", "case_unknown", "trace_what",
    "source_unknown", "source_name", "nothing_to_add", "no_home", "study_unknown", "report_name", "report_unknown",
    "template_unknown", "no_synthetic_sources", "delivery_unknown", "erase_unknown", "key_act", "release_unknown",
    "release_to_absent", "release_unsigned",
}  # fmt: skip


LANGS = ("nl", "en")


def _translated(page: str, lang: Lang) -> str:
    """Put what the command line itself writes on a page of help into Dutch; types, that say nothing to a reader, make room."""
    page = re.sub(r" <\w+(\[\w+\])?>", lambda kind: " " * len(kind[0]), page)
    for english, dutch in sentences.read("help")["dutch"].items() if lang == "nl" else ():
        page = page.replace(english, dutch)
    return page


class _Command(TyperCommand):
    """A command whose help is in the language that was asked for."""

    def get_help(self, ctx: Any) -> str:
        return _translated(super().get_help(ctx), ctx.find_root().obj)


class _Commands(TyperGroup):
    """The commands; the language is read before any help is built."""

    def main(self, args: Sequence[str] | None = None, *rest: Any, **more: Any) -> Any:
        words, asked = (sys.argv[1:] if args is None else args), os.environ.get("IWW_LANG") or "nl"
        for word, following in zip(words, [*words[1:], ""], strict=True):
            if word == "--lang" or word.startswith("--lang="):
                asked = word.removeprefix("--lang=") if "=" in word else following
        lang: Lang = "en" if asked == "en" else "nl"
        texts = sentences.read("help")
        for name, command in {"iww": self, **self.commands}.items():
            command.help = command.short_help = texts[name][lang]
            for option in command.params:
                of_option = texts[name].get(option.name) or texts["every"][option.name]  # what every command has
                option.help = of_option[lang]  # type: ignore[attr-defined]
                if option.name == "lang":
                    option.default = asked
                if not (option.metavar or getattr(option, "is_flag", False)):
                    option.metavar = option.name if option.param_type_name == "argument" else texts["value"][lang]
        return super().main(args, *rest, obj=lang, **more)

    def get_help(self, ctx: Any) -> str:
        return _translated(super().get_help(ctx), ctx.find_root().obj)


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter("jjjj-mm-dd / yyyy-mm-dd") from None


app = typer.Typer(
    cls=_Commands, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None
)
Home = Annotated[Path | None, typer.Option("--home")]
Language = Annotated[str, typer.Option("--lang", show_default=False)]
Json = Annotated[bool, typer.Option("--json")]
Sources = Annotated[list[str] | None, typer.Argument(show_default=False)]


@app.callback()
def every_command(lang: Language = "nl") -> None:
    """Take the language before the name of the command too; it was read already."""


@app.command(cls=_Command)
def start(folder: Annotated[Path, typer.Argument()], lang: Language = "nl", as_json: Json = False) -> None:
    """Start a project folder."""
    _run("home.start", folder, lang, as_json)


@app.command(cls=_Command)
def key(
    act: Annotated[str, typer.Argument()], yes: Annotated[bool, typer.Option("--yes")] = False,
    reveal: Annotated[bool, typer.Option("--reveal")] = False, home: Home = None, lang: Language = "nl", as_json: Json = False,
) -> None:  # fmt: skip
    """Make, show or renew the key of the pseudonyms."""
    _run("home.key", home, lang, as_json, act=act, yes=yes, reveal=reveal)


@app.command(cls=_Command)
def add(
    source: Annotated[str, typer.Argument()],
    paths: Annotated[list[Path] | None, typer.Argument(show_default=False)] = None,
    received: Annotated[dt.date | None, typer.Option("--received", parser=_day, metavar="DATE")] = None,
    yes: Annotated[bool, typer.Option("--yes")] = False,
    answers: Annotated[Path | None, typer.Option("--answers")] = None,
    undo: Annotated[dt.date | None, typer.Option("--undo", parser=_day, metavar="DATE")] = None,
    erase: Annotated[str, typer.Option("--erase", show_default=False)] = "",
    home: Home = None, lang: Language = "nl", as_json: Json = False,
) -> None:  # fmt: skip
    """Take in a delivery, or answers; take one back, or erase a case."""
    if undo or erase:
        _run("add.take_back", home, lang, as_json, source=source, day=undo, case=erase, yes=yes)
    _run("add", home, lang, as_json, source=source, paths=paths or [], received=received, yes=yes, form=answers)


@app.command(cls=_Command)
def check(sources: Sources = None, home: Home = None, lang: Language = "nl", as_json: Json = False) -> None:
    """Say what is not understood."""
    _run("check", home, lang, as_json, sources=sources)


@app.command(cls=_Command)
def build(sources: Sources = None, home: Home = None, lang: Language = "nl", as_json: Json = False) -> None:
    """Make processed tables."""
    _run("build", home, lang, as_json, sources=sources)


@app.command(cls=_Command)
def report(
    sources: Sources = None, study: Annotated[str, typer.Option("--study")] = "",
    name: Annotated[str, typer.Option("--name")] = "", internal: Annotated[bool, typer.Option("--internal")] = False,
    home: Home = None, lang: Language = "nl", as_json: Json = False,
) -> None:  # fmt: skip
    """Write the report."""
    _run("report", home, lang, as_json, sources=sources, study=study, name=name, internal=internal)


@app.command(cls=_Command)
def trace(
    figure: Annotated[str, typer.Argument(show_default=False)] = "",
    mark: Annotated[list[str] | None, typer.Option("--mark")] = None,
    row: Annotated[str, typer.Option("--row")] = "", case: Annotated[str, typer.Option("--case")] = "",
    report_name: Annotated[str, typer.Option("--report")] = "all",
    home: Home = None, lang: Language = "nl", as_json: Json = False,
) -> None:  # fmt: skip
    """Walk from a mark back to rows."""
    _run("trace", home, lang, as_json, figure=figure, marks=mark or [], row=row, case=case, report_name=report_name)


@app.command(cls=_Command)
def verify(
    report_name: Annotated[str, typer.Option("--report")] = "all",
    sign_with: Annotated[Path | None, typer.Option("--sign")] = None,
    signer: Annotated[str, typer.Option("--as")] = "",
    against: Annotated[Path | None, typer.Option("--against")] = None, audit: Annotated[bool, typer.Option("--audit")] = False,
    home: Home = None, lang: Language = "nl", as_json: Json = False,
) -> None:  # fmt: skip
    """Verify a report."""
    told = {"report_name": report_name, "sign_with": sign_with, "signer": signer, "against": against, "audit": audit}
    _run("verify", home, lang, as_json, **told)


@app.command(cls=_Command)
def release(
    name: Annotated[str, typer.Argument()] = "all", to: Annotated[Path | None, typer.Option("--to")] = None,
    by: Annotated[Path | None, typer.Option("--by")] = None, sign_with: Annotated[Path | None, typer.Option("--sign")] = None,
    withdraw_name: Annotated[str, typer.Option("--withdraw")] = "",
    home: Home = None, lang: Language = "nl", as_json: Json = False,
) -> None:  # fmt: skip
    """Let a report leave."""
    _run("release", home, lang, as_json, name=name, to=to, by=by, sign_with=sign_with, withdraw_name=withdraw_name)


@app.command(cls=_Command)
def template(
    kind: Annotated[str, typer.Argument()], to: Annotated[Path | None, typer.Option("--to")] = None,
    home: Home = None, lang: Language = "nl", as_json: Json = False,
) -> None:  # fmt: skip
    """Write an empty form."""
    _run("home.template", home, lang, as_json, kind=kind, to=to)


@app.command(cls=_Command)
def synthesize(
    seed: Annotated[int | None, typer.Option("--seed")] = None, cases: Annotated[int | None, typer.Option("--cases")] = None,
    home: Home = None, lang: Language = "nl", as_json: Json = False,
) -> None:  # fmt: skip
    """Write the invented sources."""
    _run("synthesize", home, lang, as_json, seed=seed, cases=cases)


@app.command(cls=_Command)
def lab(home: Home = None, lang: Language = "nl", as_json: Json = False) -> None:
    """Open JupyterLab."""
    _run("home.lab", home, lang, as_json)


def _run(module: str, home: Path | None, lang: str, as_json: bool, **options: object) -> None:
    """Run a command; a failure is a sentence, never a traceback."""
    from iww_analysis.io.disk import locks
    from iww_analysis.io.disk.home import find

    if lang not in LANGS:
        raise typer.BadParameter("nl | en", param_hint="--lang")
    console = Console(cast(Lang, lang), as_json)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a pipe or file of another encoding takes what it can
            stream.reconfigure(encoding="utf-8" if as_json else None, errors="replace")
    messages: tuple[Message, ...] = ()
    try:
        where = find(home)
        locks.sweep(where)  # what killed runs left there
        code = int(import_module(f"iww_analysis.commands.{module}").run(where, console, **options))
    except IwwError as error:
        code, messages = MISUSED if {message.code for message in error.messages} <= MISUSE else ACT, error.messages
    except Exception as error:
        code, messages = ACT, (unforeseen(error),)
    if messages:
        console.messages(messages)
        console.give({"ok": False, "messages": console.documents(messages)})
    raise typer.Exit(code)


def main() -> None:
    """Run the command line."""
    app()
