# ruff: noqa: RUF001 - other scripts look like Latin to it
"""Files in encodings from before Unicode: read right, or not taken for what they are not."""

import random

import pytest

from schemas.reasons import Flag, Reason
from tasks.reading.decoding import Decoded, decode_file
from tasks.reading.legacy import find_legacy_encoding
from tasks.reading.refusals import WholeRefusal

STORIES = {
    "pl": (
        "Rząd przyjął wczoraj nową ustawę o ochronie środowiska, która ogranicza zużycie węgla w "
        "gospodarstwach domowych.\n"
        "Minister powiedział, że zmiany wejdą w życie już w przyszłym roku, a gminy dostaną pieniądze na "
        "wymianę pieców."
    ),
    "cs": (
        "Vláda včera schválila nový zákon o ochraně životního prostředí, který omezí spotřebu uhlí v "
        "domácnostech.\n"
        "Ministr řekl, že změny začnou platit příští rok a že obce dostanou peníze na výměnu starých "
        "kotlů, což uvítaly kraje."
    ),
    "hu": (
        "A kormány tegnap elfogadta az új környezetvédelmi törvényt, amely csökkenti a háztartások "
        "szénfelhasználását.\n"
        "A miniszter szerint a változások jövőre lépnek életbe, és a települések pénzt kapnak a régi "
        "kazánok cseréjére."
    ),
    "tr": (
        "Hükümet dün çevrenin korunmasına ilişkin yeni yasayı kabul etti ve evlerde kömür kullanımı "
        "sınırlandırıldı.\n"
        "Bakan, değişikliklerin gelecek yıl yürürlüğe gireceğini ve belediyelere eski kazanlar için "
        "ödenek verileceğini söyledi."
    ),
    "ru": (
        "Правительство вчера приняло новый закон об охране окружающей среды, который ограничит "
        "использование угля.\n"
        "Министр сообщил, что изменения вступят в силу в следующем году, а города получат деньги на "
        "замену котлов."
    ),
    "el": (
        "Η κυβέρνηση ενέκρινε χθες τον νέο νόμο για την προστασία του περιβάλλοντος, που περιορίζει τη "
        "χρήση άνθρακα.\n"
        "Ο υπουργός είπε ότι οι αλλαγές θα ισχύσουν από το επόμενο έτος και ότι οι δήμοι θα λάβουν "
        "χρήματα."
    ),
    "ja": (
        "政府は昨日、環境保護に関する新しい法律を承認した。家庭での石炭の使用を制限する内容である。\n"
        "大臣は、改正は来年から施行され、自治体には古いボイラーの交換のための資金が支給されると述べた。"
    ),
    "zh": (
        "政府昨天通过了新的环境保护法，该法律将限制家庭使用煤炭。许多城市对此表示欢迎。\n"
        "部长表示，这些变化将于明年生效，各城市将获得资金用于更换旧锅炉，以改善空气质量。"
    ),
    "ko": (
        "정부는 어제 가정의 석탄 사용을 제한하는 새로운 환경 보호법을 승인했다. 많은 도시가 이를 환영했다.\n"
        "장관은 변경 사항이 내년부터 시행되며 지방 자치 단체가 오래된 보일러를 교체할 자금을 받을 것이라고 말했다."
    ),
    "de": (
        "Die Regierung hat gestern das neue Gesetz über den Schutz der Umwelt beschlossen, das den "
        "Verbrauch von Kohle für Häuser einschränkt.\n"
        "Die Änderungen gälten ab dem nächsten Jahr, sagte der Minister; Städte bekämen Geld für Öfen."
    ),
    "fr": (
        "Le gouvernement a adopté hier la nouvelle loi sur l’environnement, qui limite la consommation "
        "de charbon.\n"
        "« Les changements s’appliqueront dès l’année prochaine », a déclaré le ministre à l’Assemblée "
        "où siège la majorité."
    ),
    "es": (
        "El Gobierno aprobó ayer la nueva ley de protección del medio ambiente, que limita el uso del "
        "carbón en casa.\n"
        "El ministro señaló que los cambios entrarán en vigor el próximo año y que habrá dinero para los "
        "pequeños municipios."
    ),
}
ENCODINGS = [
    *[(language, encoding) for language in ("pl", "cs", "hu") for encoding in ("cp1250", "iso8859-2")],
    *[("ru", encoding) for encoding in ("cp1251", "koi8-r", "iso8859-5", "cp866")],
    *[("tr", "cp1254"), ("el", "cp1253"), ("ja", "cp932"), ("ja", "euc-jp"), ("zh", "gb18030"), ("ko", "cp949")],
]
LEGACY = frozenset({Flag.LEGACY_ENCODING})


def dump(language: str) -> str:
    """A story in a language below a header."""
    return f" date 2025-12-01 {STORIES[language]}"


@pytest.mark.parametrize(("language", "encoding"), ENCODINGS)
def test_an_old_encoding_is_found_out(language: str, encoding: str) -> None:
    read = decode_file(dump(language).encode(encoding), legacy_encoding=None)
    assert read == Decoded(text=dump(language), flags=LEGACY)


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1", "iso8859-15"])
@pytest.mark.parametrize("language", ["de", "fr", "es"])
def test_western_text_is_not_taken_for_another(language: str, encoding: str) -> None:
    text = dump(language).replace("’", "'") if encoding != "cp1252" else dump(language)
    assert decode_file(text.encode(encoding), legacy_encoding=None) == Decoded(text=text)


@pytest.mark.parametrize("language", ["de", "pl", "ru", "ja"])
def test_utf_8_with_a_few_damaged_bytes_stays_utf_8(language: str) -> None:
    data = bytearray(dump(language).encode())
    data[data.index(b"\n") - 1 : data.index(b"\n")] = b"\xe9\xff"
    read = decode_file(bytes(data), legacy_encoding=None)
    assert isinstance(read, Decoded)
    assert (read.flags, read.text.split("\n")[1]) == (frozenset(), dump(language).split("\n")[1])


def test_a_file_cut_inside_a_character_loses_that_one() -> None:
    read = decode_file(dump("ja").encode("cp932")[:-1], legacy_encoding=None)
    assert isinstance(read, Decoded)
    assert read.text == dump("ja")[:-1] + "\ufffd"


def test_bytes_that_are_no_language_are_refused() -> None:
    noise = random.Random(1).choices(range(0x80, 0x100), k=400)
    read = decode_file(b" date 2025-12-01 A\n" + bytes(noise), legacy_encoding=None)
    assert isinstance(read, WholeRefusal)
    assert read.reason is Reason.UNDECODABLE


def test_the_setting_is_believed() -> None:
    text = " date 2025-12-01 Да\nНу да, ну и что же."
    assert decode_file(text.encode("koi8-r"), legacy_encoding="koi8-r") == Decoded(text=text, flags=LEGACY)


def test_the_setting_harms_no_unicode() -> None:
    data = dump("fr").encode()
    assert decode_file(data, legacy_encoding="koi8-r") == Decoded(text=dump("fr"))


def test_a_long_line_is_judged_by_its_beginning() -> None:
    data = dump("pl").replace("\n", " ").encode("iso8859-2") * 400
    assert find_legacy_encoding(data) == "iso8859-2"
