import math

import pytest

from lamina.errors import FormatError
from lamina.saving._strict_json import canonical, parse


def test_ordinary_json_is_read_as_it_is():
    text = '{"a": [1, -2.5, true, null, "\\u00e9"], "b": {}}'

    assert parse(text, where="file") == {"a": [1, -2.5, True, None, "é"], "b": {}}
    assert parse(text.encode(), where="file") == parse(text, where="file")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "expected JSON, got JSONDecodeError"),
        ("{'a': 1}", "expected JSON"),
        ('{"a": 1} x', "expected JSON"),
        (b'{"a": "\xff"}', "expected JSON, got UnicodeDecodeError"),
        ('{"a": 1, "b": {"c": 1, "c": 2}}', "expected each name once in an object, got 'c' twice"),
        ('{"a": NaN}', "expected finite numbers, got 'NaN'"),
        ("[Infinity]", "expected finite numbers, got 'Infinity'"),
        ("[-Infinity]", "expected finite numbers"),
        ("[1e999]", "expected finite numbers, got '1e999'"),
        ("[9223372036854775808]", "expected whole numbers of at most 18 characters, got one of 19"),
        (f"[{'9' * 100_000}]", "expected whole numbers of at most 18 characters, got one of 100000"),
        ("[" * 65 + "]" * 65, "expected at most 64 levels of lists and objects, got more"),
        ("[" * 1_000_000, "expected JSON, got RecursionError"),
        ('{"a":' * 100_000, "expected JSON, got RecursionError"),
    ],
)
def test_what_readers_take_differently_or_choke_on_is_refused(text, message):
    with pytest.raises(FormatError, match=f"file: {message}"):
        parse(text, where="file")


def test_deep_but_reasonable_nesting_is_read():
    assert parse("[" * 64 + "]" * 64, where="file") == parse(
        canonical(parse("[" * 64 + "]" * 64, where="a")), where="b"
    )


def test_there_is_one_text_for_a_value():
    assert canonical({"b": 1, "a": [1.0, 1, "é"]}) == '{"a":[1.0,1,"\\u00e9"],"b":1}'
    assert canonical(parse('{ "b":1,"a" : [1.0,1,"\\u00E9"] }', where="file")) == canonical(
        {"a": [1.0, 1, "é"], "b": 1}
    )


def test_numbers_come_back_to_the_last_digit():
    values = [0.1, 1e-45, 3.4028234663852886e38, math.pi, -0.0, 5e-324]

    again = parse(canonical(values), where="file")

    assert [value.hex() for value in again] == [value.hex() for value in values]
