"""What gunicorn serves."""

from core.app import create_app

app = create_app()
