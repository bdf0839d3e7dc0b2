"""The accepted values of every column that has a closed list: one StrEnum each, shared by code, tables and reports."""

from enum import StrEnum


class FileOutcome(StrEnum):
    """What became of one path with its bytes."""

    READ = "read"
    DUPLICATE = "duplicate"
    SKIPPED = "skipped"
    REFUSED = "refused"
    DEFERRED = "deferred"


class ArticleOutcome(StrEnum):
    """What became of one article block."""

    NEW = "new"
    NEW_VERSION = "new_version"
    UNCHANGED = "unchanged"
    EXACT_DUPLICATE = "exact_duplicate"
    NEAR_DUPLICATE = "near_duplicate"
    REFUSED = "refused"


class Reason(StrEnum):
    """Why a file or an article block was not taken in; `REASON_SENTENCES` says it in a sentence."""

    NO_HEADER = "no_header"
    NO_DATE = "no_date"
    INVALID_DATE = "invalid_date"
    AMBIGUOUS_DATE = "ambiguous_date"
    NO_HEADLINE = "no_headline"
    NO_BODY = "no_body"
    EMPTY = "empty"
    BINARY = "binary"
    UNDECODABLE = "undecodable"
    UNREADABLE = "unreadable"
    TOO_LARGE = "too_large"
    DAMAGED_ARCHIVE = "damaged_archive"
    UNSAFE_ARCHIVE = "unsafe_archive"
    ENCRYPTED = "encrypted"
    UNSUPPORTED_TYPE = "unsupported_type"
    HIDDEN = "hidden"
    TEMPORARY = "temporary"
    SYMLINK_LOOP = "symlink_loop"
    LINK_TO_FOLDER = "link_to_folder"
    MISSING_TARGET = "missing_target"
    OUTSIDE_INPUT = "outside_input"
    NOT_REGULAR_FILE = "not_regular_file"
    CHANGED_WHILE_READING = "changed_while_reading"
    VANISHED = "vanished"
    FAILED_PROCESSING = "failed_processing"
    FORGOTTEN = "forgotten"


REASON_SENTENCES: dict[Reason, str] = {
    Reason.NO_HEADER: "The text does not begin with a line like 'date 2025-12-01 Headline'.",
    Reason.NO_DATE: "The header line has the word 'date' but no date after it.",
    Reason.INVALID_DATE: "The header's date is not a day of the calendar.",
    Reason.AMBIGUOUS_DATE: "The header's date can be read in two ways, such as 03/04/2025.",
    Reason.NO_HEADLINE: "There is a date but no headline.",
    Reason.NO_BODY: "There is a header but no text below it.",
    Reason.EMPTY: "The file has no text at all.",
    Reason.BINARY: "The bytes are not text, such as a picture.",
    Reason.UNDECODABLE: "The bytes fit no text encoding that is accepted.",
    Reason.UNREADABLE: "The file or folder could not be opened or read.",
    Reason.TOO_LARGE: "The file is larger than the limit, or unpacks to more than the limit.",
    Reason.DAMAGED_ARCHIVE: "The archive is cut or damaged.",
    Reason.UNSAFE_ARCHIVE: "The archive or member is unsafe: it leaves its folder, overlaps, or nests too deep.",
    Reason.ENCRYPTED: "The member of the archive is encrypted.",
    Reason.UNSUPPORTED_TYPE: "The kind of file is not one newsmill reads.",
    Reason.HIDDEN: "The name begins with a dot.",
    Reason.TEMPORARY: "The name is that of an unfinished or temporary file.",
    Reason.SYMLINK_LOOP: "The link leads back to itself.",
    Reason.LINK_TO_FOLDER: "The link leads to a folder of the input, whose files are read under their own names.",
    Reason.MISSING_TARGET: "The link leads to nothing.",
    Reason.OUTSIDE_INPUT: "The link leads out of the input folder.",
    Reason.NOT_REGULAR_FILE: "It is a pipe, socket or device, or in an archive a link, not a file.",
    Reason.CHANGED_WHILE_READING: "The file changed while it was read; the next run reads it again.",
    Reason.VANISHED: "The file was gone before it could be read.",
    Reason.FAILED_PROCESSING: "The article made the program fail each time it was tried; the detail names the error.",
    Reason.FORGOTTEN: "The article or file was taken down by `newsmill forget` and is not taken in again.",
}


class DuplicateKind(StrEnum):
    """How an article repeats its canonical copy."""

    EXACT = "exact"
    NEAR = "near"


class EnrichmentStatus(StrEnum):
    """Whether entities and locations were looked for; zero found is `done`."""

    DONE = "done"
    NO_MODEL = "no_model"
    FAILED = "failed"
    PENDING = "pending"


class Flag(StrEnum):
    """Named observations about one article."""

    MOJIBAKE_REPAIRED = "mojibake_repaired"
    DAMAGED_BYTES = "damaged_bytes"
    LEGACY_ENCODING = "legacy_encoding"
    QUOTED_PRINTABLE_DECODED = "quoted_printable_decoded"
    CONTROL_CHARACTERS_DROPPED = "control_characters_dropped"
    MARKUP_REMOVED = "markup_removed"
    REPEATED_PARAGRAPHS = "repeated_paragraphs"
    FUTURE_DATE = "future_date"
    IMPLAUSIBLE_DATE = "implausible_date"
    SHORT_BODY = "short_body"
    LONG_WORD = "long_word"
    HYPHENATION_REPAIRED = "hyphenation_repaired"
    GLUED_HEADER = "glued_header"
    JUNK_BEFORE_HEADER = "junk_before_header"
    FURNITURE_REMOVED = "furniture_removed"
    CAPTIONS = "captions"
    CREDITS = "credits"
    READ_MORE_LINES = "read_more_lines"
    NEWSLETTER_LINES = "newsletter_lines"
    GLUED_WORDS = "glued_words"
    RECURRING_LINES = "recurring_lines"


class NoiseKind(StrEnum):
    """What a line or word of an article is that is no news."""

    BYLINE = "byline"
    AGENCY = "agency"
    CAPTION = "caption"
    CREDIT = "credit"
    READ_MORE = "read_more"
    NEWSLETTER = "newsletter"
    REPEATED = "repeated"
    RECURRING = "recurring"
    GLUED_WORDS = "glued_words"


class Section(StrEnum):
    """The part of an article in which a mention begins."""

    HEADLINE = "headline"
    STANDFIRST = "standfirst"
    BODY = "body"


class Level(StrEnum):
    """What kind of place a gazetteer entry is."""

    COUNTRY = "country"
    ADMIN1 = "admin1"
    ADMIN2 = "admin2"
    CITY = "city"
    REGION = "region"
    FEATURE = "feature"


class Role(StrEnum):
    """How a place is named: itself, through its people, or inside an organisation's name."""

    LITERAL = "literal"
    DEMONYM = "demonym"
    ORGANISATION = "organisation"


class UnresolvedReason(StrEnum):
    """Why a place mention has no gazetteer entry."""

    NOT_IN_GAZETTEER = "not_in_gazetteer"
    LOW_CONFIDENCE = "low_confidence"
    BLACKLISTED = "blacklisted"


class QuarantineStatus(StrEnum):
    """What has happened to a refusal since; `superseded` when other bytes at the same path were accepted."""

    OPEN = "open"
    REPLAYED = "replayed"
    SUPERSEDED = "superseded"
    DISCARDED = "discarded"


class RunKind(StrEnum):
    """What a run set out to do."""

    INGEST = "ingest"
    BACKFILL = "backfill"
    REPLAY = "replay"
    MAINTAIN = "maintain"
    FORGET = "forget"


class RunStatus(StrEnum):
    """How a run ended; `interrupted` is written by the run that finds it dead."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    INTERRUPTED = "interrupted"
