# ruff: noqa: RUF001 - other scripts look like Latin to it
"""The language of a text."""

import pytest

from tasks.reading.language import find_language


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The bridge was closed on Monday after two days of heavy rain."),
        ("en", "FLOOD CLOSES BRIDGE IN LEEDS AFTER TWO DAYS OF HEAVY RAIN"),
        ("de", "Die Brücke wurde am Montag nach zwei Tagen starken Regens gesperrt."),
        ("fr", "Le pont a été fermé lundi après deux jours de fortes pluies."),
        ("es", "El puente fue cerrado el lunes tras dos días de fuertes lluvias."),
        ("tr", "Köprü, iki gün süren şiddetli yağmurun ardından pazartesi günü kapatıldı."),
        ("ru", "Мост закрыли в понедельник после двух дней сильных дождей."),
        ("hi", "दो दिनों की भारी बारिश के बाद सोमवार को पुल को बंद कर दिया गया।"),
        ("zh", "经过两天的大雨，这座桥于星期一关闭，预计星期五重新开放。"),
        ("ja", "二日間の大雨の後、橋は月曜日に閉鎖されました。"),
        ("ar", "أغلق الجسر يوم الاثنين بعد يومين من الأمطار الغزيرة."),
    ],
)
def test_the_language_is_detected_with_its_probability(language: str, text: str) -> None:
    code, confidence = find_language(text)
    assert code == language
    assert confidence is not None
    assert 0.3 < confidence <= 1


@pytest.mark.parametrize("text", ["", "OK", "12.5 + 7 = 19.5 %", "\n\n", "!!! --- ???"])
def test_too_little_text_has_no_language(text: str) -> None:
    assert find_language(text) == (None, None)
