"""What gunicorn serves."""

from core.app import create_app
from core.storage.private import write_privately

write_privately()
app = create_app()
