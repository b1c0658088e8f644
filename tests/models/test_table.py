from lamina.models._table import lines

TABLE = [("Name", "Size"), ("a", "10"), ("a long one", "9")]


def test_columns_are_as_wide_as_what_they_hold():
    assert list(lines(TABLE)) == ["Name         Size", "a            10", "a long one   9"]


def test_numbers_end_at_the_right():
    assert list(lines(TABLE, numbers=["Size"])) == ["Name         Size", "a              10", "a long one      9"]


def test_cells_that_may_take_several_lines_where_there_is_no_room():
    table = [("Name", "Size"), ("one word and another", "10")]

    assert list(lines(table, wrapped=["Name"], room=20)) == ["Name            Size", "one word and    10", "another"]


def test_no_column_is_narrower_than_a_word():
    table = [("Name", "Size"), ("one word and another", "10")]

    assert max(map(len, lines(table, wrapped=["Name"], room=1))) == len("Name           Size")
