"""Photographs lose what cameras write into them, and not one point of the picture."""

import struct
import zlib
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haq.entries.photographs import Unreadable, clean, kind_of

#: What no published photograph may hold.
PLACE, DEVICE, OWNER = b"43.2567N 76.9286E", b"PhoneMaker 9", b"A. Observer"
ICC = b"ICC_PROFILE\0\1\1" + b"colours"


def exif(up: int = 0, order: str = "<") -> bytes:
    """Make an Exif with the camera and a place, and with which side is up if it is given."""
    fields = [(0x010F, 2, len(DEVICE), 200), (0x8825, 4, 1, 300)]
    data = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(f"{order}I", 8)
    data += struct.pack(f"{order}H", len(fields) + bool(up))
    data += b"".join(struct.pack(f"{order}HHII", *field) for field in fields)
    if up:
        data += struct.pack(f"{order}HHIHH", 0x0112, 3, 1, up, 0)
    return data.ljust(200, b"\0") + DEVICE + PLACE + OWNER


def segment(marker: int, body: bytes) -> bytes:
    return bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body


QUANTITIES = segment(0xDB, b"\0" + bytes(range(1, 65)))
FRAME = segment(0xC2, b"\x08\0\1\0\1\1\1\x11\0")
CODES = segment(0xC4, b"\0" + bytes(16))
#: Two scans, a stuffed byte and a restart among the points.
SCANS = b"".join(
    segment(0xDA, b"\1\1\0\0\0\0") + points + CODES for points in (b"\x12\xff\x00\x34\xff\xd0\x56", b"\x78")
)
JFIF = b"JFIF\0\1\2\0\0\1\0\1"
BARE = b"\xff\xd8" + segment(0xE0, JFIF + b"\0\0") + QUANTITIES + FRAME + CODES + SCANS + b"\xff\xd9"


def jpeg(*parts: bytes, front: bytes = segment(0xE0, JFIF + b"\0\0"), after: bytes = b"") -> bytes:
    return b"\xff\xd8" + front + b"".join(parts) + QUANTITIES + FRAME + CODES + SCANS + b"\xff\xd9" + after


NOTED = {
    "Exif": segment(0xE1, b"Exif\0\0" + exif()),
    "XMP": segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + PLACE),
    "IPTC": segment(0xED, b"Photoshop 3.0\0" + OWNER),
    "comment": segment(0xFE, OWNER),
    "APP2": segment(0xE2, b"MPF\0" + DEVICE),
    "APP4": segment(0xE4, PLACE),
    "APP0": segment(0xE0, b"JFXX\0\x10" + PLACE),
}


@pytest.mark.parametrize("name", NOTED)
def test_a_jpeg_keeps_its_points_and_nothing_else(name: str) -> None:
    found = clean(jpeg(NOTED[name]))
    assert (found.data, found.removed) == (BARE, (name,))


def test_a_jpeg_with_everything_is_cleaned_of_everything() -> None:
    thumbnail = segment(0xE0, JFIF + b"\1\1" + PLACE[:3])
    kept = segment(0xE2, ICC) + segment(0xEE, b"Adobe\0\x64\0\0\0\0\1")
    data = jpeg(*NOTED.values(), kept, front=thumbnail, after=b"%PDF-1.7" + PLACE + jpeg(NOTED["Exif"]))
    found = clean(data)
    assert found.data == jpeg(kept)
    assert found.removed == (
        *("thumbnail", "Exif", "XMP", "IPTC", "comment", "APP2", "APP4", "APP0"),
        "beyond the end",
    )
    assert not any(secret in found.data for secret in (PLACE, DEVICE, OWNER, b"%PDF"))
    assert clean(found.data) == type(found)(found.data, ())


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("up", [2, 3, 6, 8])
def test_which_side_is_up_stays(up: int, order: str, picture: Callable[..., bytes]) -> None:
    own = b"MM\0*\0\0\0\x08\0\1\x01\x12\0\3\0\0\0\1\0" + bytes([up]) + bytes(6)
    found = clean(jpeg(segment(0xE1, b"Exif\0\0" + exif(up, order))))
    assert found.data == jpeg(segment(0xE1, b"Exif\0\0" + own))
    assert found.removed == ("Exif",)
    assert clean(found.data).removed == ()
    turned = clean(png(picture(), b"eXIf", exif(up, order)))
    assert own in turned.data and DEVICE not in turned.data
    assert clean(turned.data).removed == ()
    webp = clean(riff((b"VP8X", b"\x08" + bytes(9)), (b"VP8 ", b"pts"), (b"EXIF", exif(up, order))))
    assert webp.data == riff((b"VP8X", b"\x08" + bytes(9)), (b"VP8 ", b"pts"), (b"EXIF", own))
    assert clean(webp.data).removed == ()


@pytest.mark.parametrize("up", [0, 1, 9, 65535])
def test_an_upright_picture_or_a_wrong_side_needs_no_exif(up: int) -> None:
    assert clean(jpeg(segment(0xE1, b"Exif\0\0" + exif(up)))).data == BARE


def png(whole: bytes, name: bytes, body: bytes) -> bytes:
    """Put a chunk before the points of a PNG."""
    place = whole.index(b"IDAT") - 4
    chunk = struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
    return whole[:place] + chunk + whole[place:]


@pytest.mark.parametrize(
    ("name", "removed"),
    [(b"tEXt", "text"), (b"iTXt", "text"), (b"eXIf", "Exif"), (b"tIME", "tIME"), (b"caBX", "caBX")],
)
def test_a_png_loses_texts_and_times(name: bytes, removed: str, picture: Callable[..., bytes]) -> None:
    found = clean(png(picture(9), name, PLACE))
    assert (found.data, found.removed) == (picture(9), (removed,))


@pytest.mark.parametrize("name", [b"gAMA", b"sRGB", b"iCCP", b"pHYs", b"tRNS"])
def test_a_png_keeps_its_colours(name: bytes, picture: Callable[..., bytes]) -> None:
    whole = png(picture(9), name, b"\1")
    assert clean(whole + PLACE).data == whole
    assert clean(whole).removed == ()


def riff(*chunks: tuple[bytes, bytes], after: bytes = b"") -> bytes:
    body = b"WEBP" + b"".join(
        name + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2) for name, data in chunks
    )
    return b"RIFF" + struct.pack("<I", len(body)) + body + after


def test_a_webp_loses_what_was_noted_and_says_so_in_its_flags() -> None:
    points = (b"VP8L", b"odd")
    noted = [(b"EXIF", exif()), (b"XMP ", PLACE), (b"note", OWNER)]
    found = clean(riff((b"VP8X", b"\x3c" + bytes(9)), (b"ICCP", ICC), points, *noted, after=PLACE))
    assert found.data == riff((b"VP8X", b"\x30" + bytes(9)), (b"ICCP", ICC), points)
    assert set(found.removed) == {"Exif", "XMP", "unknown part", "beyond the end"}
    assert clean(found.data).removed == ()
    plain = clean(riff(points, (b"EXIF", exif(6))))
    assert (plain.data, plain.removed) == (riff(points), ("Exif",))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "neither JPEG, PNG nor WebP"),
        (b"%PDF-1.7", "neither"),
        (b"GIF89a" + bytes(20), "neither"),
        (b"<svg/>" + BARE, "neither"),
        (BARE[:-2], "cut off"),
        (BARE[:30], "cut off"),
        (b"\xff\xd8\xff", "cut off"),
        (b"\xff\xd8" + b"\xff" * 100_000, "cut off"),
        (b"\xff\xd8\xff\xe1\0\1", "no length"),
        (b"\xff\xd8\xff\xd9", "no picture"),
        (b"\xff\xd8" + segment(0xFE, b"x") + b"\xff\xd9", "no picture"),
        (jpeg(b"garbage"), "do not follow each other"),
        (jpeg(segment(0xF7, PLACE)), "unknown kind"),
        (riff((b"ANIM", b"1234"), (b"VP8 ", b"pt")), "moving"),
        (riff((b"EXIF", exif())), "no picture"),
        (riff((b"VP8 ", b"pt"), (b"VP8 ", PLACE)), "no picture"),
        (riff((b"VP8 ", b"pt"))[:-1], "cut off"),
        (b"RIFF\xff\xff\xff\xffWEBP", "cut off"),
        (b"RIFF\x0c\0\0\0WEBPVP8 ", "cut off"),
    ],
)
def test_what_cannot_be_read_is_said_and_never_passed_on(data: bytes, message: str) -> None:
    with pytest.raises(Unreadable, match=message):
        clean(data)


def test_a_damaged_png_is_not_passed_on(picture: Callable[..., bytes]) -> None:
    whole = picture(3)
    for data, message in (
        (whole[:-1], "cut off"),
        (whole.replace(b"IDAT", b"IDAX"), "check sum"),
        (png(whole, b"CgBI", PLACE), "unknown kind"),
        (png(whole, b"\xc3\xa4xx", PLACE), "unknown kind"),
        (whole[:8] + b"\xff\xff\xff\xffIHDR" + bytes(9), "cut off"),
        (whole[:33] + whole[-12:], "no picture"),
    ):
        with pytest.raises(Unreadable, match=message):
            clean(data)


WHOLE = (
    jpeg(*NOTED.values(), segment(0xE2, ICC)),
    riff((b"VP8X", b"\x0c" + bytes(9)), (b"VP8 ", b"pts"), (b"EXIF", exif(6)), (b"XMP ", PLACE)),
)


@given(whole=st.sampled_from(WHOLE), data=st.data())
def test_a_damaged_file_is_refused_or_comes_out_clean(whole: bytes, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(whole) - 1))
    with_this = data.draw(st.binary(max_size=4))
    damaged = whole[:place] + with_this + whole[place + data.draw(st.integers(0, 300)) :]
    try:
        found = clean(damaged)
    except Unreadable:
        return
    assert clean(found.data).removed == ()
    assert kind_of(found.data) == kind_of(damaged)


@given(
    head=st.sampled_from([b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF\x20\0\0\0WEBP", b""]),
    rest=st.binary(),
)
def test_any_bytes_are_refused_or_come_out_clean(head: bytes, rest: bytes) -> None:
    try:
        assert clean(clean(head + rest).data).removed == ()
    except Unreadable:
        return
