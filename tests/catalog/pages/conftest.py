"""People who work on the catalog's pages."""

import pytest

from core.permissions import Role


@pytest.fixture
def staff(national, person, client):
    """Sign a person in: two officers and a reviewer of the county, a liaison, a clerk."""
    tree = national
    roles = {
        "office": (Role.OFFICER, tree.county),
        "second": (Role.OFFICER, tree.county),
        "reviewer": (Role.REVIEWER, tree.county),
        "town": (Role.LIAISON, tree.town),
        "clerk": (Role.CLERK, tree.village),
    }
    made = {}

    def sign_in(username):
        if username not in made:
            made[username] = person(username, *roles[username])
        client.sign_out()
        client.sign_in(username)
        return made[username]

    return sign_in
