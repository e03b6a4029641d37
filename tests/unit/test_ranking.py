"""LexRank from one matrix product gives stock sumy's ratings; the words below it."""

import random
import warnings

import pytest

from digestbot.analysis import ranking

WORDS = ["army", "talks", "border", "truce", "envoy", "oil", "gas", "vote", "court", "king", "port", "aid"]


def stock_ratings(sentences):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # sumy's imports, not ours to mend
        from sumy.nlp.stemmers import Stemmer
        from sumy.summarizers.lex_rank import LexRankSummarizer
    model = ranking.document_model(sentences, "en")
    stock = LexRankSummarizer(Stemmer("english"))
    stock.stop_words = ranking.stop_words("en")
    kept = {}
    stock._get_best_sentences = lambda found, count, rating: kept.update(rating) or ()
    stock(model, 5)
    return [kept[sentence] for sentence in model.sentences]


@pytest.mark.parametrize("count", [1, 2, 7, 30, 63, 64, 90])
@pytest.mark.parametrize("seed", range(4))
def test_lex_rank_rates_as_stock_sumy_does(count, seed):
    rng = random.Random(seed * 1000 + count)
    # The number makes sentences differ: equal ones share one rating in sumy's dictionary.
    sentences = [
        f"{' '.join(rng.choices(WORDS, k=rng.randint(3, 14)))} w{chr(97 + i % 26)}{i // 26 * 'z'}q"
        for i in range(count)
    ]
    ours = ranking.lex_rank([ranking.stems(s, "en") for s in sentences])
    assert ours == pytest.approx(stock_ratings(sentences), abs=1e-9)


def test_lex_rank_of_nothing_and_of_sentences_without_words():
    assert ranking.lex_rank([]) == []
    assert len(ranking.lex_rank([[], [], []])) == 3


def test_directed_centrality_prefers_what_later_sentences_go_back_to():
    first, second, third = ranking.directed_centrality(
        ranking.unit_vectors([["truce", "port"], ["truce", "aid"], ["truce", "port"]])
    )
    assert first > second > third


def test_tokenizer_keeps_words_and_needs_no_data():
    tokenizer = ranking.Tokenizer("en")
    assert tokenizer.to_words("Mr. O’Neil’s plan: 3 steps.") == ("Mr", "O’Neil’s", "plan", "steps")
    assert tokenizer.to_sentences("Gen. Lee left. He returned.") == ("Gen. Lee left.", "He returned.")


def test_unspaced_scripts_are_taken_two_characters_at_a_time():
    assert ranking.Tokenizer("zh").to_words("停火协议") == ("停火", "火协", "协议")


def test_unknown_language_works_without_stems_and_stop_words():
    assert ranking.stems("Mkutano wa Amani", "sw") == ["mkutano", "wa", "amani"]
