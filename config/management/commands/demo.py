import ipaddress
import json
import os
import subprocess
import time
import urllib.request
from pathlib import Path
from typing import Any, NoReturn

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import Q

from network.models import Membership, Organisation, User
from services.models import Service

from ... import demo_meetings, demo_orders
from ...starting import end, end_in_good_order, keep_worker, kept_secret, refuse_used_port, start_again, start_web

PATIENCE = 60  # seconds for the web server's first answer

# E-mail, name, title. The people are invented, and their names say so.
CAST = {
    "coordinator": ("Kaisa Koordinaattori (demo)", ""),
    "professional": ("Pekka Ammattilainen (demo)", "sosiaaliohjaaja"),
    "ngo": ("Jaana Järjestö (demo)", "toiminnanjohtaja"),
    "expert": ("Kimmo Kokemus (demo)", "kokemusasiantuntija"),
    "outsider": ("Olli Ulkopuolinen (demo)", ""),
}


class Command(BaseCommand):
    help = "Shows the portal with its starting data and demo accounts on this machine. Ctrl-C stops all."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default=os.environ.get("HOST") or "127.0.0.1", help="a loopback address")
        parser.add_argument("--port", type=int, default=int(os.environ.get("PORT") or 8000))
        parser.add_argument("--data", type=Path, help="catalogue file; default: the one in services/data")

    def handle(self, *args: Any, **options: Any) -> None:
        host, port = options["host"], options["port"]
        refuse_real_use(host)
        address = f"http://{f'[{host}]' if ':' in host else host}:{port}"
        refuse_used_port(host, port)
        if not (
            settings.DEMO and settings.DEMO_PASSWORD and settings.SECRET_KEY_GIVEN and address == settings.SITE_URL
        ):
            self.become_the_demo(address)
        end_in_good_order()
        try:
            call_command("prepare", verbosity=options["verbosity"])
            self.load_data(options["data"])
            self.load_archive(options["data"])
            self.make_accounts()
            self.serve(host, port, address)
        except KeyboardInterrupt:
            self.stdout.write("\nStopped.")

    def become_the_demo(self, address: str) -> NoReturn:
        """Start this command again with the demo's settings: its own database, secret, password and address."""
        start_again(
            DEMO="1",
            DEBUG="0",
            SITE_URL=address,
            ALLOWED_HOSTS="",
            SECRET_KEY=kept_secret("demo_secret_key", 50),
            DEMO_PASSWORD=os.environ.get("DEMO_PASSWORD") or kept_secret("demo_password", 9),
        )

    def load_data(self, chosen: Path | None) -> None:
        if Service.objects.exists():
            return
        call_command("load_catalogue", str(chosen or starting_data()), verbosity=0)
        self.stdout.write(f"Loaded {Service.objects.count()} services.")

    def load_archive(self, chosen: Path | None) -> None:
        """The region's known meetings belong to the starting data; another catalogue is another region."""
        if chosen is None:
            for path in sorted((settings.BASE_DIR / "meetings" / "data").glob("*.json")):
                if "meetings" in json.loads(path.read_text(encoding="utf-8")):
                    call_command("load_meetings", str(path), verbosity=0)

    def make_accounts(self) -> None:
        password = settings.DEMO_PASSWORD
        people = {}
        for role, (name, _title) in CAST.items():
            people[role], _created = User.objects.get_or_create(
                email=f"{role}@example.org", defaults={"name": name, "is_staff": role == "coordinator"}
            )
        stored = {person.password for person in people.values()}
        if len(stored) > 1 or not people["coordinator"].check_password(password):
            User.objects.filter(pk__in=[person.pk for person in people.values()]).update(
                password=make_password(password)
            )
        places = member_organisations()
        for role, organisation in places.items():
            Membership.objects.get_or_create(
                person=people[role],
                organisation=organisation,
                until=None,
                defaults={"title": CAST[role][1], "is_editor": role == "ngo"},
            )
        demo_meetings.make(people, places)
        demo_orders.make(people, places)

    def serve(self, host: str, port: int, address: str) -> None:
        """Run the web server and a worker until that ends or somebody presses Ctrl-C; they do not outlive this process."""
        environment = {**os.environ, "BIND": f"{f'[{host}]' if ':' in host else host}:{port}"}
        environment.setdefault("LOG_FORMAT", "plain")
        environment.setdefault("LOG_LEVEL", "WARNING")
        environment.pop("GUNICORN_CMD_ARGS", None)  # it wins over BIND, and the demo is for this machine only
        web = start_web(environment)
        try:
            if wait_until_ready(web, address):
                self.tell(address)
            status = keep_worker(web, environment)
        except (KeyboardInterrupt, CommandError):
            end(web)
            raise
        if status:
            raise CommandError(f"The web server ended with status {status}.")

    def tell(self, address: str) -> None:
        accounts = "\n".join(f"    {role + '@example.org':28}{name}" for role, (name, _title) in CAST.items())
        self.stdout.write(
            f"\n  The portal is at {address}/\n\n"
            f"  Demo accounts, all with the password  {settings.DEMO_PASSWORD}\n{accounts}\n\n"
            "  Ctrl-C stops it.\n"
        )
        self.stdout.flush()


def refuse_real_use(host: str) -> None:
    """The demo's password is on its sign-in page: it must reach nobody else and no real database."""
    if settings.DATABASE_URL:
        raise CommandError(
            "DATABASE_URL is set, and the demo does not touch a real database. Unset it: env -u DATABASE_URL"
        )
    try:
        loopback = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        loopback = False
    if not loopback:
        raise CommandError(f"The demo serves this machine only, and {host} is not a loopback address. Use 127.0.0.1.")


def starting_data() -> Path:
    """The one catalogue file that the project carries."""
    folder = settings.BASE_DIR / "services" / "data"
    found = [
        path
        for path in sorted(folder.glob("*.json"))
        if {"services", "organisations"} <= json.loads(path.read_text()).keys()
    ]
    if len(found) != 1:
        raise CommandError(f"{folder} holds {len(found)} catalogue files. Name one: manage.py demo --data FILE")
    return found[0]


def member_organisations() -> dict[str, Organisation]:
    """Whom the demo's people stand for: a unit, and an association that offers services."""
    offering = Organisation.objects.active().filter(pk__in=Service.objects.published().values("organisation"))
    associations = offering.filter(Q(kind=Organisation.Kind.ASSOCIATION)).order_by("slug")
    units = offering.filter(parent__isnull=False).exclude(kind=Organisation.Kind.ASSOCIATION).order_by("slug")
    ngo = associations.first()
    unit = units.first() or offering.exclude(kind=Organisation.Kind.ASSOCIATION).order_by("slug").first()
    other = associations.exclude(pk=ngo.pk).first() if ngo else None
    places = {"ngo": ngo, "professional": unit, "expert": other or ngo}
    return {role: organisation for role, organisation in places.items() if organisation}


def wait_until_ready(web: subprocess.Popen[bytes], address: str) -> bool:
    """Wait for the web server's first answer; False when it has ended instead.

    Raises CommandError when it does neither for PATIENCE seconds.
    """
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # http_proxy is for other machines
    deadline = time.monotonic() + PATIENCE
    while web.poll() is None:
        try:
            with direct.open(f"{address}/health/ready", timeout=5):
                return True
        except OSError:
            time.sleep(0.1)
        if time.monotonic() > deadline:
            raise CommandError(f"The web server has not answered at {address} in {PATIENCE} seconds.")
    return False
