"""Every address of the project × method × role answers as tests/matrix.py says."""

import copy

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from tests import worlds
from tests.matrix import ADMINISTRATORS, ROWS, SIGN_IN
from tests.worlds import addresses, admin_addresses, url_of

shared_world, world = worlds.shared_world, worlds.world


def outcomes(actor, requests):
    """[((method, url), status)] of requests, of which nothing is kept; the status is "sign-in" for the way there."""
    client = Client()
    if actor is not None:
        client.force_login(actor)
    signed_in = copy.deepcopy(client.cookies)
    found = []
    for method, url in requests:
        client.cookies = copy.deepcopy(signed_in)
        with transaction.atomic():
            response = client.generic(method, url)
            transaction.set_rollback(True)
        to_sign_in = response.status_code == 302 and response["Location"].startswith(SIGN_IN)
        found.append(((method, url), "sign-in" if to_sign_in else response.status_code))
    return found


def expected(row, method, who):
    allowed = {"GET": row.get, "POST": row.post}[method]
    allowed = allowed if isinstance(allowed, set) else {405 if allowed is None else allowed}
    if row.who is None:
        return allowed
    if who == "anonymous":
        return {"sign-in"}
    if who not in (row.writers if method == "POST" and row.writers else row.who):
        return {403} if allowed != {405} else {403, 405}
    return {404} if who in row.hidden and allowed != {405} else allowed


def test_every_address_has_its_row_and_every_row_an_address():
    assert set(ROWS) == set(addresses())


@pytest.mark.parametrize("name", sorted(ROWS))
def test_matrix(world, name):
    url = url_of(name, world)
    wrong = [
        (method, who, got)
        for who, actor in [("anonymous", None), *world.actors.items()]
        for (method, _url), got in outcomes(actor, [("GET", url), ("POST", url)])
        if got not in expected(ROWS[name], method, who)
    ]
    assert not wrong, wrong


def test_admin_is_the_administrators_alone(world):
    """Every address of the admin: the public is sent to the sign-in, every other role refused."""
    values = {"object_id": "1", "content_type_id": "1", "app_label": "staff", "url": "none"}
    requests_ = [
        (method, reverse(f"admin:{name}", kwargs={argument: values[argument] for argument in arguments}))
        for name, arguments in admin_addresses().items()
        for method in ("GET", "POST")
    ]
    wrong = []
    for who, actor in [("anonymous", None), *world.actors.items()]:
        if actor is None:
            may = {"sign-in"}
        elif who in ADMINISTRATORS:
            may = {200, 302, 400, 403, 404, 405}
        else:
            may = {403}
        wrong += [(who, asked, got) for asked, got in outcomes(actor, requests_) if got not in may]
    assert not wrong, wrong
