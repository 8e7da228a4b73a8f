"""Liveness for load balancers: the process answers and reaches its database."""

from flask import Blueprint, jsonify
from sqlalchemy import select
from werkzeug.wrappers import Response

from core.db.tree import Tenant
from core.web.access import open_page
from core.web.request import directory

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
@open_page
def healthz() -> Response:
    """Answer 200 when the database answers."""
    directory().scalar(select(Tenant.id).limit(1))
    return jsonify(status="ok")
