"""`newsmill sql` at a terminal: a conversation with history and completion."""

import os
import re
import signal
from collections.abc import Iterator
from pathlib import Path

from prompt_toolkit import PromptSession
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.filters import Condition
from prompt_toolkit.history import FileHistory, History, InMemoryHistory
from prompt_toolkit.lexers import PygmentsLexer
from pygments.lexers.sql import SqlLexer

from flows.commands.screen import say
from flows.commands.shell import Shell, command_words
from flows.signals import received
from schemas.errors import NewsmillError
from tasks.reporting.result_values import printable
from tasks.reporting.results import Format
from tasks.reporting.vocabulary import Vocabulary, is_whole, load_vocabulary
from tasks.storage.opening import open_warehouse

PROMPT = "newsmill> "
CONTINUED = "     ...> "
GREETING = "A query ends with ; and sees the newest commit. Tab completes, .help lists commands, Ctrl-D leaves."


def converse(warehouse: Path, form: Format, as_of: str | None) -> None:
    """Answer one query after the other until the user leaves; raises WrongUse when there is no warehouse."""
    with open_warehouse(warehouse, as_of) as connection:
        vocabulary = load_vocabulary(connection)
    shell = Shell(warehouse=warehouse, form=form, as_of=as_of)
    session = prompt_session(vocabulary)
    say(GREETING)
    while True:
        try:
            answer(shell, session.prompt(PROMPT))
        except KeyboardInterrupt:
            # Ctrl-C at the prompt gives up what was typed.
            if received.get("signal") == signal.SIGTERM:
                raise
            received.clear()
        except EOFError:
            return


def answer(shell: Shell, text: str) -> None:
    """Answer one text; what is wrong with it is told in a line, and Ctrl-C ends the query alone."""
    try:
        shell.answer(text)
    except EOFError:
        raise
    except BaseException as error:
        is_stopped = received.get("signal") == signal.SIGINT
        if not is_stopped and not isinstance(error, NewsmillError):
            raise
        say("Stopped." if is_stopped else printable(str(error)))
        received.clear()


def prompt_session(vocabulary: Vocabulary) -> PromptSession[str]:
    """A prompt that goes on to the next line until the query ends."""
    session: PromptSession[str] = PromptSession(
        history=history(),
        completer=Words(vocabulary),
        complete_while_typing=False,
        lexer=PygmentsLexer(SqlLexer),
        prompt_continuation=CONTINUED,
        multiline=Condition(lambda: not is_finished(session.default_buffer.text)),
    )
    return session


def is_finished(text: str) -> bool:
    """Whether Enter ends what was typed: a query at its semicolon, a command, or nothing at all."""
    line = text.strip()
    return not line or line.startswith((".", "\\")) or line in {"quit", "exit"} or is_whole(text)


def history() -> History:
    """What was asked before; kept for this session alone where it cannot be written."""
    folder = Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state", "newsmill")
    file = folder / "sql_history"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)
    except OSError:
        return InMemoryHistory()
    return FileHistory(str(file)) if os.access(file, os.W_OK) else InMemoryHistory()


class Words(Completer):
    """Completion by the warehouse's vocabulary, and of commands."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterator[Completion]:
        """What may stand at the cursor."""
        del complete_event  # asked for by Tab or not, the words are the same
        line = document.text_before_cursor.lstrip()
        if line.startswith("."):
            begun = line.split(" ")[-1]
            yield from (Completion(word, -len(begun)) for word in command_words(line) if word.startswith(begun))
            return
        begun = re.findall(r"\w*$", line)[0]
        for word, kind in self.vocabulary.suggest(line, document.text_after_cursor):
            yield Completion(word, -len(begun), display_meta=kind)
