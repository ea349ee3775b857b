"""Sentences, and which of them are looked at."""

import pytest

from govreports.indicators.grammar import find_quantities
from govreports.indicators.sentences import sentences

FORMS = """
    增长5% 居全省第一 居首位 稳居榜首 跃居首 翻一番 增长两成 近五成 占三分之一 增长百分之五 保持两位数增长 突破百亿元 超千亿
    实现十连冠 进入前三 增长两倍 增长一倍多 新建八家 提高一个百分点 跨上万亿台阶 新增就业两万多人 突破万元
"""


@pytest.mark.parametrize("form", FORMS.split())
def test_no_form_of_a_quantity_is_passed_over(form: str) -> None:
    assert find_quantities(form)
    looked_at = [s for s in sentences(f"各项事业发展。出口{form}。", []) if not s.first]
    assert len(looked_at) == 1
