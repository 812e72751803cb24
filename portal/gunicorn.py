"""How gunicorn serves the portal; what differs from place to place is given on its command line."""

wsgi_app = "portal.wsgi:application"
workers = 2
# Read once and shared: each worker starts in a moment, and a refusal to start is said once.
preload_app = True
threads = 4
timeout = 60
graceful_timeout = 30
# A worker that has served this often makes room for a fresh one, not all of them at once.
max_requests = 5000
max_requests_jitter = 500
# The portal writes one line for each request itself, by route and without personal data.
accesslog = None
errorlog = "-"
control_socket_disable = True


def post_worker_init(worker):
    """In each worker once it serves; imported here, because Django is not set up when this file is read."""
    from portal import pulse  # noqa: PLC0415

    pulse.begin()
