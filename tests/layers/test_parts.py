from lamina.layers import Dense, parts


def test_weights_are_named_after_their_part():
    inner, outer = Dense(8).weights((None, 4)), Dense(2, use_bias=False).weights((None, 8))

    declared = parts(inner=inner, outer=outer)

    assert list(declared) == ["inner.kernel", "inner.bias", "outer.kernel"]
    assert declared["outer.kernel"] is outer["kernel"]


def test_parts_may_have_parts():
    assert list(parts(outer=parts(inner=Dense(1).weights((None, 1))))) == ["outer.inner.kernel", "outer.inner.bias"]
