"""Training of the character model, on a directory of its own making."""

from pathlib import Path

import numpy as np

from govreports.clean import train as training
from govreports.clean.language import LanguageModel, fold

PROSE = "我们坚持稳中求进工作总基调，全面贯彻新发展理念，着力推动高质量发展，全县生产总值增长5.2%。\n"
REPORT = "各位代表：\n现在，我代表县人民政府，向大会报告工作，请予审议。\n" + PROSE * 80


def test_a_model_is_trained_on_clean_reports_only(tmp_path: Path) -> None:
    reports = tmp_path / "reports"
    reports.mkdir()
    (reports / "a.txt").write_text(REPORT, encoding="gb18030")
    (reports / "damaged.txt").write_text(REPORT.replace("质量", "质?", 3), encoding="utf-8")
    (reports / "short.txt").write_text(PROSE, encoding="utf-8")
    (reports / "empty.txt").write_bytes(b"")
    texts = list(training.read_clean_texts(reports))
    assert [len(text) > 3000 for text in texts] == [True]
    file = tmp_path / "model.npz"
    training.train(texts, file)
    with np.load(file) as saved:
        model = LanguageModel(
            str(saved["characters"]), saved["single"], saved["pairs"], saved["triples"], saved["logs"]
        )
    assert set(fold(PROSE)) <= set(model.characters)
    assert model.next("高质", "量") > -0.05
    assert model.score("", fold("高质量发展")) > model.score("", fold("量质高展发"))
