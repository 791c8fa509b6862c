"""Decorators for the views."""
from functools import wraps

from flask import abort
from google.appengine.api import users


def admin_required(func):
    """Answers 403 to all but admins."""
    @wraps(func)
    def decorated_view(*args, **kwargs):
        if not users.is_current_user_admin():
            abort(403)
        return func(*args, **kwargs)
    return decorated_view
