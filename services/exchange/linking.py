"""What records of a file must be to each other: parents before children, no circles, no identifier twice."""

from django.db.models import Model

from network.models import Organisation, OrganisationAddress
from services.models import Service, ServiceAddress

from .planning import Change
from .problems import shortened


def check_organisations(changes: list[Change]) -> None:
    _check_addresses(changes, OrganisationAddress, "organisation")
    places = {change.name: number for number, change in enumerate(changes)}
    for number, change in enumerate(changes):
        parent = change.after["parent"]
        if parent in places and places[parent] > number:
            change.spot.wrong(f"{shortened(parent)} comes later in the file; parents come before their units", "parent")
    for field in ("parent", "merged_into"):
        _check_circles(changes, field)


def _check_circles(changes: list[Change], field: str) -> None:
    """Follows the links as they would be after the load, those of organisations outside the file too."""
    if not any(change.after[field] for change in changes):
        return
    others = Organisation.objects.order_by().filter(**{f"{field}__isnull": False})
    links: dict[str, str | None] = dict(others.values_list("slug", f"{field}__slug"))
    links |= {change.name: change.after[field] for change in changes}
    sound: set[str] = set()
    for change in changes:
        path: list[str] = []
        at: str | None = change.name
        while at is not None and at not in sound and at not in path:
            path.append(at)
            at = links.get(at)
        if at is None or at in sound:
            sound.update(path)
        elif at == change.name and len(path) > 1:
            change.spot.wrong(f"goes round in a circle: {' → '.join([*path[:10], at])}", field)


def check_services(changes: list[Change]) -> None:
    _check_identifiers(changes)
    _check_addresses(changes, ServiceAddress, "service")
    for change in changes:
        if change.after["replaced_by"] == change.name:
            change.spot.wrong("is not replaced by itself", "replaced_by")


def _check_addresses(changes: list[Change], model: type[Model], owner: str) -> None:
    """What is new takes no address that leads on to something else."""
    new = {change.name: change for change in changes if change.is_new}
    rows = model._default_manager.filter(slug__in=new) if new else model._default_manager.none()
    for slug, now in rows.values_list("slug", f"{owner}__slug"):
        new[slug].spot.wrong(f"{shortened(now)} had this address before, and it leads there for good", "slug")


def _check_identifiers(changes: list[Change]) -> None:
    given = [change for change in changes if change.after["ptv_id"]]
    if not given:
        return
    ids = [change.after["ptv_id"] for change in given]
    held = {str(ptv_id): slug for slug, ptv_id in Service.objects.filter(ptv_id__in=ids).values_list("slug", "ptv_id")}
    in_file = {change.name for change in changes}
    taken: dict[str, str] = {identifier: slug for identifier, slug in held.items() if slug not in in_file}
    for change in given:
        owner = taken.setdefault(change.after["ptv_id"], change.name)
        if owner != change.name:
            change.spot.wrong(f"{change.after['ptv_id']} is the identifier of {shortened(owner)}", "ptv_id")


def release_identifiers(changes: list[Change]) -> None:
    """Two services may trade identifiers in one file: those that lose theirs let go of them first."""
    losing = [
        change.made.pk
        for change in changes
        if change.before and change.before["ptv_id"] not in (None, change.after["ptv_id"])
    ]
    if losing:
        Service.objects.filter(pk__in=losing).update(ptv_id=None)
