# SPDX-License-Identifier: MIT
"""ICC profiles by hand, so that no library's own idea of one is tested against itself."""
import itertools
import struct


def _fixed(value):
    return struct.pack(">i", round(value * 65536))


def _xyz(x, y, z):
    return b"XYZ \0\0\0\0" + _fixed(x) + _fixed(y) + _fixed(z)


def _gamma(value):
    return b"curv\0\0\0\0" + struct.pack(">IH", 1, round(value * 256)) + b"\0\0"


def _text(kind, text):
    if kind == b"cprt":
        return b"text\0\0\0\0" + text + b"\0"
    return b"desc\0\0\0\0" + struct.pack(">I", len(text) + 1) + text + b"\0" + bytes(78)


def _profile(kind, space, connection, tags):
    tags = [(b"desc", _text(b"desc", b"dbr test")), (b"cprt", _text(b"cprt", b"CC0")), (b"wtpt", _xyz(0.9642, 1, 0.8249)),
            *tags]
    table, data = b"", b""
    start = 128 + 4 + 12 * len(tags)
    for name, value in tags:
        table += name + struct.pack(">II", start + (data.index(value) if value in data else len(data)), len(value))
        data += b"" if value in data else value + bytes(-len(value) % 4)
    body = struct.pack(">I", len(tags)) + table + data
    head = struct.pack(">I4sI4s4s4s12s4s", 128 + len(body), b"lcms", 0x02400000, kind, space, connection,
                       struct.pack(">6H", 2017, 1, 1, 0, 0, 0), b"acsp")
    head += bytes(28) + _fixed(0.9642) + _fixed(1) + _fixed(0.8249)
    return head + bytes(128 - len(head)) + body


def wide_rgb():
    """The primaries and the gamma of Adobe RGB (1998)."""
    return _profile(b"mntr", b"RGB ", b"XYZ ", [
        (b"rXYZ", _xyz(0.60974, 0.31111, 0.01947)), (b"gXYZ", _xyz(0.20528, 0.62567, 0.06087)),
        (b"bXYZ", _xyz(0.14919, 0.06322, 0.74457)), *((name, _gamma(2.2)) for name in (b"rTRC", b"gTRC", b"bTRC"))])


def swapped_rgb():
    """Red is green here: what ignores the profile shows it at once."""
    return _profile(b"mntr", b"RGB ", b"XYZ ", [
        (b"gXYZ", _xyz(0.43607, 0.22249, 0.01392)), (b"rXYZ", _xyz(0.38515, 0.71687, 0.09708)),
        (b"bXYZ", _xyz(0.14307, 0.06061, 0.71410)), *((name, _gamma(2.2)) for name in (b"rTRC", b"gTRC", b"bTRC"))])


def dark_grey():
    """Grey with a gamma of 3: visibly darker than without it."""
    return _profile(b"mntr", b"GRAY", b"XYZ ", [(b"kTRC", _gamma(3.0))])


def press_cmyk():
    """A look-up table of nine steps an ink: what the inks let through, as Lab."""
    steps = [i / 8 for i in range(9)]

    def seen(c, m, y, k):
        red, green, blue = ((1 - 0.95 * ink) * (1 - 0.97 * k) for ink in (c, m, y))
        lightness = 95 * (0.3 * red + 0.55 * green + 0.15 * blue) + 5
        return (round(lightness * 2.55), round(128 + 60 * (red - green)), round(128 + 60 * (0.5 * (red + green) - blue)))
    ramp = bytes(range(256))
    # The first channel varies slowest; PCS Lab of a lut8: L 0..255, a and b offset by 128.
    grid = bytes(itertools.chain.from_iterable(seen(*inks) for inks in itertools.product(steps, repeat=4)))
    matrix = b"".join(_fixed(v) for v in (1, 0, 0, 0, 1, 0, 0, 0, 1))
    table = b"mft1\0\0\0\0" + bytes([4, 3, len(steps), 0]) + matrix + ramp * 4 + grid + ramp * 3
    return _profile(b"prtr", b"CMYK", b"Lab ", [(b"A2B0", table), (b"A2B1", table)])


def broken():
    """Begins like a profile; the tags point nowhere."""
    good = wide_rgb()
    return good[:132] + b"\xff" * (len(good) - 132)


if __name__ == "__main__":
    import io

    from PIL import ImageCms
    for make in (wide_rgb, swapped_rgb, dark_grey, press_cmyk):
        print(make.__name__, ImageCms.ImageCmsProfile(io.BytesIO(make())).profile.xcolor_space)
