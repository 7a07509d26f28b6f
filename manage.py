"""Commands of the portal; what one changes is written down under its name."""

import os
import sys


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "centrum.settings")
    import django
    from django.core.management import execute_from_command_line

    if len(sys.argv) < 2:
        return execute_from_command_line(sys.argv)
    django.setup()
    from centrum.kit.history import author

    with author(command=sys.argv[1]):
        return execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
