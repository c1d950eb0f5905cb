from allauth.account.auth_backends import AuthenticationBackend

from network.models import User


class AddressBackend(AuthenticationBackend):
    """Address and password. One hash is counted whether there is such an account, none, or one that is closed."""

    def _authenticate_by_email(self, email: str, password: str) -> User | None:
        person = User.objects.filter(email=User.objects.normalize_email(email)).first()
        return self._check_password(person, password)
