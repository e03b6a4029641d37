"""Which language a text is in."""

import subprocess
import sys

import pytest

from digestbot.analysis.language import detect_language


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (
            "The minister said on Monday that the talks would go on in Geneva until the end of next week.",
            "en",
        ),
        (
            "Der Minister sagte am Montag, dass die Verhandlungen in Genf bis Ende der Woche weitergehen.",
            "de",
        ),
        (
            "Le ministre a déclaré lundi que les pourparlers se poursuivraient à Genève.",
            "fr",
        ),
        (
            "Министр заявил в понедельник, что переговоры в Женеве продолжатся до конца следующей недели.",
            "ru",
        ),
    ],
)
def test_long_texts_are_told_by_their_words_whatever_they_declare(text, code):
    assert detect_language(text, "xx") == code


@pytest.mark.parametrize(("declared", "code"), [("de-AT", "de"), ("pt_BR", "pt"), (None, "en"), ("?", "en")])
def test_short_texts_are_what_they_declare_or_english(declared, code):
    assert detect_language("Ok 12", declared) == code


def test_a_text_in_another_language_with_english_quotations_stays_in_its_own():
    text = (
        "Der Minister sagte am Montag, die Verhandlungen würden fortgesetzt. „The talks will go on and they "
        "have not failed“, zitierte ihn eine Zeitung. Bis zum Ende der Woche soll in Genf ein Text liegen, "
        "den beide Seiten danach ihren Parlamenten vorlegen wollen, wie der Sprecher der Regierung erklärte."
    )
    assert detect_language(text) == "de"


def test_evident_english_is_told_without_loading_the_model():
    script = (
        "import sys\n"
        "from digestbot.analysis.language import detect_language\n"
        "text = 'The envoys of the bloc said that they have not been told which of the ports would open, '\n"
        "text += 'and that their talks with the junta will go on until those who were held are free.'\n"
        "print(detect_language(text), 'py3langid' in sys.modules)\n"
    )
    shown = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    assert shown.split() == ["en", "False"]


def test_a_short_text_in_another_script_is_never_taken_for_english():
    assert detect_language("Переговоры сорваны. Стороны не договорились.") in {"ru", "uk", "bg", "mk"}
    assert detect_language("Стороны не договорились.", "uk") == "uk"
    assert detect_language("Talks fail.") == "en"
