"""Takes out of a wheel what can be read: `python unpack.py WHEEL FOLDER`. The rest of it is large and of no use here."""

import pathlib
import sys
import zipfile

ENDS = (".py", ".ini", ".mako")


def main():
    wheel, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder, [name for name in archive.namelist() if name.endswith(ENDS)])


main()
