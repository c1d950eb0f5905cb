"""An account's address changes when the new mailbox confirms it; nobody learns or takes somebody else's address by it."""

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from network.models import User
from tests import factories

from .signing import CODE, by_password, code_in, is_in, link_in, show_again

pytestmark = pytest.mark.django_db

PAGE, NEW = "/tili/sahkoposti/", "new@example.org"


@pytest.fixture
def client(professional, as_user) -> Client:
    """The professional, who has just shown the password again."""
    client = as_user(professional)
    show_again(client)
    return client


def ask(client, address=NEW):
    return client.post(PAGE, {"email": address, "action_add": ""})


def rows(person) -> list[tuple[str, bool, bool]]:
    return list(EmailAddress.objects.filter(user=person).order_by("email").values_list("email", "verified", "primary"))


def test_the_address_changes_when_the_new_mailbox_confirms(client, professional, mailbox):
    assert ask(client).status_code == 302
    professional.refresh_from_db()
    assert professional.email == "professional@example.org"
    (message,) = mailbox.to(NEW)
    reader = Client()
    assert reader.get(link_in(message)).status_code == 200
    assert reader.post(link_in(message)).status_code == 302
    professional.refresh_from_db()
    assert professional.email == NEW
    assert rows(professional) == [(NEW, True, True)]
    by_password(reader, "professional@example.org")
    assert not is_in(reader)
    by_password(reader, NEW)
    assert is_in(reader)


def test_the_old_address_is_told(client, professional, mailbox):
    ask(client)
    Client().post(link_in(mailbox.to(NEW)[0]))
    assert [message.event.split(":")[0] for message in mailbox.to("professional@example.org")] == ["address changed"]


def test_opening_the_link_changes_nothing(client, professional, mailbox):
    ask(client)
    Client().get(link_in(mailbox[0]))
    professional.refresh_from_db()
    assert professional.email == "professional@example.org"


def test_the_link_works_once(client, professional, mailbox):
    ask(client)
    link = link_in(mailbox[0])
    Client().post(link)
    professional.email = "third@example.org"
    professional.save()
    assert Client().post(link).status_code == 404
    professional.refresh_from_db()
    assert professional.email == "third@example.org"


def test_a_change_that_was_given_up_is_not_confirmed(client, professional, mailbox):
    ask(client)
    client.post(PAGE, {"email": NEW, "action_remove": ""})
    assert Client().post(link_in(mailbox[0])).status_code == 404
    assert rows(professional) == [("professional@example.org", True, True)]


def test_a_second_change_takes_the_place_of_the_first(client, professional, mailbox):
    ask(client)
    ask(client, "newer@example.org")
    assert Client().post(link_in(mailbox.to(NEW)[0])).status_code == 404
    Client().post(link_in(mailbox.to("newer@example.org")[0]))
    assert User.objects.get().email == "newer@example.org"


def test_somebody_elses_address_gets_the_same_answer_and_one_message(client, outsider, mailbox):
    known, unknown = ask(client, outsider.email), ask(client, "nobody@example.org")
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert [len(mailbox.to(address)) for address in (outsider.email, "nobody@example.org")] == [1, 1]
    assert mailbox.to(outsider.email)[0].event.startswith("address taken")


def test_nobody_takes_an_address_that_somebody_got_meanwhile(client, professional, mailbox):
    ask(client)
    factories.make_user(NEW)
    assert Client().post(link_in(mailbox[0])).status_code in {302, 404}
    professional.refresh_from_db()
    assert professional.email == "professional@example.org"
    assert User.objects.filter(email=NEW).count() == 1


def test_the_waiting_address_signs_nobody_in(client, mailbox):
    ask(client)
    other = Client()
    by_password(other, NEW)
    assert not is_in(other)
    other.post(CODE, {"email": NEW})
    assert mailbox.to(NEW)[-1].event.startswith("no account")


def test_one_asks_who_it_is_first(professional, as_user, mailbox):
    answer = ask(as_user(professional))
    assert answer["Location"].startswith("/tili/varmista/")
    assert (len(mailbox), EmailAddress.objects.filter(email=NEW).count()) == (0, 0)


def test_a_code_by_e_mail_shows_who_one_is_too(professional, as_user, mailbox):
    client = as_user(professional)
    client.post("/tili/varmista/koodi/", {"recipient": professional.email})
    assert client.post("/tili/varmista/koodi/syota/", {"code": code_in(mailbox[0])}).status_code == 302
    assert ask(client).status_code == 302
    assert len(mailbox.to(NEW)) == 1


def test_a_code_to_show_who_one_is_goes_to_nobody_else(professional, outsider, as_user, mailbox):
    client = as_user(professional)
    assert client.post("/tili/varmista/koodi/", {"recipient": outsider.email}).status_code == 200
    assert len(mailbox) == 0


@pytest.mark.parametrize("wrong", ["", "no address", "professional@example.org", "Professional@Example.org"])
def test_a_wrong_address_is_told_at_its_field(wrong, client, mailbox):
    answer = ask(client, wrong)
    assert set(answer.context["form"].errors) == {"email"}
    assert len(mailbox) == 0


def test_the_only_address_is_not_taken_away(client, professional):
    client.post(PAGE, {"email": professional.email, "action_remove": ""})
    client.post(PAGE, {"email": professional.email, "action_primary": ""})
    professional.refresh_from_db()
    assert (professional.email, rows(professional)) == (
        "professional@example.org",
        [("professional@example.org", True, True)],
    )


# The two places where an address stands ------------------------------------------------------------------------------


def desk_form(client, page: str) -> dict[str, str]:
    """The form of a person at the desk as it stands, without its rows."""
    context = client.get(page).context
    form = context["adminform"].form
    data = {name: str(form.get_initial_for_field(field, name) or "") for name, field in form.fields.items()}
    data = {name: value for name, value in data.items() if value not in {"", "False", "[]"}}
    for rows in context["inline_admin_formsets"]:
        data |= {f"{rows.formset.prefix}-TOTAL_FORMS": "0", f"{rows.formset.prefix}-INITIAL_FORMS": "0"}
    return data


def test_an_account_made_anywhere_has_its_one_verified_address(coordinator, as_user):
    page = "/hallinta/network/user/add/"
    as_user(coordinator).post(page, desk_form(as_user(coordinator), page) | {"email": "Aino@Example.org"})
    for person in (User.objects.get(email="aino@example.org"), coordinator):
        assert rows(person) == [(person.email, True, True)]


def test_the_address_follows_a_change_at_the_desk(coordinator, professional, as_user):
    page = f"/hallinta/network/user/{professional.pk}/change/"
    data = desk_form(as_user(coordinator), page) | {"email": NEW}
    answer = as_user(coordinator).post(page, data)
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    professional.refresh_from_db()
    assert professional.email == NEW
    assert rows(professional) == [(NEW, True, True)]


def test_two_people_may_swap_addresses(professional, outsider):
    professional.email = "between@example.org"
    professional.save()
    outsider.email = "professional@example.org"
    outsider.save()
    assert rows(outsider) == [("professional@example.org", True, True)]
    assert rows(professional) == [("between@example.org", True, True)]


def test_saving_other_fields_leaves_the_rows_alone(professional, django_assert_num_queries):
    with django_assert_num_queries(3):  # a savepoint, the account, and its end
        professional.save(update_fields=["last_login"])
