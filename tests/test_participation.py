"""Citizens take part: who may do what in which phase, and what becomes of what they say."""

import datetime as dt
import io

import pyogrio
import pytest
import shapely
from click.testing import CliRunner
from PIL import Image
from sqlalchemy import select, update

from layers.buildings import Building
from scenarios import projects
from scenarios.changes import place, step
from scenarios.participation import contributing, invitations, keeping, moderating, results, sessions, subscribing
from scenarios.participation.allowed import PHASES, VERBS, permit, permitted
from scenarios.participation.contributing import Said
from scenarios.participation.photos import made_anew
from scenarios.participation.tables import Category, Comment, Personal, Photo, Rating
from scenarios.project import Person
from tests.conftest import square
from tests.hamlet import at, settle
from twin.errors import BadFile, BadShape, BadValue, Closed, LoginNeeded, NotAllowed, NotFound, TooOften
from twin.feature import Words
from web.cli import main

DAY = dt.date(2026, 5, 4)
LONG = (DAY - dt.timedelta(days=9), dt.date(2099, 1, 1))

# Written down a second time, on purpose: what each may do in each phase, and in a session that is still a draft.
CITIZEN = "see withdraw"
MODERATES = f"{CITIZEN} results moderate answer enter desk link"
PLANS = f"{CITIZEN} results desk link manage"
ALL = f"{MODERATES} manage"
IN_PHASE = {"inform": "", "collect": "contribute amend", "rate": "rate", "discuss": "comment", "results": "results"}
ANYTIME = {"stranger": CITIZEN, "outsider": CITIZEN, "viewer": CITIZEN, "gone": CITIZEN,
           "moderator": MODERATES, "planner": PLANS, "administrator": ALL}  # fmt: skip
IN_A_DRAFT = {"stranger": "", "outsider": "", "viewer": "", "gone": "",
              "moderator": "see moderate answer enter desk link", "planner": "see desk link manage",
              "administrator": "see moderate answer enter desk link manage"}  # fmt: skip


@pytest.fixture
def fabrik(db):
    """The hamlet with a project, one person of each role, and a published scenario."""
    settle(db)
    found = {}
    for name in ("outsider", "viewer", "moderator", "planner", "gone", "administrator"):
        found[name] = Person(login=name, name=name.title(), is_administrator=name == "administrator")
        found[name].is_active = name != "gone"
    db.add_all(found.values())
    db.flush()
    found["project"] = projects.make_project(db, found["administrator"], "Alte Fabrik")
    for name in ("viewer", "moderator", "planner"):
        projects.set_member(db, found["administrator"], found["project"], found[name], name)
    found["wohnen"] = projects.make_scenario(db, found["planner"], found["project"], "Wohnen")
    projects.publish(found["planner"], found["wohnen"])
    return found


def told(fabrik, **changed):
    usual = {
        "title": "Was wird aus der alten Fabrik?", "text": "Reden Sie mit.", "scenarios": [fabrik["wohnen"].id],
        "phases": dict.fromkeys(PHASES, LONG), "categories": ["Verkehr", "Grün"],
        "questions": [("Wie kommen Sie her?", "zu Fuß\nmit dem Rad")], "area": at(-100, -100, 400, 400),
        "moderation": "after",
    }  # fmt: skip
    return sessions.Told(**{**usual, **changed})


@pytest.fixture
def session(db, fabrik):
    made = sessions.make_session(db, fabrik["planner"], fabrik["project"], told(fabrik))
    sessions.open_session(db, made)
    db.flush()
    return made


def category(db, title="Verkehr"):
    return db.scalar(select(Category.id).where(Category.title == title))


def say(db, session, words="Bitte Bäume.", who="p1", ticket=None, **more):
    said = Said(words, category=category(db), **more)
    ticket = ticket or f"{who}-{words}"
    return contributing.contribute(db, session, said, pseudonym=who, ticket=ticket, secret=f"secret-{ticket}")


def test_everyone_may_do_what_the_table_says_in_each_phase_and_nothing_else(db, fabrik):
    made = sessions.make_session(db, fabrik["planner"], fabrik["project"], told(fabrik))
    for kind in PHASES:
        sessions.describe_session(db, made, told(fabrik, phases={kind: (DAY, DAY)}))
        for state, usual in (("open", ANYTIME), ("draft", IN_A_DRAFT)):
            made.state = state
            for who, verbs in usual.items():
                expected = set(verbs.split()) | (set(IN_PHASE[kind].split()) if state == "open" else set())
                found = {verb for verb in VERBS if permitted(fabrik.get(who), verb, made, DAY)}
                assert found == expected, (kind, state, who)


def test_the_day_before_and_the_day_after_a_phase_nothing_of_it_is_allowed(db, fabrik):
    made = sessions.make_session(db, fabrik["planner"], fabrik["project"], told(fabrik, phases={"collect": (DAY, DAY)}))
    made.state = "open"
    one = dt.timedelta(days=1)
    assert [permitted(None, "contribute", made, DAY + shift * one) for shift in (-1, 0, 1)] == [False, True, False]
    with pytest.raises(Closed, match="2026-05-04"):
        permit(None, "contribute", made, DAY + one)
    with pytest.raises(LoginNeeded):
        permit(None, "moderate", made)
    with pytest.raises(NotAllowed):
        permit(fabrik["planner"], "moderate", made)


def test_a_session_is_opened_by_those_who_plan_and_on_published_scenarios_only(db, fabrik):
    with pytest.raises(NotAllowed):
        sessions.make_session(db, fabrik["moderator"], fabrik["project"], told(fabrik))
    made = sessions.make_session(db, fabrik["planner"], fabrik["project"], told(fabrik))
    projects.withdraw(fabrik["planner"], fabrik["wohnen"])
    with pytest.raises(BadValue, match="published"):
        sessions.open_session(db, made)


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": " "}, {"scenarios": []}, {"scenarios": [999]}, {"phases": {}}, {"formal": "3-9"},
        {"access": "code"}, {"access": "friends"},
        {"phases": {"collect": (DAY, DAY - dt.timedelta(days=1))}}, {"categories": [str(i) for i in range(21)]},
    ],
)  # fmt: skip
def test_a_session_that_cannot_be_is_refused_with_a_sentence(db, fabrik, wrong):
    with pytest.raises(BadValue) as caught:
        sessions.make_session(db, fabrik["planner"], fabrik["project"], told(fabrik, **wrong))
    assert isinstance(caught.value.args[0], Words)


def test_a_category_that_somebody_used_stays_when_a_planner_takes_it_away(db, fabrik, session):
    say(db, session)
    sessions.describe_session(db, session, told(fabrik, categories=["Lärm"]))
    assert {one.title for one in sessions.categories_of(db, session)} == {"Verkehr", "Lärm"}


def test_what_is_sent_twice_is_stored_once_and_numbers_go_on(db, session):
    first, again = say(db, session, ticket="t"), say(db, session, ticket="t")
    assert first.id == again.id
    assert say(db, session, "Noch etwas").number == first.number + 1


def test_with_moderation_before_only_the_author_sees_it_until_somebody_looked(db, fabrik):
    made = sessions.make_session(db, None, fabrik["project"], told(fabrik, moderation="before"))
    one = say(db, made)
    assert one.state == "waiting"
    moderating.publish(one)
    assert (one.state, one.checked) == ("published", True)


def test_what_a_program_may_have_sent_is_looked_at_first(db, session):
    said = Said("Hallo", category=category(db))
    one = contributing.contribute(db, session, said, pseudonym="p", ticket="x", secret="s", trusted=False)  # noqa: S106
    assert one.state == "waiting"


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"words": " "}, BadValue), ({"words": "a" * 3001}, BadValue), ({"scenario": 999}, Closed),
        ({"shape": shapely.Point(0, 0)}, BadShape), ({"replies": {1: "mit dem Panzer"}}, BadValue),
        ({"shape": shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])}, BadShape),
        ({"shape": shapely.LineString([(0, 0), (0, 0)])}, BadShape),
    ],
)  # fmt: skip
def test_a_contribution_that_cannot_be_is_refused_with_a_sentence(db, session, wrong, error):
    with pytest.raises(error) as caught:
        say(db, session, **wrong)
    assert isinstance(caught.value.args[0], Words)


def test_a_scenario_that_was_withdrawn_takes_no_more_contributions(db, fabrik, session):
    say(db, session, "Vorher", scenario=fabrik["wohnen"].id)
    projects.withdraw(fabrik["planner"], fabrik["wohnen"])
    with pytest.raises(Closed, match="withdrawn"):
        say(db, session, "Nachher", scenario=fabrik["wohnen"].id)


def test_nobody_says_more_than_a_dozen_things_an_hour(db, session):
    for i in range(12):
        say(db, session, f"Nr. {i}")
    with pytest.raises(TooOften):
        say(db, session, "Nr. 13")
    say(db, session, "Jemand anders", who="p2")


def test_one_voice_each_which_can_be_changed_and_taken_back(db, session):
    one = say(db, session)
    assert [contributing.rate(db, one, value, pseudonym="p2") for value in (1, -1, -1, 1)] == [1, -1, 0, 1]
    contributing.rate(db, one, 1, pseudonym="p3")
    assert moderating.beside(db, session).agree == {one.id: 2}


def test_what_is_hidden_is_neither_rated_nor_commented_on(db, session):
    one = say(db, session)
    moderating.hide(one, "Beleidigung")
    with pytest.raises(NotFound):
        contributing.rate(db, one, 1, pseudonym="p2")
    with pytest.raises(NotFound):
        contributing.comment(db, session, one, "Ja", pseudonym="p2", ticket="c", trusted=True)


def test_who_has_the_secret_link_amends_and_withdraws_and_nobody_else(db, session):
    one = say(db, session, ticket="t", photo=b"jpeg", replies={1: "zu Fuß"})
    contributing.rate(db, one, 1, pseudonym="p2")
    with pytest.raises(NotFound):
        contributing.mine(db, session, "guessed")
    mine = contributing.mine(db, session, "secret-t")
    contributing.amend(db, session, mine, Said("Doch lieber Büsche.", category=category(db, "Grün")))
    assert mine.text == "Doch lieber Büsche."
    contributing.withdraw(db, mine)
    assert (mine.state, mine.text, mine.shape) == ("withdrawn", "", None)
    for table in (Personal, Photo, Rating):
        assert db.scalar(select(table.contribution_id)) is None
    with pytest.raises(NotFound):
        contributing.mine(db, session, "secret-t")


def test_personal_data_go_on_the_day_that_was_promised(db, session):
    say(db, session)
    day = db.scalar(select(Personal.delete_on))
    assert day == dt.date(2099, 1, 1) + sessions.KEPT
    assert keeping.forget(db, day - dt.timedelta(days=1)) == 0
    assert keeping.forget(db, day) == 1


def test_a_participant_sees_all_that_is_kept_and_deletes_it_without_touching_others(db, session):
    say(db, session, "Meins", photo=b"jpeg", replies={1: "zu Fuß"})
    other = say(db, session, "Deins", who="p2")
    contributing.rate(db, other, 1, pseudonym="p1")
    contributing.comment(db, session, other, "Stimmt", pseudonym="p1", ticket="c", trusted=True)
    kept = keeping.kept_of(db, session, "p1")
    assert [one["text"] for one in kept["contributions"]] == ["Meins"] and kept["contributions"][0]["photo"]
    assert (kept["ratings"], kept["comments"][0]["text"]) == ([{"on": 2, "value": 1}], "Stimmt")
    keeping.delete_all(db, session, "p1")
    gone = keeping.kept_of(db, session, "p1")
    assert not (gone["contributions"] or gone["comments"] or gone["ratings"])
    assert other.text == "Deins" and db.scalar(select(Photo.contribution_id)) is None


def test_a_code_of_an_invitation_is_good_for_one_person(db, fabrik, session):
    (code,) = invitations.make_codes(db, session, 1)
    with pytest.raises(BadValue, match="no such code"):
        invitations.use(db, session, "7KQM-2XHD", "p1")
    invitations.use(db, session, code.lower().replace("-", " "), "p1")
    assert invitations.has_used(db, session, "p1") and not invitations.has_used(db, session, "p2")
    with pytest.raises(BadValue, match="been used"):
        invitations.use(db, session, code, "p2")
    assert invitations.counted(db, session) == (1, 1)
    keeping.forget(db, dt.date(2101, 1, 2))
    assert not invitations.has_used(db, session, "p1") and invitations.counted(db, session) == (1, 1)
    with pytest.raises(BadValue):
        invitations.make_codes(db, session, 2001)


def test_who_subscribes_to_a_place_hears_of_what_is_near_once_it_is_confirmed(db, session):
    here = at(0, 0).centroid
    near = subscribing.subscribe(db, session, "erika@example.org", "http://x/", here, 50)
    whole = subscribing.subscribe(db, session, "max@example.org", "http://x/", None, 0)
    assert subscribing.due(db) == [] and near.delete_on < dt.date(2027, 1, 1)  # in a week, where nobody confirms
    for kept in (near, whole):
        subscribing.confirm(db, kept)
        kept.told_at = dt.datetime(2026, 1, 1)
    assert near.delete_on == dt.date(2099, 1, 1) + sessions.KEPT
    one = say(db, session, shape=at(30, 0).centroid)
    far = say(db, session, "Drüben", shape=at(200, 0).centroid)
    moderating.hide(say(db, session, "Unflat", who="p2"), "Beleidigung")
    assert subscribing.due(db) == [near, whole]
    assert subscribing.news_for(db, near, near.told_at) == [one]
    assert subscribing.news_for(db, whole, whole.told_at) == [one, far]
    assert subscribing.claim(db, near) and subscribing.due(db) == [whole]
    with pytest.raises(BadShape):
        subscribing.subscribe(db, session, "erika@example.org", "http://x/", here, 5000)


def test_of_two_that_say_the_same_one_stays_with_the_voices_of_both(db, session):
    one, other = say(db, session, "Bäume!"), say(db, session, "Mehr Bäume!")
    for who, on in (("p2", one), ("p3", one), ("p3", other)):
        contributing.rate(db, on, 1, pseudonym=who)
    contributing.comment(db, session, other, "Genau", pseudonym="p4", ticket="c", trusted=True)
    moderating.merge(db, other, one.number)
    assert (other.state, other.merged_into) == ("merged", one.id)
    assert moderating.beside(db, session).agree == {one.id: 2}
    assert db.scalar(select(Comment.contribution_id)) == one.id
    with pytest.raises(BadValue):
        moderating.merge(db, one, one.number)


def test_nothing_is_hidden_and_nobody_asked_without_a_word(db, session):
    one = say(db, session)
    for verb in (moderating.hide, moderating.ask_back):
        with pytest.raises(BadValue):
            verb(one, "  ")
    moderating.ask_back(one, "Welches Haus meinen Sie?")
    assert (one.state, one.reason) == ("asked", "Welches Haus meinen Sie?")


def test_a_contribution_and_the_change_that_followed_lead_to_each_other(db, fabrik, session):
    one = say(db, session)
    projects.withdraw(fabrik["planner"], fabrik["wohnen"])
    with step(db, fabrik["wohnen"], fabrik["planner"], "draw") as doing:
        place(doing, Building, "tower", square(900), {"height": 30.0}, seen=None)
    moderating.link(db, one, doing.number)
    scenario, change = moderating.followed(db, one)
    assert (scenario.id, change.uid) == (fabrik["wohnen"].id, "tower")
    assert moderating.led_to(db, [doing.number]) == {doing.number: [one]}
    with pytest.raises(NotFound):
        moderating.link(db, one, 987654)


def test_the_queue_is_searched_and_filtered_and_what_waits_comes_first(db, session):
    one, other = say(db, session, "Ein Zebrastreifen"), say(db, session, "Eine Bank")
    other.state = "waiting"
    third = say(db, session, "Noch eine Bank")
    found = lambda **wanted: list(db.scalars(moderating.asked_for(session, moderating.Filter(**wanted))))  # noqa: E731
    assert found() == [other, third, one]
    assert found(words="bank noch") == [third]
    assert found(words="#1") == [one]
    assert found(state="waiting") == [other]
    assert found(category=category(db, "Grün")) == []


def test_results_count_what_everyone_sees_and_exports_bear_no_person(db, session):
    one = say(db, session, replies={1: "zu Fuß"}, shape=at(0, 0).centroid)
    moderating.hide(say(db, session, "Unflat", who="p2"), "Beleidigung")
    contributing.rate(db, one, 1, pseudonym="p3")
    moderating.set_status(one, "adopted")
    moderating.answer(db, one, None, "Machen wir.")
    found = results.results_of(db, session)
    assert (found.contributions, found.participants, found.hidden, found.decided, found.placed) == (1, 2, 1, 1, 1)
    assert found.polls == [("Wie kommen Sie her?", [("zu Fuß", 1), ("mit dem Rad", 0)])]
    (row,) = results.rows_of(db, session)
    assert set(row) == {*results.COLUMNS, "shape"} and (row["answer"], row["agree"]) == ("Machen wir.", 1)
    assert "p1" not in str(row)


@pytest.mark.parametrize("where", ["geopackage"], indirect=True)
def test_gis_programs_find_the_contributions_as_a_layer_with_their_extent(db, where, session):
    say(db, session, shape=at(0, 0).centroid)
    say(db, session, "Hier entlang", shape=at(0, 0).exterior)
    say(db, session, "Dieser Platz", shape=at(0, 0))
    db.commit()
    told = pyogrio.read_info(where, layer="contribution")
    assert "status" in told["fields"] and "address" not in told["fields"] and told["features"] == 3
    shapes = shapely.from_wkb(pyogrio.raw.read(where, layer="contribution")[2])
    assert [shape.geom_type for shape in shapes] == ["Point", "LineString", "Polygon"]
    assert {"personal", "invitation"}.isdisjoint(pyogrio.list_layers(where)[:, 0])
    drawn = [(row["kind"], row["length_m"], row["area_m2"]) for row in results.rows_of(db, session)]
    assert drawn == [("point", 0, 0), ("line", 36, 0), ("area", 0, 80)]


def test_the_daily_command_deletes_what_has_to_go(db, where, session):
    say(db, session)
    db.execute(update(Personal).values(delete_on=dt.date(2026, 1, 1)))
    db.commit()
    told = CliRunner().invoke(main, ["forget", where])
    assert told.exit_code == 0 and "of 1 people" in told.output
    assert db.scalar(select(Personal.secret)) is None


def photo(**more):
    out = io.BytesIO()
    Image.new("RGB", (2400, 1200), "teal").save(out, "JPEG", **more)
    return out.getvalue()


def test_of_a_photo_nothing_but_its_pixels_is_kept():
    exif = Image.Exif()
    exif[0x010F] = "Kamera von Erika Mustermann"
    exif.get_ifd(0x8825)[2] = (53.0, 30.0, 0.0)
    sent = photo(exif=exif, comment=b"Geheim")
    assert b"Mustermann" in sent
    with Image.open(io.BytesIO(made_anew(sent))) as kept:
        assert kept.size == (1600, 800) and not kept.getexif() and "comment" not in kept.info


@pytest.mark.parametrize("sent", [b"<svg onload=alert(1)>", b"", photo()[:900], b"x" * 12_000_001], ids=range(4))
def test_a_photo_that_is_none_or_too_large_is_refused_with_a_sentence(sent):
    with pytest.raises(BadFile) as caught:
        made_anew(sent)
    assert isinstance(caught.value.args[0], Words)
