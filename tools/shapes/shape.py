"""What all shapes are made of."""

from pydantic import BaseModel, ConfigDict

Raw = bool | int | float | str | None
"""A value of a field."""


class Shape(BaseModel):
    """An object of the API, with these keys and no others."""

    model_config = ConfigDict(extra="forbid", strict=True)


class LabelShape(Shape):
    """Words in the two languages of the event; the Korean ones may be missing."""

    en: str = ""
    ko: str = ""


class AddressShape(Shape):
    """The address of a device."""

    booth: str
    kind: str
    device: str
