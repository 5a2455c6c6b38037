"""Whatever is sent, the answer is an assessment or a kind refusal: never a traceback or a level."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from unknot.cli.reading import LONGEST_LINE

GOOD = b'{"id": "good", "answers": {"age_years": 40, "chest_pressure": "yes"}}'
PRIVATE = "zzprivatezz"

REFUSED = {
    "a number": (b"1", "must be an object"),
    "a list": (b"[1]", "must be an object"),
    "a word": (b"null", "must be an object"),
    "no answers": (b"{}", "'answers' is missing"),
    "answers of the wrong type": (b'{"answers": ["fever"]}', "'answers' must be an object"),
    "an unknown key": (b'{"answers": {}, "medicine": []}', "did you mean 'medicines'"),
    "an unknown key that is near none": (b'{"answers": {}, "%s": 1}' % (b"q" * 30), "a record may hold"),
    "an unknown question": (b'{"answers": {"feverr": "yes"}}', "did you mean 'fever'"),
    "a look-alike key": ('{"answers": {"f\u0435ver": "yes"}}'.encode(), "\\u0435"),
    "a zero-width key": ('{"answers": {"fever\u200b": "yes"}}'.encode(), "did you mean 'fever'"),
    "a zero-width value": ('{"answers": {"fever": "yes\u200b"}}'.encode(), "'fever' must be"),
    "full-width digits": ('{"answers": {"age_years": "\uff16\uff12"}}'.encode(), "'age_years' must be"),
    "bare full-width digits": ('{"answers": {"age_years": \uff16\uff12}}'.encode(), "is not JSON"),
    "a yes in another case": (b'{"answers": {"fever": "YES"}}', "'fever' must be"),
    "null": (b'{"answers": {"fever": null}}', "'fever' must be"),
    "one for yes": (b'{"answers": {"fever": 1}}', "'fever' must be"),
    "an object as an answer": (b'{"answers": {"region": {"calf": true}}}', "'region' must be"),
    "lists in lists": (b'{"answers": {"region": [["calf"]]}}', "'region' must be"),
    "an unknown option": (b'{"answers": {"region": ["%s"]}}' % PRIVATE.encode(), "'region' must be"),
    "an impossible age": (b'{"answers": {"age_years": 430}}', "from 0 to 120"),
    "a negative age": (b'{"answers": {"age_years": -1}}', "from 0 to 120"),
    "true for an age": (b'{"answers": {"age_years": true}}', "from 0 to 120"),
    "NaN": (b'{"answers": {"age_years": NaN}}', "NaN is not JSON"),
    "Infinity": (b'{"answers": {"age_years": -Infinity}}', "-Infinity is not JSON"),
    "a number without end": (b'{"answers": {"age_years": 1e999}}', "too large"),
    "a huge whole number": (b'{"answers": {"age_years": %s}}' % (b"9" * 5000), "more than 30 digits"),
    "a key twice": (b'{"answers": {}, "id": 1, "id": 2}', "'id' stands twice"),
    "an answer twice": (b'{"answers": {"fever": "yes", "fever": "no"}}', "'fever' stands twice"),
    "a key twice, deep inside": (b'{"answers": {"region": [{"a": 1, "a": 2}]}}', "'a' stands twice"),
    "a key twice in other letters": (
        rb'{"answers": {"fever": "yes", "\u0066ever": "no"}}',
        "'fever' stands twice",
    ),
    "a lone surrogate": (rb'{"id": "\ud800", "answers": {}}', "half of a character"),
    "a lone surrogate in a key": (rb'{"answers": {"\udfff": "yes"}}', "half of a character"),
    "a lone surrogate among medicines": (rb'{"answers": {}, "medicines": ["\ud83d"]}', "half of a character"),
    "truncated": (b'{"id": 1, "answers": {"fever": "ye', "ends too early"),
    "two in one line": (GOOD + GOOD, "is not JSON"),
    "single quotes": (b"{'answers': {}}", "is not JSON"),
    "a comma too many": (b'{"answers": {},}', "is not JSON"),
    "a NUL byte": (b'{"answers": {"fever": "n\0o"}}', "is not JSON"),
    "only NUL bytes": (b"\0\0\0\0", "is not JSON"),
    "not UTF-8": (b'{"answers": {"fever": "\xff\xfe"}}', "is not UTF-8"),
    "binary": (bytes(range(128, 256)), "is not UTF-8"),
    "a BOM in the middle": (b"\xef\xbb\xbf" + GOOD, "is not JSON"),
    "nested far too deeply": (b'{"answers": %s}' % (b"[" * 100_000), "nested far too deeply"),
    "deep objects": (b'{"a":' * 100_000, "nested far too deeply"),
    "an id of the wrong type": (b'{"id": ["x"], "answers": {}}', "'id' must be"),
    "an id that is a boolean": (b'{"id": true, "answers": {}}', "'id' must be"),
    "an id that is a fraction": (b'{"id": 1.5, "answers": {}}', "'id' must be"),
    "an empty id": (b'{"id": "", "answers": {}}', "'id' must be"),
    "a long id": (b'{"id": "%s", "answers": {}}' % (b"x" * 201), "'id' must be"),
    "an id that moves the cursor": (rb'{"id": "\u001b[2J", "answers": {}}', "'id' must be"),
    "medicines as one text": (b'{"answers": {}, "medicines": "Cozaar"}', "'medicines' must be"),
    "a medicine that is a number": (b'{"answers": {}, "medicines": [1]}', "'medicines' must be"),
    "far too many medicines": (
        b'{"answers": {}, "medicines": [%s"x"]}' % (b'"x",' * 300),
        "'medicines' may hold",
    ),
    "a complete list that is a word": (b'{"answers": {}, "medicines_complete": "yes"}', "true or false"),
    "an unknown level": (
        b'{"answers": {}, "earlier_level": "%s"}' % PRIVATE.encode(),
        "'earlier_level' must be",
    ),
    "a level of the wrong type": (b'{"answers": {}, "earlier_level": []}', "'earlier_level' must be"),
    "an unknown family": (b'{"answers": {}, "families": ["%s"]}' % PRIVATE.encode(), "'families' must be"),
    "families with shares": (b'{"answers": {}, "families": {"posture": 1}}', "'families' must be"),
}


@pytest.mark.parametrize("line", REFUSED.values(), ids=REFUSED.keys())
def test_a_bad_line_is_refused_in_its_place(line, unknot):
    """A line that cannot be used gets a reason in its place, and the lines around it are answered."""
    data, reason = line
    ran = unknot("assess", "-", stdin=b"\n".join([GOOD, data, GOOD]))
    before, bad, after = ran.lines
    assert before == after
    assert before["level"] == "emergency_call"
    assert bad.keys() == {"id", "line", "error"}
    assert bad["line"] == 2
    assert reason in bad["error"]
    assert PRIVATE not in ran.out + ran.err
    assert ran.code == 1
    assert "1 of 3 records were refused" in ran.err


@pytest.mark.parametrize("line", REFUSED.values(), ids=REFUSED.keys())
def test_bad_input_alone(line, unknot):
    """The same line as the whole input never gives a level, and never exit code 0."""
    ran = unknot("assess", "-", stdin=line[0].removeprefix(b"\xef\xbb\xbf{"))
    assert ran.code in {1, 2}
    assert '"level"' not in ran.out
    assert "Traceback" not in ran.err
    assert ran.err


WHOLE = {
    "nothing": (b"", "is empty"),
    "blank lines": (b"\n \n\r\n", "is empty"),
    "only a BOM": (b"\xef\xbb\xbf", "is empty"),
    "words": (b"hello there\nhow are you\n", "is not JSON"),
    "a truncated list": (b'[{"id": 1, "answers": {}},', "ends too early"),
    "a list and more": (b"[] []", "is not JSON"),
    "UTF-16": ('{"answers": {}}'.encode("utf-16"), "is not UTF-8"),
    "a list without an end": (b"[" * 200_000, "nested far too deeply"),
    "gzip": (b"\x1f\x8b\x08\x00\x00\x00\x00\x00", "is not UTF-8"),
}


@pytest.mark.parametrize("whole", WHOLE.values(), ids=WHOLE.keys())
def test_input_that_is_unusable_as_a_whole(whole, unknot):
    """When nothing can be read, nothing is printed but one reason, with exit code 2."""
    ran = unknot("assess", "-", stdin=whole[0])
    assert (ran.code, ran.out) == (2, "")
    assert whole[1] in ran.err
    assert ran.err.count("\n") == 1


def test_blank_lines_count_but_are_skipped(unknot):
    """Blank lines, CR LF and a byte order mark at the start are no reason to refuse anything."""
    ran = unknot("assess", "-", stdin=b"\xef\xbb\xbf" + GOOD + b"\r\n\r\n   \n" + b"{}\r\n")
    assert [line.get("line", line.get("level")) for line in ran.lines] == ["emergency_call", 4]


@pytest.mark.parametrize("size", [LONGEST_LINE + 1, 10_000_000])
def test_a_line_that_is_far_too_long(size, unknot):
    """A line over 1 MiB is refused without being decoded, and the next one is read."""
    long = b'{"id": "' + b"x" * size + b'", "answers": {}}'
    ran = unknot("assess", "-", stdin=b"\n".join([long, GOOD]))
    bad, good = ran.lines
    assert "longer than 1048576 bytes" in bad["error"]
    assert good["level"] == "emergency_call"
    assert len(ran.out) < 100_000


def test_a_line_of_just_the_longest_length_is_read(unknot):
    """The limit itself is allowed."""
    line = GOOD + b" " * (LONGEST_LINE - len(GOOD))
    assert unknot("assess", "-", stdin=line + b"\r\n").code == 0


@pytest.mark.parametrize("raw", [b"7", b'"7"', b'"%s"' % (b"x" * 200), '"Zoë 李"'.encode()])
def test_ids_are_echoed_as_text(raw, unknot):
    """An id is a whole number or a line of text, and comes back as text."""
    ran = unknot("assess", "-", stdin=b'{"id": %s, "answers": {}}' % raw)
    assert ran.json["id"] == str(json.loads(raw))


def test_without_an_id_there_is_none(unknot):
    """A record without an id is assessed, and the answer has none either."""
    assert "id" not in unknot("assess", "-", stdin=b'{"answers": {}}').json


def test_the_id_of_a_refused_record_is_echoed(unknot):
    """A refusal can be told apart by its id."""
    ran = unknot("assess", "-", stdin=b'{"id": 12, "answers": {"feverr": "no"}}')
    assert ran.json == {
        "id": "12",
        "line": 1,
        "error": "there is no question 'feverr'; did you mean 'fever'?",
    }


def test_one_bad_record_in_a_list(unknot):
    """In a list of records the place is told by its number."""
    ran = unknot("assess", "-", stdin=b'[%s,\n {"answers": 1, "answers": 2}, {"answers": NaN}]' % GOOD)
    good, twice, nan = ran.json
    assert good["id"] == "good"
    assert [twice["record"], nan["record"]] == [2, 3]
    assert ran.code == 1


def test_an_empty_list_is_answered_with_one(unknot):
    """A list of nobody is fine."""
    ran = unknot("assess", "-", stdin=b"[]")
    assert (ran.code, ran.json) == (0, [])


def test_a_truncated_first_line(unknot):
    """JSON Lines whose first line is broken are still told to be JSON Lines by the second."""
    bad, good = unknot("assess", "-", stdin=GOOD[:30] + b"\n" + GOOD).lines
    assert bad["line"] == 1
    assert good["id"] == "good"


def test_an_object_over_several_lines(unknot):
    """One record may be written over several lines; the answer is then one JSON document."""
    ran = unknot("assess", "-", stdin=json.dumps(json.loads(GOOD), indent=2).encode())
    assert ran.json["id"] == "good"
    assert ran.out.count("\n") > 10


@pytest.mark.parametrize(
    ("name", "reason"), [("no-such-file", "no such file"), (".", "is a folder"), ("a\0b", "cannot be opened")]
)
def test_files_that_cannot_be_opened(name, reason, unknot, tmp_path, monkeypatch):
    """A missing file, a folder or an impossible name is told in a line."""
    monkeypatch.chdir(tmp_path)
    ran = unknot("assess", name)
    assert (ran.code, ran.out) == (2, "")
    assert reason in ran.err


@pytest.mark.parametrize(
    "options", [["--output", "xml"], ["--unlisted", "yes"], ["--inputs", "json"], ["--out", "json"]]
)
def test_wrong_options(options, unknot):
    """A wrong or shortened option is refused and says where to look."""
    ran = unknot("assess", "-", *options, stdin=GOOD)
    assert (ran.code, ran.out) == (2, "")
    assert "--help" in ran.err


def test_no_command(unknot):
    """Without a command there is nothing to do."""
    assert unknot().code == 2


@pytest.mark.parametrize("unlisted", ["no", "unknown"])
def test_a_record_that_is_not_listed_is_never_guessed(unlisted, unknot):
    """Nothing at all known about a person is never self-care."""
    ran = unknot("assess", "-", "--unlisted", unlisted, stdin=b'{"answers": {}}')
    assert ran.json["level"] is None


def test_a_setting_that_cannot_be_used(unknot, monkeypatch):
    """A broken setting is told with its own exit code."""
    monkeypatch.setenv("UNKNOT_PORT", "many")
    ran = unknot("assess", "-", stdin=GOOD)
    assert (ran.code, ran.out) == (4, "")
    assert "UNKNOT_PORT" in ran.err


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "id",
                    "answers",
                    "fever",
                    "age_years",
                    "region",
                    "medicines",
                    "families",
                    "earlier_level",
                    "x",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(anything)
def test_any_json_at_all(unknot, raw):
    """Whatever JSON is sent, a line is answered or refused, and never both."""
    ran = unknot("assess", "-", "--input", "jsonl", stdin=json.dumps(raw).encode())
    assert ran.code in {0, 1}
    assert ("error" in ran.json) == (ran.code == 1)
    assert ("level" in ran.json) == (ran.code == 0)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=60))
def test_any_bytes_at_all(unknot, data):
    """Whatever bytes are sent, there is no traceback and no level from noise."""
    ran = unknot("assess", "-", stdin=data)
    assert ran.code in {0, 1, 2}
    assert '"level"' not in ran.out or b"answers" in data
