"""The bank's strings as HTML and Markdown: their markup is converted, and all other text stays literal."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ndojo.practice.export_notebook import markdown
from ndojo.practice.markup import line_html, text_html
from ndojo.question import loading

BLOCKS = [
    ("one\ntwo", "<p>one two</p>"),
    ("a\n\nb", "<p>a</p>\n<p>b</p>"),
    ("# Head\ntext", "<h4>Head</h4>\n<p>text</p>"),
    ("- a\n  b\n- c", "<ul><li>a b</li><li>c</li></ul>"),
    ("1. a\n2. b", "<ol><li>a</li><li>b</li></ol>"),
    (">>> 1 < 2\nTrue", "<pre><code>&gt;&gt;&gt; 1 &lt; 2\nTrue</code></pre>"),
    ("    x = 1\n      y", "<pre><code>x = 1\n  y</code></pre>"),
    ("```python\nx\n\ny\n```\nz", "<pre><code>x\n\ny</code></pre>\n<p>z</p>"),
    ("| a | b |\n| - | - |\n| 1 | 2 |", '<table><thead><tr><th scope="col">a</th><th scope="col">b</th></tr></thead>'
     "<tbody><tr><td>1</td><td>2</td></tr></tbody></table>"),
    ("Parameters\n----------\nx : int\n    How\n    many.", "<h4>Parameters</h4>\n<dl><dt><code>x : int</code></dt>"
     "<dd>How many.</dd></dl>"),
    ("Examples\n--------\n>>> 1\n1", "<h4>Examples</h4>\n<pre><code>&gt;&gt;&gt; 1\n1</code></pre>"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "html"), BLOCKS)
def test_blocks_become_elements(text: str, html: str) -> None:
    assert text_html(text) == html


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("`a<b` and ``c``", "<code>a&lt;b</code> and <code>c</code>"),
        ("**bold** and *em*", "<strong>bold</strong> and <em>em</em>"),
        ("a * b * c, x**2 and y**3", "a * b * c, x**2 and y**3"),
        ("`x**2` and `y**2`", "<code>x**2</code> and <code>y**2</code>"),
        ("[NumPy](https://numpy.org)", '<a href="https://numpy.org">NumPy</a>'),
        ("[x](javascript:alert(1))", "[x](javascript:alert(1))"),
        ('<b> & "c"', "&lt;b&gt; &amp; &quot;c&quot;"),
    ],
)
def test_marks_within_a_line(text: str, html: str) -> None:
    assert line_html(text) == html


@given(st.text("<>\"'&`*[]()#|->x \n", max_size=60))
def test_no_text_becomes_an_element_that_we_did_not_make(text: str) -> None:
    """No string can create an attribute or a script."""
    for element in re.findall(r"<[^>]*>", text_html(text)):
        assert re.fullmatch(r'</?[a-z]+\d?>|<th scope="col">|<a href="https://[^"<>]*">', element)


@pytest.mark.parametrize("slug", loading.paths())
def test_every_text_of_the_bank_is_shown(slug: str) -> None:
    """Each word is in the HTML and in the Markdown."""
    question = loading.load(slug)
    for text in (question.prompt, question.explanation):
        words = set(re.findall(r"[a-z]{4,}", text))
        assert words <= set(re.findall(r"[a-z]{4,}", text_html(text)))
        assert words <= set(re.findall(r"[a-z]{4,}", markdown(text)))
