"""A picture: its specification, and the same in words."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from haq.errors import InputError


@dataclass(frozen=True)
class Picture:
    """A picture that pages, files and print share.

    Attributes:
        spec: Vega-Lite specification with its data.
        title: what it shows.
        text: the same in plain words, with n of N, for people who cannot see it.
    """

    spec: dict[str, Any]
    title: str
    text: str

    def svg(self) -> str:
        """Render as SVG, without network; the same picture gives the same text.

        Returns:
            The SVG element. Its root carries ``text`` as a label for screen readers.
        """
        import vl_convert  # slow to load

        return str(vl_convert.vegalite_to_svg(self.spec, allowed_base_urls=[]))

    def save(self, path: str | Path) -> None:
        """Write the SVG to a file.

        Args:
            path: the file; one that exists is replaced.

        Raises:
            InputError: the file cannot be written.
        """
        try:
            Path(path).write_text(self.svg(), encoding="utf-8")
        except OSError as error:
            raise InputError(f"{path}: cannot be written ({error.strerror}); choose another place") from None
